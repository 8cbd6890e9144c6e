"""What visual editors keep beside a caption: ids, colours of handles, locks, pictures, settings.

An element that is switched off (``"enabled": false``) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from promptkit.counted import many
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft, Object

_ROOT: Final = frozenset({"ui", "overlay", "id"})
_ELEMENT: Final = frozenset(
    {
        "id", "uid", "uuid", "boxColor", "box_color", "linkId", "groupId", "locked", "enabled",
        "visible", "nobbox", "hasBbox", "image_data", "imageDataUrl", "imageRole", "z", "z_index",
        "zIndex", "selected", "confidence", "score",
    }
)  # fmt: skip


def _detect(draft: Draft) -> bool:
    return any(True for _ in _kept(draft))


def _apply(draft: Draft) -> None:
    elements = draft.composition.get("elements")
    if isinstance(elements, list):
        shown = [each for each in elements if not _is_off(each)]
        if hidden := len(elements) - len(shown):
            draft.composition["elements"] = shown
            draft.note(f"left out {many(hidden, 'element')} that an editor has switched off")
    for item, key in list(_kept(draft)):
        del item[key]
        draft.note(f"dropped {key}, which an editor keeps for itself")


def _is_off(element: Any) -> bool:
    return isinstance(element, dict) and element.get("enabled") is False


def _kept(draft: Draft) -> Iterator[tuple[Object, str]]:
    yield from ((draft.root, key) for key in draft.root if key in _ROOT)
    for _, element in draft.elements():
        yield from ((element, key) for key in element if key in _ELEMENT)


DIALECT = Dialect("editor-keys", __doc__, _detect, _apply)
