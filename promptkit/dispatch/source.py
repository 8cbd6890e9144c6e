"""Where generators come from: started here, or found elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from promptkit.dispatch.child import Child, engine_command, engine_problem
from promptkit.dispatch.connection import Connection
from promptkit.dispatch.wire import UnreachableError
from promptkit.errors import GeneratorError

DEATH_SECONDS: Final = 5.0
"""A broken connection and the end of the process behind it are this close together."""


class Source(Protocol):
    """Connects, and says what a broken connection means."""

    note: str

    def connect(self) -> Connection:
        """A connection with a generator, started if need be."""

    def bury(self, error: UnreachableError, *, final: bool) -> str:
        """What the generator died of, if another can take its place.

        Raises:
            GeneratorError: if none can, or with ``final``, saying what happened.
        """

    def close(self) -> None:
        """Let go of everything."""


class RemoteSource:
    """Someone else's generator: it is there or it is not."""

    note = ""

    def __init__(self, server: str, token: str | None) -> None:
        self._connection = Connection(server, token)

    def connect(self) -> Connection:
        return self._connection

    def bury(self, error: UnreachableError, *, final: bool) -> str:  # noqa: ARG002
        raise error

    def close(self) -> None:
        """There is nothing to let go of."""


class LocalSource:
    """A child of ours."""

    def __init__(
        self,
        model: str | None,
        command: Sequence[str] | None,
        hear: Callable[[str], None] | None,
        options: Sequence[str] = (),
    ) -> None:
        served = [] if model is None else ["--model", model]
        self._command = [*(command or engine_command("serve")), *served, *options]
        self._own_engine = command is None
        self._hear = hear
        self._child: Child | None = None
        self.note = ""

    def connect(self) -> Connection:
        if self._own_engine and (problem := engine_problem()):
            raise GeneratorError(problem)
        self._child = Child(self._command, self._hear)
        ready = self._child.wait_ready()
        self.note = ready.note
        return Connection(ready.address, self._child.token)

    def bury(self, error: UnreachableError, *, final: bool) -> str:
        child = self._child
        if child is None:
            raise error
        child.end_soon(DEATH_SECONDS)
        self.close()
        words = child.obituary()
        if final:
            raise GeneratorError(
                f"{words}\nit died twice in a row; what is done is kept"
            ) from error
        return words

    def close(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None
