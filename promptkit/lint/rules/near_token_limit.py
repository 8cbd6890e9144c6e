"""The caption takes more than nine tenths of the 2048 tokens that the model reads.

It can be drawn as it is, but a longer line of text, a translation or one more element may push it
over the limit, and there the engine refuses it. Captions in public use have about 340 tokens in the
median. The rule speaks only where tokens can be counted exactly (``pip install
'promptkit[tokens]'``).

Bad: a caption of about 8,500 characters; too long to be shown here

Good:

    {"high_level_description": "A photograph of a ladder.", "compositional_deconstruction": {"background": "a white wall over a grey floor", "elements": [{"type": "obj", "desc": "a wooden ladder with five rungs, leaning against the wall"}]}}

Rate: 0 of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.budget import NEAR, caption_tokens
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.tokens import LIMIT


def _check(caption: CaptionView, options: Options) -> Iterator[Problem]:
    taken = caption_tokens(caption, options)
    if taken.exact and NEAR < taken.tokens <= LIMIT:
        message = (
            f"the caption takes {taken.tokens:,} of the {LIMIT:,} tokens that the model reads; "
            f"shorten it where 'promptkit tokens' shows most, before it grows"
        )
        yield Problem(caption.node, message)


RULE = Rule(
    "C702", "near-token-limit", Severity.WARNING, __doc__, caption=_check, scope=Scope.LENGTH
)
