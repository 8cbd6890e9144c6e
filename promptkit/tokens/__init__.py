"""How many tokens a caption takes of the 2048 that the model reads.

``count`` is exact with the encoder's vocabulary (``pip install 'promptkit[tokens]'``, or a
checkpoint's own ``tokenizer.json``) and a bound without: then ``at_most`` is never too low, so that
a caption over the limit never passes for one within it.
"""

from __future__ import annotations

from promptkit.tokens.bound import lower_bound, typical, upper_bound
from promptkit.tokens.counting import LIMIT, TEMPLATE, TokenCount, Usage, count, usage
from promptkit.tokens.loading import INSTALL, find_tokenizer, is_exact, load_tokenizer
from promptkit.tokens.segments import Segment, within
from promptkit.tokens.tokenizer import Tokenizer

__all__ = [
    "INSTALL",
    "LIMIT",
    "TEMPLATE",
    "Segment",
    "TokenCount",
    "Tokenizer",
    "Usage",
    "count",
    "find_tokenizer",
    "is_exact",
    "load_tokenizer",
    "lower_bound",
    "typical",
    "upper_bound",
    "usage",
    "within",
]
