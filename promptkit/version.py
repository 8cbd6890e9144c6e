"""The version of this package, at hand without looking the installed package up."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
