"""The file is not JSON at the place named, and nothing can be forgiven there.

The model is trained on JSON captions alone, and every tool behind this one stops at the same place.
What stands after it is not checked.

Bad:

    {"compositional_deconstruction": {"background": "a wall" "elements" []}}

Good:

    {"compositional_deconstruction": {"background": "a wall", "elements": [{"type": "obj", "desc": "a ladder"}]}}

Rate: 18 of 202 collected files, nearly all of them sketches of the schema with ``...`` in them.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C101", "invalid-json", Severity.ERROR, __doc__, flaw=True)
