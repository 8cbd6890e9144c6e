"""``promptkit generate`` and ``extract`` over an engine that is quick and fails on demand."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PIL import Image

from promptkit.cli import main
from promptkit.cli.sources import MANIFEST
from promptkit.cli.tasks import draft_advice
from promptkit.dispatch import ServedModel
from promptkit.dispatch.child import engine_environment
from promptkit.errors import GeneratorError
from promptkit.job import MAX_SEED, Job, load_job_file, read_record
from promptkit.lint import Finding, Options

COMMAND = [sys.executable, "-P", "-m", "tests.quick_generator"]
SMALL = ["--size", "256x256"]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("promptkit.dispatch.source.engine_command", lambda *_: COMMAND)


def caption(name: str, text: str = "A brass key on dark slate.") -> str:
    value = {
        "high_level_description": text,
        "compositional_deconstruction": {
            "background": "Dark slate with a fine grain, lit from the left.",
            "elements": [
                {"type": "obj", "bbox": [300, 300, 700, 700], "desc": "An old brass key."},
            ],
        },
    }
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2))
    return name


def job_file(name: str, **parameters: Any) -> str:
    prompt = json.loads(Path(caption(f"{name}.txt")).read_text())
    Path(name).write_text(json.dumps({"caption": prompt} | parameters))
    return name


def pngs() -> list[str]:
    return sorted(path.as_posix() for path in Path("out").rglob("*") if path.is_file())


def test_a_caption_becomes_a_picture_that_carries_its_job(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["generate", caption("key.json"), "-o", "out", *SMALL, "--seed", "258"])
    shown = capsys.readouterr()
    assert (code, shown.out) == (0, "out/key.png\n")
    assert "[1/1] out/key.png" in shown.err
    with Image.open("out/key.png") as image:
        assert (image.size, image.getpixel((0, 0))) == ((256, 256), (2, 1, 120))
    record = read_record(Path("out/key.png"))
    assert record.job.prompt == json.dumps(
        json.loads(Path("key.json").read_text()), separators=(",", ":")
    )
    assert (record.seed, record.job.model, record.job.num_inference_steps) == (258, "quick", 4)


def test_extract_gives_back_the_job(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["generate", caption("key.json"), "-o", "out", *SMALL])
    record = read_record(Path("out/key.png"))
    capsys.readouterr()

    assert main(["extract", "out/key.png"]) == 0
    assert load_job_file(capsys.readouterr().out) == record.job.with_(seed=record.seed)
    assert main(["extract", "out/key.png", "--caption"]) == 0
    assert capsys.readouterr().out == record.job.prompt + "\n"
    assert main(["extract", "out/key.png", "--record"]) == 0
    assert json.loads(capsys.readouterr().out)["made_by"]["model_hash"] == "0123456789abcdef"
    monkeypatch.setattr(
        "promptkit.cli.console.stdin_bytes", lambda: Path("out/key.png").read_bytes()
    )
    assert main(["extract", "-", "--caption"]) == 0
    assert capsys.readouterr().out == record.job.prompt + "\n"
    assert main(["generate", "-", "-o", "again", "--model", "quick"]) == 0
    assert read_record(Path("again/stdin.png")).job == record.job.with_(seed=record.seed)
    assert main(["extract", "key.json"]) == 2
    assert "key.json: is not a PNG picture" in capsys.readouterr().err


def test_a_batch_goes_on_where_it_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b", "deep/a"):
        caption(f"captions/{name}.json")
    Path("captions/notes.json").write_text('{"unrelated": true}')
    command = ["generate", "captions", "-o", "out", *SMALL]
    assert main(command) == 0
    assert pngs() == ["out/a.png", "out/b.png", "out/deep/a.png"]
    kept = Path("out/a.png").stat().st_mtime_ns
    Path("out/b.png").unlink()
    capsys.readouterr()

    assert main(command) == 0
    shown = capsys.readouterr()
    assert shown.out == "out/b.png\n"
    assert "2 pictures already there" in shown.err
    assert Path("out/a.png").stat().st_mtime_ns == kept


def test_a_picture_of_other_parameters_is_replaced_only_on_demand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("a", "b", "c"):
        caption(f"captions/{name}.json")
    command = ["generate", "captions", "-o", "out", *SMALL]
    assert main(command) == 0
    before = Path("out/a.png").read_bytes()
    capsys.readouterr()

    assert main([*command, "--steps", "5"]) == 2
    shown = capsys.readouterr()
    assert "out/a.png: made with other parameters or weights, and 2 pictures more" in shown.err
    assert shown.out == ""
    assert Path("out/a.png").read_bytes() == before

    assert main([*command, "--steps", "5", "--overwrite"]) == 0
    assert capsys.readouterr().out.count("\n") == 3
    assert Path("out/a.png").read_bytes() != before


def test_a_picture_is_that_of_its_own_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", caption("key.json"), "-o", "out", *SMALL]) == 0
    assert main(["generate", "out/key.png", "-o", "out", "--model", "quick"]) == 0
    assert "1 picture already there" in capsys.readouterr().err


def test_a_manifest_says_sizes_and_seeds() -> None:
    rows = [
        {"file": f"v-{i}.json", "size": f"{256 * i}x256", "seed": 10 + i, "values": {}}
        for i in (1, 2)
    ]
    for row in rows:
        caption(f"variants/{row['file']}")
    Path("variants", MANIFEST).write_text("".join(json.dumps(row) + "\n" for row in rows))
    caption("variants/left-over.json")
    assert main(["generate", "variants", "-o", "out"]) == 0
    found = {path: read_record(Path(path)).job for path in pngs()}
    assert {path: (job.width, job.seed) for path, job in found.items()} == {
        "out/v-1.png": (256, 11),
        "out/v-2.png": (512, 12),
    }


def test_equal_variants_are_rendered_once_as_the_first_of_them_says() -> None:
    caption("variants/v.json")
    rows = [{"file": "v.json", "size": "256x256", "seed": seed} for seed in (3, 4, 5)]
    Path("variants", MANIFEST).write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["generate", "variants", "-o", "out"]) == 0
    assert (pngs(), read_record(Path("out/v.png")).seed) == (["out/v.png"], 3)


def test_captions_are_checked_for_the_size_they_are_rendered_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[object] = []

    def look(_document: object, _selection: object, options: Options) -> list[Finding]:
        sizes.append(options.size)
        return []

    monkeypatch.setattr("promptkit.cli.generating.lint", look)
    command = ["generate", job_file("a.json", width=512, height=256), "-o", "out"]
    assert main(command) == 0
    assert main([*command, *SMALL, "--overwrite"]) == 0
    assert sizes == [(512, 256), (256, 256)]


@pytest.mark.parametrize(
    ("models", "words"),
    [
        (["a/b", "c/d"], "name several models (a/b, c/d); choose one with --model"),
        (["my-folder"], "made with a folder called 'my-folder'; say where it is with --model"),
    ],
)
def test_a_model_that_cannot_be_served_is_told_before_one_is_started(
    models: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = [job_file(f"{i}.json", model=name) for i, name in enumerate(models)]
    with monkeypatch.context() as patch:
        patch.setattr("promptkit.dispatch.source.Child", _never)
        assert main(["generate", *names, "-o", "out"]) == 2
    assert words in capsys.readouterr().err
    assert main(["generate", *names, "-o", "out", "--model", "quick"]) == 0


def test_the_model_of_a_job_is_the_one_that_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def start(_server: str | None, *, model: str | None, **_: object) -> NoReturn:
        asked.append(model)
        raise GeneratorError("enough is known")

    monkeypatch.setattr("promptkit.cli.generating.open_generator", start)
    for arguments in ([], ["--model", "other/one"], ["--server", "unix:/there"]):
        main(["generate", job_file("a.json", model="draft"), "-o", "out", *arguments])
    assert asked == ["draft", "other/one", None]


def test_a_job_that_is_refused_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["generate", caption("key.json"), "-o", "out", *SMALL]
    assert main([*command, "--negative-prompt", "refuse"]) == 2
    assert "out/key.png: the prompt has 3000 tokens" in capsys.readouterr().err


def test_the_manifest_is_called_as_render_calls_it() -> None:
    manifest = pytest.importorskip("promptkit.templating.manifest")
    assert manifest.MANIFEST == MANIFEST


def test_count_makes_seed_after_seed_and_a_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*SMALL, "--count", "3", "--seed", "7", "--contact-sheet"]
    assert main(["generate", caption("key.json"), "-o", "out", *arguments]) == 0
    seeds = [read_record(Path(f"out/key-{i}.png")).seed for i in (1, 2, 3)]
    assert seeds == [7, 8, 9]
    assert capsys.readouterr().out.endswith("out/contact-sheet.png\n")
    with Image.open("out/contact-sheet.png") as sheet:
        assert sheet.width > 2 * 256


def test_the_command_line_overrides_a_job_file() -> None:
    job_file("a.json", width=512, height=256, seed=3, preset="V4_TURBO_12")
    assert main(["generate", "a.json", "-o", "out", "--steps", "2"]) == 0
    job = read_record(Path("out/a.png")).job
    assert (job.width, job.height, job.seed) == (512, 256, 3)
    assert (job.preset, job.num_inference_steps, job.cfg_scale) == (None, 2, 7.0)


def test_a_picture_can_be_made_again_from_itself() -> None:
    main(["generate", caption("key.json"), "-o", "out", *SMALL])
    assert main(["generate", "out/key.png", "-o", "again", "--model", "quick"]) == 0
    with Image.open("out/key.png") as first, Image.open("again/key.png") as second:
        assert first.tobytes() == second.tobytes()


def test_an_input_image_travels_with_the_job(capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (32, 32), "teal").save("start.png")
    caption("key.json")
    arguments = ["generate", "key.json", "-o", "out", *SMALL, "--strength", "0.5"]
    assert main(arguments) == 2
    assert "needs an input_image" in capsys.readouterr().err
    assert main([*arguments, "--input-image", "start.png"]) == 0
    job = read_record(Path("out/key.png")).job
    assert (job.input_image, job.denoising_strength) == (Path("start.png").read_bytes(), 0.5)


def _never(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the generator was started")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["bad.json"], 1, "missing-key"),
        (["gone.json"], 2, "gone.json: cannot be read"),
        (["key.json", "--size", "1000x1000"], 2, "key.json: size 1000x1000: sides are multiples"),
        (["key.json", "deep/key.json"], 2, "would both become out/key.png"),
        (["key.json", "--preset", "V4_TURBO"], 2, "V4_TURBO_12"),
        (["key.json", "--preset", "V4_TURBO_12", "--steps", "3"], 2, "preset brings its own"),
        (["key.json", "--count", "0"], 2, "--count is 0"),
        (["key.json", "--server", "ftp://x"], 2, "no generator's address"),
        (["key.json", "--server", "unix:/x", "--no-unconditional"], 2, "for a generator here"),
        (["key.json", "--server", "unix:/x", "--tier", "max"], 2, "--tier is for a generator here"),
        (["key.json", "--tier", "fats"], 2, "fast"),
        (["empty"], 2, "no captions found in empty"),
        (["key.json", "--input-image", "cut.jpg"], 2, "cut.jpg: is damaged"),
        (["key.json", "--input-image", "whole.jpg"], 2, "--input-image needs --strength"),
        (
            ["key.json", "--seed", str(MAX_SEED), "--count", "2"],
            2,
            "key.json: --seed is 9223372036854775808",
        ),
        (["key.json", "--steps", "0"], 2, "key.json: --steps is 0, expected at least 1"),
        (["key.json.j2"], 2, "is a template; 'promptkit render key.json.j2 -o DIR'"),
        (["contact-sheet.json", "--contact-sheet"], 2, "rename its caption"),
    ],
)
def test_what_is_wrong_is_told_before_anything_heavy_starts(
    arguments: list[str],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("promptkit.dispatch.source.Child", _never)
    caption("key.json")
    caption("deep/key.json")
    caption("contact-sheet.json")
    Path("empty").mkdir()
    Path("key.json.j2").touch()
    Image.effect_noise((64, 64), 60).save("whole.jpg")
    Path("cut.jpg").write_bytes(Path("whole.jpg").read_bytes()[:1000])
    Path("bad.json").write_text('{"high_level_description": "A key."}')
    assert main(["generate", *arguments, "-o", "out"]) == code
    assert words in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_plain_sentence_is_rendered_only_on_demand() -> None:
    Path("s.json").write_text("a brass key\n")
    assert main(["generate", "s.json", "-o", "out", *SMALL]) == 1
    assert main(["generate", "s.json", "-o", "out", *SMALL, "--allow-findings"]) == 0
    assert read_record(Path("out/s.png")).job.prompt == "a brass key"


def test_another_program_s_picture_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    Image.new("RGB", (8, 8)).save("out/key.png")
    before = Path("out/key.png").read_bytes()
    assert main(["generate", caption("key.json"), "-o", "out", *SMALL]) == 2
    assert "move it away" in capsys.readouterr().err
    assert Path("out/key.png").read_bytes() == before


def test_a_failed_picture_does_not_keep_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    job_file("a.json", width=256, height=256)
    job_file("b.json", width=256, height=256, negative_prompt="memory")
    job_file("c.json", width=256, height=256)
    command = ["generate", "a.json", "b.json", "c.json", "-o", "out"]
    assert main(command) == 3
    shown = capsys.readouterr()
    assert shown.out == "out/a.png\nout/c.png\n"
    assert "out/b.png: out of memory" in shown.err
    assert "1 picture failed; 2 made" in shown.err


def test_the_grey_refusal_is_reported_with_what_to_look_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["generate", caption("key.json"), "-o", "out", "--size", "512x512"]
    assert main([*command, "--negative-prompt", "blocked"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "out/key.png\n"
    assert "out/key.png: looks like the grey picture" in shown.err


@pytest.mark.parametrize("place", ["load", "step"])
def test_a_generator_that_keeps_dying_leaves_a_batch_that_resumes(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        caption(f"captions/{name}.json")
    command = ["generate", "captions", "-o", "out", *SMALL]
    monkeypatch.setenv("QUICK", f"die at {place}")
    assert main(command) == 3
    error = capsys.readouterr().err
    assert "killed by signal 9 (SIGKILL)" in error
    assert "2 pictures not made; the same command goes on from there" in error
    assert not Path("out").exists() or pngs() == []

    monkeypatch.delenv("QUICK")
    assert main(command) == 0
    assert pngs() == ["out/a.png", "out/b.png"]


def test_a_kill_while_writing_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUICK", "die at write")
    monkeypatch.setenv("QUICK_ONCE", str(tmp_path / "died"))
    assert main(["generate", caption("key.json"), "-o", "out", *SMALL]) == 0
    assert "SIGKILL" in capsys.readouterr().err
    assert read_record(Path("out/key.png")).job.width == 256


def test_a_full_disk_ends_in_one_message_and_a_batch_that_resumes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        caption(f"captions/{name}.json")
    command = ["generate", "captions", "-o", "out", *SMALL]
    flush, calls = os.fsync, iter([True, True])

    def full(descriptor: int) -> None:
        # Writing a file flushes it and then its folder; the disk holds the first picture.
        if not next(calls, False):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    monkeypatch.setattr("promptkit.files.os.fsync", full)
    assert main(command) == 2
    assert "out/b.png: not written: no space left on device" in capsys.readouterr().err
    assert pngs() == ["out/a.png"]

    monkeypatch.setattr("promptkit.files.os.fsync", flush)
    assert main(command) == 0
    assert pngs() == ["out/a.png", "out/b.png"]


def test_an_interruption_ends_everything_and_says_how_to_go_on(tmp_path: Path) -> None:
    job_file("a.json", width=256, height=256, seed=1)
    job_file("b.json", width=256, height=256, num_inference_steps=900, negative_prompt="slow")
    script = (
        "import sys, promptkit.dispatch.source as source\n"
        f"source.engine_command = lambda *_: {COMMAND!r}\n"
        "from promptkit.cli import main\n"
        "sys.exit(main(['generate', 'a.json', 'b.json', '-o', 'out']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=engine_environment(),
    )
    assert process.stdout is not None
    process.stdout.readline()  # the first picture is there, the second is being made
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "1 picture not made; the same command goes on from there" in error
    assert "Traceback" not in error
    assert pngs() == ["out/a.png"]


def test_jobs_that_are_equal_have_equal_records() -> None:
    job = Job.of(prompt="x", width=256, height=256, model="quick", num_inference_steps=4)
    job_file("a.json")
    Path("a.json").write_text('{"prompt": "x", "width": 256, "height": 256}')
    assert main(["generate", "a.json", "-o", "out", "--allow-findings"]) == 0
    assert read_record(Path("out/a.png")).job == job


def test_the_draft_model_is_best_at_what_it_knows() -> None:
    draft = ServedModel("draft", "", {"width": 256, "height": 256, "preset": "DRAFT_12"})
    small = Job.of(prompt="x", width=256, height=256, preset="DRAFT_12")
    large = Job.of(prompt="x", width=1024, height=512)
    assert draft_advice(draft, [small]) is None
    assert draft_advice(replace(draft, name="a/b"), [large]) is None
    advice = draft_advice(draft, [small, large])
    assert advice is not None
    assert "hardly more than a ground at 1024x512, slowly: add --size 256x256" in advice
    both = Job.of(prompt="x", width=1024, height=512, preset="V4_QUALITY_48")
    assert str(draft_advice(draft, [both])).endswith("add --size 256x256 --preset DRAFT_12")
    for how, said in (
        ({"preset": "V4_QUALITY_48"}, "with V4_QUALITY_48: add --preset DRAFT_12"),
        ({"cfg_scale": 5.0}, "with a guidance of 5: add --preset DRAFT_12"),
    ):
        strong = Job.of(prompt="x", width=256, height=256, **how)
        assert said in str(draft_advice(draft, [strong]))
    weak = Job.of(prompt="x", width=256, height=256, cfg_scale=1.5)
    assert draft_advice(draft, [weak]) is None
