"""Find the captions in what was read: bare, in a wrapper, in a list, or encoded in a string."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from promptkit.document.edit import Edit
from promptkit.document.node import Flaw, Kind, Node
from promptkit.document.scanner import Scanner, SyntaxFlawError
from promptkit.document.strings import decode

ROOT_KEYS: Final = frozenset(
    {"high_level_description", "style_description", "compositional_deconstruction"}
)
"""Any one of them marks a caption. A test holds them against the schema in ``caption``, which is
not imported here because reading must not wait for pydantic."""

_MAX_LAYERS: Final = 3


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
        _search(text, root, found, depth=0)
    if not found.captions:
        found.captions = [tree for tree in found.trees if tree.parent is None] or list(roots)
    caption = found.captions[0]
    if len(found.captions) > 1:
        second = found.captions[1]
        count = len(found.captions)
        message = f"{count} captions stand in one file; the generator takes one at a time, split it"
        found.flaws.append(Flaw("several-captions", second.start, second.end, message))
    elif caption.parent is not None or caption not in (*roots, *found.trees):
        found.flaws.append(_wrapper(text, caption, layered=bool(found.trees)))
    return found


def decoded_layer(text: str, start: int, end: int) -> tuple[Found, Node] | None:
    """Read ``text[start:end]`` as the inside of a JSON string that holds JSON itself.

    The spans of everything found point into ``text``. None if it holds no JSON.
    """
    inner, offsets = decode(text, start, end)
    scanner = Scanner(inner)
    try:
        root = scanner.value()
    except SyntaxFlawError:
        return None
    if scanner.skip() or root.kind not in (Kind.OBJECT, Kind.ARRAY, Kind.STRING):
        return None
    found = Found()
    _search(inner, root, found, depth=0)
    for tree in (root, *found.trees):
        _move(tree, offsets)
    found.trees.insert(0, root)
    message = "a caption stands encoded inside a string; write it as JSON itself"
    edits = (Edit(start - 1, end + 1, inner),)
    flaw = Flaw("double-encoded", start, end, message, edits, fix_title="Decode it")
    found.flaws = [flaw, *(_moved(each, offsets) for each in scanner.flaws)]
    return found, root


def _search(text: str, node: Node, found: Found, *, depth: int) -> None:
    if any(member.name in ROOT_KEYS for member in node.members):
        found.captions.append(node)
    elif depth < _MAX_LAYERS:
        for child in (*(member.value for member in node.members), *node.items):
            _search(text, child, found, depth=depth + 1)
    string = node.string()
    if string is None or not string.lstrip().startswith(("{", "[", '"')):
        return
    layer = decoded_layer(text, node.start + 1, node.end - 1)
    if layer is None or (depth > 0 and not layer[0].captions):
        return
    inner, root = layer
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
