"""What can be asked of a generator, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import Any, Final

from pydantic import ValidationError

from promptkit.dispatch.child import TOKEN_VARIABLE
from promptkit.dispatch.sse import data_of
from promptkit.dispatch.wire import UnreachableError, Wire
from promptkit.errors import ExitCode, PromptkitError
from promptkit.job import Job
from promptkit.job.events import Event, event_from_json

_EXIT_CODES: Final = {"findings": ExitCode.FINDINGS, "invalid_job": ExitCode.USAGE}
_TOO_MANY: Final = 429
_FIRST_ERROR: Final = 400
_RETRY_SECONDS: Final = 2.0
"""Where a full queue does not say when to come again; a proxy may have taken that out."""


class RefusedError(PromptkitError):
    """The generator answered, and will not do what it was asked."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
        self.exit_code = _EXIT_CODES.get(code, ExitCode.GENERATOR)


class QueueFullError(RefusedError):
    """There is no room now; try again after ``seconds``."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, "queue_full")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class ServedModel:
    """What a generator makes pictures with."""

    name: str
    fingerprint: str
    """Names the weights; empty where the service does not say."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that suit it better than a job's general defaults."""


class Connection:
    """A generator that can be asked. May be used by several threads.

    Every method raises UnreachableError where the other end is gone, and RefusedError where it
    says no.
    """

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        self._wire = Wire(address, token)

    def submit(self, job: Job, *, allow_findings: bool = False) -> str:
        """Queue a job; its id. QueueFullError where there is no room."""
        path = "/v1/jobs?allow_findings=true" if allow_findings else "/v1/jobs"
        return str(self._member(self._ask("POST", path, job.model_dump_json()), "id"))

    def events(self, job_id: str) -> Generator[Event, None, None]:
        """What happens to a job, from now to its last event."""
        with self._wire.request("GET", f"/v1/jobs/{job_id}/events") as answer:
            self._refuse_errors(answer)
            lines = (line.decode("utf-8", "replace").rstrip("\r\n") for line in answer)
            for data in data_of(lines):
                try:
                    yield event_from_json(data)
                except ValidationError as error:
                    raise self._foreign() from error

    def image(self, job_id: str) -> bytes:
        """The PNG of a job that is done, whole."""
        return self._ask("GET", f"/v1/images/{job_id}.png")

    def waiting(self) -> int:
        """How many jobs wait, everybody's."""
        return int(self._member(self._ask("GET", "/healthz"), "waiting"))

    def cancel(self, job_id: str) -> None:
        """Have a job given up."""
        self._ask("DELETE", f"/v1/jobs/{job_id}")

    def model(self) -> ServedModel:
        """What the generator serves."""
        cards = self._member(self._ask("GET", "/v1/models"), "data")
        try:
            card = cards[0]
            defaults = card.get("defaults", {})
            return ServedModel(str(card["id"]), str(card.get("fingerprint", "")), dict(defaults))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise self._foreign() from error

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        with self._wire.request(method, path, body) as answer:
            self._refuse_errors(answer)
            return answer.read()

    def _refuse_errors(self, answer: HTTPResponse) -> None:
        if answer.status < _FIRST_ERROR:
            return
        detail = f" (it answered with {answer.status})"
        error = self._member(answer.read(), "error", detail)
        try:
            message, code = str(error["message"]), str(error["code"])
        except (LookupError, TypeError) as wrong:
            raise self._foreign(detail) from wrong
        if answer.status == _TOO_MANY:
            wait = answer.headers.get("Retry-After", "")
            raise QueueFullError(message, float(wait) if wait.isdecimal() else _RETRY_SECONDS)
        if code == "unauthorized":
            message = f"{self.address}: {message}; it is taken from {TOKEN_VARIABLE}"
        raise RefusedError(message, code)

    def _member(self, text: bytes, name: str, detail: str = "") -> Any:
        try:
            return json.loads(text)[name]
        except (ValueError, LookupError, TypeError) as error:
            raise self._foreign(detail) from error

    def _foreign(self, detail: str = "") -> UnreachableError:
        return UnreachableError(f"what answers at {self.address} is no promptkit generator{detail}")
