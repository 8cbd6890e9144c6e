"""Many jobs and several clients: nothing lost, order kept, memory flat."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from pathlib import Path

import pytest

from generator.service.store import CANCELLED, JobStore, Limits, QueueFullError
from promptkit.dispatch import Failed, Generator, Picture
from promptkit.dispatch.source import RemoteSource
from promptkit.job.events import Done, FailureCode, Queued, Step
from tests.generator.service.conftest import job, running, wait_until
from tests.quick_generator import QuickEngine


def _client(address: str) -> Generator:
    return Generator(RemoteSource(address, None), None)


def test_two_clients_and_two_hundred_jobs_with_a_cancel_in_the_middle(tmp_path: Path) -> None:
    engine = QuickEngine()
    outcome: dict[int, list[tuple[int, object]]] = {0: [], 1: []}

    def render(client: Generator, number: int) -> None:
        jobs = [job(1000 * number + i, num_inference_steps=1) for i in range(100)]
        with client:
            for update in client.render(jobs, allow_findings=True):
                if isinstance(update.event, Picture | Failed):
                    outcome[number].append((update.index, update.event))
                if number == 1 and update.index == 49 and isinstance(update.event, Picture):
                    client.cancel()

    with running(engine, tmp_path / "s") as service:
        threads = [
            threading.Thread(target=render, args=(_client(service.connection.address), number))
            for number in (0, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)

    assert [index for index, _ in outcome[0]] == list(range(100))
    assert all(isinstance(event, Picture) for _, event in outcome[0])
    made = [event.done.seed for _, event in outcome[0] if isinstance(event, Picture)]
    assert made == list(range(100))

    assert [index for index, _ in outcome[1]] == list(range(100))
    kinds = [type(event) for _, event in outcome[1]]
    assert kinds == sorted(kinds, key=lambda kind: kind is Failed)
    assert 50 <= kinds.count(Picture) <= 54
    codes = {event.code for _, event in outcome[1] if isinstance(event, Failed)}
    assert codes == {FailureCode.CANCELLED}

    for number in (0, 1):
        seeds = [s for each in engine.rendered if (s := each.seed or 0) // 1000 == number]
        assert seeds == sorted(seeds)


def test_two_hundred_jobs_wait_in_their_order(tmp_path: Path) -> None:
    engine = QuickEngine()
    with running(engine, tmp_path / "s") as service:
        slow = job(num_inference_steps=900, negative_prompt="slow")
        first = service.connection.submit(slow, allow_findings=True)
        wait_until(lambda: service.service.store.waiting() == 0)
        ids = [
            service.connection.submit(job(seed, num_inference_steps=1), allow_findings=True)
            for seed in range(200)
        ]
        assert next(service.connection.events(ids[-1])) == Queued(200)
        service.connection.cancel(ids[100])
        assert next(service.connection.events(ids[-1])) == Queued(199)
        service.connection.cancel(first)
        assert isinstance(list(service.connection.events(ids[-1]))[-1], Done)
    assert [each.seed for each in engine.rendered[1:]] == [s for s in range(200) if s != 100]


def test_memory_stays_flat_over_hundreds_of_pictures() -> None:
    store = JobStore(Limits(finished=20, finished_bytes=400_000))

    def do(count: int) -> None:
        for seed in range(count):
            [submitted] = store.submit([job(seed)])
            ticket = store.take()
            assert ticket is submitted
            store.publish(ticket, Step(1, 2, preview=b"p" * 10_000))
            store.publish(ticket, Done(seed, 0.1), image=bytes(50_000))

    do(50)
    gc.collect()
    tracemalloc.start()
    try:
        do(50)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        do(300)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 50_000


def test_the_oldest_pictures_are_forgotten_first() -> None:
    store = JobStore(Limits(finished=2))
    tickets = store.submit([job(seed) for seed in range(3)])
    for ticket in tickets:
        assert store.take() is ticket
        store.publish(ticket, Done(0, 0.1), image=b"png")
    assert [store.find(ticket.id) for ticket in tickets] == [None, *tickets[1:]]


def test_waiting_jobs_are_bounded_in_number_and_in_bytes() -> None:
    with pytest.raises(QueueFullError):
        JobStore(Limits(waiting=2)).submit([job(), job(), job()])
    store = JobStore(Limits(waiting_bytes=5000))
    heavy = job(input_image=bytes(3000))
    store.submit([heavy])
    with pytest.raises(QueueFullError):
        store.submit([heavy])
    assert store.waiting() == 1


def test_a_job_that_was_given_up_is_not_brought_back() -> None:
    store = JobStore()
    [ticket] = store.submit([job()])
    store.cancel(ticket)
    store.publish(ticket, Done(0, 0.1), image=b"late")
    assert (ticket.event, ticket.image) == (CANCELLED, None)
