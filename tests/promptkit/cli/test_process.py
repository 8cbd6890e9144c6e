"""What only a whole process can show: pipes, signals, closed streams, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CAPTION = (
    '{"compositional_deconstruction": {"background": "a wall \x1b[31m", "elements": '
    '[{"desc": "東京", "type": "obj"}]}}'
)
LINT = ["lint", "-q", "--isolated", "--select", "key-order"]
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")


def promptkit(
    *arguments: str | Path, cwd: Path, script: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [sys.executable, "-m", "promptkit", *arguments]
    if script:
        command = ["bash", "-c", script.replace("promptkit", f"{sys.executable} -m promptkit")]
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    (tmp_path / "bad.json").write_text(CAPTION)
    return tmp_path


def test_python_m_promptkit(captions: Path) -> None:
    run = promptkit(*LINT, "bad.json", cwd=captions)
    assert run.returncode == 1
    assert run.stdout.startswith("bad.json:1:")
    assert run.stderr == ""


def test_a_reader_that_has_had_enough(captions: Path) -> None:
    run = promptkit(cwd=captions, script="promptkit schema | head -1; echo ${PIPESTATUS[0]} >&2")
    assert run.stdout == "{\n"
    assert run.stderr in ("0\n", "1\n")  # all may have been written before head was gone
    run = promptkit(cwd=captions, script="(sleep 1; promptkit schema; echo $? >&2) | true")
    assert run.stderr == "1\n"


def test_a_full_disk_behind_stdout(captions: Path) -> None:
    run = promptkit(cwd=captions, script="promptkit schema > /dev/full")
    assert run.returncode == 2
    assert run.stderr == "promptkit: writing the output: no space left on device\n"


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-"])
def test_closed_streams(closed: str, captions: Path) -> None:
    run = promptkit(cwd=captions, script=f"promptkit lint bad.json --select key-order {closed}")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr


def test_closed_stdin_is_told_where_it_is_needed(captions: Path) -> None:
    run = promptkit(cwd=captions, script="promptkit lint - <&-")
    assert run.returncode == 2
    assert run.stderr == "promptkit: there is no standard input to read '-' from\n"


def test_an_interruption_ends_with_130(captions: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "promptkit", "lint", "-"],
        cwd=captions,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        stat = Path(f"/proc/{process.pid}/wchan")
        deadline = time.monotonic() + 20
        while stat.exists() and "pipe" not in stat.read_text() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0 if stat.exists() else 2)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error.decode().splitlines()[-1] == "promptkit: interrupted"
    assert b"Traceback" not in error


def test_output_is_utf8_and_names_may_be_anything(captions: Path) -> None:
    name = os.fsencode(captions) + b"/odd-\xff\x1b[31m.json"
    Path(os.fsdecode(name)).write_text(CAPTION)
    run = promptkit(*LINT, ".", cwd=captions, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert run.returncode == 1
    assert '"desc": "東京"' in run.stdout
    assert "odd-\\udcff␛[31m.json:1:" in run.stdout.replace("\ufffd", "\\udcff")
    assert "\x1b" not in run.stdout
    assert "\x1b" not in promptkit(*LINT, "nowhere\x1b.json", cwd=captions).stderr


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": ""}, False),
    ],
)
def test_color(environment: dict[str, str], captions: Path, *, colored: bool) -> None:
    run = promptkit(*LINT, "bad.json", cwd=captions, **environment)
    assert ("\x1b[1m" in run.stdout) is colored


def test_a_terminal_gets_color_and_its_width(captions: Path) -> None:
    pty = pytest.importorskip("pty")
    pid, descriptor = pty.fork()
    if pid == 0:
        os.chdir(captions)
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "60"}
        os.execve(sys.executable, [sys.executable, "-m", "promptkit", *LINT, "bad.json"], variables)  # noqa: S606
    shown = b""
    try:
        while piece := os.read(descriptor, 4096):
            shown += piece
    except OSError:  # how Linux tells that the other side has closed the terminal
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert b"\x1b[1;31merror" in shown
    assert "…".encode() in shown


def test_linting_does_not_wait_for_pydantic(captions: Path) -> None:
    """The budget: a lint takes less than twice what importing pydantic takes."""
    code = "import sys; from promptkit.cli import main; main(['lint', 'bad.json']); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=captions,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    unwanted = {"pydantic", "argcomplete", "tomllib", "tempfile", "hashlib", "PIL"}
    assert not unwanted & set(run.stdout.splitlines()[-1].split())
