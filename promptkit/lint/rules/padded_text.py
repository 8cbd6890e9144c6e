"""A text begins or ends with spaces or line breaks.

``text`` is drawn as it stands, so the padding shifts the lettering in its box and makes other
tokens of its first and last word.

Bad:

    {"high_level_description": "A café door.", "compositional_deconstruction": {"background": "A blue wall.", "elements": [{"type": "text", "text": " OPEN ", "desc": "White capitals."}]}}

Good:

    {"high_level_description": "A café door.", "compositional_deconstruction": {"background": "A blue wall.", "elements": [{"type": "text", "text": "OPEN", "desc": "White capitals."}]}}

Fix: removes the padding; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import inside
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        node, text = element.get("text"), element.text
        if node is None or text is None or text == text.strip() or text.isspace():
            continue
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        spans = [inside(caption.document, node, *part) for part in ((0, start), (end, len(text)))]
        edits = tuple(Edit(first, last, "") for first, last in spans if first < last)
        message = "the text has spaces or line breaks around it, which are drawn too; remove them"
        yield Problem(node, message, Fix("Remove the padding", edits, Safety.UNSAFE))


RULE = Rule("C404", "padded-text", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
