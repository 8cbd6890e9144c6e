"""The caption stands in a Markdown code fence.

Language models put their answers into fences. The marks are no part of the JSON, and the generator
would read them as part of the prompt.

Bad:

    ```json
    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}
    ```

Good:

    {"high_level_description": "A ladder leans on a white wall.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "obj", "desc": "A wooden ladder with six rungs."}]}}

Fix: removes the fence; safe.

Rate: 1 of 201 collected files.
"""

from __future__ import annotations

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Rule

RULE = Rule("C108", "code-fence", Severity.ERROR, __doc__, flaw=True)
