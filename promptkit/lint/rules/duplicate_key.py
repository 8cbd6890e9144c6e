"""A key stands twice in one object, and only the last one counts.

Every parser takes the last without a word, the official verifier too, so that half of what was
written is never drawn.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A red ladder.", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: removes the earlier ones; unsafe, since one of them may be the right one.

Rate: 3 of 201 collected files, all of them tests of another tool.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C126", "duplicate-key", Severity.ERROR, __doc__, flaw=True)
