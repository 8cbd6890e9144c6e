"""Find the captions in what was read: bare, in a wrapper, in a list, or encoded in a string."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from promptkit.document.body import find_body
from promptkit.document.edit import SURROGATE, Edit
from promptkit.document.node import Flaw, Kind, Node
from promptkit.document.scanner import Scanner, SyntaxFlawError
from promptkit.document.strings import decode
from promptkit.keys import JOB_KEYS, ROOT_KEYS

MAX_CAPTIONS: Final = 100
"""Captions of one file that are checked; a caption file holds one."""
_ENCODED: Final = (Kind.OBJECT, Kind.ARRAY, Kind.STRING)
_MAX_LAYERS: Final = 3
"""Strings inside strings; whoever encodes more often has a loop in the program."""


@dataclass(slots=True)
class Found:
    """The captions among some values, and what stood around them."""

    captions: list[Node] = field(default_factory=list)
    trees: list[Node] = field(default_factory=list)
    """Roots of what was decoded out of strings."""
    flaws: list[Flaw] = field(default_factory=list)


def unwrap(text: str, roots: list[Node]) -> Found:
    """The captions in ``roots``, which were read from ``text``.

    Where nothing looks like a caption the values themselves are taken for what should be one.
    """
    found = Found()
    for root in roots:
        _search(text, root, found, layer=0)
    if not found.captions:
        found.captions = [tree for tree in found.trees if tree.parent is None] or list(roots)
    caption = found.captions[0]
    if len(found.captions) > 1:
        second = found.captions[1]
        count = len(found.captions)
        message = f"{count} captions stand in one file; the generator takes one at a time, split it"
        found.flaws.append(Flaw("several-captions", second.start, second.end, message))
        del found.captions[MAX_CAPTIONS:]
    elif not stands_in_job(caption) and (
        caption.parent is not None or caption not in (*roots, *found.trees)
    ):
        found.flaws.append(_wrapper(text, caption, layered=bool(found.trees)))
    return found


def stands_in_job(caption: Node) -> bool:
    """Whether the caption is that of a job file: beside it stands what to render it with."""
    job = caption.parent
    if job is None or job.parent is not None or caption.key != "caption":
        return False
    beside = [member.name for member in job.members if member.value is not caption]
    return bool(beside) and JOB_KEYS.issuperset(beside)


def decoded_layer(text: str, start: int, end: int, layer: int = 1) -> tuple[Found, Node] | None:
    """Read ``text[start:end]`` as the inside of a JSON string that holds JSON itself.

    The spans of everything found point into ``text``. None if it holds no JSON.
    """
    inner, offsets = decode(text, start, end)
    body = find_body(inner)
    scanner = Scanner(inner, body.start, body.end)
    try:
        root = scanner.value()
    except SyntaxFlawError:
        return None
    if not body.is_json or scanner.skip() or scanner.unclosed or root.kind not in _ENCODED:
        return None
    found = Found()
    _search(inner, root, found, layer=layer)
    for tree in (root, *found.trees):
        _move(tree, offsets)
    found.trees.insert(0, root)
    message = "a caption stands encoded inside a string; write it as JSON itself"
    json_text = SURROGATE.sub(_escaped, inner[body.start : body.end].strip())
    safe = all(flaw.slug != "surrounding-text" for flaw in body.flaws)
    edits = (Edit(start - 1, end + 1, json_text),)
    flaw = Flaw("double-encoded", start, end, message, edits, safe, "Decode it")
    inside = (*body.flaws, *scanner.flaws, *found.flaws)
    found.flaws = [flaw, *(_moved(each, offsets) for each in inside)]
    return found, root


def _search(text: str, root: Node, found: Found, *, layer: int) -> None:
    stack = [root]
    while stack:
        node = stack.pop()
        if any(member.name in ROOT_KEYS for member in node.members):
            found.captions.append(node)
        else:
            stack += reversed([*(member.value for member in node.members), *node.items])
        string = node.string()
        if string is not None and layer < _MAX_LAYERS and any(key in string for key in ROOT_KEYS):
            _decode(text, node, found, layer)


def _decode(text: str, node: Node, found: Found, layer: int) -> None:
    decoded = decoded_layer(text, node.start + 1, node.end - 1, layer + 1)
    # A string inside something else may hold JSON that is no caption; it is none of our business.
    if decoded is None or (node.parent is not None and not decoded[0].captions):
        return
    inner, root = decoded
    root.parent, root.key = node.parent, node.key
    found.captions += inner.captions
    found.trees += inner.trees
    found.flaws += inner.flaws


def _wrapper(text: str, caption: Node, *, layered: bool) -> Flaw:
    only = True
    root = caption
    while root.parent is not None:
        root = root.parent
        only = only and len(root.members) + len(root.items) == 1
    name = root.members[0].name if root.members else ""
    what = f'inside "{name}"' if only and name else f"at {caption.pointer}"
    message = f"the caption stands {what}; a caption file holds the caption itself"
    edits = (Edit(root.start, root.end, text[caption.start : caption.end]),)
    title = "Unwrap it" if only else "Unwrap it and drop what stands beside it"
    return Flaw(
        "wrapper", caption.start, caption.end, message, () if layered else edits, only, title
    )


def _move(tree: Node, offsets: list[int]) -> None:
    for node in tree.walk():
        node.start, node.end = offsets[node.start], offsets[node.end]
        for member in node.members:
            member.start, member.end = offsets[member.start], offsets[member.end]


def _moved(flaw: Flaw, offsets: list[int]) -> Flaw:
    return Flaw(flaw.slug, offsets[flaw.start], offsets[flaw.end], flaw.message)


def _escaped(surrogate: re.Match[str]) -> str:
    return f"\\u{ord(surrogate.group()):04x}"
