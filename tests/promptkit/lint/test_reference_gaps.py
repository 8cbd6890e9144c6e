"""Each case that the reference verifier lets pass, crashes on or hides, and the rule that has it.

One test caption, good in everything, is spoilt in one place; nothing but the rule named may speak.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from promptkit.lint import Severity, lint
from tests.promptkit.lint.oracle import complaints

GOOD: dict[str, Any] = {
    "high_level_description": "A baker's shop front in the early morning.",
    "style_description": {
        "aesthetics": "quiet, warm browns",
        "lighting": "low sun from the right",
        "photo": "35mm, eye level",
        "medium": "photograph",
        "color_palette": ["#5B3A1E", "#E9DCC3"],
    },
    "compositional_deconstruction": {
        "background": "A cobbled street with a row of narrow houses.",
        "elements": [
            {"type": "obj", "bbox": [300, 200, 950, 800], "desc": "A shop window full of loaves."},
            {
                "type": "text",
                "bbox": [120, 250, 220, 750],
                "text": "BREAD",
                "desc": "Gilt capitals on a dark green board.",
            },
        ],
    },
}

SILENT: list[tuple[str, Any, str]] = [
    ("/compositional_deconstruction/elements/0/bbox", [300, 200, 300, 800], "zero-area-box"),
    ("/compositional_deconstruction/elements/0/bbox", [300, 200, 950, 200], "zero-area-box"),
    ("/compositional_deconstruction/elements/0/bbox", [False, 200, 950, 800], "boolean-coordinate"),
    ("/compositional_deconstruction/elements/1/text", 7, "text-not-a-string"),
    ("/compositional_deconstruction/elements/1/text", ["BREAD"], "text-not-a-string"),
    ("/compositional_deconstruction/elements/1/text", None, "null-value"),
    ("/compositional_deconstruction/elements/1/text", "", "empty-text"),
    ("/compositional_deconstruction/elements/0/desc", None, "null-value"),
    ("/compositional_deconstruction/elements/0/desc", "", "empty-desc"),
    ("/compositional_deconstruction/elements/0/desc", 7, "not-a-string"),
    ("/compositional_deconstruction/elements", [], "empty-elements"),
    ("/compositional_deconstruction/background", "", "empty-description"),
    ("/style_description/color_palette", [], "empty-palette"),
    ("/style_description/color_palette", ["#5B3A1E", "#5B3A1E"], "duplicate-color"),
    ("/style_description/lighting", ["low", "sun"], "not-a-string"),
    ("/style_description/lighting", "", "empty-style-value"),
    ("/style_description/medium", "illustration", "contradicting-medium"),
    ("/high_level_description", "", "empty-description"),
]


def _spoilt(pointer: str, value: Any) -> str:
    caption = deepcopy(GOOD)
    *way, last = pointer.split("/")[1:]
    place: Any = caption
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return json.dumps(caption, separators=(",", ":"))


def _serious(text: str) -> list[str]:
    return [each.slug for each in lint(text) if each.severity is not Severity.INFO]


def test_the_caption_is_good() -> None:
    text = json.dumps(GOOD)
    assert complaints(text) == []
    assert lint(text) == []


@pytest.mark.parametrize(("pointer", "value", "slug"), SILENT)
def test_what_the_reference_lets_pass_has_a_rule(pointer: str, value: Any, slug: str) -> None:
    text = _spoilt(pointer, value)
    assert complaints(text) == [], "the reference has something to say, after all"
    assert _serious(text) == [slug]


def test_a_missing_high_level_description_and_a_wrong_order_of_parts_have_rules() -> None:
    parts = dict(reversed(GOOD.items()))
    assert _serious(json.dumps(parts)) == ["root-key-order"]
    del parts["high_level_description"]
    assert sorted(_serious(json.dumps(parts))) == [
        "missing-high-level-description",
        "root-key-order",
    ]


def test_duplicate_keys_have_a_rule() -> None:
    text = json.dumps(GOOD).replace('"lighting"', '"lighting": "noon", "lighting"')
    assert complaints(text) == []
    assert _serious(text) == ["duplicate-key"]


def test_a_missing_text_is_said_to_be_missing_not_misordered() -> None:
    text = json.dumps(GOOD).replace('"text": "BREAD", ', "")
    assert complaints(text)
    assert _serious(text) == ["missing-text"]


@pytest.mark.parametrize("kind", [["obj"], {"name": "obj"}, 7, True])
def test_a_type_that_crashes_the_reference_is_a_finding(kind: Any) -> None:
    text = _spoilt("/compositional_deconstruction/elements/0/type", kind)
    assert _serious(text) == ["unknown-type"]


def test_a_background_of_the_wrong_type_hides_no_element() -> None:
    caption = json.loads(_spoilt("/compositional_deconstruction/background", 7))
    caption["compositional_deconstruction"]["elements"][0]["bbox"] = [1, 2, 3]
    assert sorted(_serious(json.dumps(caption))) == ["malformed-box", "not-a-string"]


def test_an_unknown_key_is_reported_once() -> None:
    caption = deepcopy(GOOD)
    caption["compositional_deconstruction"]["elements"][0]["weight"] = 3
    assert _serious(json.dumps(caption)) == ["unknown-key"]


def test_an_escaped_backslash_is_no_unicode_escape() -> None:
    text = _spoilt("/compositional_deconstruction/elements/1/text", "caf\\u00e9")
    assert "unicode-escape" not in _serious(text)
    # The reference complains, so something has to be said: the literal is drawn as it stands.
    assert _serious(text) == ["literal-escape"]


def test_a_byte_order_mark_is_named() -> None:
    assert _serious("\ufeff" + json.dumps(GOOD)) == ["byte-order-mark"]
