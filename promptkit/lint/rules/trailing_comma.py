"""A comma stands where nothing follows it.

Python and JavaScript allow a comma behind the last member, JSON does not, and every parser behind
this one stops there.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."},]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: removes the comma; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C111", "trailing-comma", Severity.ERROR, __doc__, flaw=True)
