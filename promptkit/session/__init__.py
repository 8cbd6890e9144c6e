"""An editor of captions without a screen: the text, its meaning, its findings and its history.

::

    session = open_session(Path("poster.json"))
    place = add_element(session, "text", BBox(80, 100, 240, 900))
    set_field(session, Part.ELEMENT, "text", "SUMMER FAIR", place)
    session.check()
    save(session)
"""

from __future__ import annotations

from promptkit.session.disk import ChangedOnDiskError
from promptkit.session.elements import Shift, add_element, duplicate, remove_elements, reorder
from promptkit.session.fields import set_field
from promptkit.session.layout import Align, Axis
from promptkit.session.marks import Marks, Part
from promptkit.session.session import NotEditableError, Session
from promptkit.session.starting import new_session, open_session, recovered_session, reload, save

__all__ = [
    "Align",
    "Axis",
    "ChangedOnDiskError",
    "Marks",
    "NotEditableError",
    "Part",
    "Session",
    "Shift",
    "add_element",
    "duplicate",
    "new_session",
    "open_session",
    "recovered_session",
    "reload",
    "remove_elements",
    "reorder",
    "save",
    "set_field",
]
