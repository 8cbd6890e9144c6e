from __future__ import annotations

import pytest

from promptkit.sketch import fonts


@pytest.fixture(autouse=True)
def only_pillows_own_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sketch looks like must not depend on the fonts of the machine that runs the tests."""
    monkeypatch.setattr(fonts, "_system_fonts", lambda: ())
    fonts._file_for.cache_clear()
