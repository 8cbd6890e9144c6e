"""Everything a person can do to a session, drawn at random."""

# ruff: noqa: ARG005 - every operation has the same parameters

from __future__ import annotations

import random
from collections.abc import Callable

from promptkit.geometry import BBox, Size
from promptkit.session import (
    Align,
    Axis,
    NotEditableError,
    Part,
    Session,
    Shift,
    add_element,
    duplicate,
    remove_elements,
    reorder,
    set_field,
)
from promptkit.session import boxes as box_operations
from promptkit.session.elements import toggle_group, toggle_lock
from promptkit.session.fields import switch_branch
from promptkit.session.mends import apply_fix, apply_safe_fixes
from promptkit.session.pasting import paste_caption

WORDS = [
    "",
    "a red kite",
    'quote " and \\ slash',
    "two\nlines",
    "東京 タワー",
    "שלום",
    "\t tab",
    "é",
]
SIZES = [Size(1024, 1024), Size(1536, 640), Size(640, 1536)]
PASTES = [
    '{"compositional_deconstruction":{"background":"a wall","elements":[]}}',
    "just words",
    """```json
{"high_level_description": "x", "compositional_deconstruction": {"background": "b",
"elements": [{"type": "obj", "desc": "a cup", "bbox": [1, 2, 300, 400],}]}}
```""",
    "{ broken",
]


def random_operation(rng: random.Random, session: Session, *, structured: bool = False) -> None:
    """Do one thing; what the session refuses is passed over.

    ``structured`` leaves out what writes text of its own.
    """
    try:
        rng.choice(_STRUCTURED if structured else [*_STRUCTURED, *_FREE])(rng, session)
    except NotEditableError:
        return


def _type(rng: random.Random, session: Session) -> None:
    start = rng.randint(0, len(session.text))
    end = min(start + rng.choice([0, 0, 1, 5]), len(session.text))
    typed = rng.choice(["x", '"', "{", "}", ",", "\n", "é", "", "[1, 2]"])
    session.replace_text(session.text[:start] + typed + session.text[end:], "type", tag="type")


def _field(rng: random.Random, session: Session) -> None:
    part, key = rng.choice(
        [
            (Part.SUMMARY, "high_level_description"),
            (Part.STYLE, "aesthetics"),
            (Part.STYLE, "medium"),
            (Part.BACKGROUND, "background"),
            (Part.ELEMENT, "desc"),
            (Part.ELEMENT, "text"),
        ]
    )
    element = rng.randrange(session.count) if session.count else None
    set_field(session, part, key, rng.choice([*WORDS, None]), element)


def _palette(rng: random.Random, session: Session) -> None:
    element = rng.randrange(session.count) if session.count else None
    colors = [f"#{rng.randrange(1 << 24):06X}" for _ in range(rng.randrange(4))]
    set_field(session, Part.ELEMENT, "color_palette", colors, element)


def _box(rng: random.Random, session: Session) -> None:
    y, x = sorted(rng.sample(range(1001), 2)), sorted(rng.sample(range(1001), 2))
    places = {place: BBox(y[0], x[0], y[1], x[1]) for place in session.marks.elements}
    box_operations.set_boxes(session, places, "draw")


def _select(rng: random.Random, session: Session) -> None:
    if session.count:
        session.select(*rng.sample(range(session.count), rng.randint(1, min(3, session.count))))


_STRUCTURED: list[Callable[[random.Random, Session], object]] = [
    _field,
    _field,
    _palette,
    _box,
    _select,
    _select,
    lambda rng, s: add_element(s, rng.choice(["obj", "text"])),
    lambda rng, s: add_element(s, "obj", None),
    lambda rng, s: remove_elements(s),
    lambda rng, s: duplicate(s),
    lambda rng, s: reorder(s, rng.choice(list(Shift))),
    lambda rng, s: toggle_lock(s),
    lambda rng, s: toggle_group(s),
    lambda rng, s: box_operations.nudge(s, rng.randint(-200, 200), rng.randint(-200, 200)),
    lambda rng, s: box_operations.grow(s, rng.randint(-200, 200), rng.randint(-200, 200)),
    lambda rng, s: box_operations.snap(s, 25),
    lambda rng, s: box_operations.align(s, rng.choice(list(Align))),
    lambda rng, s: box_operations.distribute(s, rng.choice(list(Axis))),
    lambda rng, s: box_operations.clear_box(s),
    lambda rng, s: box_operations.set_size(s, rng.choice(SIZES), refit=rng.random() < 0.5),
    lambda rng, s: switch_branch(s),
    lambda rng, s: s.undo(),
    lambda rng, s: s.redo(),
]
_FREE: list[Callable[[random.Random, Session], object]] = [
    _type,
    lambda rng, s: paste_caption(s, rng.choice(PASTES)),
    lambda rng, s: apply_safe_fixes(s),
    lambda rng, s: s.check() and apply_fix(s, rng.choice(s.check())),
]
