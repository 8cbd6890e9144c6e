"""The service's answers, over a real socket, with a quick engine."""

from __future__ import annotations

import base64
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.service import routes
from generator.service.store import Limits
from promptkit.dispatch.connection import QueueFullError
from promptkit.dispatch.wire import UnreachableError
from promptkit.job import Record
from promptkit.job.events import Done, Failed, FailureCode, Loading, Queued, Step
from tests.generator.service.conftest import Running, job, running, wait_until
from tests.quick_generator import QuickEngine, blocked_picture


def cut_short_jpeg() -> str:
    """A picture whose header is whole, in base64."""
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 60).save(buffer, format="JPEG")
    return base64.b64encode(buffer.getvalue()[:1000]).decode()


def ask(
    running: Running, method: str, path: str, body: Any = None, kind: str = "application/json"
) -> tuple[int, Any]:
    with running.connection._wire.request("GET", "/healthz"):
        pass  # the service is up
    connection = running.connection._wire._connection()
    data = body if isinstance(body, str | None) else json.dumps(body)
    try:
        connection.request(method, path, data, {"Content-Type": kind})
        answer = connection.getresponse()
        content = answer.read()
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(content) if is_json else content
    finally:
        connection.close()


def test_a_job_goes_from_queue_to_picture(quick: Running) -> None:
    status, ticket = ask(quick, "POST", "/v1/jobs?allow_findings=true", job(3).model_dump())
    assert status == 202
    events = list(quick.connection.events(ticket["id"]))
    assert {type(event) for event in events} <= {Queued, Loading, Step, Done}
    assert isinstance(events[-1], Done)
    assert events[-1].seed == 3
    status, png = ask(quick, "GET", ticket["image"])
    with Image.open(io.BytesIO(png)) as image:
        assert status == 200
        assert image.getpixel((0, 0)) == (3, 0, 120)
        assert Record.model_validate_json(image.info["promptkit"]).job == job(3)


def test_a_seed_is_drawn_where_none_is_given(quick: Running) -> None:
    asked = [job().with_(seed=None) for _ in range(2)]
    ids = [quick.connection.submit(each, allow_findings=True) for each in asked]
    seeds = [list(quick.connection.events(each))[-1].seed for each in ids]  # type: ignore[union-attr]
    assert seeds[0] != seeds[1]


def test_steps_bring_small_previews(quick: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.service.worker.PREVIEW_SECONDS", 0.0)
    asked = job(negative_prompt="slow")
    events = list(quick.connection.events(quick.connection.submit(asked, allow_findings=True)))
    previews = [e.preview for e in events if isinstance(e, Step) and e.preview]
    assert previews
    with Image.open(io.BytesIO(previews[0])) as preview:
        assert (preview.format, preview.size) == ("JPEG", (16, 16))


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("POST", "/v1/jobs", {"prompt": "a sentence"}, 422, "caption"),
        ("POST", "/v1/jobs", {"prompt": "{}"}, 422, "C2"),
        ("POST", "/v1/jobs", {"prompt": "x", "width": 300}, 422, "multiples of 16"),
        ("POST", "/v1/jobs", {"prompt": "x", "colour": 1}, 422, "colour: no such parameter"),
        ("POST", "/v1/jobs", "{", 422, "JSON"),
        ("POST", "/v1/jobs?allow_findings=1", {"prompt": "x", "model": "y"}, 422, "serves quick"),
        (
            "POST",
            "/v1/jobs?allow_findings=1",
            {"prompt": "x", "negative_prompt": "refuse"},
            422,
            "3000 tokens",
        ),
        (
            "POST",
            "/v1/jobs?allow_findings=1",
            {"prompt": "x", "input_image": "aGVsbG8="},
            422,
            "is no PNG, JPEG or WebP",
        ),
        (
            "POST",
            "/v1/jobs?allow_findings=1",
            {"prompt": "x", "input_image": cut_short_jpeg()},
            422,
            "input_image: is damaged",
        ),
        ("GET", "/v1/jobs/nobody", None, 404, "no job nobody"),
        ("GET", "/v1/jobs/nobody/events", None, 404, "no job nobody"),
        ("DELETE", "/v1/jobs/nobody", None, 404, "no job nobody"),
        ("GET", "/v1/images/nobody.png", None, 404, "no job nobody"),
        ("GET", "/etc/passwd", None, 404, "not found"),
        ("PUT", "/v1/jobs", {}, 405, "method not allowed"),
    ],
)
def test_what_cannot_be_done_is_answered_in_one_form(
    quick: Running, method: str, path: str, body: Any, status: int, words: str
) -> None:
    answered, content = ask(quick, method, path, body)
    assert answered == status
    assert set(content["error"]) == {"message", "type", "code"}
    assert words in content["error"]["message"]


