"""One generator at the other end of a Unix socket or a URL, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
from pydantic import ValidationError

from promptkit.dispatch.sse import data_of
from promptkit.errors import ExitCode, GeneratorError, PromptkitError, UsageError
from promptkit.job import Job
from promptkit.job.events import Event, event_from_json

UNIX: Final = "unix:"
HOST: Final = "http://promptkit"
"""What requests over a Unix socket name as their host."""

QUIET_SECONDS: Final = 300.0
"""A generator that is alive says so every 15 s; while it loads it may be held up for longer."""

_EXIT_CODES: Final = {"findings": ExitCode.FINDINGS, "invalid_job": ExitCode.USAGE}


class UnreachableError(GeneratorError):
    """The connection could not be made, or broke: the generator is gone or never was."""


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


class Connection:
    """HTTP with one generator. May be used by several threads; each call raises

    UnreachableError where the other end is gone and RefusedError where it says no.
    """

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = httpx.Timeout(60.0, connect=10.0, read=QUIET_SECONDS)
        if address.startswith(UNIX):
            transport = httpx.HTTPTransport(uds=address.removeprefix(UNIX))
            self._http = httpx.Client(
                transport=transport, base_url=HOST, headers=headers, timeout=timeout
            )
        elif address.startswith(("http://", "https://")):
            self._http = httpx.Client(base_url=address, headers=headers, timeout=timeout)
        else:
            raise UsageError(
                f"{address!r} is no generator's address; write https://HOST, "
                "http://127.0.0.1:PORT or unix:PATH"
            )

    def submit(self, job: Job, *, allow_findings: bool = False) -> str:
        """Queue a job; its id. QueueFullError where there is no room."""
        answer = self._ask(
            "POST",
            "/v1/jobs",
            params={"allow_findings": "true"} if allow_findings else None,
            content=job.model_dump_json(),
            headers={"Content-Type": "application/json"},
        )
        return str(_member(answer.json(), "id"))

    def events(self, job_id: str) -> Iterator[Event]:
        """What happens to a job, from now to its last event."""
        path = f"/v1/jobs/{job_id}/events"
        with self._failures(), self._http.stream("GET", path) as answer:
            if answer.is_error:
                answer.read()
                raise self._refusal(answer)
            for data in data_of(answer.iter_lines()):
                try:
                    yield event_from_json(data)
                except ValidationError as error:
                    raise self._foreign() from error

    def image(self, job_id: str) -> bytes:
        """The PNG of a job that is done, whole."""
        return self._ask("GET", f"/v1/images/{job_id}.png").content

    def cancel(self, job_id: str) -> None:
        """Have a job given up."""
        self._ask("DELETE", f"/v1/jobs/{job_id}")

    def model(self) -> ServedModel:
        """What the generator serves."""
        answer = self._ask("GET", "/v1/models")
        try:
            [card, *_] = _member(answer.json(), "data")
        except ValueError as error:
            raise self._foreign() from error
        return ServedModel(str(_member(card, "id")), str(card.get("fingerprint", "")))

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        with self._failures():
            answer = self._http.request(method, path, **options)
        if answer.is_error:
            raise self._refusal(answer)
        return answer

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except httpx.ConnectError as error:
            raise UnreachableError(f"no generator answers at {self.address}: {error}") from error
        except httpx.TimeoutException as error:
            raise UnreachableError(f"the generator at {self.address} does not answer") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise UnreachableError(
                f"the connection with the generator at {self.address} broke off: {error}"
            ) from error

    def _refusal(self, answer: httpx.Response) -> RefusedError | UnreachableError:
        try:
            error = _member(answer.json(), "error")
            message, code = str(error["message"]), str(error["code"])
        except (ValueError, KeyError, TypeError):
            return self._foreign(f" (it answered with status {answer.status_code})")
        if answer.status_code == 429:
            return QueueFullError(message, float(answer.headers.get("Retry-After", "1")))
        return RefusedError(message, code)

    def _foreign(self, detail: str = "") -> UnreachableError:
        return UnreachableError(
            f"what answers at {self.address} is no promptkit generator{detail}; start one with "
            "`python -m generator serve`"
        )


def _member(value: Any, name: str) -> Any:
    """A member of a JSON object; ValueError if there is none."""
    if not isinstance(value, dict) or name not in value:
        raise ValueError(f"no member {name!r}")
    return value[name]
