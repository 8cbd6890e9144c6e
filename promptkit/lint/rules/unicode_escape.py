r"""Characters are written as ``\u`` escapes.

The model was trained on the characters themselves. An escape is another string to it and takes
several times the tokens: 3.8 times for a caption in Chinese, measured with the encoder's
vocabulary. It comes from ``json.dumps`` without ``ensure_ascii=False``, and the official verifier
warns of it too.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall of a caf\u00e9.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall of a café.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: writes the characters; safe.

Rate: 1 of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C123", "unicode-escape", Severity.WARNING, __doc__, flaw=True)
