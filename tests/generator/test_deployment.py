"""What runs where is settled before any weights are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from generator import draft, ops
from generator.checkpoint import Part, open_checkpoint
from generator.deployment import choose_arithmetic, choose_devices, deploy, read_tier
from generator.errors import DeviceError, RequestError
from generator.models import Model
from generator.ops import REFERENCE, Tier
from generator.pipeline import Ideogram4Pipeline
from generator.service.engine import EngineMemoryError
from generator.service.pipeline_engine import PipelineEngine
from promptkit.job import Job

CPU = torch.device("cpu")


def test_devices_are_one_or_two() -> None:
    assert choose_devices("cpu") == choose_devices(["cpu"]) == (CPU,)
    assert choose_devices(["cpu", CPU]) == (CPU, CPU)
    with pytest.raises(RequestError, match="names 0 devices, expected one or two"):
        choose_devices([])
    with pytest.raises(RequestError, match="device is 'gpu'"):
        choose_devices(["cpu", "gpu"])


def test_two_gpus_are_two_and_have_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    both = (torch.device("cuda", 1), torch.device("cuda", 0))
    assert choose_devices(["cuda:1", "cuda"]) == both
    for twice in (["cuda", "cuda:0"], ["cuda:0", "cuda:0"]):
        with pytest.raises(RequestError, match="device names GPU 0 twice; name two GPUs, or one"):
            choose_devices(twice)


def test_tiers_have_names() -> None:
    assert read_tier("faithful") is Tier.FAITHFUL
    assert read_tier(None) is None
    with pytest.raises(RequestError, match="tier is 'slow', expected faithful, fast, max"):
        read_tier("slow")


def test_weights_that_are_not_e4m3_are_multiplied_as_they_are(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fp8 = open_checkpoint(small_checkpoint)
    plain = replace(fp8, fills={part: [] for part in fp8.fills})
    monkeypatch.setattr(ops, "resolve", lambda *args: replace(REFERENCE, tier=args[2] or Tier.FAST))
    bf16 = choose_arithmetic(plain, CPU, torch.bfloat16, Tier.MAX)
    assert bf16.tier is Tier.FAITHFUL
    assert bf16.reason.endswith("its weights are not e4m3")
    # This small checkpoint is e4m3, but too narrow for such products.
    narrow = choose_arithmetic(fp8, CPU, torch.bfloat16, None)
    assert narrow.tier is Tier.FAITHFUL
    assert "e4m3 products want multiples of 16" in narrow.reason
    draft_weights = open_checkpoint(draft.folder())
    assert choose_arithmetic(draft_weights, CPU, torch.bfloat16, None).tier is Tier.FAST


def test_a_tier_that_there_cannot_be_is_told(
    small_checkpoint: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Ideogram4Pipeline.from_pretrained(small_checkpoint, device="cpu", tier="max")
    assert "tier faithful instead of max: plain torch" in caplog.text


def test_a_second_gpu_without_room_is_told_before_anything_is_read(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = torch.device("cuda", 0), torch.device("cuda", 1)
    free = {first: 139 << 30, second: 600 << 20}
    monkeypatch.setattr("generator.deployment.free_memory", free.__getitem__)
    with pytest.raises(DeviceError, match=r"cuda:1 has 0\.6 GiB free, and the unconditional"):
        deploy(open_checkpoint(small_checkpoint), [first, second], REFERENCE, torch.bfloat16)


def test_a_second_device_takes_the_unconditional_transformer(small_checkpoint: Path) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    one = deploy(checkpoint, [CPU], REFERENCE, torch.float32)
    two = deploy(checkpoint, [CPU, CPU], REFERENCE, torch.float32)
    assert (one.second, two.second) == (None, CPU)
    assert one.local is checkpoint
    assert Part.UNCONDITIONAL not in two.local.fills
    assert one.plan.weights - two.plan.weights == checkpoint.nbytes(Part.UNCONDITIONAL)


def test_weights_are_decoded_ahead_on_both_gpus_or_on_none(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = open_checkpoint(small_checkpoint)
    first, second = torch.device("cuda", 0), torch.device("cuda", 1)
    for room, decoded in ((139, True), (30, False)):
        free = {first: 139 << 30, second: room << 30}
        monkeypatch.setattr("generator.deployment.free_memory", free.__getitem__)
        plan = deploy(checkpoint, [first, second], REFERENCE, torch.bfloat16).plan
        assert plan.placing.decoded is decoded
        # The other pass is the other GPU's.
        assert not plan.side_by_side
    assert deploy(checkpoint, [first], REFERENCE, torch.bfloat16).plan.side_by_side


def test_no_room_is_told_before_anything_is_read(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.deployment.free_memory", lambda _: 1 << 20)
    monkeypatch.setattr("generator.checkpoint.opened.fill_network", None)
    with pytest.raises(DeviceError, match=r"the GPU has 0\.0 GiB free"):
        Ideogram4Pipeline.from_pretrained(small_checkpoint, device="cpu")
    engine = PipelineEngine(Model("tiny", open_checkpoint(small_checkpoint)), [CPU])
    with pytest.raises(EngineMemoryError, match=r"the GPU has 0\.0 GiB free"):
        engine.load(Job(prompt="a cat"))
    assert not engine.loaded


def test_a_streaming_plan_makes_the_same_picture(
    small_checkpoint: Path, pipeline: Ideogram4Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.deployment.free_memory", lambda _: 64 << 30)
    monkeypatch.setattr("generator.memory.SMALL_CARD_BYTES", 0)
    for memory in ("12GB", "24GB"):
        streaming = Ideogram4Pipeline.from_pretrained(
            small_checkpoint, device="cpu", torch_dtype=torch.float32, memory=memory
        )
        assert streaming.plan.name == memory
        assert (Part.TRANSFORMER in streaming.plan.placing.streamed) is (memory == "12GB")
        settings = {"height": 256, "width": 256, "num_inference_steps": 2, "seed": 3}
        pictures = [each("a cat", **settings) for each in (streaming, pipeline)]
        assert pictures[0].tobytes() == pictures[1].tobytes()


@pytest.mark.parametrize("records", [False, True])
def test_prompts_are_recorded_where_the_plan_has_room(
    small_checkpoint: Path, prompts_recorded: list[bool], records: bool
) -> None:
    deployment = deploy(open_checkpoint(small_checkpoint), [CPU], REFERENCE, torch.float32)
    plan = replace(deployment.plan, records_prompts=records)
    Ideogram4Pipeline.start(replace(deployment, plan=plan)).wait()
    assert prompts_recorded == [records]


def test_the_first_text_is_encoded_once_and_while_loading(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[int] = []
    encode = Ideogram4Pipeline.encode_text

    def counted(self: Ideogram4Pipeline, token_ids_T: torch.Tensor) -> torch.Tensor:
        encoded.append(len(token_ids_T))
        return encode(self, token_ids_T)

    monkeypatch.setattr(Ideogram4Pipeline, "encode_text", counted)
    engine = PipelineEngine(Model("tiny", open_checkpoint(small_checkpoint)), [CPU])
    job = Job(prompt="a cat", width=256, height=256, num_inference_steps=1)
    engine.load(job)
    assert len(encoded) == 1
    engine.render(job, 1, lambda _: True)
    assert len(encoded) == 1
