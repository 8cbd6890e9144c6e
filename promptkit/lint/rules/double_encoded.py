r"""The caption stands encoded inside a JSON string.

It was turned into JSON twice, or it is what a web service answered. The generator would read the
backslashes as part of the prompt.

Bad:

    "{\"high_level_description\": \"A ladder leans on a white wall.\", \"compositional_deconstruction\": {\"background\": \"A white wall.\", \"elements\": [{\"type\": \"obj\", \"desc\": \"A wooden ladder with six rungs.\"}]}}"

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: decodes it; safe.

Rate: none of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C127", "double-encoded", Severity.ERROR, __doc__, flaw=True)
