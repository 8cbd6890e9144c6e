"""Read the forms of a caption that other tools write, and name everything that is changed."""

from __future__ import annotations

from promptkit.dialects.conversion import Conversion, convert
from promptkit.dialects.dialect import Dialect
from promptkit.dialects.registry import all_dialects, find_dialect

__all__ = ["Conversion", "Dialect", "all_dialects", "convert", "find_dialect"]
