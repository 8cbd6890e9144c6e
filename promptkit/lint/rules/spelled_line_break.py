r"""A line break of a text is spelled out, so that a backslash and an n, or a tag, are drawn.

In JSON ``\n`` is a line break. ``\\n`` is a backslash and the letter n: it comes from escaping
twice, as language models and shell scripts do. ``<br>`` is HTML, which the model does not read.

Bad:

    {"high_level_description": "A book cover.", "compositional_deconstruction": {"background": "Green cloth.", "elements": [{"type": "text", "text": "THE LONG\\nWAY HOME", "desc": "Gold capitals."}]}}

Good:

    {"high_level_description": "A book cover.", "compositional_deconstruction": {"background": "Green cloth.", "elements": [{"type": "text", "text": "THE LONG\nWAY HOME", "desc": "Gold capitals."}]}}

Fix: writes ``\n``; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for element in caption.texts:
        node, text = element.get("text"), element.text or ""
        if node is None or not ("\\" in text or "<" in text) or _is_code(text):
            continue
        span = Locator(caption.document, node)
        spans = [span(*found.span()) for found in _spelled().finditer(text)]
        if spans:
            edits = tuple(Edit(start, end, "\\n") for start, end in spans)
            message = "a line break is spelled out and would be drawn as letters; write \\n"
            yield Problem(spans[0], message, Fix("Write \\n", edits, Safety.UNSAFE), node)


def _is_code(text: str) -> bool:
    r"""Whether a backslash belongs there, as in ``C:\new`` or ``print("a\n")``."""
    return re.search(r"""\\[^n]|\\\Z|\w:\\|["'(]""", text) is not None


@cache
def _spelled() -> re.Pattern[str]:
    return re.compile(r"\\n|<br\s?/?>", re.IGNORECASE)


RULE = Rule(
    "C407", "spelled-line-break", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART
)
