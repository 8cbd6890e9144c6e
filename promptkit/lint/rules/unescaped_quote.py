"""A double quote inside a string is not escaped, so that the string seems to end there.

Language models do it when they quote a sign inside a description. The reader takes a quote for the
end of a string only where a comma, a colon or a bracket follows.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A ladder marked "wet paint" with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: escapes the quotes; unsafe, since where a string ends is a guess.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C121", "unescaped-quote", Severity.ERROR, __doc__, flaw=True)
