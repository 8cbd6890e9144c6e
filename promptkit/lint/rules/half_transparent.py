"""Only one of background and high-level description says that the background is transparent.

For a cut-out the model was trained on captions that say so in both places: ``background`` is
exactly ``transparent background``, and the high-level description has the words ``on a transparent
background`` (official magic prompt, ``v1.txt``).

Bad:

    {"high_level_description": "A sticker of a smiling avocado.", "compositional_deconstruction": {"background": "transparent background", "elements": [{"type": "obj", "desc": "A smiling avocado with a white outline."}]}}

Good:

    {"high_level_description": "A sticker of a smiling avocado on a transparent background.", "compositional_deconstruction": {"background": "transparent background", "elements": [{"type": "obj", "desc": "A smiling avocado with a white outline."}]}}

Rate: none of 150 collected captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptkit.lint.finding import Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView

_BACKGROUND: Final = "transparent background"
_SUMMARY: Final = "on a transparent background"


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    summary, background = caption.summary, caption.background
    summary_node = caption.node.get("high_level_description")
    node = caption.composition.get("background") if caption.composition else None
    if summary is None or background is None or summary_node is None or node is None:
        return
    in_summary = " ".join(summary.lower().split())
    if background.strip().lower() == _BACKGROUND and _SUMMARY not in in_summary:
        message = f"the background is transparent, so write '{_SUMMARY}' here too"
        yield Problem(summary_node, message)
    if _SUMMARY in in_summary and "transparent" not in background.lower():
        message = f"the high-level description says '{_SUMMARY}'; write '{_BACKGROUND}' here"
        yield Problem(node, message)


RULE = Rule("C612", "half-transparent", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
