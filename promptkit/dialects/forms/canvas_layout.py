"""``canvas`` and ``layout`` inside the composition: prose about the frame and about places.

The model knows neither key; their words go to the end of the background, where it reads them.
"""

from __future__ import annotations

import re
from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft
from promptkit.geometry import Size

_KEYS: Final = ("canvas", "layout")


def _detect(draft: Draft) -> bool:
    return any(key in draft.composition for key in _KEYS)


def _apply(draft: Draft) -> None:
    composition = draft.composition
    background = composition.get("background", "")
    if not isinstance(background, str):
        draft.refuse("/compositional_deconstruction/background is no text to add to")
        return
    sentences = [background]
    for key in _KEYS:
        words = composition.get(key, "")
        if not isinstance(words, str):
            draft.refuse(f"/compositional_deconstruction/{key} is no text; describe it in words")
            return
        if key in composition:
            del composition[key]
            sentences.append(words)
            draft.note(f"moved the words of {key} to the end of background")
        stated = re.search(r"\b(\d{3,4}) ?[x×] ?(\d{3,4})\b", words[:500])
        if stated and draft.size is None:
            draft.size = Size(int(stated[1]), int(stated[2]))
            draft.note(f"the {key} says that the picture's size is {draft.size}")
    composition["background"] = _joined(sentences)


def _joined(sentences: list[str]) -> str:
    stripped = [each.strip() for each in sentences if each.strip()]
    ended = [each if each[-1] in ".!?…" else f"{each}." for each in stripped]
    return " ".join(ended)


DIALECT = Dialect("canvas-layout", __doc__, _detect, _apply)