def test_a_web_page_cannot_post_a_form(quick: Running) -> None:
    status, _ = ask(quick, "POST", "/v1/jobs", '{"prompt": "x"}', kind="text/plain")
    assert status == 415


def test_a_body_without_end_is_not_read_to_it(
    quick: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MAX_BODY_BYTES", 1000)
    status, _ = ask(quick, "POST", "/v1/jobs", {"prompt": "x" * 2000})
    assert status == 413


def test_a_full_queue_says_when_to_come_again(tmp_path: Path) -> None:
    with running(QuickEngine(), tmp_path / "s", Limits(waiting=2)) as service:
        slow = job(num_inference_steps=100, negative_prompt="slow")
        first = service.connection.submit(slow, allow_findings=True)
        wait_until(lambda: service.service.store.waiting() == 0)
        waiting = [service.connection.submit(job(), allow_findings=True) for _ in range(2)]
        with pytest.raises(QueueFullError) as caught:
            service.connection.submit(job(), allow_findings=True)
        assert caught.value.seconds > 0
        service.connection.cancel(first)
        assert all(isinstance(list(service.connection.events(i))[-1], Done) for i in waiting)
        service.connection.submit(job(), allow_findings=True)


def test_jobs_are_cancelled_while_they_wait_and_while_they_are_made(quick: Running) -> None:
    slow = job(num_inference_steps=500, negative_prompt="slow")
    ids = [quick.connection.submit(slow, allow_findings=True) for _ in range(3)]
    wait_until(lambda: quick.service.store.waiting() == 2)
    quick.connection.cancel(ids[1])
    assert quick.service.store.waiting() == 1
    [gone] = list(quick.connection.events(ids[1]))
    assert gone == Failed(FailureCode.CANCELLED, "cancelled")
    status, content = ask(quick, "GET", f"/v1/jobs/{ids[2]}")
    assert (status, content) == (200, {"position": 1, "event": "queued"})
    for each in (ids[0], ids[2]):
        quick.connection.cancel(each)
        last = list(quick.connection.events(each))[-1]
        assert isinstance(last, Failed)
    status, content = ask(quick, "GET", f"/v1/images/{ids[0]}.png")
    assert (status, content["error"]["code"]) == (500, "cancelled")


def test_an_unfinished_picture_is_not_handed_out(quick: Running) -> None:
    slow = job(num_inference_steps=500, negative_prompt="slow")
    job_id = quick.connection.submit(slow, allow_findings=True)
    assert ask(quick, "GET", f"/v1/images/{job_id}.png")[0] == 409
    quick.connection.cancel(job_id)


def test_a_watcher_that_vanishes_harms_nobody(quick: Running) -> None:
    asked = job(num_inference_steps=30, negative_prompt="slow")
    job_id = quick.connection.submit(asked, allow_findings=True)
    for _ in range(5):
        stream = quick.connection.events(job_id)
        next(stream)
        stream.close()
    quick.connection.cancel(job_id)
    following = quick.connection.submit(job(4), allow_findings=True)
    assert isinstance(list(quick.connection.events(following))[-1], Done)
    ticket = quick.service.store.find(job_id)
    assert ticket is not None
    wait_until(lambda: not ticket.watchers)


def test_the_openai_form_gives_pictures(quick: Running) -> None:
    body = {"prompt": "a brass key", "n": 2, "size": "512x256", "seed": 4, "quality": "low"}
    status, answer = ask(quick, "POST", "/v1/images/generations", body)
    assert status == 200
    images = [Image.open(io.BytesIO(base64.b64decode(d["b64_json"]))) for d in answer["data"]]
    assert [image.getpixel((0, 0)) for image in images] == [(4, 0, 120), (5, 0, 120)]
    assert images[0].size == (512, 256)
    job_made = Record.model_validate_json(images[0].info["promptkit"]).job
    assert job_made.preset == "V4_TURBO_12"


def test_the_openai_form_leaves_the_quality_to_the_model(quick: Running) -> None:
    body = {"prompt": "a brass key", "size": "256x256"}
    _, answer = ask(quick, "POST", "/v1/images/generations", body)
    with Image.open(io.BytesIO(base64.b64decode(answer["data"][0]["b64_json"]))) as image:
        job_made = Record.model_validate_json(image.info["promptkit"]).job
    assert (job_made.preset, job_made.num_inference_steps) == (None, 4)


def test_the_openai_form_gives_urls(quick: Running) -> None:
    body = {"prompt": "a key", "size": "256x256", "response_format": "url", "user": "me"}
    status, answer = ask(quick, "POST", "/v1/images/generations", body)
    assert status == 200
    path = answer["data"][0]["url"].partition("promptkit")[2]
    assert ask(quick, "GET", path)[1].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"size": "1x1"}, 400, "prompt"),
        ({"prompt": "x", "size": "wide"}, 400, "WIDTHxHEIGHT"),
        ({"prompt": "x", "size": "1000x1000"}, 400, "multiples of 16"),
        ({"prompt": "x", "n": 99}, 400, "n is "),
        ({"prompt": "x", "model": "gpt-image-1"}, 422, "serves quick"),
        ({"prompt": '{"high_level_description": "A key."}'}, 422, "missing-key"),
    ],
)
def test_the_openai_form_refuses_like_the_other(
    quick: Running, body: dict[str, Any], status: int, words: str
) -> None:
    answered, content = ask(quick, "POST", "/v1/images/generations", body)
    assert (answered, words in content["error"]["message"]) == (status, True)


