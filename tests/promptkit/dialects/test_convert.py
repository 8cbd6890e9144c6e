"""Foreign forms become captions, everything that changes is named, and nothing is guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptkit.caption import Caption
from promptkit.dialects import Conversion, all_dialects, convert, find_dialect
from promptkit.errors import CaptionError, UsageError
from promptkit.geometry import Size
from promptkit.keys import TEXT_KEYS
from tests.promptkit.dialects.cases import FOLDER, Case, cases, outcome
from tests.promptkit.document import strategies

CASES = cases()
each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.file.parent.name}/{case.file.stem}" for case in CASES]
)
INCOMPLETE = {"kjnodes-regions/regions", "misspelt-keys/both-stay"}
"""What comes out of these still lacks something, which is for lint to say."""


@each_case
def test_a_case_comes_out_as_its_files_say(case: Case) -> None:
    caption, account = outcome(case)
    assert account == case.account.read_text()
    assert caption == (None if case.refused else case.caption.read_text())


@each_case
def test_what_comes_out_is_a_caption_and_needs_no_conversion(case: Case) -> None:
    if case.refused:
        return
    text = case.caption.read_text()
    again = convert(text)
    assert again.changes == ()
    assert again.dialects == ()
    assert again.caption_text == text.strip()
    if f"{case.file.parent.name}/{case.file.stem}" not in INCOMPLETE:
        Caption.parse(text)


@each_case
def test_a_case_belongs_to_a_dialect_that_it_shows(case: Case) -> None:
    folder = case.file.parent.name
    if folder == "none" or case.refused:
        return
    line = case.account.read_text().splitlines()[0]
    stays = "stays" in case.file.stem or "stay" in case.file.stem.split("-")
    beside = case.file.stem == "beside-the-caption"
    assert (folder in line.split()) is not (stays or beside)


def test_every_dialect_has_a_case() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == {
        "none",
        *(dialect.name for dialect in all_dialects()),
    }


def test_the_pages_begin_with_one_line_that_says_what_is_read() -> None:
    for dialect in all_dialects():
        assert dialect.summary.endswith((".", "…", "pixels"))
        assert len(dialect.summary) < 120


def test_what_is_excluded_exists() -> None:
    names = {dialect.name for dialect in all_dialects()}
    assert {name for dialect in all_dialects() for name in dialect.excludes} <= names


def test_an_unknown_dialect_is_answered_with_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean 'x-first'"):
        find_dialect("x-frist")
    with pytest.raises(UsageError, match="there are ideogram4-editor"):
        find_dialect("zzz")


def test_the_size_of_the_caller_counts_before_that_of_the_file() -> None:
    text = json.dumps({"width": 800, "height": 600, **_caption()})
    assert convert(text).size == (800, 600)
    assert convert(text, size=Size(1024, 512)).size == (1024, 512)


@pytest.mark.parametrize(
    ("stated", "size"),
    [
        ({"width": "512", "height": "768"}, (512, 768)),
        ({"size": [640, 480]}, (640, 480)),
        ({"resolution": "1024 × 512"}, (1024, 512)),
        ({"aspect": "1:1"}, (1024, 1024)),
        ({"aspect_ratio": "21:9"}, (1568, 672)),
        ({"aspect_ratio": "50:1"}, None),
        ({"width": 0, "height": 0}, None),
        ({"width": "wide", "height": "high"}, None),
    ],
)
def test_the_ways_in_which_files_state_a_size(
    stated: dict[str, Any], size: tuple[int, int] | None
) -> None:
    assert convert(json.dumps({**stated, **_caption()})).size == size
    assert convert(json.dumps({**stated, "json_prompt": _caption()})).size == size


def test_what_grows_past_every_caption_is_refused() -> None:
    text = json.dumps(_caption()).replace("A cup", "\x00" * 50_000)
    with pytest.raises(CaptionError, match="too large"):
        convert(text)


ODD = strategies.VALUES | st.sampled_from(
    [
        {"x": 1, "y": 2, "w": 3, "h": 4},
        [0.1, 0.2, 0.3, 0.4],
        [10, 20, 3000, 400],
        ["1", "2", "3", "4"],
        [float("nan")] * 4,
        "16:9",
        "1, 2, 3, 4",
        10**400,
    ]
)
FOREIGN_KEYS = st.sampled_from(
    [
        *TEXT_KEYS, "style", "mode", "background", "aesthetics", "photo", "art_style", "elements",
        "canvas", "layout", "aspect_ratio", "width", "height", "canvasW", "canvasH", "boxes", "tags",
        "content", "label", "x", "y", "w", "h", "enabled", "id", "compositional_decomposition",
        "compositional_deconstruction", "style_description", "descr", "boundingBox", "nobbox",
    ]
)  # fmt: skip
FOREIGN_OBJECTS = st.dictionaries(FOREIGN_KEYS, ODD, max_size=5)


@st.composite
def foreign_captions(draw: st.DrawFn) -> Any:
    """Objects that have some keys of some dialects, with values that do not always fit."""
    root = draw(FOREIGN_OBJECTS)
    elements = draw(st.lists(FOREIGN_OBJECTS | ODD, max_size=3))
    holder = draw(st.sampled_from(["compositional_deconstruction", "elements", "boxes", "list"]))
    if holder == "list":
        return elements
    inner = {"elements": elements, **draw(FOREIGN_OBJECTS)}
    root[holder] = inner if holder == "compositional_deconstruction" else elements
    return root


@given(
    foreign_captions(),
    st.none() | st.sampled_from([dialect.name for dialect in all_dialects()]),
    st.none() | st.just(Size(1600, 900)),
)
@settings(max_examples=300)
def test_whatever_comes_it_is_a_caption_or_an_error_that_says_why(
    value: Any, dialect: str | None, size: Size | None
) -> None:
    converted = _converted(json.dumps(value), dialect, size)
    if isinstance(converted, Conversion):
        assert isinstance(json.loads(converted.caption_text), dict)
        assert converted.changes or not converted.dialects or dialect is not None
    else:
        assert converted.problems


@given(strategies.broken_texts())
def test_broken_text_is_converted_or_refused(text: str) -> None:
    converted = _converted(text)
    if isinstance(converted, Conversion):
        json.loads(converted.caption_text)
    else:
        assert converted.problems


def _converted(
    text: str, dialect: str | None = None, size: Size | None = None
) -> Conversion | CaptionError:
    try:
        return convert(text, dialect, size)
    except CaptionError as error:
        return error


def _caption() -> dict[str, Any]:
    elements = [{"type": "obj", "desc": "A cup."}]
    return {"compositional_deconstruction": {"background": "A table.", "elements": elements}}
