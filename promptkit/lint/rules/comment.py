"""A comment stands in the JSON.

JSON has no comments. A note about a picture is best kept in another file, or in the name of this
one.

Bad:

    {
      // for the shop window
      "high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: removes the comment; unsafe, since its words are lost.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C110", "comment", Severity.ERROR, __doc__, flaw=True)
