"""The parts of a caption as stretches of its canonical string, whose tokens add up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from promptkit.canonical import canonical_element, canonical_of
from promptkit.document import Node
from promptkit.lint.budget import NEAR
from promptkit.tokens import Segment, within

_CLOSING: Final = "]}}"
"""What stands behind the last element of a canonical caption."""


class Length(NamedTuple):
    """What a part adds to a caption's length. An element's depends on whether another follows."""

    inner: Segment
    last: Segment


def length_of_frame(frame: Node, tokenizer: Path | None) -> Length:
    """The length of a caption without elements, up to the signs of the first that it might have."""
    opening = canonical_of(frame).removesuffix(_CLOSING)
    segment = Segment(f'{opening}{{"', tokenizer)
    return Length(segment, segment)


def length_of_element(element: Node, tokenizer: Path | None) -> Length:
    """An element's length, from its first key up to the signs with which the next one begins."""
    text = canonical_element(element)[2:]
    return Length(Segment(f'{text},{{"', tokenizer), Segment(f"{text}{_CLOSING}", tokenizer))


def is_short(parts: Sequence[Length]) -> bool:
    """Whether a caption of a frame and elements is certainly not near the limit."""
    return within([*[each.inner for each in parts[:-1]], parts[-1].last], NEAR)
