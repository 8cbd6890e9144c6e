"""Who may talk to the service over TCP: a bearer of the token, or nobody but this machine."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from generator.service.answers import error_response
from generator.service.bind import TcpAddress

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS: Final = frozenset({"/healthz"})


def require_token(app: App, token: str) -> App:
    """Answer 401 to requests without ``Authorization: Bearer <token>``."""
    expected = f"Bearer {token}".encode()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in OPEN_PATHS:
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not secrets.compare_digest(given, expected):
                headers = {"WWW-Authenticate": "Bearer"}
                message = "send the service's token as Authorization: Bearer <token>"
                answer = error_response(401, "unauthorized", message, headers)
                await answer(scope, receive, send)
                return
        await app(scope, receive, send)

    return guarded


def require_local_name(app: App) -> App:
    """Answer 421 to requests for another host name.

    Without a token, a web page whose name has been pointed at the loopback address would
    otherwise be let in by the visitor's own browser.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            name = host if host.endswith("]") else host.rpartition(":")[0] or host
            if not TcpAddress(name.strip("[]"), 0).is_loopback:
                message = f"{host} is not a name of this machine's loopback address"
                await error_response(421, "wrong_host", message)(scope, receive, send)
                return
        await app(scope, receive, send)

    return guarded
