"""Pictures as fine as the terminal says it can show them."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("textual_image")
fcntl = pytest.importorskip("fcntl")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

HERE = Path(__file__).resolve().parents[3]
SIXEL, NO_SIXEL = b"\x1b[?62;4c", b"\x1b[?62c"

# The library gives a terminal a tenth of a second to answer, which a busy machine may not make.
ASK = """
import textual_image._terminal as terminal
read = terminal.read
terminal.read = lambda stream, count, timeout: read(stream, count, 30)
from promptkit.tui.widgets.picture import HalfBlocks, PictureView, fine_widget, prepare
prepare()
fine = fine_widget()
view = PictureView()
assert isinstance(next(iter(view.compose())), type(fine) if fine else HalfBlocks)
print("SHOWN BY", fine._Renderable.__module__.rpartition(".")[2] if fine else "half blocks")
"""


def _shown_by(kind: str, sixel: bytes, graphics: bytes) -> tuple[str, bytes]:
    """What draws pictures in a terminal that answers like this, and all that it was sent."""
    outside, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 800, 480))
    plain = {
        key: value
        for key, value in os.environ.items()
        if key not in ("TERM_PROGRAM", "KONSOLE_VERSION", "WT_SESSION")
    }
    process = subprocess.Popen(
        [sys.executable, "-c", ASK],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env=plain | {"TERM": kind, "PYTHONPATH": str(HERE)},
        close_fds=True,
    )
    os.close(inside)
    said, answered = b"", set()
    while b"SHOWN BY" not in said or not said.endswith(b"\n"):
        try:
            said += os.read(outside, 4096)
        except OSError:
            break
        for question, answer in ((b"\x1b[c", sixel), (b"\x1b_G", graphics)):
            if question in said and question not in answered:
                answered.add(question)
                os.write(outside, answer)
    process.wait(60)
    os.close(outside)
    found = re.search(rb"SHOWN BY ([\w. ]+)", said)
    assert found, said
    return found[1].decode().strip(), said


@pytest.mark.parametrize(
    ("kind", "sixel", "graphics", "expected"),
    [
        ("xterm-kitty", NO_SIXEL, b"\x1b_Gi=1;OK\x1b\\", "tgp"),
        ("foot", SIXEL, b"", "sixel"),
        ("foot", NO_SIXEL, b"no\n", "half blocks"),
    ],
)
def test_the_terminal_is_asked_and_believed(
    kind: str, sixel: bytes, graphics: bytes, expected: str
) -> None:
    assert _shown_by(kind, sixel, graphics)[0] == expected


def test_a_terminal_that_is_not_known_for_pictures_is_not_asked() -> None:
    shown, said = _shown_by("xterm-256color", SIXEL, b"")
    assert shown == "half blocks"
    assert b"\x1b" not in said
