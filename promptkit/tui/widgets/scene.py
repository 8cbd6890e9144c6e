"""A session's caption as boxes to draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from promptkit.color import contrast, mix, normalize_hex, readable_on
from promptkit.document import Node
from promptkit.lint.view import CaptionView, ElementView
from promptkit.session import Session
from promptkit.sketch.tone import ground_tone
from promptkit.tui.widgets.raster import Item

NEUTRAL: Final = "#26282D"
"""The ground of a caption that says nothing about its own."""


def ground_of(view: CaptionView | None) -> str:
    """The picture's ground."""
    if view is None or not (view.background or "").strip():
        return NEUTRAL
    style = view.style
    return ground_tone(
        view.background or "", colors_of(style.get("color_palette") if style else None)
    )


def items_of(session: Session, accent: str) -> list[Item]:
    """Every element that has a box, back to front."""
    view = session.view
    if view is None:
        return []
    ground = ground_of(view)
    chosen = session.marks.elements
    return [
        _item(
            each,
            ground,
            accent if each.index in chosen else "",
            is_main=each.index == session.marks.element,
            is_locked=each.index in session.marks.locked,
        )
        for each in view.elements
        if each.bbox is not None
    ]


def colors_of(palette: Node | None) -> list[str]:
    """The colours of a palette that are any."""
    if palette is None:
        return []
    found = (normalize_hex(each.string() or "") for each in palette.items)
    return [color for color in found if color]


def _item(
    element: ElementView, ground: str, accent: str, *, is_main: bool, is_locked: bool
) -> Item:
    box = element.bbox
    if box is None:
        raise ValueError(f"element {element.index} has no box to draw")
    colors = colors_of(element.get("color_palette"))
    is_text = element.type == "text"
    fill, line = _look(tuple(colors[:2]), ground, element.index % 3, accent, is_text=is_text)
    ink = ""
    words = "" if is_text else " ".join((element.desc or "").split())
    lock = "⊘" if is_locked else ""
    if is_text and colors:
        ink = colors[0]
    lettering = tuple((element.text or "").split("\n")) if is_text else ()
    return Item(
        box, fill, line, f"{lock}{element.index + 1} {words}".rstrip(), lettering, ink, is_main
    )


@lru_cache(maxsize=1024)
def _look(
    colors: tuple[str, ...], ground: str, shade: int, accent: str, *, is_text: bool
) -> tuple[str, str]:
    """The colours of a box and of its edge; ``shade`` tells neighbours without colours apart."""
    fill = _fill(colors, ground, shade, is_text=is_text)
    if accent:
        return fill, _seen(accent, fill)
    return fill, mix(fill, readable_on(fill), 0.16 if is_text else 0.28)


def _fill(colors: Sequence[str], ground: str, shade: int, *, is_text: bool) -> str:
    """Things are panels of their first colour; lettering shows what is behind it."""
    if is_text:
        return colors[1] if len(colors) > 1 else mix(ground, readable_on(ground), 0.04)
    if colors:
        return mix(ground, colors[0], 0.86)
    return mix(ground, readable_on(ground), 0.16 + 0.06 * shade)


def _seen(accent: str, fill: str) -> str:
    """The colour of a selected box's edge: the accent, unless the box has nearly that colour."""
    return accent if contrast(accent, fill) > 1.6 else readable_on(fill)
