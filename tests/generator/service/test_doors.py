"""Who gets in: where the service listens, tokens, names of the host."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from generator.cli import main
from generator.service.bind import TcpAddress, UnixAddress, listening
from generator.service.serve import Service
from promptkit.dispatch.connection import Connection, RefusedError
from promptkit.dispatch.wire import UnreachableError
from promptkit.errors import GeneratorError, UsageError
from tests.quick_generator import QuickEngine


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - the address that must not pass
        ("192.168.1.5", False),
        ("example.org", False),
    ],
)
def test_loopback_is_known(host: str, loopback: bool) -> None:
    assert TcpAddress(host, 80).is_loopback is loopback


def test_other_addresses_need_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PROMPTKIT_TOKEN", raising=False)
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2  # noqa: S104
    assert "set PROMPTKIT_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--socket", "/tmp/x", "--port", "0"], "name one"),  # noqa: S108
        (["--port", "70000"], "expected 0 to 65535"),
        (["--queue", "0"], "expected at least 1"),
        (["--socket", "/nowhere/at/all"], "cannot listen there"),
    ],
)
def test_wrong_use_is_told_before_torch_is_loaded(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_stale_socket_is_replaced_and_a_live_one_is_not(tmp_path: Path) -> None:
    address = UnixAddress(tmp_path / "s")
    with listening(address):
        with pytest.raises(GeneratorError, match="another generator serves here"):
            listening(address).__enter__()
        assert address.path.exists()
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(address.path))
    stale.close()
    with listening(address):
        pass
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is not a socket"):
        listening(UnixAddress(tmp_path / "file")).__enter__()
    assert (tmp_path / "file").read_text() == "mine"


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"127.0.0.1:{port}: cannot listen there"):
            listening(TcpAddress("127.0.0.1", port)).__enter__()


@pytest.fixture(params=[None, "the-token"])
def on_tcp(request: pytest.FixtureRequest) -> Any:
    with listening(TcpAddress("127.0.0.1", 0)) as (listener, address):
        service = Service(QuickEngine(), address, token=request.param)
        thread = threading.Thread(target=service.run, args=(listener,))
        thread.start()
        yield request.param, str(address)
        service.stop()
        thread.join(60)


def _ask(address: str, host: str | None = None) -> int:
    connection = Connection(address)._wire._connection()
    connection.request("GET", "/v1/models", headers={"Host": host} if host else {})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_over_tcp_a_token_or_a_local_name_is_asked_for(on_tcp: tuple[str | None, str]) -> None:
    token, address = on_tcp
    if token is None:
        assert Connection(address).model().name == "quick"
        assert _ask(address) == 200
        assert _ask(address, "rebound.example.org") == 421
        for local in ("localhost:8964", "127.0.0.2", "[::1]:80"):
            assert _ask(address, local) == 200
    else:
        assert Connection(address, token).model().name == "quick"
        assert _ask(address) == 401
        for wrong in ("the-token2", "the-toke", ""):
            with pytest.raises(
                RefusedError,
                match=r"Authorization: Bearer <token>; it is taken from PROMPTKIT_TOKEN",
            ):
                Connection(address, wrong).model()


@pytest.mark.parametrize("address", ["unix:/nowhere/at/all.sock", "http://127.0.0.1:9"])
def test_nobody_there_is_told_in_words(address: str) -> None:
    with pytest.raises(UnreachableError, match="no generator answers at"):
        Connection(address).model()


def test_something_else_there_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            connected, _ = other.accept()
            with connected:
                connected.recv(4096)
                connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UnreachableError, match="is no promptkit generator"):
            Connection(f"http://127.0.0.1:{other.getsockname()[1]}").model()
        thread.join(30)
