"""Parameters of the rendering inside the caption: ``aspect_ratio``, ``width``, ``seed`` and such.

They say how to draw, not what; the size is handed on to whoever renders.
"""

from __future__ import annotations

from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, listed
from promptkit.dialects.sizes import (
    RATIO_KEYS,
    SIZE_KEYS,
    SIZE_PAIRS,
    parse_pair,
    size_of_ratio,
)

_KEYS: Final = frozenset(
    {
        *RATIO_KEYS,
        *SIZE_KEYS,
        *(key for pair in SIZE_PAIRS for key in pair),
        "generation",
        "seed",
        "steps",
        "num_steps",
        "guidance",
        "guidance_scale",
        "cfg",
        "cfg_scale",
        "sampler",
        "scheduler",
        "negative_prompt",
        "num_images",
        "rendering_speed",
        "model",
    }
)


def _detect(draft: Draft) -> bool:
    return any(key in _KEYS for key in draft.root)


def _apply(draft: Draft) -> None:
    values = {key: draft.root.pop(key) for key in list(draft.root) if key in _KEYS}
    if not values:
        return
    draft.note(f"took out {listed(list(values))}: how to render is no part of a caption")
    for key in RATIO_KEYS:
        ratio = parse_pair(values.get(key))
        if ratio and draft.size is None and (size := size_of_ratio(*ratio)):
            draft.size = size
            draft.note(f"took the size {size} for the ratio {ratio[0]}:{ratio[1]}")
    if draft.size:
        draft.note(f"the picture's size is {draft.size}; hand it to the renderer")


DIALECT = Dialect("render-parameters", __doc__, _detect, _apply)
