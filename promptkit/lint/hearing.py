"""Which rules have something to say about the parts of a caption."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from promptkit.document import Node
from promptkit.document.build import from_data
from promptkit.lint.engine import problems
from promptkit.lint.parts import put_together
from promptkit.lint.rule import Options, Problem, Rule
from promptkit.lint.view import CaptionView

Said = frozenset[Rule]
"""The rules that have something to say."""


class Heard(NamedTuple):
    """The rules that have something to say about the frame, and about each element."""

    frame: Said
    elements: list[Said]

    @property
    def all(self) -> Said:
        """Those that have anything to say."""
        return self.frame.union(*self.elements)


def view_of(frame: dict[str, Any] | None, elements: list[dict[str, Any]]) -> CaptionView:
    """A caption as the rules see it: a frame, None for the least there is, and its elements."""
    document = from_data(put_together(frame, elements))
    return CaptionView(document, document.roots[0])


def hear(view: CaptionView, rules: Iterable[Rule], options: Options) -> Heard:
    """Ask rules about a caption."""
    root = view.node
    said: dict[int, set[Rule]] = {id(node): set() for node in (root, *view.listed)}
    for rule in rules:
        for problem in problems(rule, view.document, [view], options):
            said[_owner(problem, said, root)].add(rule)
    of_frame, *of_elements = (frozenset(said[id(node)]) for node in (root, *view.listed))
    return Heard(of_frame, of_elements)


def _owner(problem: Problem, owners: dict[int, set[Rule]], frame: Node) -> int:
    """Which part a problem is about."""
    node = problem.node or (problem.at if isinstance(problem.at, Node) else frame)
    while id(node) not in owners:
        node = node.parent or frame
    return id(node)
