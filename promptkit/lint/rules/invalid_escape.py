r"""A backslash stands before a character that it does not escape.

JSON has ``\" \\ \/ \b \f \n \r \t`` and ``\u`` with four digits. Others come from Markdown, from
Windows paths, and from strings of Python or JavaScript.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six\_rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes what the escape stands for; unsafe where that is a guess.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C120", "invalid-escape", Severity.ERROR, __doc__, flaw=True)
