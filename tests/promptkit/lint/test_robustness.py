"""No caption, however odd, makes a rule raise, hide another or take long."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptkit.document.build import from_data
from promptkit.geometry import Size
from promptkit.lint import Options, Selection, fix, lint

EVERYTHING = Selection(select=("all",))
SIZES = st.sampled_from([None, Size(1024, 1024), Size(1536, 640), Size(1, 9999)])

_WORDS = st.sampled_from(
    [
        "a red or blue floor", "on the left side of the frame", "(x:1.3) --ar 3:2", "{{ name }}",
        "transparent background", "'OPEN'", "“OPEN”", "  padded ", "line\\nbreak", "\u202eRTL\u202c",
        "مفتوح", "営業中", "e\u0301\u0301", "👩\u200d🚀", "\ud83d", "\x00\t\r\n\u2028", "CafÃ©", "\ufffd",
        "<|im_end|>", "such as", "six trucks", "", " ", "\n\n", "#FFFFFF", "photograph", "obj", "text",
    ]
)  # fmt: skip
_STRINGS = _WORDS | st.lists(_WORDS, max_size=4).map(" ".join) | st.text(max_size=20)
_NUMBERS = (
    st.integers(-5, 1100) | st.floats(allow_nan=False, allow_infinity=False) | st.just(10**400)
)
_ODD: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _STRINGS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_STRINGS, inner, max_size=3),
    max_leaves=6,
)
_BOX = st.lists(_NUMBERS, min_size=4, max_size=4) | st.lists(
    st.integers(0, 1000), min_size=4, max_size=4
).map(lambda sides: [min(sides[0], sides[2]), min(sides[1::2]), max(sides[::2]), max(sides[1::2])])


def _mostly(sound: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(sound, sound, sound, _ODD)


_ELEMENT = st.fixed_dictionaries(
    {"type": _mostly(st.sampled_from(["obj", "text"]))},
    optional={"bbox": _mostly(_BOX), "text": _mostly(_STRINGS), "desc": _mostly(_STRINGS)},
)
_CAPTION = st.fixed_dictionaries(
    {
        "compositional_deconstruction": _mostly(
            st.fixed_dictionaries(
                {
                    "background": _mostly(_STRINGS),
                    "elements": _mostly(st.lists(_mostly(_ELEMENT), max_size=5)),
                }
            )
        )
    },
    optional={"high_level_description": _mostly(_STRINGS), "style_description": _ODD},
)


@settings(max_examples=150, deadline=None)
@given(_CAPTION, SIZES)
def test_no_rule_raises_and_every_finding_has_a_place(caption: Any, size: Size | None) -> None:
    text = json.dumps(caption, ensure_ascii=False)
    for finding in lint(text, EVERYTHING, Options(size)):
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.message == finding.message.strip()


@settings(max_examples=60, deadline=None)
@given(_CAPTION, SIZES)
def test_fixing_twice_is_fixing_once(caption: Any, size: Size | None) -> None:
    text = json.dumps(caption, ensure_ascii=False)
    once = fix(text, EVERYTHING, Options(size), unsafe=True)
    twice = fix(once.text, EVERYTHING, Options(size), unsafe=True)
    assert twice.text == once.text


@pytest.mark.parametrize(
    "part",
    ["{{", "{%", "(a:", "<lora:", "<|a", "'a ", "“", "Ã", "\u200b", "on the ", "such ", "a or ",
     "营", "e\u0301", "\n", "\\n"],
)  # fmt: skip
def test_a_long_odd_string_takes_no_long_time(part: str) -> None:
    string = part * (60_000 // len(part))
    element = {"type": "text", "bbox": [0, 0, 500, 500], "text": string, "desc": string}
    composition = {"background": string, "elements": [element]}
    text = json.dumps({"compositional_deconstruction": composition}, ensure_ascii=False)
    start = time.process_time()
    lint(text, EVERYTHING)
    assert time.process_time() - start < 3


def test_thousands_of_elements_take_no_long_time() -> None:
    elements = [
        {"type": "text", "bbox": [0, 0, 1 + n % 999, 900], "text": f"{n}", "desc": f"{n % 7}"}
        for n in range(4_000)
    ]
    text = json.dumps({"compositional_deconstruction": {"background": "", "elements": elements}})
    start = time.process_time()
    lint(text, EVERYTHING)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("box", [[10**400, 1, 2, 3], [-(10**400), 1, 2, 3], [1, 2, 10**400, 3]])
def test_a_number_too_long_for_a_float_is_told_without_its_digits(box: list[int]) -> None:
    element = {"type": "obj", "bbox": box, "desc": "A cat."}
    caption = {"compositional_deconstruction": {"background": "A floor.", "elements": [element]}}
    findings = lint(from_data(caption), EVERYTHING)
    assert any("a number of hundreds of digits" in finding.message for finding in findings)
