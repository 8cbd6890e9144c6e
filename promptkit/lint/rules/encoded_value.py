r"""A block, a list or a box is written as JSON inside a string.

Language models encode an inner part twice when they are asked for strings. For every reader it is
one long string, and the part itself is missing.

Bad:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall.", "elements": "[{\"type\": \"obj\", \"desc\": \"A wooden ladder.\"}]"}}

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Fix: writes the part as JSON itself; unsafe, because it may be wrong in itself.

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind, Node
from promptkit.lint.encoded import encoded
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.mending import replace_value
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_of
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for name, node in _parts(caption):
        inner = encoded(node)
        if inner is not None:
            message = f"{name} stands as JSON inside a string; write the JSON itself"
            fix = Fix("Decode it", (replace_value(node, inner),), Safety.UNSAFE)
            yield Problem(node, message, fix)


def _parts(caption: CaptionView) -> Iterator[tuple[str, Node]]:
    for block in caption.blocks:
        for key, member in block.members.items():
            if kind_of(key) is not Kind.STRING:
                yield f'"{key}"', member.value
    for node in caption.listed:
        yield "an element", node


RULE = Rule("C227", "encoded-value", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
