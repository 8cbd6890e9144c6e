"""What the rules about length ask: how many tokens a caption takes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from promptkit.lint.rule import Options
from promptkit.lint.view import CaptionView
from promptkit.tokens import LIMIT, TokenCount, count

NEAR: Final = LIMIT * 9 // 10
"""From here on a caption is near the limit."""


def caption_tokens(caption: CaptionView, options: Options) -> TokenCount:
    """The tokens of a caption: above ``NEAR`` exact where a tokenizer is there, else a bound."""
    return _count(caption.prompt, options.tokenizer)


# Two rules ask about the same caption, one after the other.
@lru_cache(maxsize=1)
def _count(prompt: str, tokenizer: Path | None) -> TokenCount:
    return count(prompt, tokenizer, enough=NEAR)
