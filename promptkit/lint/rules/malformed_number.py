"""A number is written in a way that JSON does not have.

A plus sign, a leading zero and a bare decimal point are fine in programs; a JSON parser stops
there.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [+100, 0400, 950., 600], "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes the same number as JSON has it; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C118", "malformed-number", Severity.ERROR, __doc__, flaw=True)
