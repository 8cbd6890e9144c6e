"""The file holds a plain sentence instead of a caption.

The model draws from plain text too, but it was trained on captions: it follows the text less
closely, and its safety filter answers more often with a grey picture. The official pipeline refuses
plain text by default.

Bad:

    A wooden ladder leans on a white wall.

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: cannot be measured on captions.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C102", "plain-text", Severity.WARNING, __doc__, flaw=True)
