"""``promptkit compose`` where there is no terminal: it says so, or serves a browser."""

from __future__ import annotations

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

pytest.importorskip("textual")

from promptkit.errors import UsageError
from promptkit.tui.web import serve
from tests.promptkit.tui.driving import CAPTION

HERE = Path(__file__).resolve().parents[3]


def test_without_a_terminal_it_says_so() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "promptkit", "compose"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("promptkit: compose: needs ")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    pytest.importorskip("textual_serve")
    (tmp_path / "kites.json").write_text(CAPTION)
    process = subprocess.Popen(
        [sys.executable, "-m", "promptkit", "compose", "--web", "--port", "0", "kites.json"],
        cwd=tmp_path,
        env=os.environ
        | {"PYTHONPATH": str(HERE), "XDG_STATE_HOME": str(tmp_path), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", said)):
        line = process.stderr.readline()
        assert line, said
        said += line
    _wait_for(int(found[1]))
    yield process, int(found[1])
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _wait_for(port: int) -> None:
    """The address is told a moment before it is listened on."""
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end, "nothing listens"
            time.sleep(0.05)
        else:
            return


def _connect(port: int, origin: str) -> tuple[socket.socket, bytes]:
    """A websocket as a browser opens it, and the first that is answered."""
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /ws?width=80&height=24 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return line, line.recv(4096)


def test_the_web_serves_its_own_page_on_loopback_and_ends_when_told(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    with urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
        assert "promptkit compose" in page.read().decode()
    line, answer = _connect(port, f"http://127.0.0.1:{port}")
    with line:
        assert answer.startswith(b"HTTP/1.1 101")
        drawn = answer
        # The editor itself, drawn for the browser.
        while b"Outline" not in drawn or b"kites.json" not in drawn:
            more = line.recv(1 << 16)
            assert more, drawn[-2000:]
            drawn += more
    stranger, refused = _connect(port, "http://example.com")
    stranger.close()
    assert refused.startswith(b"HTTP/1.1 403")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    pytest.importorskip("textual_serve")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="cannot be used"):
            serve(["true"], taken.getsockname()[1])


def test_without_the_extra_it_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    with pytest.raises(UsageError, match=r"promptkit\[web\]"):
        serve(["true"], 0)
