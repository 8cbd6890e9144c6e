"""The composition has a ``canvas`` or ``layout`` key.

A dialect in circulation describes the frame in words under these two; the schema has neither, and
captions with them are reported to trip the model's safety filter. What they say fits into the
background, or into the boxes of the elements.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall.", "layout": "The ladder stands left of the middle.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall. The ladder stands left of the middle.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: appends the words to the background and drops the key; unsafe.

Rate: 22 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Document, Edit, Node
from promptkit.document.edit import json_string
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.foreign import Foreign, Sort, foreign
from promptkit.lint.mending import remove_member
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    backgrounds = {id(block.node): block.members.get("background") for block in caption.blocks}
    for each in foreign(caption, Sort.CANVAS):
        name = each.member.name
        message = f'"{name}" is no key of the schema; say it in "background" or with boxes'
        background = backgrounds[id(each.owner)]
        fix = _fix(caption.document, each, background.value) if background else None
        yield Problem(each.span, message, fix, each.member.value)


def _fix(document: Document, each: Foreign, background: Node) -> Fix | None:
    words = each.member.value.string()
    before = background.string()
    if words is None or before is None:
        return None
    if document.text[background.end - 1 : background.end] != '"':
        # Single or smart quotes would have to be mended first.
        return None
    stop = "" if before.rstrip().endswith((".", "!", "?")) or not before.strip() else "."
    addition = json_string(f"{stop} {words.strip()}" if before.strip() else words.strip())[1:-1]
    end = background.end - 1
    edits = (Edit(end, end, addition), remove_member(each.owner, each.ordinal))
    return Fix("Append it to the background", edits, Safety.UNSAFE)


RULE = Rule("C212", "canvas-key", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
