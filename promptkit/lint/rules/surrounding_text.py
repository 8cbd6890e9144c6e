"""Words or stray brackets stand around the caption.

Language models greet, think aloud and explain. A caption file holds the JSON alone; every parser
stops at the first word.

Bad:

    Here is your caption:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: removes what stands around the caption; unsafe where it is words.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C109", "surrounding-text", Severity.ERROR, __doc__, flaw=True)
