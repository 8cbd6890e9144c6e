"""``None``, ``True``, ``undefined`` or a tuple stands where JSON has another word.

It comes from printing a Python or JavaScript value instead of encoding it.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": (100, 400, 950, 600), "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes ``null``, ``true``, ``false`` or brackets; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C116", "python-literal", Severity.ERROR, __doc__, flaw=True)
