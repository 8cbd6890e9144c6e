"""Findings in the editor: go from one to the next, apply a fix, apply all that are safe."""

from __future__ import annotations

from promptkit.document import Node, apply_edits
from promptkit.lint import Finding, fix
from promptkit.session.marks import Part
from promptkit.session.session import Session


def neighbour(count: int, current: int | None, step: int) -> int | None:
    """The index of the next (``step`` 1) of so many findings, or the previous (-1), going round."""
    if not count:
        return None
    if current is None:
        return 0 if step > 0 else count - 1
    return (current + step) % count


def preview(session: Session, finding: Finding) -> str | None:
    """The text as the fix of a finding would leave it; None where it has none or is outdated."""
    if finding.fix is None or session.checked != session.revision:
        return None
    return apply_edits(session.text, finding.fix.edits)


def apply_fix(session: Session, finding: Finding) -> bool:
    """Mend one finding."""
    text = preview(session, finding)
    return text is not None and session.replace_text(text, f"fix {finding.slug}")


def apply_safe_fixes(session: Session) -> int:
    """Mend everything that can be mended without a guess, as one step; gives how many."""
    result = fix(session.text, session.rules, session.options)
    session.replace_text(result.text, "fix all")
    return len(result.fixed)


def place_of(session: Session, finding: Finding) -> tuple[Part, int | None, str]:
    """Where a form shows the field of a finding: its part, its element, its key."""
    view = session.view
    node = session.shown.document.find(finding.pointer)
    if view is None or node is None:
        return Part.SUMMARY, None, ""
    places = session.shown.places
    chain: list[Node] = []
    step: Node | None = node
    while step is not None:
        chain.append(step)
        step = step.parent
    for depth, each in enumerate(chain):
        key = str(chain[depth - 1].key) if depth else ""
        if id(each) in places:
            return Part.ELEMENT, places[id(each)], key
        if each is view.style:
            return Part.STYLE, None, key
        if each is view.composition:
            return Part.BACKGROUND, None, key
    return Part.SUMMARY, None, str(chain[0].key)
