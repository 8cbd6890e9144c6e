"""Keys that the schema does not have at their place, sorted by what is to be done about them.

Each foreign key is of one sort, so that exactly one rule reports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from functools import cache
from typing import Final, NamedTuple

from promptkit.document import Kind, Member, Node
from promptkit.keys import Role
from promptkit.lint.schema import KNOWN_KEYS, home_of
from promptkit.lint.view import CaptionView


class Sort(Enum):
    """What a foreign key is."""

    MISSPELT = auto()
    MISPLACED = auto()
    """Of the schema, but in another object."""
    ASPECT_RATIO = auto()
    JOB = auto()
    """A setting of the job, not a part of the caption."""
    CANVAS = auto()
    """``canvas`` or ``layout``: a description of the frame in words."""
    FREE_TEXT = auto()
    """A second prompt beside the caption."""
    UNKNOWN = auto()


class Foreign(NamedTuple):
    """A member with a foreign key, and where it stands."""

    role: Role
    owner: Node
    ordinal: int
    member: Member

    @property
    def span(self) -> tuple[int, int]:
        """Where the key is written."""
        return self.member.start, self.member.end


JOB_OPTIONS: Final = {
    "width": "--size", "height": "--size", "size": "--size", "resolution": "--size",
    "seed": "--seed", "steps": "--steps", "num_inference_steps": "--steps",
    "cfg": "--cfg-scale", "cfg_scale": "--cfg-scale", "guidance": "--cfg-scale",
    "guidance_scale": "--cfg-scale", "negative_prompt": "--negative-prompt",
    "negative": "--negative-prompt", "model": "--model", "preset": "--preset",
    "rendering_speed": "--preset", "quality": "--preset", "count": "--count",
    "num_images": "--count", "batch_size": "--count", "strength": "--strength",
    "denoising_strength": "--strength", "input_image": "--input-image",
    "init_image": "--input-image", "generation": "", "settings": "", "parameters": "",
    "sampler": "", "scheduler": "", "magic_prompt": "", "loras": "",
}  # fmt: skip
"""Settings of a run that people put into captions, and the option that each is; "" where none."""

_ASPECT_RATIO: Final = frozenset({"aspect_ratio", "aspectRatio", "aspect-ratio", "aspect", "ratio"})
_CANVAS: Final = frozenset({"canvas", "layout"})
FREE_TEXT: Final = frozenset(
    {"prompt", "text_prompt", "user_prompt", "positive_prompt", "plain_prompt", "original_prompt"}
)


def foreign(caption: CaptionView, sort: Sort) -> Iterator[Foreign]:
    """The keys of one sort in all objects of a caption, in the order of the text."""
    for block in caption.foreign_blocks:
        role, node, _ = block
        slipped = {id(member) for key, member in block.members.items() if key != member.name}
        for index, member in enumerate(node.members):
            if member.name in KNOWN_KEYS[role]:
                continue
            if (Sort.MISSPELT if id(member) in slipped else _sort(role, member)) is sort:
                yield Foreign(role, node, index, member)


def due_role(role: Role, name: str) -> Role | None:
    """Where a key of the schema belongs that stands in an object of ``role``; None for others."""
    if role == "element":
        return None
    home = "style" if name == "color_palette" and role != "style" else home_of(name)
    return None if home in (role, "element") else home


def _sort(role: Role, member: Member) -> Sort:
    by_name = _sort_by_name(role, member.name)
    if by_name is Sort.FREE_TEXT and member.value.kind is not Kind.STRING:
        return Sort.UNKNOWN
    return by_name


@cache
def _sorts() -> dict[str, Sort]:
    return {
        **dict.fromkeys(JOB_OPTIONS, Sort.JOB),
        **dict.fromkeys(_ASPECT_RATIO, Sort.ASPECT_RATIO),
        **dict.fromkeys(_CANVAS, Sort.CANVAS),
        **dict.fromkeys(FREE_TEXT, Sort.FREE_TEXT),
    }


def _sort_by_name(role: Role, name: str) -> Sort:
    if due_role(role, name) is not None:
        return Sort.MISPLACED
    # In an element "size" or "layout" describes the thing; only a run's own words stay a run's.
    return Sort.UNKNOWN if role == "element" else _sorts().get(name, Sort.UNKNOWN)
