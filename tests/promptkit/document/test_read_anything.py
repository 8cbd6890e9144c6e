"""Nothing makes the reader raise, and what it offers to mend, mends."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptkit.document import Document, Edit, Flaw, apply_edits, plain, read
from tests.promptkit.document import strategies

PASSES = 12


def _check(document: Document) -> None:
    size = len(document.text)
    for flaw in document.flaws:
        assert 0 <= flaw.start <= flaw.end <= size
        assert flaw.message
        assert flaw.fix_title or not flaw.edits
        apply_edits(document.text, flaw.edits)
    for root in document.roots:
        for node in root.walk():
            assert 0 <= node.start <= node.end <= size


@given(st.text())
def test_any_text(text: str) -> None:
    _check(read(text))


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    _check(read(data))


@given(strategies.broken_texts())
@settings(max_examples=400)
@example('"')
@example('{"a": "')
@example("('a', 'b'")
@example('{"a":1,"a":{"b":1,"b":2},"a":3}')
@example('```\n```\n{"a": 1}')
def test_broken_captions(text: str) -> None:
    _check(read(text))


@given(strategies.broken_texts())
@settings(max_examples=400)
@example("{'a': 'x \"y\" \\' z', b: None, \"c\": (1, 2,),}")
@example('{\\n "a": 1}')
@example('["\\x41", "\\u{1F600}\\\n"]')
def test_safe_mends_keep_the_values_and_leave_nothing_safe_to_mend(text: str) -> None:
    before = read(text)
    mended = _mend(text)
    after = read(mended)
    assert not _safe(after)
    assert _values(before) == _values(after)
    assert _mend(mended) == mended


def _mend(text: str) -> str:
    for _ in range(PASSES):
        flaws = _safe(read(text))
        if not flaws:
            break
        end = -1
        edits: list[Edit] = []
        for flaw in flaws:
            if flaw.edits[0].start > end:
                edits += flaw.edits
                end = max(edit.end for edit in flaw.edits)
        text = apply_edits(text, edits)
    return text


def _safe(document: Document) -> list[Flaw]:
    return sorted(
        (flaw for flaw in document.flaws if flaw.edits and flaw.safe), key=lambda flaw: flaw.edits
    )


def _values(document: Document) -> list[str]:
    return [json.dumps(plain(caption)) for caption in document.captions]
