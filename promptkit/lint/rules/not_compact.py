"""The file is laid out with spaces and line breaks, which the model was not trained on.

Layout is good for reading, and promptkit takes it away before a caption goes to the model. Other
tools send the file as it stands: it then takes a quarter more tokens in the median, up to nine
tenths, and differs from every caption in the training set. The official guide asks for compact
JSON.

Bad:

    {"compositional_deconstruction": {"background": "a wall", "elements": []}}

Good:

    {"high_level_description":"A ladder at a wall.","compositional_deconstruction":{"background":"a wall","elements":[{"type":"obj","desc":"a wooden ladder with five rungs, leaning against the wall"}]}}

Fix: removes the spaces between the values; safe.

Rate: 136 of 150 collected captions; off unless selected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Severity
from promptkit.lint.rule import Options, Problem, Rule
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    document, node = caption.document, caption.node
    spaces = [
        match.span(1)
        for match in _strings_and_spaces().finditer(document.text, node.start, node.end)
        if match.group(1)
    ]
    # Where the reader forgave something, a space may be what ends a comment or a word.
    if spaces and not document.flaws:
        count = sum(end - start for start, end in spaces)
        edits = tuple(Edit(start, end, "") for start, end in spaces)
        message = (
            f"{count:,} spaces and line breaks stand between the values; write compact JSON where "
            f"another tool sends the file as it is"
        )
        yield Problem(node, message, Fix("Remove them", edits))


@cache
def _strings_and_spaces() -> re.Pattern[str]:
    return re.compile(r'"(?:[^"\\]|\\.)*"|([ \t\r\n]+)')


RULE = Rule("C703", "not-compact", Severity.INFO, __doc__, caption=_check, default=False)
