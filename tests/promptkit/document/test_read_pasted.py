"""What people and language models paste is read as what they meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptkit.document import Document, apply_edits, plain, read

CAPTION = {"high_level_description": "A door", "compositional_deconstruction": {"elements": []}}
TEXT = json.dumps(CAPTION)
PRETTY = json.dumps(CAPTION, indent=2)


def _captions(document: Document) -> list[Any]:
    return [plain(caption) for caption in document.captions]


def _slugs(document: Document) -> set[str]:
    return {flaw.slug for flaw in document.flaws}


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        (TEXT, set()),
        (f"\ufeff{TEXT}", {"byte-order-mark"}),
        (f"```json\n{PRETTY}\n```", {"code-fence"}),
        (f"```JSON5\n{PRETTY}", {"code-fence"}),
        (f"```{TEXT}```", {"code-fence"}),
        (
            f"Here it is:\n\n```json\n{PRETTY}\n```\n\nShall I go on?",
            {"code-fence", "surrounding-text"},
        ),
        (f"Sure, a {{caption}} for you: {TEXT} Enjoy!", {"surrounding-text"}),
        (f'<think>Perhaps {{"a": 1}}?</think>{TEXT}', {"surrounding-text"}),
        (f"json\n{TEXT}", {"surrounding-text"}),
        (f"export default {TEXT};", {"surrounding-text"}),
        (f"{TEXT}}}", {"surrounding-text"}),
        (repr(CAPTION), {"single-quotes"}),
        (f"[{TEXT}]", {"wrapper"}),
        (f"[{TEXT},]", {"wrapper", "trailing-comma"}),
        (f'{{"json_prompt": {TEXT}, "aspect_ratio": "16x9"}}', {"wrapper"}),
        (f'{{"a": [{{"b": {{"c": [{{"d": {TEXT}}}]}}}}]}}', {"wrapper"}),
        (json.dumps(TEXT), {"double-encoded"}),
        (json.dumps(json.dumps(PRETTY)), {"double-encoded"}),
        (json.dumps(PRETTY)[1:-1], {"double-encoded"}),
        (json.dumps({"prompt": TEXT, "seed": 1}), {"double-encoded", "wrapper"}),
        (
            json.dumps([{"content": f"Voilà:\n```json\n{PRETTY}\n```\nBye"}], ensure_ascii=False),
            {"double-encoded", "code-fence", "surrounding-text", "wrapper"},
        ),
        (PRETTY.replace("\n", "\\n"), {"odd-whitespace"}),
        (PRETTY.replace("  ", "\u00a0\u00a0"), {"odd-whitespace"}),
        (PRETTY.replace('"', "“"), {"smart-quotes"}),
        (TEXT.replace(", ", "，").replace(": ", "："), {"smart-quotes"}),
        (PRETTY.replace('"elements": []', '"elements": [], // none yet'), {"comment"}),
        (TEXT[:-1], {"invalid-json"}),
        (TEXT[:-3], {"invalid-json"}),
        (TEXT[:-2] + ",", {"invalid-json", "trailing-comma"}),
    ],
)
def test_one_caption(text: str, slugs: set[str]) -> None:
    document = read(text)
    if "comment" not in slugs:
        assert _slugs(document) - {"trailing-comma"} == slugs - {"trailing-comma"}
    assert slugs <= _slugs(document)
    assert _captions(document) == [CAPTION]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'it\\'s'", "it's"),
        ("'the dogs' bowl'", "the dogs' bowl"),
        ("'say \"hi\"'", 'say "hi"'),
        ("`tick`", "tick"),
        ("„unten“", "unten"),
        ("‘single’", "single"),
        ('"a "b" c"', 'a "b" c'),
        ('"a “b”, c \\u0021"', "a “b”, c !"),
        ('"two\nlines"', "two\nlines"),
        ('"\\x41\\u{1F600}\\U0001F600"', "A😀😀"),
        ('"a\\_b"', "a_b"),
        ('"C:\\dir"', "C:\\dir"),
        ('"go \\\non"', "go on"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\\\u00e9"', "\\u00e9"),
        ('"\\\\ud83d\\\\ude00"', "\\ud83d\\ude00"),
        ('"a\\\tb"', "a\tb"),
        ("(1, 2)", [1, 2]),
        ("('a', 'b')", ["a", "b"]),
        ("None", None),
        ("undefined", None),
        ("True", True),
        ("+.5", 0.5),
        ("-01.e2", -100.0),
    ],
)
def test_values_in_other_writings(literal: str, value: Any) -> None:
    for text in (f'{{"a": {literal}}}', f'{{"a": {literal} , "b": 1}}', f"[{literal}\n]"):
        document = read(text)
        found = plain(document.captions[0])
        assert (found["a"] if isinstance(found, dict) else found[0]) == value


def test_a_comma_behind_a_quote_that_is_drawn_does_not_end_the_string() -> None:
    text = '{"desc": "signs "A", "B" and "C", in red", "text": "A"}'
    assert _captions(read(text)) == [{"desc": 'signs "A", "B" and "C", in red', "text": "A"}]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "x”, "b": "y"}',
        '{"a”: "x", "b": "y"}',
        '{"a": "x"\n"b": "y"}',
        '{"a": "x" "b": "y"}',
        '{"a": "x", // "z"\n"b": "y"}',
        '{"a": "x"\\n, "b": "y"\u00a0}',
    ],
)
def test_a_string_ends_where_the_next_key_begins(text: str) -> None:
    assert _captions(read(text)) == [{"a": "x", "b": "y"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": ...}', "'...' stands where the rest of the caption should be"),
        ('{"a": "b', "the string that opens here is never closed"),
        ('{"a": "b\n  "c": "d"\n}', "the string that opens here is never closed"),
        ('{"a" "b"}', "expected ':' after the key \"a\""),
        ('{"a" = 1}', "expected ',' or ':' behind a string, found '='"),
        ('{"a": }', "expected a value, found '}'"),
        ('{"a": [1}', "'}' closes the array where ']' is expected"),
        ('{"a": red}', "'red' has no quotes"),
        ('{"a": 0x1F}', "expected a value, found '0'"),
        ("{\x00}", "found U+0000"),
        ('{"a":', "found the end of the file"),
        ('{"a": 1, ...}', "'...' stands where the rest of the caption should be"),
        ('{"a": "' + 'b"c' * 101 + '"}', "the string that opens here is never closed"),
        ('{\\"a\\": \\"b', "every quote is escaped"),
    ],
)
def test_where_it_gets_lost_it_says_why(text: str, words: str) -> None:
    document = read(text)
    assert document.captions == ()
    assert any(words in flaw.message for flaw in document.flaws if flaw.slug == "invalid-json")


@pytest.mark.parametrize(
    "text",
    ["A door.", "“A door”, she said", '"Door" in blue', "don't", "a: b, c: d", "<b>door</b>"],
)
def test_a_sentence_is_plain_text(text: str) -> None:
    document = read(text)
    assert _slugs(document) == {"plain-text"}
    assert document.captions == ()


@pytest.mark.parametrize(
    "words",
    [
        "high_level_description is a key",
        "Use {high_level_description: x} for it",
        '{"elements": 1}',
    ],
)
def test_a_string_that_speaks_of_captions_is_no_caption(words: str) -> None:
    value = {"note": words}
    document = read(json.dumps(value))
    assert _captions(document) == [value]
    assert document.flaws == ()


def test_half_a_character_in_an_encoded_caption_stays_an_escape() -> None:
    text = json.dumps(json.dumps({"high_level_description": "\ud83d"}, ensure_ascii=False))
    (flaw,) = (flaw for flaw in read(text).flaws if flaw.slug == "double-encoded")
    (edit,) = flaw.edits
    assert edit.replacement == '{"high_level_description": "\\ud83d"}'


def test_lines_of_captions_are_several() -> None:
    document = read(f"{TEXT}\n{TEXT}\n")
    assert _slugs(document) == {"several-captions"}
    assert _captions(document) == [CAPTION, CAPTION]


def test_of_a_whole_data_set_a_hundred_captions_are_looked_at() -> None:
    document = read('{"high_level_description":"A door"}\n' * 500)
    assert len(document.captions) == 100
    assert "500 captions" in document.flaws[0].message


def test_the_closing_brackets_that_are_missing_go_to_the_end() -> None:
    text = PRETTY[: PRETTY.rindex("]")] + "\n"
    flaw = read(text).flaws[0]
    assert not flaw.safe
    assert plain(read(apply_edits(text, flaw.edits)).roots[0]) == CAPTION


@pytest.mark.parametrize("behind", [' [60, 400, 260, 600], "desc": "x"', ' "x"', "{}", " 5"])
def test_a_missing_colon_is_named_and_swallows_no_value(behind: str) -> None:
    text = '{"bbox"' + behind + "}"
    (flaw,) = read(text).flaws
    assert flaw.slug == "invalid-json"
    assert "expected ':' after the key \"bbox\"" in flaw.message
    assert flaw.start == 7 + (behind[0] == " ")
    assert not flaw.edits


def test_flaws_of_a_kind_past_the_fiftieth_are_one_that_mends_them_all() -> None:
    text = "[" + "None, " * 400 + "1]"
    flaws = read(text).flaws
    assert len(flaws) == 51
    assert flaws[-1].message.startswith("350 more like this one")
    mended = apply_edits(text, [edit for flaw in flaws for edit in flaw.edits])
    assert json.loads(mended) == [None] * 400 + [1]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_read_and_named(encoding: str) -> None:
    document = read(TEXT.encode(encoding))
    assert _slugs(document) == {"not-utf8"}
    assert _captions(document) == [CAPTION]
    assert encoding.upper()[:6] in document.flaws[0].message
