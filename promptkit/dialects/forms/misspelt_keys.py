"""Keys under another name: ``compositional_decomposition``, ``colour_palette``, ``description``.

Only where the right key is missing; two keys for one thing are left for a person to merge.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object, place
from promptkit.keys import COMPOSITION_KEYS, PHOTO_KEYS, ROOT_KEYS, TEXT_KEYS

_ALIASES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "root": {
        "compositional_deconstruction": ("compositional_decomposition", "composition", "layout"),
        "style_description": ("style",),
        "high_level_description": ("description", "summary", "overall_description", "hld"),
    },
    "style": {
        "color_palette": ("palette", "colors", "colours", "global_palette"),
        "aesthetics": ("aesthetic", "mood"),
        "art_style": ("style", "artistic_style"),
        "photo": ("photography", "camera", "photo_style"),
        "lighting": ("light",),
    },
    "composition": {
        "background": ("bg", "scene", "backdrop"),
        "elements": ("objects", "items", "element"),
    },
    "element": {
        "type": ("kind", "element_type"),
        "bbox": ("bounding_box", "box", "box_2d", "bbox_2d", "bounds", "rect", "region"),
        "desc": ("description", "prompt", "details", "caption"),
        "color_palette": ("palette", "colors", "colours"),
    },
}
_KEYS: Final = {
    "root": ROOT_KEYS,
    "style": (*PHOTO_KEYS, "art_style"),
    "composition": COMPOSITION_KEYS,
    "element": TEXT_KEYS,
}
_HOLDS: Final[dict[str, type | tuple[type, ...]]] = {
    "compositional_deconstruction": dict,
    "style_description": dict,
    "elements": list,
    "color_palette": list,
    "bbox": (list, dict, str),
}
"""What the value under a key has to be for a wrong name to be taken for it; others hold strings."""


def _detect(draft: Draft) -> bool:
    return any(True for _ in _renames(draft))


def _apply(draft: Draft) -> None:
    # Renaming an outer key brings to light what stands inside it.
    while renames := list(_renames(draft)):
        for where, item, old, new in renames:
            entries = [(new if key == old else key, value) for key, value in item.items()]
            item.clear()
            item.update(entries)
            draft.note(f"{where}: renamed {old} to {new}")


def _renames(draft: Draft) -> Iterator[tuple[str, Object, str, str]]:
    places: list[tuple[str, str, Object]] = [("caption", "root", draft.root)]
    places.append(("/style_description", "style", draft.style))
    places.append(("/compositional_deconstruction", "composition", draft.composition))
    places += [(place(index), "element", element) for index, element in draft.elements()]
    for where, role, item in places:
        taken = set(item)
        for key, value in item.items():
            right = _right(role, key)
            if right and right not in taken and isinstance(value, _HOLDS.get(right, str)):
                taken.add(right)
                yield where, item, key, right


def _right(role: str, key: str) -> str | None:
    if key in _KEYS[role]:
        return None
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).replace("-", "_").lower()
    for right, wrong in _ALIASES[role].items():
        if snake == right or snake in wrong:
            return right
    return _close(snake, _KEYS[role])


def _close(key: str, names: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.8) if len(key) < 40 else []
    return close[0] if close else None


DIALECT = Dialect("misspelt-keys", __doc__, _detect, _apply)
