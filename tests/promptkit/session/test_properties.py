"""Whatever is done: the text is whole or its findings say why not, and undo leads back exactly."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from promptkit.document import read
from promptkit.keys import ROOT_KEYS
from promptkit.session import Session, new_session
from promptkit.session.outline import rows, tokens_of
from tests.promptkit.session.operations import random_operation

SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*.json"))
STARTS = [
    "",
    "{}",
    '{"compositional_deconstruction":{"background":"a wall","elements":[]}}',
    *(path.read_text(encoding="utf-8") for path in SAMPLES[:4]),
]
# ruff: noqa: S311 - random operations, no secrets


def _session(rng: random.Random) -> Session:
    clock = iter(x * rng.choice([0.1, 5.0]) for x in range(10**6))
    session = new_session(rng.choice(STARTS))
    session.clock = lambda: next(clock)
    return session


@pytest.mark.parametrize("seed", range(25))
def test_undo_leads_back_exactly_and_redo_ahead_again(seed: int) -> None:
    rng = random.Random(seed)
    session = _session(rng)
    start = session.text
    for _ in range(40):
        random_operation(rng, session)
    end, steps = session.text, len(session.history.past)
    while session.undo():
        pass
    assert session.text == start or not session.history.past
    assert session.text == start
    for _ in range(steps):
        assert session.redo()
    assert session.text == end


@pytest.mark.parametrize("seed", range(25, 45))
def test_the_text_is_whole_or_its_findings_say_why_not(seed: int) -> None:
    rng = random.Random(seed)
    session = _session(rng)
    for _ in range(30):
        random_operation(rng, session)
        findings = session.check()
        document = read(session.text)
        assert document.captions or findings or not session.text
        assert all(0 <= each < session.count for each in session.marks.elements)
        assert all(0 <= each < session.count for each in session.marks.locked)
        assert len(rows(session)) == 3 + session.count
        assert session.broken is (session.current is not session.shown)


@pytest.mark.parametrize("path", SAMPLES[:5], ids=lambda path: path.stem)
def test_the_parts_tokens_never_exceed_the_whole(path: Path) -> None:
    tokens = tokens_of(path.read_text(encoding="utf-8"))
    assert tokens is not None
    assert 0 < sum(tokens.parts.get(f"/{name}", 0) for name in ROOT_KEYS) < tokens.total
    assert tokens.parts["/compositional_deconstruction/elements/0"] > 10


@pytest.mark.parametrize("seed", range(45, 70))
def test_the_form_and_the_canvas_never_write_anything_but_json(seed: int) -> None:
    rng = random.Random(seed)
    session = _session(rng)
    if not session.text:
        return
    for _ in range(40):
        random_operation(rng, session, structured=True)
        json.loads(session.text)
        assert not session.current.document.flaws
