"""A caption on its way from a foreign form to the trained one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from promptkit.boxform import Boxed, Numbers, as_numbers
from promptkit.geometry import Size

Object: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """Plain JSON data that dialects change in place."""

    data: Any
    size: Size | None = None
    """The picture's size, as the caller or the file gives it."""
    has_canvas: bool = False
    """Whether the file itself says how large its canvas is."""
    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    y_first: set[int] = field(default_factory=set)
    """Elements, by index, whose box is known to stand y first by now."""

    @property
    def root(self) -> Object:
        """The caption's object; empty where the caption is something else."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def composition(self) -> Object:
        """The compositional deconstruction, or an empty object that changes nothing."""
        found = self.root.get("compositional_deconstruction")
        return found if isinstance(found, dict) else {}

    @property
    def style(self) -> Object:
        """The style block, or an empty object that changes nothing."""
        found = self.root.get("style_description")
        return found if isinstance(found, dict) else {}

    def elements(self) -> Iterator[tuple[int, Object]]:
        """The elements that are objects, with their index."""
        listed = self.composition.get("elements")
        for index, element in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(element, dict):
                yield index, element

    def boxes(self) -> dict[int, Numbers]:
        """The boxes that are four numbers, by the index of their element."""
        found = ((index, as_numbers(element.get("bbox"))) for index, element in self.elements())
        return {index: numbers for index, numbers in found if numbers is not None}

    def boxed(self) -> list[Boxed]:
        """The same with the literal texts, as ``boxform`` wants them; order still unknown."""
        texts = {index: element.get("text") for index, element in self.elements()}
        return [
            Boxed(numbers, text if isinstance(text := texts[index], str) else None)
            for index, numbers in self.boxes().items()
            if index not in self.y_first
        ]

    def set_box(self, index: int, numbers: Numbers) -> None:
        """Write the box of an element, whole numbers without a fraction."""
        sides = [int(side) if float(side).is_integer() else side for side in numbers]
        dict(self.elements())[index]["bbox"] = sides

    def note(self, change: str) -> None:
        """Name a change; the same one is named once."""
        if change not in self.changes:
            self.changes.append(change)

    def refuse(self, problem: str) -> None:
        """Name something that cannot be converted."""
        if problem not in self.problems:
            self.problems.append(problem)


def place(index: int) -> str:
    """How messages call an element."""
    return f"/compositional_deconstruction/elements/{index}"


def listed(names: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
