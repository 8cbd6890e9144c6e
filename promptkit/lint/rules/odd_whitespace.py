r"""A space between two values is none that JSON knows.

No-break and zero-width spaces come from web pages and chat windows and cannot be seen; ``\n``
between values comes from a string that was printed with its escapes. Every parser stops there.

Bad:

    {\n "high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes a plain space; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C122", "odd-whitespace", Severity.ERROR, __doc__, flaw=True)
