"""The Ideogram 4 engine: a caption in, a picture out.

::

    from generator import Ideogram4Pipeline

    pipe = Ideogram4Pipeline.from_pretrained("ideogram-ai/ideogram-4-fp8")
    pipe(caption, preset="V4_QUALITY_48", seed=42).save("picture.png")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.pipeline import Ideogram4Pipeline

__all__ = ["Ideogram4Pipeline"]


def __getattr__(name: str) -> Any:
    """Import torch only when the pipeline is asked for: sizes and checks do without."""
    if name == "Ideogram4Pipeline":
        from generator.pipeline import Ideogram4Pipeline  # noqa: PLC0415

        return Ideogram4Pipeline
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
