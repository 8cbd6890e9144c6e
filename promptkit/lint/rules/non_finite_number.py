"""A number is not finite, or larger than any program holds.

``NaN`` and ``Infinity`` are no JSON, though Python reads and writes them; other parsers stop there.
They come from a division by zero in whatever computed a box.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "bbox": [100, NaN, 950, 600], "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C117", "non-finite-number", Severity.ERROR, __doc__, flaw=True)
