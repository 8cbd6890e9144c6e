"""The boxes of the caption are measured in pixels, or on a grid larger than 1000.

The model's grid runs 0..1000 along each side, whatever the picture's size. A number above 1000 is
no slip that could be cut off at the edge: it shows that every box of the caption is measured
otherwise, also those that happen to fit. The size of the canvas is needed to convert them.

Bad (--size 1536x1024):

    {"high_level_description": "A lighthouse by the sea.", "compositional_deconstruction": {"background": "A grey sea.", "elements": [{"type": "obj", "bbox": [100, 1100, 900, 1300], "desc": "A white lighthouse."}, {"type": "obj", "bbox": [700, 200, 800, 500], "desc": "A rowing boat."}]}}

Good (--size 1536x1024):

    {"high_level_description": "A lighthouse by the sea.", "compositional_deconstruction": {"background": "A grey sea.", "elements": [{"type": "obj", "bbox": [98, 716, 879, 846], "desc": "A white lighthouse."}, {"type": "obj", "bbox": [684, 130, 781, 326], "desc": "A rowing boat."}]}}

Fix: where the picture's size is given and every box lies within it, converts all of them; unsafe.

Rate: 2 of 150 collected captions, both sheets of interface parts with boxes up to 1100.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptkit.boxform import BoxForm, Numbers, box_form, boxes_in, is_x_first, numbers_of
from promptkit.document import Edit, Node
from promptkit.geometry import GRID, Size
from promptkit.lint.finding import Fix, Safety, Severity
from promptkit.lint.rule import Options, Problem, Rule, Scope
from promptkit.lint.view import CaptionView


def _check(caption: CaptionView, options: Options) -> Iterator[Problem]:
    elements = [element.node for element in caption.elements]
    boxes = boxes_in(elements)
    if box_form(boxes) is not BoxForm.PIXELS:
        return
    nodes = [node for element in elements if (node := element.get("bbox")) and numbers_of(node)]
    numbers = [each.numbers for each in boxes]
    swapped = is_x_first(boxes)
    if swapped:
        numbers = [each.swapped() for each in numbers]
    right, bottom = (
        max(ends) for ends in ((n.fourth for n in numbers), (n.third for n in numbers))
    )
    reach = f"{right:.0f}x{bottom:.0f}{', x first' if swapped else ''}"
    message = f"the boxes reach {reach}, so they seem to be pixels of a picture that large"
    fix = _fix(nodes, numbers, options.size) if options.size else None
    mend = "convert all of them to 0..1000" if options.size else "name the canvas with --size"
    beyond = next(node for node, each in zip(nodes, numbers, strict=True) if max(each) > GRID)
    yield Problem(beyond, f"{message}; {mend}", fix)


def _fix(nodes: list[Node], numbers: list[Numbers], size: Size) -> Fix | None:
    edits: list[Edit] = []
    for node, (top, left, bottom, right) in zip(nodes, numbers, strict=True):
        if not (0 <= top <= bottom <= size.height and 0 <= left <= right <= size.width):
            return None
        sides = zip((top, left, bottom, right), (size.height, size.width) * 2, strict=True)
        edits += [
            Edit(item.start, item.end, str(round(side * GRID / whole)))
            for item, (side, whole) in zip(node.items, sides, strict=True)
        ]
    return Fix(f"Convert every box from pixels of {size}", tuple(edits), Safety.UNSAFE)


RULE = Rule("C302", "pixel-boxes", Severity.WARNING, __doc__, caption=_check, scope=Scope.ELEMENTS)