def test_an_openai_client_that_hangs_up_frees_the_engine(quick: Running) -> None:
    wire = quick.connection._wire._connection()
    wire.connect()
    body = json.dumps({"prompt": "x", "size": "256x256", "n": 3, "quality": "hd"})
    # 48 slow steps each: far longer than this test waits.
    quick_step = "tests.quick_generator.STEP_SECONDS"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick_step, 0.2)
        wire.request("POST", "/v1/images/generations", body, {"Content-Type": "application/json"})
        wait_until(lambda: quick.service.store.waiting() == 2)
        wire.close()
        wait_until(lambda: quick.service.store.waiting() == 0, seconds=8)


def test_models_and_health(quick: Running) -> None:
    assert quick.connection.model().name == "quick"
    assert quick.connection.model().fingerprint == "0123456789abcdef"
    status, health = ask(quick, "GET", "/healthz")
    assert (status, health["status"], health["waiting"]) == (200, "ok", 0)


def test_a_quiet_stream_beats(quick: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "BEAT_SECONDS", 0.02)
    slow = job(num_inference_steps=500, negative_prompt="slow")
    job_id = quick.connection.submit(slow, allow_findings=True)
    with quick.connection._wire.request("GET", f"/v1/jobs/{job_id}/events") as answer:
        lines = [answer.readline() for _ in range(12)]
    quick.connection.cancel(job_id)
    assert b": still here\n" in lines


def test_a_blocked_picture_is_told(quick: Running) -> None:
    asked = job(width=512, height=512, negative_prompt="blocked")
    last = list(quick.connection.events(quick.connection.submit(asked, allow_findings=True)))[-1]
    assert isinstance(last, Done)
    assert last.blocked
    assert blocked_picture(512, 512).size == (512, 512)


def test_stopping_tells_those_who_wait(tmp_path: Path) -> None:
    last: list[object] = []
    with running(QuickEngine(), tmp_path / "s") as service:
        slow = job(num_inference_steps=500, negative_prompt="slow")
        ids = [service.connection.submit(slow, allow_findings=True) for _ in range(2)]
        threads = [
            threading.Thread(
                target=lambda i=i: last.extend(list(service.connection.events(i))[-1:])
            )
            for i in ids
        ]
        for thread in threads:
            thread.start()
        tickets = [service.service.store.find(i) for i in ids]
        wait_until(lambda: all(ticket and ticket.watchers for ticket in tickets))
    for thread in threads:
        thread.join(30)
    assert [event.code for event in last if isinstance(event, Failed)] == [FailureCode.STOPPED] * 2
    with pytest.raises(UnreachableError, match="no generator answers"):
        service.connection.model()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_foresaw_fails_its_job_and_ends_the_service(quick: Running) -> None:
    job_id = quick.connection.submit(job(negative_prompt="bug"), allow_findings=True)
    last = list(quick.connection.events(job_id))[-1]
    assert isinstance(last, Failed)
    assert last.code is FailureCode.STOPPED
    assert last.message.endswith("retry the job: ZeroDivisionError: nobody foresaw this")
    wait_until(lambda: quick.service._worker.crashed)


def test_the_socket_is_private(quick: Running) -> None:
    path = Path(quick.connection.address.removeprefix("unix:"))
    assert path.stat().st_mode & 0o777 == 0o600
