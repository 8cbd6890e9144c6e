"""The keys of a caption in the trained order, for those who must not wait for pydantic.

The schema is written in ``promptkit.caption``, and a test holds these lists against it. Loading
that module takes longer than checking a caption, so linting and formatting start from here.
"""

from __future__ import annotations

from typing import Final, Literal

Role = Literal["root", "style", "composition", "element"]
"""What an object of a caption stands for."""

ROOT_KEYS: Final = (
    "high_level_description",
    "style_description",
    "compositional_deconstruction",
)
PHOTO_KEYS: Final = ("aesthetics", "lighting", "photo", "medium", "color_palette")
ART_KEYS: Final = ("aesthetics", "lighting", "medium", "art_style", "color_palette")
COMPOSITION_KEYS: Final = ("background", "elements")
OBJ_KEYS: Final = ("type", "bbox", "desc", "color_palette")
TEXT_KEYS: Final = ("type", "bbox", "text", "desc", "color_palette")

JOB_KEYS: Final = frozenset(
    {
        *("negative_prompt", "width", "height", "seed", "preset", "num_inference_steps"),
        *("cfg_scale", "input_image", "denoising_strength", "rand_device", "model", "parity"),
    }
)
"""What may stand beside ``caption`` in a job file."""

REQUIRED_KEYS: Final[dict[Role, tuple[str, ...]]] = {
    "root": ("compositional_deconstruction",),
    "style": ("aesthetics", "lighting", "medium"),
    "composition": COMPOSITION_KEYS,
    "element": ("type", "desc"),
}
"""The keys that an object of each role must have in either branch."""
