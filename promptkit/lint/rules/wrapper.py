"""The caption stands inside another object or a list.

Web services and editors wrap captions: ``{"json_prompt": {...}}``. The model knows the caption
alone. The caption inside is checked all the same. A job file of promptkit (``caption`` beside
render parameters) is no wrapper.

Bad:

    {"json_prompt": {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}, "seed": 7}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: keeps the caption; unsafe where something stands beside it.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C128", "wrapper", Severity.ERROR, __doc__, flaw=True)
