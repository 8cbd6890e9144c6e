"""What hypothesis draws: values of JSON, the ways of writing them, and what goes wrong in them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(
    ["high_level_description", "compositional_deconstruction", "elements", "type", "desc", "a", ""]
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS
FINITE = SCALARS.filter(lambda value: value not in (float("inf"), float("-inf")))


def _containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=4) | st.dictionaries(KEYS | WORDS, values, max_size=4)


VALUES = st.recursive(FINITE, _containers, max_leaves=12)
OBJECTS = st.dictionaries(KEYS | WORDS, VALUES, min_size=1, max_size=4)

LAYOUTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "indent": st.sampled_from([None, 0, 1, 2, 4, "\t"]),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]),
    },
)


@st.composite
def json_texts(draw: st.DrawFn) -> str:
    """Strict JSON with literal UTF-8, in any layout that ``json.dumps`` has."""
    space = st.sampled_from(["", " ", "\n", "\r\n", "\t"])
    text = json.dumps(draw(VALUES), ensure_ascii=False, **draw(LAYOUTS))
    return draw(space) + text + draw(space)


SLIPS = st.sampled_from(
    [
        ",", ",,", "'", '"', "“", "”", "`", "\\", "\\u00e9", "\\\\u00e9", "\\q", "\\'", "\n", "\t",
        "\x00", "\u00a0", "\u200b", "\ufeff", "//", "/* x */", "# x\n", "```", "```json\n", "{", "}",
        "[", "]", "(", ")", ":", "：", "，", "None", "True", "NaN", "+1", "01", ".5", "1e999", "...",
        "a", "a:", "<think>", "</think>", "\\n", '"a":1,', "\ud800", "\\ud800", "Here: ",
        '"{\\"high_level_description\\": 1}"',
    ]
)  # fmt: skip


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    """JSON with a few slips put in, and a few pieces cut out."""
    text = draw(json_texts() | OBJECTS.map(json.dumps) | OBJECTS.map(repr))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        end = min(len(text), place + draw(st.sampled_from([0, 0, 1, 3])))
        text = text[:place] + draw(SLIPS) + text[end:]
    return text
