"""Paste a whole caption, in whatever form another tool writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptkit.canonical import pretty
from promptkit.document import Document, read
from promptkit.errors import CaptionError
from promptkit.session.boxes import set_size
from promptkit.session.marks import Marks
from promptkit.session.session import Session

if TYPE_CHECKING:
    from promptkit.dialects import Conversion


def looks_like_a_caption(text: str) -> bool:
    """Whether pasted text is meant as a whole caption rather than as words for a field."""
    if "{" not in text[:4000] and '\\"' not in text[:4000]:
        return False
    document = read(text)
    return any(len(each.members) > 1 or "elements" in text for each in document.captions)


def paste_caption(session: Session, text: str) -> tuple[str, ...]:
    """Replace the caption by a pasted one in the trained form; gives what was changed in it.

    Text that no known form explains is taken as it is, so that its findings show.
    """
    document = read(text)
    try:
        converted = _converted(document, session)
    except CaptionError as error:
        session.replace_text(document.text or text, "paste", marks=Marks())
        return error.problems
    laid_out = pretty(read(converted.caption_text)) + "\n"
    session.replace_text(laid_out, "paste", marks=Marks())
    changes = converted.changes
    if converted.size and converted.size != session.size:
        set_size(session, converted.size)
        changes = (*changes, f"took the size {converted.size} from it")
    return changes


def _converted(document: Document, session: Session) -> Conversion:
    from promptkit.dialects import convert  # noqa: PLC0415 - pasting is rare, the forms are many

    try:
        return convert(document)
    except CaptionError:
        # Boxes in pixels of a picture that the text does not name: the one on the screen, then.
        return convert(document, size=session.size)
