"""The file begins with a byte-order mark.

Editors on Windows write one. JSON has none (RFC 8259, section 8.1), and the official verifier says
no more than that the JSON is invalid.

Bad: an invisible character in front of the first bracket, which the fixtures show.

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: removes the mark; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C107", "byte-order-mark", Severity.ERROR, __doc__, flaw=True)
