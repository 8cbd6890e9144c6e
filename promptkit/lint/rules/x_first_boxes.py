"""The boxes of the caption look as if x came before y.

The model reads ``[y_min, x_min, y_max, x_max]``; most other tools and many language models write x
first, and no range check can tell. What the boxes hold can: a line of lettering is wider than it is
tall, so where most lines of text stand upright in their boxes, the axes have been swapped and the
whole layout is mirrored along its diagonal. Two such lines and a majority are needed.

Bad:

    {"high_level_description": "A shop front at noon.", "compositional_deconstruction": {"background": "A brick wall.", "elements": [{"type": "text", "bbox": [100, 80, 900, 180], "text": "BAKERY", "desc": "Gold capitals."}, {"type": "text", "bbox": [300, 850, 700, 900], "text": "since 1921", "desc": "Small white script."}, {"type": "text", "bbox": [80, 300, 180, 700], "text": "OPEN DAILY", "desc": "A line on the door."}]}}

Good:

    {"high_level_description": "A shop front at noon.", "compositional_deconstruction": {"background": "A brick wall.", "elements": [{"type": "text", "bbox": [80, 100, 180, 900], "text": "BAKERY", "desc": "Gold capitals."}, {"type": "text", "bbox": [850, 300, 900, 700], "text": "since 1921", "desc": "Small white script."}]}}

Fix: exchanges x and y in every box of the caption; unsafe.

Rate: 4 of 150 collected captions; each of them is x first by eye, and no other caption is taken for
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.boxform import BoxForm, box_form, boxes_in, is_line, is_upright, numbers_of
from promptkit.document import Document, Edit, Node
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView, ElementView


def _check(caption: CaptionView, options: Options) -> Iterator[Problem]:
    nodes = [element.node for element in caption.elements]
    if box_form(boxes_in(nodes), options.size) is not BoxForm.X_FIRST:
        return
    boxes = [box for node in nodes if (box := node.get("bbox")) and numbers_of(box)]
    edits = tuple(edit for box in boxes for edit in _transpose(caption.document, box))
    upright = [element for element in caption.elements if _stands_upright(element, options)]
    first = upright[0]
    message = (
        f"{len(upright)} lines of text, {first.label} the first, stand upright in their boxes: "
        "x seems to come first; write [y_min, x_min, y_max, x_max]"
    )
    fix = Fix("Exchange x and y in every box", edits, Safety.UNSAFE)
    yield Problem(first.get("bbox") or first.node, message, fix)


def _stands_upright(element: ElementView, options: Options) -> bool:
    numbers, text = numbers_of(element.get("bbox")), element.text
    return bool(numbers and text and is_line(text) and is_upright(numbers, options.size))


def _transpose(document: Document, box: Node) -> Iterator[Edit]:
    for index, other in enumerate((1, 0, 3, 2)):
        slot, source = box.items[index], box.items[other]
        yield Edit(slot.start, slot.end, document.text[source.start : source.end])


RULE = Rule(
    "C301", "x-first-boxes", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS
)
