"""A caption without nesting: style, background and elements stand at the top level.

Preset files of prompt builders look so.
"""

from __future__ import annotations

from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, listed
from promptkit.keys import ART_KEYS, COMPOSITION_KEYS, PHOTO_KEYS

_STYLE: Final = tuple(dict.fromkeys(PHOTO_KEYS + ART_KEYS))


def _detect(draft: Draft) -> bool:
    return any(key in draft.root for key in _STYLE + COMPOSITION_KEYS)


def _apply(draft: Draft) -> None:
    for name, keys in (
        ("style_description", _STYLE),
        ("compositional_deconstruction", COMPOSITION_KEYS),
    ):
        inner = draft.root.get(name, {})
        here = [key for key in keys if key in draft.root]
        if not here:
            continue
        if not isinstance(inner, dict) or any(key in inner for key in here):
            draft.refuse(f"{name} and the top level both hold {listed(here)}; keep one of them")
            continue
        moved = {key: draft.root.pop(key) for key in here}
        empty = [key for key in ("photo", "art_style") if moved.get(key) == ""]
        for key in empty:
            del moved[key]
        draft.root[name] = {**inner, **moved}
        draft.note(f"moved {listed(here)} into {name}")
        if empty:
            draft.note(f"dropped {listed(empty)}, which is empty")


DIALECT = Dialect("flat", __doc__, _detect, _apply)
