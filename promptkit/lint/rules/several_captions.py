"""The file holds more than one caption.

The generator takes one caption at a time. A list of variants belongs in a template or in several
files. All of them are checked, up to the hundredth.

Bad:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}
    {"high_level_description": "A ladder leans on a grey wall.", "compositional_deconstruction": {"background": "A grey wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C129", "several-captions", Severity.ERROR, __doc__, flaw=True)
