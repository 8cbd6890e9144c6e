"""A caption's layout as a picture, drawn without the model.

``draw`` shows where everything is, in the caption's colours and with its literal text, so that a
layout can be judged before a minute of computing goes into it; ``to_png`` saves it.
"""

from __future__ import annotations

from promptkit.sketch.drawing import draw
from promptkit.sketch.saving import to_png

__all__ = ["draw", "to_png"]
