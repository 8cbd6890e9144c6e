"""A key has no quotes.

JavaScript allows it, JSON does not.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {background: "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: puts the key in quotes; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C115", "unquoted-key", Severity.ERROR, __doc__, flaw=True)
