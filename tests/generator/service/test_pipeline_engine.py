"""The real engine behind the service, on a small checkpoint."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from PIL import Image

from generator.cli import main as generator_main
from generator.errors import RequestError
from generator.models import Model, open_model
from generator.parity import PARITY
from generator.sampling import PRESETS
from generator.service.engine import EngineMemoryError
from generator.service.pipeline_engine import PipelineEngine
from generator.testing import write_small_checkpoint
from promptkit.cli import main
from promptkit.dispatch.child import engine_command, engine_environment
from promptkit.dispatch.connection import Connection
from promptkit.job import PRESET_STEPS, Job, Parity, PresetName, Record, read_record
from promptkit.job.events import Done, Step
from tests.generator.service.conftest import job, running


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_checkpoint(tmp_path_factory.mktemp("small") / "tiny")


@pytest.fixture(scope="module")
def model(checkpoint: Path) -> Model:
    return open_model(str(checkpoint), cuda=False)


@pytest.fixture
def engine(model: Model) -> PipelineEngine:
    return PipelineEngine(model, [torch.device("cpu")])


def _picture(connection: Connection, asked: Job) -> tuple[Image.Image, Record]:
    job_id = connection.submit(asked, allow_findings=True)
    assert isinstance(list(connection.events(job_id))[-1], Done)
    image = Image.open(io.BytesIO(connection.image(job_id)))
    return image, Record.model_validate_json(image.info["promptkit"])


def test_a_record_makes_the_same_picture_again(engine: PipelineEngine, tmp_path: Path) -> None:
    start = io.BytesIO()
    Image.effect_noise((100, 80), 50).convert("RGB").save(start, format="PNG")
    asked = [
        job().with_(seed=None),
        job(1, negative_prompt="blur", cfg_scale=3.0, parity="diffsynth"),
        job(2, input_image=start.getvalue(), denoising_strength=0.6, width=512, parity="official"),
        job(3).with_(preset="V4_TURBO_12"),
    ]
    with running(engine, tmp_path / "s") as service:
        for each in asked:
            first, record = _picture(service.connection, each)
            again, _ = _picture(service.connection, record.repeat)
            assert first.tobytes() == again.tobytes()
            assert first.size == (each.width, each.height)
            other, _ = _picture(service.connection, record.repeat.with_(seed=record.seed + 1))
            assert other.tobytes() != first.tobytes()
    maker = record.made_by
    assert (maker.model, maker.device, maker.torch) == ("tiny", "cpu", torch.__version__)
    assert len(maker.model_hash) == 16


def test_parameters_reach_the_pipeline(engine: PipelineEngine, tmp_path: Path) -> None:
    plain = job(5)
    changes: list[dict[str, object]] = [
        {"negative_prompt": "blur"},
        {"cfg_scale": 2.0},
        {"num_inference_steps": 4},
        {"parity": "diffsynth"},
        {"prompt": "another sentence"},
    ]
    with running(engine, tmp_path / "s") as service:
        usual, _ = _picture(service.connection, plain)
        for change in changes:
            other, _ = _picture(service.connection, plain.with_(**change))
            assert other.tobytes() != usual.tobytes(), change


def test_the_token_limit_is_the_checkpoint_s_own(engine: PipelineEngine) -> None:
    engine.check(job(prompt="x" * 1500))
    with pytest.raises(RequestError, match="2048"):
        engine.check(job(prompt="x y" * 3000))
    with pytest.raises(RequestError, match="2048"):
        engine.check(job(negative_prompt="x y" * 3000))
    assert not engine.loaded


def test_noise_from_a_gpu_needs_one(engine: PipelineEngine) -> None:
    with pytest.raises(RequestError, match="no CUDA GPU"):
        engine.check(job(rand_device="cuda"))


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB"),
        MemoryError(),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 99 bytes"),
    ],
)
def test_memory_that_runs_out_is_one_plain_message(
    engine: PipelineEngine, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("generator.checkpoint.opened.fill_network", fail)
    with pytest.raises(EngineMemoryError, match="out of memory: loading tiny does not fit"):
        engine.load(job())
    monkeypatch.undo()
    engine.load(job())
    monkeypatch.setattr("generator.pipeline.denoise", fail)
    with pytest.raises(EngineMemoryError, match="256x256 does not fit"):
        engine.render(job(), 0, lambda _: True)


def test_other_runtime_errors_are_not_called_memory(
    engine: PipelineEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("shapes do not match")

    engine.load(job())
    monkeypatch.setattr("generator.pipeline.denoise", fail)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        engine.render(job(), 0, lambda _: True)


def _truncated(folder: Path) -> str:
    path = folder / "vae/diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    return "truncated"


def _corrupt(folder: Path) -> str:
    path = folder / "transformer/diffusion_pytorch_model.safetensors"
    path.write_bytes(b"not weights at all, but a web page" * 100)
    return "not a safetensors file"


def _other_model(folder: Path) -> str:
    name = "diffusion_pytorch_model.safetensors"
    shutil.copyfile(folder / "vae" / name, folder / "transformer" / name)
    return "do not fit the model"


def _incomplete(folder: Path) -> str:
    shutil.rmtree(folder / "text_encoder")
    return "text_encoder"


def _no_tokenizer(folder: Path) -> str:
    shutil.rmtree(folder / "tokenizer")
    return "tokenizer"


@pytest.mark.parametrize("spoil", [_truncated, _corrupt, _other_model, _incomplete, _no_tokenizer])
def test_a_spoilt_checkpoint_ends_serve_with_one_message(
    spoil: object, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(checkpoint, folder)
    assert callable(spoil)
    words = spoil(folder)
    socket = tmp_path / "s"
    assert generator_main(["serve", "--model", str(folder), "--socket", str(socket)]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert words in shown.err
    assert not socket.exists()


def test_from_a_file_to_a_picture_by_one_command(
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.json").write_text('{"prompt": "a sentence", "width": 256, "height": 256}')
    command = ["generate", "s.json", "-o", "out", "--steps", "2", "--allow-findings"]
    assert main([*command, "--model", str(checkpoint)]) == 0
    record = read_record(Path("out/s.png"))
    assert (record.job.model, record.job.num_inference_steps) == ("tiny", 2)

    capsys.readouterr()
    options = ["--no-unconditional", "--tier", "fast", "--overwrite"]
    assert main([*command, "--model", str(checkpoint), *options]) == 0
    assert "arithmetic is faithful, not fast: plain torch" in capsys.readouterr().err
    less = read_record(Path("out/s.png"))
    assert less.made_by.model_hash != record.made_by.model_hash


def test_a_truncated_checkpoint_is_named_by_generate(
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(checkpoint, "model")
    _truncated(Path("model"))
    Path("s.json").write_text('{"prompt": "a sentence"}')
    command = ["generate", "s.json", "-o", "out", "--model", "model", "--allow-findings"]
    assert main(command) == 3
    error = capsys.readouterr().err
    assert "diffusion_pytorch_model.safetensors: truncated" in error
    assert "Traceback" not in error


def test_a_service_that_is_told_to_end_leaves_nothing_behind(
    checkpoint: Path, tmp_path: Path
) -> None:
    socket = tmp_path / "s"
    command = engine_command("serve", "--model", str(checkpoint), "--socket", str(socket))
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=engine_environment()) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["address"] == f"unix:{socket}"
        assert socket.exists()
        process.terminate()
        assert process.wait(120) == 0
    assert not socket.exists()


def test_info_is_json_about_this_machine(
    checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generator_main(["info", "--json", "--model", str(checkpoint)]) == 0
    info = json.loads(capsys.readouterr().out)
    assert info["torch"]["version"] == torch.__version__
    [small] = [each for each in info["models"] if each["name"] == str(checkpoint)]
    assert small["present"]
    assert sum(small["bytes"].values()) > 100_000
    assert {mode["size"] for mode in small["modes"]} == {"1024x1024", "2048x2048"}


def test_jobs_and_engine_know_the_same_names() -> None:
    assert set(PresetName.__args__) == set(PRESETS)  # type: ignore[attr-defined]
    assert set(Parity.__args__) == set(PARITY)  # type: ignore[attr-defined]
    assert {name: preset.num_steps for name, preset in PRESETS.items()} == PRESET_STEPS


def test_previews_show_where_a_picture_is_heading(
    engine: PipelineEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.service.worker.PREVIEW_SECONDS", 0.0)
    with running(engine, tmp_path / "s") as service:
        asked = job(num_inference_steps=200, width=512)
        job_id = service.connection.submit(asked, allow_findings=True)
        steps = [e for e in service.connection.events(job_id) if isinstance(e, Step)]
    previews = [step.preview for step in steps if step.preview]
    with Image.open(io.BytesIO(previews[-1])) as preview:
        assert preview.size == (256, 128)
    assert max(step.memory or 0 for step in steps) > 1 << 20
