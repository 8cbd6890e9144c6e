"""The terminal UI in a browser on this machine, through textual-serve."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from promptkit.errors import UsageError

HOST: Final = "127.0.0.1"
"""Loopback alone: whoever reaches the page types into this user's files."""


def serve(command: Sequence[str], port: int) -> None:
    """Serve a command that draws with textual until interrupted; port 0 takes a free one.

    Raises:
        UsageError: without textual-serve, or if the port is taken.
    """
    try:
        web: Any = import_module("aiohttp.web")
        from rich.console import Console  # noqa: PLC0415
        from textual_serve.server import Server  # noqa: PLC0415
    except ImportError as error:
        message = "compose: --web needs textual-serve; pip install 'promptkit[web]'"
        raise UsageError(message) from error
    server = Server(shlex.join(command), host=HOST, port=_free(port), title="promptkit compose")
    server.console = Console(stderr=True)
    answer = server.handle_websocket

    async def answer_own_page(request: Any) -> Any:
        # Any page that is open in the browser can try to reach a port of this machine.
        if request.headers.get("Origin") != server.public_url:
            raise web.HTTPForbidden(text="this is for the page of promptkit compose alone")
        return await answer(request)

    vars(server)["handle_websocket"] = answer_own_page
    server.serve()


def _free(port: int) -> int:
    """The port if it can be listened on, or any for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = f"compose: --port {port} cannot be used: {error.strerror}; name another"
            raise UsageError(message) from error
        found: int = probe.getsockname()[1]
    return found
