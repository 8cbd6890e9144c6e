r"""A string spells a ``\u`` escape out, so that a backslash and a code are drawn.

``\\u00e9`` in JSON is a backslash and five more characters, no é. It comes from escaping twice, and
the official verifier warns of it too.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall of a caf\\u00e9.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall of a café.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes the character; unsafe, since the code may be meant to be drawn.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C124", "literal-escape", Severity.WARNING, __doc__, flaw=True)
