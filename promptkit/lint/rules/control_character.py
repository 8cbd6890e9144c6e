r"""A line break, a tab or another control character stands raw in a string.

JSON strings stay on one line and write these as escapes; a parser stops there. A text element
breaks its lines with ``\n``.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six
    rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes the escape; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C119", "control-character", Severity.ERROR, __doc__, flaw=True)
