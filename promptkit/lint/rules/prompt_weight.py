"""A description holds prompt syntax of another tool: a weight, a LoRA tag, a command-line flag.

``(red:1.3)``, ``<lora:name:0.8>``, ``::2`` and ``--ar 16:9`` mean something to other generators.
This model reads them as text and may draw them. Say "deep red" instead, and keep sizes and the like
out of the caption.

Bad:

    {"high_level_description": "A rose, (dew drops:1.4) --ar 3:2", "compositional_deconstruction": {"background": "A garden.", "elements": [{"type": "obj", "desc": "A (deep red:1.2) rose."}]}}

Good:

    {"high_level_description": "A rose covered in dew drops.", "compositional_deconstruction": {"background": "A garden.", "elements": [{"type": "obj", "desc": "A deep red rose."}]}}

Fix: keeps the words of a weight and removes the rest; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from promptkit.document import Edit
from promptkit.document.edit import json_string
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator
from promptkit.lint.view import CaptionView
from promptkit.lint.words import unquoted


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for _key, node, prose in caption.prose():
        if ":" not in prose and "--" not in prose:
            continue
        locate_part = Locator(caption.document, node)
        for match in _syntax().finditer(unquoted(prose)):
            span = locate_part(*match.span())
            words = prose[slice(*match.span("words"))] if match["words"] else ""
            edit = Edit(*span, json_string(words)[1:-1])
            fix = Fix("Write the words alone", (edit,), Safety.UNSAFE)
            syntax = prose[slice(*match.span())].strip()
            message = f"{syntax} is another tool's syntax; say it in words"
            yield Problem(span, message, fix, node)


@cache
def _syntax() -> re.Pattern[str]:
    # A weight has a decimal point or follows a word: "(Mark 2:1)" and "(16:9)" are no weights.
    return re.compile(
        r"[(\[](?P<words>[^()\[\]:\n]{0,200}[^\W\d]):[0-2]?\.\d{1,2}[)\]]"
        r"|\s?<(?:lora|lyco|hypernet):[^<>\n]{1,100}>"
        r"|(?<=\w)::-?\d(?:\.\d+)?(?!\S)"
        r"|\s?(?<!\S)--(?:ar|v|no|seed|stylize|chaos|style|niji|iw|q|s)\b(?:\s[\w:.]+)?"
    )


RULE = Rule("C610", "prompt-weight", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
