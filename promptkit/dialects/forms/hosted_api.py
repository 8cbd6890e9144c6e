"""The hosted API's ``json_prompt``: ``tags`` beside the caption, keys in another order.

Tags are kept by the service for round trips and never drawn.
"""

from __future__ import annotations

from promptkit.dialects.dialect import Dialect
from promptkit.dialects.draft import Draft


def _detect(draft: Draft) -> bool:
    return "tags" in draft.root


def _apply(draft: Draft) -> None:
    draft.root.pop("tags", None)
    draft.note("dropped tags, which the sampler never sees")


DIALECT = Dialect("hosted-api", __doc__, _detect, _apply)
