"""Run the service until it is told to stop, its owner goes, or its worker breaks down."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from threading import Thread, Timer
from typing import Final

import uvicorn

from generator.service.app import create_app
from generator.service.bind import Address, TcpAddress, UnixAddress
from generator.service.engine import Engine
from generator.service.guard import App, require_local_name, require_token
from generator.service.store import JobStore, Limits
from generator.service.worker import Worker
from promptkit.errors import ExitCode

GRACE_SECONDS: Final = 3.0
"""How long a step may go on after everything else has ended."""
STDIN: Final = 0


class _Server(uvicorn.Server):
    """Ends the jobs before it waits for the connections that watch them."""

    def __init__(self, config: uvicorn.Config, store: JobStore) -> None:
        super().__init__(config)
        self._store = store

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._store.close()
        await super().shutdown(sockets)


def serve(
    engine: Engine,
    listener: socket.socket,
    address: Address,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    owned: bool = False,
    on_ready: Callable[[], None] = lambda: None,
) -> ExitCode:
    """Serve on a listening socket; returns how the process should end.

    ``owned`` ties the service to whoever holds the other end of its standard input: it ends when
    that is closed, which the system does even for an owner that was killed.
    """
    store = JobStore(limits)
    app = _guarded(create_app(store, engine), address, token)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, store)

    def stop() -> None:
        server.should_exit = True

    worker = Worker(store, engine, on_crash=stop)
    worker.start()
    if owned:
        Thread(target=_await_owner, args=(stop,), name="owner", daemon=True).start()
    on_ready()
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
        if isinstance(address, UnixAddress):
            address.path.unlink(missing_ok=True)
        store.close()
        worker.join(GRACE_SECONDS)
    return ExitCode.GENERATOR if worker.crashed else ExitCode.OK


def _guarded(app: App, address: Address, token: str | None) -> App:
    if token is not None:
        return require_token(app, token)
    if isinstance(address, TcpAddress):
        return require_local_name(app)
    return app


def _await_owner(stop: Callable[[], None]) -> None:
    while os.read(STDIN, 1024):
        pass
    stop()
    # A long step or load must not outlive the owner, and nobody is left to be told anything.
    end = Timer(GRACE_SECONDS, os._exit, [ExitCode.OK])
    end.daemon = True
    end.start()
