"""Cut a template between the elements of its caption, so that each stretch can be known again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from jinja2 import nodes

_TOKEN: Final = re.compile(r'\\.|["{}\[\],]', re.DOTALL)
_ELEMENTS: Final = re.compile(r'"elements"\s*:\s*\Z')
_DEPTH: Final = 2
"""Objects around the list of elements: the caption and its composition."""
_READ_BY_FUNCTIONS: Final = frozenset({"width", "height"})
"""Names that stand behind a call without being written there; a template may set them."""


def cut(tree: nodes.Template) -> list[frozenset[str]]:
    """Put an empty text wherever the template can be cut; gives the names behind each stretch.

    The first stretch ends where the list of elements begins, the last begins where it ends, and
    between them every stretch makes whole elements. Only what stands outside of all conditions and
    loops is cut. What they and the expressions print is taken to be whole by itself; whoever uses
    the stretches has to see whether it is.
    """
    groups = _groups(tree.body)
    sources = _sources(tree.body)
    # What a namespace holds may be set under another name, in a macro or a loop, for example.
    everything = frozenset(_names(tree)) if tree.find(nodes.NSRef) is not None else None
    tree.body = groups[0] + [node for group in groups[1:] for node in (_text("", 1), *group)]
    return [_traced(group, sources) if everything is None else everything for group in groups]


def _groups(body: Iterable[nodes.Node]) -> list[list[nodes.Node]]:
    groups: list[list[nodes.Node]] = [[]]
    scanner = _Scanner()
    for node in body:
        if not isinstance(node, nodes.Output):
            groups[-1].append(node)
            continue
        for child in node.nodes:
            if not isinstance(child, nodes.TemplateData):
                groups[-1].append(nodes.Output([child], lineno=child.lineno))
                continue
            for number, (text, line) in enumerate(_texts(child, scanner)):
                if number:
                    groups.append([])
                if text:
                    groups[-1].append(_text(text, line))
    return groups


def _text(text: str, line: int) -> nodes.Output:
    return nodes.Output([nodes.TemplateData(text, lineno=line)], lineno=line)


def _texts(data: nodes.TemplateData, scanner: _Scanner) -> Iterator[tuple[str, int]]:
    """The stretches of a literal text, and the line on which each begins."""
    start = 0
    for end in (*scanner.cuts(data.data), len(data.data)):
        yield data.data[start:end], data.lineno + data.data.count("\n", 0, start)
        start = end


class _Scanner:
    """Follows the brackets of a JSON text through the literal parts of a template."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._inside = False
        self._listing = False

    def cuts(self, text: str) -> Iterator[int]:
        """Where elements can be cut apart."""
        for token in _TOKEN.finditer(text):
            char, start = token.group(), token.start()
            if char == '"':
                self._inside = not self._inside
            elif not self._inside:
                yield from self._bracket(char, start, text)

    def _bracket(self, char: str, start: int, text: str) -> Iterator[int]:
        at_elements = self._listing and len(self._open) == _DEPTH + 1
        if char == "," and at_elements:
            yield start + 1
        elif char in "{[":
            if self._open == ["{"] * _DEPTH and _ELEMENTS.search(text, 0, start):
                self._listing = True
                yield start + 1
            self._open.append(char)
        elif char in "}]" and self._open:
            self._open.pop()
            if at_elements:
                self._listing = False
                yield start


def _sources(body: Iterable[nodes.Node]) -> dict[str, set[str]]:
    """What each name that is set may be made of: whatever stands in the same statement."""
    sources: dict[str, set[str]] = {}
    for node in body:
        stored = {name.name for name in node.find_all(nodes.Name) if name.ctx != "load"}
        stored |= {space.name for space in node.find_all(nodes.NSRef)}
        stored |= {macro.name for macro in node.find_all(nodes.Macro)}
        if isinstance(node, nodes.Macro):
            stored.add(node.name)
        for name in stored:
            sources.setdefault(name, set()).update(_names(node))
    return sources


def _names(node: nodes.Node) -> set[str]:
    spaces = {space.name for space in node.find_all(nodes.NSRef)}
    return spaces | {name.name for name in node.find_all(nodes.Name)}


def _traced(group: Iterable[nodes.Node], sources: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = _READ_BY_FUNCTIONS.union(*map(_names, group))
    while waiting:
        found |= waiting
        waiting = frozenset().union(*[sources.get(name, ()) for name in waiting]) - found
    return frozenset(found)
