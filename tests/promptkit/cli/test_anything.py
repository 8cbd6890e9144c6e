"""Whatever a file holds, every command answers with an exit code and leaves it whole."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptkit.cli import main

CAPTION = (
    '{"high_level_description": "A tea house at night.", "style_description": {"aesthetics": "calm", '
    '"lighting": "one lamp", "photo": "50mm", "medium": "photograph"}, "compositional_deconstruction": '
    '{"background": "a street \\u559d", "elements": [{"type": "text", "bbox": [80, 300, 160, 700], '
    '"text": "喫茶店", "desc": "red letters", "color_palette": ["#ff2a2a"]}]}}'
).encode()
PIECES = st.sampled_from(
    [b'"', b"{", b"]", b",", b":", b"\\", b"\\ud83d", b"\xff", b"\0", b"\n", b"```", b"//", b"NaN",
     b"1e999", "\u202e".encode(), b"\xef\xbb\xbf", b"'", b"\x1b[2J", b"null", b"{\"a\": "]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A caption with some pieces put in or cut out."""
    data = bytearray(CAPTION)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(start + 12, len(data))))
        data[start:end] = draw(PIECES)
    return bytes(data)


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        return main(list(arguments)), out.getvalue()


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
@given(data=damaged() | st.binary(max_size=60))
def test_lint_reports(form: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.json")
        path.write_bytes(data)
        chosen = ["--isolated", "--select", "all", "--size", "1024x768"]
        code, shown = run("lint", str(path), "--format", form, *chosen)
        picture = data.startswith((b"\x89PNG", b"\xff\xd8\xff"))
        assert code in ((2,) if picture else (0, 1))
        assert "\x1b" not in shown
        if form in ("json", "sarif"):
            assert json.loads(shown)["version"]
        assert path.read_bytes() == data


@given(damaged())
def test_fmt_loses_nothing(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.json")
        path.write_bytes(data)
        code, _ = run("fmt", str(path), "--isolated")
        if code:
            assert code == 2
            assert path.read_bytes() == data
        else:
            assert json.loads(path.read_bytes()) == json.loads(data.decode("utf-8-sig"))
            assert run("fmt", "--check", str(path), "--isolated")[0] == 0


@given(damaged(), st.booleans())
def test_fix_and_fix_again_is_fix(data: bytes, unsafe: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.json")
        path.write_bytes(data)
        options = ["--fix", "--isolated", *(["--unsafe-fixes"] if unsafe else [])]
        run("lint", str(path), *options)
        once = path.read_bytes()
        run("lint", str(path), *options)
        assert path.read_bytes() == once
