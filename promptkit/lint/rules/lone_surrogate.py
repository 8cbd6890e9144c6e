r"""A ``\u`` escape is half of a character.

Characters beyond U+FFFF are two escapes that belong together; one alone is no character, cannot be
written as UTF-8, and stops the tokenizer. It comes from cutting a string at a fixed length.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs \ud83d."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C125", "lone-surrogate", Severity.ERROR, __doc__, flaw=True)
