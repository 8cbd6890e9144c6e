"""The file holds a JSON value that is no caption.

A caption is an object with ``compositional_deconstruction`` in it; a list, a string or a number
cannot be read as one by anything behind this tool.

Bad:

    ["A ladder leans on a brick wall."]

Good:

    {"high_level_description": "A ladder leans on a brick wall.", "compositional_deconstruction": {"background": "A brick wall in flat daylight.", "elements": [{"type": "obj", "desc": "A wooden ladder."}]}}

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Kind
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.schema import kind_name
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    node = caption.node
    if node.kind is not Kind.OBJECT:
        message = f"a caption is an object, this is {kind_name(node.kind)}; write {{…}}"
        yield Problem((node.start, node.start + 1), message, None, node)


RULE = Rule("C221", "root-not-object", Severity.ERROR, __doc__, caption=_check, scope=Scope.PART)
