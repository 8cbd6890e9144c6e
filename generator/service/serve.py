"""Run the service until it is told to stop, its owner goes, or its worker breaks down."""

from __future__ import annotations

import socket

import uvicorn

from generator.service.app import create_app
from generator.service.bind import Address, TcpAddress
from generator.service.engine import Engine
from generator.service.guard import App, require_local_name, require_token
from generator.service.owner import GRACE_SECONDS
from generator.service.store import JobStore, Limits
from generator.service.worker import Worker
from promptkit.errors import ExitCode


class _Server(uvicorn.Server):
    """Ends the jobs before it waits for the connections that watch them."""

    def __init__(self, config: uvicorn.Config, store: JobStore) -> None:
        super().__init__(config)
        self._store = store

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._store.close()
        await super().shutdown(sockets)


class Service:
    """A store, the worker that empties it, and the server in front of it."""

    def __init__(
        self,
        engine: Engine,
        address: Address,
        *,
        token: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.store = JobStore(limits)
        self._worker = Worker(self.store, engine, on_crash=self.stop)
        config = uvicorn.Config(
            _guarded(create_app(self.store, engine), address, token),
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config, self.store)

    def run(self, listener: socket.socket) -> ExitCode:
        """Serve on a listening socket until ``stop``; returns how the process should end."""
        self._worker.start()
        try:
            self._server.run(sockets=[listener])
        finally:
            self.store.close()
            self._worker.join(GRACE_SECONDS)
        return ExitCode.GENERATOR if self._worker.crashed else ExitCode.OK

    def stop(self) -> None:
        """End soon; from any thread."""
        self._server.should_exit = True


def _guarded(app: App, address: Address, token: str | None) -> App:
    if token is not None:
        return require_token(app, token)
    if isinstance(address, TcpAddress):
        return require_local_name(app)
    return app
