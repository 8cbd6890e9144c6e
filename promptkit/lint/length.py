"""The parts of a caption as stretches of its canonical string, whose tokens add up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from promptkit.canonical import canonical_element, canonical_of
from promptkit.lint.budget import NEAR
from promptkit.lint.view import CaptionView
from promptkit.tokens import Segment, within

_CLOSING: Final = "]}}"
"""What stands behind the last element of a canonical caption."""


class Length(NamedTuple):
    """What a part adds to a caption's length. An element's depends on whether another follows."""

    inner: Segment
    last: Segment


def lengths(caption: CaptionView, tokenizer: Path | None) -> list[Length]:
    """The length of the frame, and of each element.

    The frame's ends behind the signs with which the first element begins, each element's behind
    those of the next one.
    """
    texts = [canonical_element(node) for node in caption.listed]
    opening = canonical_of(caption.node).removesuffix(f"{','.join(texts)}{_CLOSING}")
    frame = Segment(f'{opening}{{"', tokenizer)
    elements = [
        Length(Segment(f'{text[2:]},{{"', tokenizer), Segment(f"{text[2:]}{_CLOSING}", tokenizer))
        for text in texts
    ]
    return [Length(frame, frame), *elements]


def is_short(parts: Sequence[Length]) -> bool:
    """Whether a caption of a frame and elements is certainly not near the limit."""
    return within([*[each.inner for each in parts[:-1]], parts[-1].last], NEAR)
