"""A string stands in typographic quotes, or a full-width comma or colon parts two values.

Word processors, chat windows and Chinese or Japanese keyboards write them. They are fine inside a
string; around it they are no JSON.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": “A white wall.”, "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes the plain character; unsafe where only the closing quote is typographic.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C114", "smart-quotes", Severity.ERROR, __doc__, flaw=True)
