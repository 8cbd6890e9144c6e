"""A caption without nesting: style, background and elements stand at the top level.

Preset files of prompt builders look so.
"""

from __future__ import annotations

from typing import Final

from promptkit.caption import ArtStyle, Composition, PhotoStyle
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, listed

_STYLE: Final = tuple(dict.fromkeys((*PhotoStyle.model_fields, *ArtStyle.model_fields)))
_COMPOSITION: Final = tuple(Composition.model_fields)


def _detect(draft: Draft) -> bool:
    return any(key in draft.root for key in _STYLE + _COMPOSITION)


def _apply(draft: Draft) -> None:
    for name, keys in (
        ("style_description", _STYLE),
        ("compositional_deconstruction", _COMPOSITION),
    ):
        inner = draft.root.get(name, {})
        here = [key for key in keys if key in draft.root]
        if not here:
            continue
        if not isinstance(inner, dict) or any(key in inner for key in here):
            draft.refuse(f"{listed(here)} stand both at the top level and in {name}; keep one")
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
