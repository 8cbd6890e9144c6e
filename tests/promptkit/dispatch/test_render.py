"""A local child and what becomes of it, with an engine that is quick and fails on demand."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image

from promptkit.dispatch import (
    Crashed,
    Done,
    Failed,
    FailureCode,
    Generator,
    Loading,
    Picture,
    Step,
    Update,
    open_generator,
)
from promptkit.dispatch.child import engine_environment
from promptkit.dispatch.connection import Connection, QueueFullError
from promptkit.dispatch.wire import UnreachableError
from promptkit.errors import GeneratorError
from promptkit.job import Job

COMMAND = [sys.executable, "-P", "-m", "tests.quick_generator"]


def job(seed: int, **parameters: object) -> Job:
    return Job.of(
        **{"prompt": "a plain sentence", "width": 256, "height": 256, "seed": seed}
        | {"num_inference_steps": 3}
        | parameters
    )


def local(**options: object) -> Generator:
    return open_generator(command=COMMAND, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def shared() -> Iterator[Generator]:
    """One child for all tests that leave it as they found it."""
    with local() as generator:
        yield generator


def pictures(updates: list[Update]) -> dict[int, Image.Image]:
    return {
        update.index: Image.open(io.BytesIO(update.event.png))
        for update in updates
        if isinstance(update.event, Picture)
    }


def test_jobs_become_pictures_in_their_order(shared: Generator) -> None:
    updates = list(shared.render([job(seed) for seed in range(6)], allow_findings=True))
    assert shared.served.name == "quick"
    found = pictures(updates)
    assert list(found) == list(range(6))
    assert [found[i].getpixel((0, 0)) for i in range(6)] == [(i, 0, 120) for i in range(6)]


def test_a_job_is_followed_from_loading_to_done() -> None:
    with local() as generator:
        events = [
            u.event for u in generator.render([job(1, num_inference_steps=40)], allow_findings=True)
        ]
    kinds = [type(event) for event in events]
    assert kinds[-2:] == [Done, Picture]
    assert Loading in kinds or Step in kinds
    steps = [event.step for event in events if isinstance(event, Step)]
    assert steps == sorted(steps)
    assert steps[-1] <= 40


@pytest.mark.parametrize("place", ["load", "step", "write"])
def test_after_a_kill_the_queue_goes_on(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUICK", f"die at {place}")
    monkeypatch.setenv("QUICK_ONCE", str(tmp_path / "died"))
    with local() as generator:
        updates = list(generator.render([job(seed) for seed in range(3)], allow_findings=True))
    [crash] = [u.event for u in updates if isinstance(u.event, Crashed)]
    assert "killed by signal 9 (SIGKILL)" in crash.last_words
    assert f"the lights go out at {place}" in crash.last_words
    found = pictures(updates)
    assert [found[i].getpixel((0, 0)) for i in range(3)] == [(i, 0, 120) for i in range(3)]


@pytest.mark.parametrize("place", ["load", "step"])
def test_a_generator_that_keeps_dying_is_given_up(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUICK", f"die at {place}")
    with local() as generator, pytest.raises(GeneratorError, match="died twice") as caught:
        list(generator.render([job(0)], allow_findings=True))
    assert "SIGKILL" in str(caught.value)
    assert caught.value.exit_code == 3


def test_an_unforeseen_error_is_reported_with_its_traceback() -> None:
    with local() as generator, pytest.raises(GeneratorError, match="nobody foresaw this"):
        list(generator.render([job(0, negative_prompt="bug")], allow_findings=True))


def test_a_child_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUICK", "no checkpoint")
    with pytest.raises(GeneratorError) as caught, local():
        pass
    assert str(caught.value) == "model.safetensors: truncated: blocks.0 ends at data byte 9"


@pytest.mark.parametrize(
    ("trouble", "code", "words"),
    [
        ("memory", FailureCode.OUT_OF_MEMORY, "out of memory"),
        ("broken", FailureCode.ENGINE, "not where it should be"),
        ("refuse", FailureCode.REFUSED, "3000 tokens"),
    ],
)
def test_one_failed_job_does_not_keep_the_others(
    shared: Generator, trouble: str, code: FailureCode, words: str
) -> None:
    jobs = [job(0), job(1, negative_prompt=trouble), job(2)]
    updates = list(shared.render(jobs, allow_findings=True))
    [(index, failed)] = [(u.index, u.event) for u in updates if isinstance(u.event, Failed)]
    assert (index, failed.code) == (1, code)
    assert words in failed.message
    assert sorted(pictures(updates)) == [0, 2]


def test_captions_with_errors_are_refused_before_the_load(shared: Generator) -> None:
    updates = list(shared.render([job(0, prompt='{"elements": []}')]))
    [failed] = [u.event for u in updates]
    assert isinstance(failed, Failed)
    assert failed.code is FailureCode.REFUSED


def test_cancelling_ends_what_is_being_made_and_what_waits(shared: Generator) -> None:
    jobs = [job(seed, num_inference_steps=200, negative_prompt="slow") for seed in range(8)]
    updates = []
    for update in shared.render(jobs, allow_findings=True):
        updates.append(update)
        if isinstance(update.event, Step) and update.event.step == 1:
            threading.Thread(target=shared.cancel).start()
    codes = Counter(u.event.code for u in updates if isinstance(u.event, Failed))
    assert codes == {FailureCode.CANCELLED: 8}


def test_the_child_ends_with_its_owner_even_if_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import sys, time
from promptkit.dispatch import open_generator
with open_generator(command={COMMAND!r}) as generator:
    print(generator._source._child._process.pid, flush=True)
    time.sleep(600)
"""
    owner = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        env=engine_environment(),
    )
    assert owner.stdout is not None
    child = int(owner.stdout.readline())
    os.kill(child, 0)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    deadline = time.monotonic() + 60
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether the process does anything any more: nobody may be there to reap it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


