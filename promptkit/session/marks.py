"""What an editor remembers besides the text: what is selected, locked and grouped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Part(StrEnum):
    """The parts of a caption that a form can show."""

    SUMMARY = "summary"
    STYLE = "style"
    BACKGROUND = "background"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class Marks:
    """Elements are meant by their place in the list, 0 at the very back."""

    part: Part = Part.SUMMARY
    elements: tuple[int, ...] = ()
    """The selected elements in the order of choosing: the last one is the main one."""
    locked: frozenset[int] = frozenset()
    """Elements that nothing moves or removes; as long as it is open: no caption can say so."""
    groups: tuple[frozenset[int], ...] = ()
    """Elements that are selected together."""

    @property
    def element(self) -> int | None:
        """The main selected element."""
        return self.elements[-1] if self.elements else None

    def selecting(self, *elements: int) -> Marks:
        """These elements selected, each with its group."""
        members = [member for each in elements for member in sorted(self.group_of(each))]
        # The one that was asked for stays the main one.
        order = dict.fromkeys([*(each for each in members if each not in elements), *elements])
        part = Part.ELEMENT if elements else Part.SUMMARY
        return replace(self, part=part, elements=tuple(order))

    def showing(self, part: Part) -> Marks:
        """Another part selected, and no element."""
        return replace(self, part=part, elements=())

    def toggled(self, element: int) -> Marks:
        """One element (with its group) more in the selection, or less."""
        group = self.group_of(element)
        if element in self.elements:
            kept = [each for each in self.elements if each not in group]
            return replace(self, elements=tuple(kept), part=self._part_of(kept))
        chosen = dict.fromkeys([*self.elements, *sorted(group - {element}), element])
        return replace(self, part=Part.ELEMENT, elements=tuple(chosen))

    def group_of(self, element: int) -> frozenset[int]:
        """The element's group, at least itself."""
        return next((group for group in self.groups if element in group), frozenset({element}))

    def grouped(self, elements: Iterable[int]) -> Marks:
        """``elements`` made one group, taken out of any other."""
        group = frozenset(elements)
        return replace(self, groups=(*_without(self.groups, group), group))

    def ungrouped(self, elements: Iterable[int]) -> Marks:
        gone = frozenset(elements)
        return replace(self, groups=tuple(each for each in self.groups if not each & gone))

    def renumbered(self, places: Mapping[int, int]) -> Marks:
        """After the list has changed: where each element went; those not named are gone."""
        return replace(
            self,
            elements=tuple(places[each] for each in self.elements if each in places),
            locked=frozenset(places[each] for each in self.locked if each in places),
            groups=tuple(
                group
                for group in (
                    frozenset(places[each] for each in group if each in places)
                    for group in self.groups
                )
                if len(group) > 1
            ),
        )

    def within(self, count: int) -> Marks:
        """Only what a list of ``count`` elements can have."""
        if all(each < count for each in (*self.elements, *self.locked)) and all(
            max(group) < count for group in self.groups
        ):
            return self
        kept = self.renumbered({each: each for each in range(count)})
        return replace(kept, part=self._part_of(kept.elements))

    def _part_of(self, elements: Iterable[int]) -> Part:
        if self.part is not Part.ELEMENT:
            return self.part
        return Part.ELEMENT if tuple(elements) else Part.SUMMARY


def _without(
    groups: tuple[frozenset[int], ...], gone: frozenset[int]
) -> tuple[frozenset[int], ...]:
    left = (group - gone for group in groups)
    return tuple(group for group in left if len(group) > 1)
