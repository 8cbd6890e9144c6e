"""``promptkit generate --server``: somebody else's generator, its refusals and its end."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from generator.service.store import Limits
from promptkit.cli import main
from promptkit.dispatch import Picture, Queued, open_generator
from promptkit.job import read_record
from tests.generator.service.conftest import Running, job, running, wait_until
from tests.quick_generator import QuickEngine


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "c"):
        values = {"prompt": f"picture {name}", "width": 256, "height": 256}
        Path(f"{name}.json").write_text(json.dumps(values))


def generate(service: Running, *arguments: str) -> int:
    files = [f"{name}.json" for name in "abc"]
    server = ["--server", service.connection.address]
    return main(["generate", *files, "-o", "out", *server, "--allow-findings", *arguments])


def test_pictures_come_from_elsewhere(quick: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate(quick) == 0
    assert capsys.readouterr().out == "out/a.png\nout/b.png\nout/c.png\n"
    assert read_record(Path("out/b.png")).job.prompt == "picture b"
    assert read_record(Path("out/b.png")).job.model == "quick"


def test_another_model_than_the_one_served_is_not_taken(
    quick: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(quick, "--model", "draft") == 3
    assert "the generator serves quick, not draft" in capsys.readouterr().err


def test_a_full_queue_is_waited_for(tmp_path: Path) -> None:
    with running(QuickEngine(), tmp_path / "full", Limits(waiting=1)) as service:
        slow = job(num_inference_steps=900, negative_prompt="slow")
        theirs = [service.connection.submit(slow, allow_findings=True)]
        wait_until(lambda: service.service.store.waiting() == 0)
        theirs.append(service.connection.submit(slow, allow_findings=True))
        client = threading.Thread(target=generate, args=(service,))
        client.start()
        client.join(0.5)
        assert client.is_alive()
        for each in theirs:
            service.connection.cancel(each)
        client.join(60)
        assert not client.is_alive()
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.png", "b.png", "c.png"]


def test_who_waits_before_a_full_queue_is_told_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(QuickEngine(), tmp_path / "full", Limits(waiting=1)) as service:
        slow = job(num_inference_steps=900, negative_prompt="slow")
        theirs = [service.connection.submit(slow, allow_findings=True)]
        wait_until(lambda: service.service.store.waiting() == 0)
        theirs.append(service.connection.submit(slow, allow_findings=True))

        def make_room(_: float) -> None:
            for each in theirs:
                service.connection.cancel(each)

        monkeypatch.setattr("promptkit.dispatch.client.time.sleep", make_room)
        with open_generator(service.connection.address) as generator:
            first, *_, last = generator.render([job()], allow_findings=True)
    assert first.event == Queued(2)
    assert isinstance(last.event, Picture)


def test_a_generator_that_goes_leaves_a_batch_that_resumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes: list[int] = []
    with running(QuickEngine(), tmp_path / "first") as service:
        arguments = (service, "--steps", "30", "--negative-prompt", "slow", "--count", "2")
        client = threading.Thread(target=lambda: codes.append(generate(*arguments)))
        client.start()
        wait_until(lambda: service.service.store.waiting() > 0)
    client.join(60)
    assert codes == [3]
    error = capsys.readouterr().err
    assert "6 pictures not made; the same command goes on from there" in error
    assert "promptkit: the generator was stopped" in error

    with running(QuickEngine(), tmp_path / "second") as service:
        assert generate(service, "--steps", "1", "--count", "2") == 0
    assert len(list(Path("out").iterdir())) == 6


# The traceback is for the service's own log; pytest would have it fail the test.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_foresaw_is_told_by_its_name(
    quick: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(quick, "--negative-prompt", "bug") == 3
    error = capsys.readouterr().err
    assert "retry the job: ZeroDivisionError: nobody foresaw this" in error


def test_nobody_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["generate", "a.json", "-o", "out", "--server", "unix:/gone", "--allow-findings"]) == 3
    )
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "no generator answers at unix:/gone: no such file or directory" in error
