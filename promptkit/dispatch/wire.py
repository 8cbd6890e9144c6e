"""One HTTP request over a Unix socket or a URL, with the standard library alone.

A connection serves one request: three or four for a picture, none of them in a hurry. So threads
share nothing, and a connection that breaks takes nothing else with it.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from promptkit.errors import GeneratorError, UsageError

UNIX: Final = "unix:"

QUIET_SECONDS: Final = 300.0
"""A generator that is alive says so every 15 s; while it loads it may be held up for longer."""

CONNECT_SECONDS: Final = 20.0
"""A machine that is switched off answers nothing at all; a living one gives a job up at once."""


class UnreachableError(GeneratorError):
    """The connection could not be made, or broke: the generator is gone or never was."""


class Wire:
    """The way to one address. May be used by several threads."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self._url = urlsplit(address)
            _ = self._url.port  # ValueError where it is no number
        except ValueError as error:
            raise UsageError(f"{address!r} is no address: {error}") from error
        known = self._url.scheme == "unix" or self._url.hostname
        if self._url.scheme not in {"unix", "http", "https"} or not known:
            raise UsageError(
                f"{address!r} is no generator's address; write https://HOST, "
                "http://127.0.0.1:PORT or unix:PATH"
            )

    @contextmanager
    def request(self, method: str, path: str, body: str | None = None) -> Iterator[HTTPResponse]:
        """The answer to a request, its body unread; a body is sent as JSON.

        Raises:
            UnreachableError: where nobody answers, or the answer breaks off while it is read.
        """
        connection = self._connection()
        headers = self._headers | ({} if body is None else {"Content-Type": "application/json"})
        try:
            self._connect(connection, CONNECT_SECONDS if method == "DELETE" else QUIET_SECONDS)
            connection.request(method, self._url_path(path), _encoded(body), headers)
            yield connection.getresponse()
        except TimeoutError as error:
            raise UnreachableError(f"the generator at {self.address} does not answer") from error
        except (OSError, HTTPException) as error:
            raise UnreachableError(
                f"the connection with the generator at {self.address} broke off: {error}"
            ) from error
        finally:
            connection.close()

    def _connect(self, connection: HTTPConnection, patience: float) -> None:
        try:
            connection.connect()
            connection.sock.settimeout(patience)
        except OSError as error:
            why = error.strerror or str(error)
            raise UnreachableError(
                f"no generator answers at {self.address}: {why.lower()}; start one with "
                "`python -m generator serve`, or leave --server out"
            ) from error

    def _connection(self) -> HTTPConnection:
        url = self._url
        if url.scheme == "unix":
            return _UnixConnection(self.address.removeprefix(UNIX))
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        return kind(url.hostname or "", url.port, timeout=CONNECT_SECONDS)

    def _url_path(self, path: str) -> str:
        return path if self._url.scheme == "unix" else self._url.path.rstrip("/") + path


class _UnixConnection(HTTPConnection):
    """HTTP over a Unix socket; the host is only a name."""

    def __init__(self, path: str) -> None:
        super().__init__("promptkit")
        self._path = path

    def connect(self) -> None:
        if not hasattr(socket, "AF_UNIX"):
            raise UsageError("this system has no Unix sockets; use a generator's URL")
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connected.connect(self._path)
        except OSError:
            connected.close()
            raise
        self.sock = connected


def _encoded(body: str | None) -> bytes | None:
    return None if body is None else body.encode()
