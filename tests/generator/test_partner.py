"""Two processes make the pictures of one, and neither waits for one that is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from PIL import Image

from generator.checkpoint import Placing, open_checkpoint
from generator.denoise import StepState, make_branch
from generator.errors import CancelledError, DeviceError, RequestError
from generator.models import Model
from generator.ops import Tier
from generator.packing import image_positions
from generator.parity import numerics
from generator.partner import Partner
from generator.partner import __main__ as worker
from generator.partner.messages import Done, Failed, Picture, Ready, Reply, Step
from generator.pipeline import Ideogram4Pipeline
from generator.progress import Progress
from generator.service.engine import StepReport
from generator.service.pipeline_engine import PipelineEngine
from promptkit.job import Job

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def pair(small_checkpoint: Path) -> Iterator[Ideogram4Pipeline]:
    pipeline = Ideogram4Pipeline.from_pretrained(
        small_checkpoint, device=["cpu", "cpu"], torch_dtype=torch.float32
    )
    yield pipeline
    pipeline.close()


def pixels(pipeline: Ideogram4Pipeline, prompt: str = "a cat", **more: object) -> list[int]:
    settings: dict[str, object] = {"num_inference_steps": 3, "seed": 7} | more
    image = pipeline(prompt, height=256, width=320, **settings)
    assert isinstance(image, Image.Image)
    return list(np.asarray(image).flat)


def process_of(pipeline: Ideogram4Pipeline) -> subprocess.Popen[bytes]:
    assert pipeline.partner is not None
    return pipeline.partner._process


def test_the_pictures_are_those_of_one_device(
    pair: Ideogram4Pipeline, pipeline: Ideogram4Pipeline
) -> None:
    assert pair.unconditional is None
    assert pixels(pair) == pixels(pipeline)
    assert pixels(pair, "a dog", seed=8) == pixels(pipeline, "a dog", seed=8)


def test_a_negative_prompt_is_run_here(
    pair: Ideogram4Pipeline, pipeline: Ideogram4Pipeline
) -> None:
    assert pixels(pair, negative_prompt="blur") == pixels(pipeline, negative_prompt="blur")


def test_a_picture_that_was_given_up_leaves_nothing_behind(
    pair: Ideogram4Pipeline, pipeline: Ideogram4Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancel(_: Progress) -> bool:
        return False

    def fail(*_: object) -> None:
        raise MemoryError

    with pytest.raises(CancelledError):
        pixels(pair, callback=cancel)
    with monkeypatch.context() as patched:
        patched.setattr("generator.denoise.Branch.velocity", fail)
        with pytest.raises(MemoryError):
            pixels(pair)
    assert pixels(pair, seed=9) == pixels(pipeline, seed=9)


@torch.inference_mode()
def test_weights_are_decoded_ahead_there_as_here(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    networks = checkpoint.load(CPU, torch.bfloat16, placing=Placing(decoded=True))
    assert networks.unconditional is not None
    z, ours = torch.randn(1, 4, networks.transformer.config.in_channels), numerics("recommended")
    here = make_branch(networks.unconditional, None, image_positions((2, 2)), (0.25,), ours)
    answers = []
    for decoded in (True, False):
        partner = Partner(checkpoint, CPU, torch.bfloat16, Tier.FAITHFUL, decoded=decoded)
        answers.append(partner.branch((2, 2), (0.25,), ours).begin(z, 0)())
        partner.close()
    assert torch.equal(answers[0], here.velocity(z, 0))
    assert not torch.equal(*answers)


def test_a_picture_that_there_is_no_memory_to_begin_is_answered_for(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = open_checkpoint(small_checkpoint).load(CPU, torch.float32).unconditional
    assert network is not None
    ours = numerics("recommended")
    asked = [Picture((2, 2), (0.25,), ours), Step(7, 0)]
    connection = Mock(recv=Mock(side_effect=[*asked, EOFError]))
    monkeypatch.setattr(worker, "make_branch", Mock(side_effect=torch.OutOfMemoryError("full")))
    with pytest.raises(EOFError):
        worker.answer(connection, Mock(), network, CPU)
    (failed,) = (call.args[0] for call in connection.send.call_args_list)
    assert isinstance(failed, Failed)
    assert failed.number == 7
    assert "choose a smaller size" in failed.words


def fresh(folder: Path) -> Ideogram4Pipeline:
    return Ideogram4Pipeline.from_pretrained(
        folder, device=["cpu", "cpu"], torch_dtype=torch.float32
    )


def test_a_partner_that_dies_is_told_at_once(small_checkpoint: Path) -> None:
    pipeline = fresh(small_checkpoint)

    def kill(state: StepState | Progress) -> None:
        if state.step == 1:
            process_of(pipeline).kill()

    with pytest.raises(DeviceError, match=r"cpu: its process has ended \(exit code -9\)"):
        pixels(pipeline, callback=kill)
    assert pipeline.partner is not None
    assert not pipeline.partner.alive


def test_a_partner_that_hangs_is_ended(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = fresh(small_checkpoint)
    monkeypatch.setattr("generator.partner.client.STEP_SECONDS", 0.2)
    monkeypatch.setattr("generator.partner.client.END_SECONDS", 0.2)
    os.kill(process_of(pipeline).pid, signal.SIGSTOP)
    with pytest.raises(DeviceError, match="has not answered for 0 s and was ended"):
        pixels(pipeline)
    assert process_of(pipeline).poll() is not None


@pytest.mark.parametrize("end", [Ideogram4Pipeline.close, lambda _: None])
def test_the_process_ends_with_the_pipeline(
    small_checkpoint: Path, end: Callable[[Ideogram4Pipeline], None]
) -> None:
    pipeline = fresh(small_checkpoint)
    process = process_of(pipeline)
    end(pipeline)
    del pipeline
    assert process.wait(20) == 0


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux about a process")
def test_the_process_ends_with_its_owner(small_checkpoint: Path) -> None:
    script = (
        "import os, sys, torch\n"
        "from generator import Ideogram4Pipeline\n"
        "pipe = Ideogram4Pipeline.from_pretrained(sys.argv[1], device=['cpu', 'cpu'])\n"
        "print(pipe.partner._process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, small_checkpoint],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    deadline = time.monotonic() + 20
    while alive(int(run.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_keeps_it_from_loading_is_told(small_checkpoint: Path) -> None:
    partner = Partner(open_checkpoint(small_checkpoint), CPU, torch.float32, Tier.FAST)
    with pytest.raises(DeviceError, match="has the tier faithful, the first device fast"):
        partner.branch((4, 4), (0.1,), numerics("recommended"))
    assert not partner.alive


LISTENER = "import os, sys\nwhile os.read(int(sys.argv[1]), 65536): pass"
"""A process in the place of a partner that hears everything and does nothing."""


@pytest.fixture
def scripted(small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Partner]:
    """Makes a partner whose replies are those given."""
    popen = subprocess.Popen

    def listen(command: list[str], pass_fds: tuple[int, ...]) -> subprocess.Popen[bytes]:
        return popen([sys.executable, "-S", "-c", LISTENER, command[3]], pass_fds=pass_fds)

    def make(*replies: Reply) -> Partner:
        with monkeypatch.context() as patched:
            patched.setattr("generator.partner.client.subprocess.Popen", listen)
            partner = Partner(open_checkpoint(small_checkpoint), CPU, torch.float32, Tier.FAITHFUL)
        left = iter(replies)
        monkeypatch.setattr(partner, "_receive", lambda _: next(left))
        return partner

    return make


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([Done(1)], r"cpu: its process replied Done\(number=1\), expected Ready"),
        ([Failed("no room", 1)], r"replied Failed\(words='no room', number=1\), expected Ready"),
        ([Ready(), Ready()], r"replied Ready\(\), expected Done\(1\)"),
        ([Ready(), Done(2)], r"replied Done\(number=2\), expected Done\(1\)"),
        ([Ready(), Failed("no room", 2)], r"words='no room', number=2\), expected Done\(1\)"),
        ([Ready(), Failed("no room")], r"words='no room', number=0\), expected Done\(1\)"),
    ],
)
def test_replies_to_something_else_are_not_taken(
    scripted: Callable[..., Partner], replies: list[Reply], words: str
) -> None:
    partner = scripted(*replies)
    z = torch.zeros(1, 4, 16)
    with pytest.raises(DeviceError, match=words):
        partner.branch((2, 2), (0.1,), numerics("recommended")).begin(z, 0)()
    assert not partner.alive


def test_late_answers_are_passed_over(scripted: Callable[..., Partner]) -> None:
    partner = scripted(Ready(), Done(1), Failed("no room", 2), Done(3))
    branch = partner.branch((2, 2), (0.1,), numerics("recommended"))
    answers = [branch.begin(torch.zeros(1, 4, 16), step) for step in range(3)]
    assert answers[-1]().shape == (1, 4, 16)
    partner.close()


def test_a_pipeline_that_was_closed_says_so(small_checkpoint: Path) -> None:
    pipeline = fresh(small_checkpoint)
    pipeline.close()
    with pytest.raises(DeviceError, match=r"cpu: this pipeline was closed, .* load another with"):
        pixels(pipeline)


def test_devices_that_cannot_be_two_are_refused(small_checkpoint: Path) -> None:
    with pytest.raises(RequestError, match="names 3 devices"):
        Ideogram4Pipeline.from_pretrained(small_checkpoint, device=["cpu"] * 3)
    with pytest.raises(RequestError, match="there is none here"):
        Ideogram4Pipeline.from_pretrained(
            small_checkpoint, device=["cpu", "cpu"], unconditional=False
        )


def test_the_service_starts_another_after_a_death(small_checkpoint: Path) -> None:
    engine = PipelineEngine(Model("tiny", open_checkpoint(small_checkpoint)), [CPU, CPU])
    job = Job(prompt="a cat", width=256, height=256, num_inference_steps=2)

    def kill(_: StepReport) -> bool:
        assert engine._pipeline is not None
        process_of(engine._pipeline).kill()
        return True

    engine.load(job)
    whole = engine.render(job, 1, lambda _: True)
    with pytest.raises(DeviceError, match="its process has ended"):
        engine.render(job, 1, kill)
    assert not engine.loaded
    engine.load(job)
    assert engine.render(job, 1, lambda _: True).tobytes() == whole.tobytes()
