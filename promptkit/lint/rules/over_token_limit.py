"""The caption takes more than the 2048 tokens that the model reads.

The official engine refuses it, but only after it has loaded the whole model. What counts is the
canonical string inside the chat template (official ``pipeline_ideogram4.py``, ``max_text_tokens``),
so spaces and line breaks of the file cost nothing. With the vocabulary (``pip install
'promptkit[tokens]'``, or a checkpoint's own tokenizer) the count is exact. Without, it is a bound
from above that says so: a caption over the limit never passes, and a long one may be reported that
is still within it.

Bad: a caption of more than about 9,000 characters; too long to be shown here

Good:

    {"high_level_description": "A photograph of a ladder.", "compositional_deconstruction": {"background": "a white wall over a grey floor", "elements": [{"type": "obj", "desc": "a wooden ladder with five rungs, leaning against the wall"}]}}

Rate: 2 of 150 collected captions, exactly counted; without the vocabulary 12.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.lint.budget import caption_tokens
from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView
from promptkit.tokens import INSTALL, LIMIT, is_exact


def _check(caption: CaptionView, options: Options) -> Iterator[Problem]:
    taken = caption_tokens(caption, options)
    if taken.at_most <= LIMIT:
        return
    if taken.at_least > LIMIT:
        least = "" if taken.exact else "at least "
        message = (
            f"the caption takes {least}{taken.at_least:,} tokens, {taken.at_least - LIMIT:,} more "
            f"than the {LIMIT:,} that the model reads; shorten it where 'promptkit tokens' shows "
            f"most"
        )
    else:
        message = (
            f"the caption may take more than the {LIMIT:,} tokens that the model reads: about "
            f"{taken.tokens:,}, at most {taken.at_most:,}; {_mend(options)}"
        )
    yield Problem(caption.node, message)


def _mend(options: Options) -> str:
    if is_exact(options.tokenizer):
        return "it is too long to be counted; cut it down"
    return f"{INSTALL} counts them exactly"


RULE = Rule("C701", "over-token-limit", Severity.ERROR, __doc__, caption=_check, scope=Scope.LENGTH)
