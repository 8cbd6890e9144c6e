from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.service.bind import UnixAddress, listening
from generator.service.engine import Engine
from generator.service.serve import Service
from generator.service.store import Limits
from promptkit.dispatch.connection import Connection
from promptkit.job import Job
from tests.quick_generator import QuickEngine


@dataclass(frozen=True)
class Running:
    """A service in this process, and the way to it."""

    service: Service
    connection: Connection


@contextmanager
def running(engine: Engine, socket: Path, limits: Limits | None = None) -> Iterator[Running]:
    """Serve on a Unix socket in a thread, and stop."""
    with listening(UnixAddress(socket)) as (listener, address):
        service = Service(engine, address, limits=limits)
        thread = threading.Thread(target=service.run, args=(listener,))
        thread.start()
        try:
            yield Running(service, Connection(str(address)))
        finally:
            service.stop()
            thread.join(60)
        assert not thread.is_alive()
    assert not socket.exists()


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Running]:
    with running(QuickEngine(), tmp_path / "s") as service:
        yield service


def job(seed: int = 0, **parameters: object) -> Job:
    small = {"prompt": "a sentence", "width": 256, "height": 256, "num_inference_steps": 3}
    return Job.of(**small | {"seed": seed} | parameters)


def wait_until(condition: object, seconds: float = 60.0) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)
