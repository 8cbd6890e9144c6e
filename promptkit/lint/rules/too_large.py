"""The file is many times larger than a caption can be.

The model reads 2048 tokens, about eight thousand characters. A file of more than 65,536 bytes is a
data set, a picture or a log; it is not read at all, so that the linter always answers at once.

Bad: a file of 150 kB.

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C105", "too-large", Severity.ERROR, __doc__, flaw=True)
