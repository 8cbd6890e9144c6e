"""The file is empty.

An empty prompt gives a picture of nothing in particular. Most often it is what a failed export or a
full disk left behind.

Bad: a file of no bytes, or of blanks.

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C103", "empty-file", Severity.ERROR, __doc__, flaw=True)
