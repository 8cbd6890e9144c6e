"""A string was decoded wrongly on its way here, so that "é" became "Ã©".

UTF-8 read as Windows-1252 leaves such pairs; the model would draw them as they stand. U+FFFD stands
where a character could not be decoded at all and is lost.

Bad:

    {"high_level_description": "A corner shop.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "text", "text": "CafÃ© Zoë", "desc": "Blue script."}]}}

Good:

    {"high_level_description": "A corner shop.", "compositional_deconstruction": {"background": "A white wall.", "elements": [{"type": "text", "text": "Café Zoë", "desc": "Blue script."}]}}

Fix: decodes the characters again, where none is lost; unsafe.

Rate: none of 150 collected captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from promptkit.document import Edit
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.spans import Locator, strings
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, _: Options) -> Iterator[Problem]:
    for node, value in strings(caption.node):
        if value.isascii():
            continue
        matches = list(_damage().finditer(value))
        if not matches:
            continue
        span = Locator(caption.document, node)
        spans = [span(*match.span()) for match in matches]
        meant = [_decoded(match.group()) for match in matches]
        fix, message = None, "a character could not be decoded and is lost; write it anew"
        if all(meant):
            edits = tuple(Edit(*span, to) for span, to in zip(spans, meant, strict=True))
            fix = Fix("Decode it again", edits, Safety.UNSAFE)
            message = f"'{matches[0].group()}' stands for '{meant[0]}'; write the character itself"
        yield Problem(spans[0], message, fix, node)


def _decoded(damaged: str) -> str:
    """What was meant; empty where it is lost."""
    try:
        data = b"".join(
            # The bytes that Windows-1252 leaves undefined come through as controls.
            bytes([ord(char)]) if char <= "\xff" else char.encode("cp1252")
            for char in damaged
        )
        return data.decode()
    except UnicodeError:
        return ""


@cache
def _damage() -> re.Pattern[str]:
    # After Ã no quotes or dashes: "MAÇÃ”" is Portuguese. Â, â€ and ðŸ begin no word that way.
    return re.compile(
        "Ã[\x80-\xbfŒœŠšŽžŸƒˆ˜†‡‰‹›€™]|Â[\xa0-\xbf]|â€[\x80-\xbf™œžš“”˜¢¦]|â„¢|ðŸ[^\\x00-\\x7f]{2}"
        "|\ufffd"
    )


RULE = Rule("C413", "mojibake", Severity.WARNING, __doc__, caption=_check, scope=Scope.PART)
