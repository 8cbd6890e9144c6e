"""The file is not JSON at the place named, and nothing can be forgiven there.

The model is trained on JSON captions alone, and every tool behind this one stops at the same place.
What stands after it is not checked.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall." [ "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: where nothing is missing but the closing brackets at the end, adds them; unsafe, since more may
be missing.

Rate: 18 of 201 collected files, nearly all of them sketches of the schema with ``...`` in them.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C101", "invalid-json", Severity.ERROR, __doc__, flaw=True)
