"""A caption as rules want to see it: every part that is there and of the right kind, typed.

A part that is missing or of another kind is None or left out, so that a rule about wording never
trips over a mistake that a rule about the schema reports. A part under a misspelt key is seen all
the same, so that one slip hides nothing behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Final, Literal, NamedTuple

from promptkit.canonical import canonical_of
from promptkit.document import Document, Kind, Member, Node
from promptkit.geometry import BBox, box_problem
from promptkit.keys import Role
from promptkit.lint.spelling import element_type, find, resolved

Sides = tuple[float, float, float, float]
"""y_min, x_min, y_max, x_max as they stand in the caption, integers as ``int``."""


class Block(NamedTuple):
    """An object of the schema, whichever part of a caption it is."""

    role: Role
    node: Node
    members: dict[str, Member]
    """By the known key that each has or stands for."""

    @property
    def is_foreign(self) -> bool:
        """Whether it has keys that the schema does not have here, or not so spelt."""
        return len(self.members) < len(self.node.members) or any(
            key != member.name for key, member in self.members.items()
        )


@dataclass(frozen=True)
class ElementView:
    """One element that is an object."""

    node: Node
    index: int

    @cached_property
    def type(self) -> Literal["obj", "text"] | None:
        """Its type, also where it has a foreign name ("subject")."""
        return element_type(self.node)

    @cached_property
    def members(self) -> dict[str, Member]:
        """Its members, by the known key that each has or stands for."""
        return resolved("element", self.node)

    @cached_property
    def sides(self) -> Sides | None:
        """The four finite numbers of its box, wherever they lie."""
        node = self.get("bbox")
        items = node.items if node is not None else []
        sides = [item.value for item in items if item.kind is Kind.NUMBER]
        numbers = [side for side in sides if isinstance(side, int | float) and -inf < side < inf]
        if len(items) != 4 or len(numbers) != 4:
            return None
        first, second, third, fourth = numbers
        return first, second, third, fourth

    @cached_property
    def bbox(self) -> BBox | None:
        """The box, if it is four integers on the grid in order."""
        sides = [side for side in self.sides or () if isinstance(side, int)]
        if len(sides) != 4 or box_problem(*sides) is not None:
            return None
        return BBox(*sides)

    @cached_property
    def text(self) -> str | None:
        return self.string("text")

    @cached_property
    def desc(self) -> str | None:
        return self.string("desc")

    @property
    def label(self) -> str:
        """How messages call it: its text or the beginning of its description."""
        words = self.text if self.type == "text" and self.text else self.desc or ""
        line = " ".join(words.split())
        return f"'{line[:29]}…'" if len(line) > 30 else f"'{line}'" if line else "without words"

    def get(self, key: str) -> Node | None:
        member = self.members.get(key)
        return member.value if member is not None else None

    def string(self, key: str) -> str | None:
        node = self.get(key)
        return node.string() if node else None


@dataclass(frozen=True)
class CaptionView:
    """One caption of a document."""

    document: Document
    node: Node
    """The value that stands for the caption; not necessarily an object."""

    @cached_property
    def style(self) -> Node | None:
        """The style block, if it is an object."""
        return _object(find("root", self.node, "style_description"))

    @cached_property
    def composition(self) -> Node | None:
        """The compositional deconstruction, if it is an object."""
        return _object(find("root", self.node, "compositional_deconstruction"))

    @cached_property
    def listed(self) -> tuple[Node, ...]:
        """Everything in the list of elements, objects or not."""
        # In a flattened caption the list stands at the root: reported, and checked all the same.
        # So does a lone element in place of the list.
        value = find("composition", self.composition or self.node, "elements")
        if value is None:
            return ()
        return (value,) if value.get("desc") is not None else tuple(value.items)

    @cached_property
    def elements(self) -> tuple[ElementView, ...]:
        """The elements that are objects, with their place in the list."""
        return tuple(
            ElementView(node, index)
            for index, node in enumerate(self.listed)
            if node.kind is Kind.OBJECT
        )

    @cached_property
    def texts(self) -> tuple[ElementView, ...]:
        """The elements of type ``text``."""
        return tuple(element for element in self.elements if element.type == "text")

    @property
    def summary(self) -> str | None:
        """The high-level description, if it is a string."""
        node = find("root", self.node, "high_level_description")
        return node.string() if node else None

    @property
    def background(self) -> str | None:
        """The background, if it is a string."""
        node = find("composition", self.composition or self.node, "background")
        return node.string() if node else None

    @cached_property
    def prompt(self) -> str:
        """The exact string that the model would get to read."""
        return canonical_of(self.node)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every object of the schema that is there, in the order of the text."""
        blocks = [Block("root", self.node, resolved("root", self.node))]
        if self.style:
            blocks.append(Block("style", self.style, resolved("style", self.style)))
        if self.composition:
            members = resolved("composition", self.composition)
            blocks.append(Block("composition", self.composition, members))
        blocks += [Block("element", each.node, each.members) for each in self.elements]
        return tuple(blocks if self.node.kind is Kind.OBJECT else blocks[1:])

    @cached_property
    def foreign_blocks(self) -> tuple[Block, ...]:
        """The blocks with keys that the schema does not have there."""
        return tuple(block for block in self.blocks if block.is_foreign)

    def objects(self) -> Iterator[tuple[Role, Node]]:
        """Every object of the schema that is there: its role and its node.

        Roles: ``root``, ``style``, ``composition``, ``element``.
        """
        for block in self.blocks:
            yield block.role, block.node

    def palettes(self) -> Iterator[tuple[Role, Node]]:
        """Every ``color_palette`` that is there, with the role of its owner."""
        for block in self.blocks:
            palette = block.members.get("color_palette")
            if palette is not None:
                yield block.role, palette.value

    def prose(self) -> Iterator[tuple[str, Node, str]]:
        """Every field of prose that is a string: its key, its node, its words.

        ``text`` of text elements is no prose: it is drawn as it stands.
        """
        for block in self.blocks:
            for key, member in block.members.items():
                words = member.value.string()
                if words is not None and key in _PROSE[block.role]:
                    yield key, member.value, words


def _object(node: Node | None) -> Node | None:
    return node if node is not None and node.kind is Kind.OBJECT else None


_PROSE: Final[dict[Role, tuple[str, ...]]] = {
    "root": ("high_level_description",),
    "style": ("aesthetics", "lighting", "photo", "medium", "art_style"),
    "composition": ("background",),
    "element": ("desc",),
}
