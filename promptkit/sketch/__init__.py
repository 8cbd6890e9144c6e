"""A caption's layout as a picture, drawn without the model.

``draw`` shows where everything is, in the caption's colours and with its literal text, so that a
layout can be judged before a minute of computing goes into it; ``to_png`` saves it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from promptkit.sketch.drawing import draw
    from promptkit.sketch.saving import to_png

__all__ = ["draw", "to_png"]

_HOMES: Final = {"draw": "drawing", "to_png": "saving"}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        # Pillow and the caption's model are for those who draw; the terminal UI takes only tones.
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
