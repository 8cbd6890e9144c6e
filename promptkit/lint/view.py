"""A caption as rules want to see it: every part that is there and of the right kind, typed.

A part that is missing or of another kind is None or left out, so that a rule about wording never
trips over a mistake that a rule about the schema reports. A part under a misspelt key is seen all
the same, so that one slip hides nothing behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from promptkit.canonical import canonical_of
from promptkit.document import Document, Kind, Node
from promptkit.geometry import BBox, box_problem
from promptkit.keys import Role
from promptkit.lint.spelling import element_type, find, resolved


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
    def bbox(self) -> BBox | None:
        """The box, if it is four integers on the grid in order."""
        node = self.get("bbox")
        if node is None or len(node.items) != 4:
            return None
        sides = [item.value for item in node.items if type(item.value) is int]
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
        return find("element", self.node, key)

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

    def objects(self) -> Iterator[tuple[Role, Node]]:
        """Every object of the schema that is there: its role and its node.

        Roles: ``root``, ``style``, ``composition``, ``element``.
        """
        if self.node.kind is Kind.OBJECT:
            yield "root", self.node
        if self.style:
            yield "style", self.style
        if self.composition:
            yield "composition", self.composition
        for element in self.elements:
            yield "element", element.node

    def palettes(self) -> Iterator[tuple[Role, Node]]:
        """Every ``color_palette`` that is there, with the role of its owner."""
        for role, node in self.objects():
            palette = find(role, node, "color_palette") if role in ("style", "element") else None
            if palette is not None:
                yield role, palette

    def prose(self) -> Iterator[tuple[str, Node, str]]:
        """Every field of prose that is a string: its key, its node, its words.

        ``text`` of text elements is no prose: it is drawn as it stands.
        """
        for role, node in self.objects():
            for key, member in resolved(role, node).items():
                words = member.value.string()
                if words is not None and key in _PROSE[role]:
                    yield key, member.value, words


def _object(node: Node | None) -> Node | None:
    return node if node is not None and node.kind is Kind.OBJECT else None


_PROSE: Final[dict[Role, tuple[str, ...]]] = {
    "root": ("high_level_description",),
    "style": ("aesthetics", "lighting", "photo", "medium", "art_style"),
    "composition": ("background",),
    "element": ("desc",),
}
