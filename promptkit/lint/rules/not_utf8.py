"""The file is not UTF-8, so some of its characters cannot be read.

JSON is UTF-8 (RFC 8259, section 8.1). What was saved as Latin-1 or UTF-16 reads as other
characters, or not at all, in every tool behind this one; in a text element the wrong characters are
drawn.

Bad: bytes, which the fixtures show.

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C104", "not-utf8", Severity.ERROR, __doc__, flaw=True)
