"""Set the fields of a caption: the form's way of editing."""

from __future__ import annotations

from typing import Any, Final

from promptkit.document import Kind, Node
from promptkit.keys import ART_KEYS, PHOTO_KEYS, Role
from promptkit.lint.mending import reorder_members
from promptkit.lint.spelling import branches, find
from promptkit.lint.view import CaptionView
from promptkit.session.marks import Part
from promptkit.session.session import Session
from promptkit.session.structure import put, take

ROLES: Final[dict[Part, Role]] = {
    Part.SUMMARY: "root",
    Part.STYLE: "style",
    Part.BACKGROUND: "composition",
    Part.ELEMENT: "element",
}


def owner_of(view: CaptionView, role: Role, element: int | None = None) -> Node | None:
    """The object that holds the fields of ``role``; None where it does not exist."""
    if role == "root":
        return view.node
    if role == "style":
        return view.style
    if role == "composition":
        return view.composition
    listed = view.listed
    if element is None or not 0 <= element < len(listed):
        return None
    return listed[element] if listed[element].kind is Kind.OBJECT else None


def field_node(session: Session, part: Part, key: str, element: int | None = None) -> Node | None:
    """The value of a field of the shown caption."""
    view = session.view
    owner = owner_of(view, ROLES[part], element) if view else None
    return find(ROLES[part], owner, key) if owner else None


def field_text(session: Session, part: Part, key: str, element: int | None = None) -> str:
    """A field as a form shows it: strings decoded, lists as their items, the rest as written."""
    node = field_node(session, part, key, element)
    if node is None:
        return ""
    if node.kind is Kind.ARRAY:
        return ", ".join(_shown(session, item) for item in node.items)
    return _shown(session, node)


def set_field(
    session: Session, part: Part, key: str, data: Any, element: int | None = None
) -> bool:
    """Write a field of the caption, making the block around it where there is none.

    ``None`` and an empty list take the field out. Quick successive changes of one field are one
    step of the history.

    Raises:
        NotEditableError: if the caption cannot be changed by its parts now.
    """
    view = session.editable()
    role = ROLES[part]
    owner = owner_of(view, role, element)
    if role == "element" and owner is None:
        return False
    tag = ("field", part, key, element)
    if data is None or data == []:
        edits = take(role, owner, key) if owner else []
        return session.apply(edits, f"clear {key}", tag=tag)
    document = session.current.document
    edits = put(document, view.node, role, owner, key, data)
    return session.apply(edits, f"edit {key}", tag=tag)


def style_keys(session: Session) -> tuple[str, ...]:
    """The fields of the style block in the order of its branch; photo where it has none yet."""
    style = session.view.style if session.view else None
    present = branches(style) if style else []
    return ART_KEYS if present == ["art_style"] else PHOTO_KEYS


def switch_branch(session: Session) -> bool:
    """Turn a photo's style block into an artwork's or back; the words of the branch stay."""
    view = session.editable()
    style = view.style
    document = session.current.document
    if style is None:
        edits = put(document, view.node, "style", None, "photo", "")
        return session.apply(edits, "add a style")
    present = branches(style) or ["art_style"]
    old = present[0]
    new = "art_style" if old == "photo" else "photo"
    node = find("style", style, old)
    words = node.string() if node else ""
    session.history.seal()
    session.apply(take("style", style, old), "switch style", tag=("branch",))
    view = session.editable()
    document = session.current.document
    edits = put(document, view.node, "style", view.style, new, words or "")
    session.apply(edits, "switch style", tag=("branch",))
    ordered = session.editable().style
    if ordered is not None:
        order = ART_KEYS if new == "art_style" else PHOTO_KEYS
        moves = reorder_members(session.current.document, ordered, order)
        session.apply(moves, "switch style", tag=("branch",))
    session.history.seal()
    return True


def _shown(session: Session, node: Node) -> str:
    string = node.string()
    document = session.shown.document
    return string if string is not None else document.text[node.start : node.end]