def test_no_socket_is_left_and_it_was_private() -> None:
    with local() as generator:
        path = Path(generator._source._child._socket)  # type: ignore[attr-defined]
        assert path.stat().st_mode & 0o777 == 0o600
    assert not path.exists()


def test_a_token_for_another_machine_s_generator_is_not_handed_to_a_local_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROMPTKIT_TOKEN", "for-another-machine")
    with local() as generator:
        assert generator.served.name == "quick"


def test_a_child_whose_greeting_cannot_be_understood_is_not_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Connection) -> NoReturn:
        raise UnreachableError("it went away")

    monkeypatch.setattr(Connection, "model", fail)
    generator = local()
    with pytest.raises(UnreachableError, match="it went away"):
        generator.__enter__()
    assert generator._source._child is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ('429 No\r\nRetry-After: 7\r\n\r\n{"error": {"message": "m", "code": "c"}}', 7.0, "m"),
        ('429 No\r\nRetry-After: soon\r\n\r\n{"error": {"message": "m", "code": "c"}}', 2.0, "m"),
        ('502 No\r\n\r\n{"error": "bad gateway"}', None, "is no promptkit generator .*502"),
        ("502 No\r\n\r\n<html>", None, "is no promptkit generator .*502"),
    ],
)
def test_what_proxies_make_of_answers_is_borne(
    answer: str, error: float | None, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def serve() -> None:
            connected, _ = proxy.accept()
            with connected:
                connected.recv(1 << 16)
                connected.sendall(f"HTTP/1.1 {answer}".encode())

        thread = threading.Thread(target=serve)
        thread.start()
        connection = Connection(f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with pytest.raises(QueueFullError if error else UnreachableError, match=words) as caught:
            connection.model()
        thread.join(60)
    assert getattr(caught.value, "seconds", None) == error


def test_a_generator_that_hangs_holds_no_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptkit.dispatch.wire.CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connection = Connection(f"http://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        with pytest.raises(UnreachableError, match="does not answer"):
            connection.cancel("a-job")
    assert time.monotonic() - start < 30


def test_where_there_are_no_unix_sockets_a_token_guards_a_loopback_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "promptkit.dispatch.child._private_address", lambda: (None, "a-secret-of-this-test")
    )
    with local() as generator:
        address = generator._connected().address
        updates = list(generator.render([job(5)], allow_findings=True))
        stranger = open_generator(address)
        with pytest.raises(Exception, match="token"):
            stranger.__enter__()
        stranger._source.close()
    assert address.startswith("http://127.0.0.1:")
    assert list(pictures(updates)) == [0]
