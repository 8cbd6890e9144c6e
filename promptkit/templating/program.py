"""A compiled template: its code prints marks, and knows what each of them stands for."""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.visitor import NodeTransformer

from promptkit.templating.cutting import cut
from promptkit.templating.literals import Literal, read_literal
from promptkit.templating.sandbox import EMIT, SPEND, Sandbox

_FORBIDDEN_TAGS: Final = (
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
    nodes.FilterBlock,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks that stand in the rendered text for the pieces and values it is made of.

    They are random for every compiled template, so that no value can contain one.
    """

    opening: str
    closing: str = ";"
    values: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    """The marks of values by their numbers, made once for all renderings, of any thread."""
    numbers: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    """Which value each of them stands for."""

    @classmethod
    def fresh(cls) -> Marks:
        return cls("".join(chr(0x100000 + secrets.randbelow(0xFFFE)) for _ in range(6)))

    def piece(self, index: int) -> str:
        return f"{self.opening}T{index}{self.closing}"

    def value(self, index: int) -> str:
        known = self.values.get(index)
        if known is not None:
            return known
        mark = f"{self.opening}V{index}{self.closing}"
        self.numbers[mark] = index
        self.values[index] = mark
        return mark


@dataclass(frozen=True)
class Piece:
    """Literal text of the template and the line on which it begins."""

    text: str
    line: int

    @property
    def cut(self) -> bool:
        """Whether this is no text but the place of a cut."""
        return not self.text

    @cached_property
    def inside(self) -> Literal:
        """It where a string is open."""
        return read_literal(self.text, inside=True)

    @cached_property
    def outside(self) -> Literal:
        """It outside of strings."""
        return read_literal(self.text, inside=False)


@dataclass(frozen=True, slots=True)
class Expression:
    """A printed expression: its line and the variables it is made of, also by way of others."""

    line: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A compiled template."""

    template: Template
    marks: Marks
    pieces: tuple[Piece, ...]
    expressions: tuple[Expression, ...]
    undeclared: dict[str, int]
    """Names the template uses without setting them, and the line of the first use."""
    assigned: frozenset[str]
    """Names that the template sets, be it in one branch alone."""
    stretches: tuple[frozenset[str], ...]
    """The names behind each stretch between two cuts; see ``cut``."""

    @cached_property
    def by_mark(self) -> dict[str, Piece]:
        """The pieces by the marks that stand for them."""
        return {self.marks.piece(index): piece for index, piece in enumerate(self.pieces)}

    def render(self, values: dict[str, Any]) -> Iterator[str]:
        """The marked text for a context's values, mostly one mark at a time."""
        return self.template.root_render_func(self.template.new_context(values))


def compile_program(env: Sandbox, body: str, *, name: str) -> Program:
    """Compile a template's body.

    Raises:
        TemplateSyntaxError: if it is no Jinja, or uses a tag that reads other files.
    """
    tree = env.parse(body, name=name)
    for forbidden in tree.find_all(_FORBIDDEN_TAGS):
        tag = type(forbidden).__name__.lower()
        message = f"'{tag}' is not offered: a template stands alone, and filters go on values"
        raise TemplateSyntaxError(message, forbidden.lineno, name)
    for captured in tree.find_all(nodes.AssignBlock):
        if captured.filter is not None:
            message = "a captured block takes no filter; put it on the values in it"
            raise TemplateSyntaxError(message, captured.lineno, name)
    for used in tree.find_all(nodes.Name):
        if used.name.startswith("__"):
            raise TemplateSyntaxError(f"'{used.name}' is reserved", used.lineno, name)
    undeclared = undeclared_names(tree, known=env.globals)
    sources = _sources(tree)
    assigned = (name for each in tree.find_all(nodes.Assign) for name in _names(each.target))
    set_names = frozenset(name.name for name in assigned)
    stretches = cut(tree)
    weaver = _Weaver(Marks.fresh(), sources)
    woven = weaver.visit(tree)
    template = env.template_class.from_code(
        env, env.compile(woven, name=name), dict(env.globals), lambda: True
    )

    return Program(
        template,
        weaver.marks,
        tuple(weaver.pieces),
        tuple(weaver.expressions),
        undeclared,
        set_names,
        tuple(stretches),
    )


def plain_parts(env: Sandbox, text: str, known: Container[str]) -> list[tuple[str, str]] | None:
    """Literal texts and the known names printed between them; None where there is more than that.

    Of each pair one is empty.
    """
    parts: list[tuple[str, str]] = []
    for node in env.parse(text).body:
        if not isinstance(node, nodes.Output):
            return None
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                parts.append((child.data, ""))
            elif isinstance(child, nodes.Name) and child.name in known:
                parts.append(("", child.name))
            else:
                return None
    return parts


def undeclared_names(tree: nodes.Template, known: Iterable[str]) -> dict[str, int]:
    """Names that a template reads but never sets, with the line of their first use."""
    missing = find_undeclared_variables(tree) - set(known)
    lines: dict[str, int] = {}
    for used in tree.find_all(nodes.Name):
        if used.name in missing and used.ctx == "load":
            lines[used.name] = min(used.lineno, lines.get(used.name, used.lineno))
    return lines


class _Weaver(NodeTransformer):
    """Puts marks for what the template prints, and a count into every loop and macro."""

    def __init__(self, marks: Marks, sources: dict[str, set[str]]) -> None:
        self.marks = marks
        self.sources = sources
        self.pieces: list[Piece] = []
        self.expressions: list[Expression] = []

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802
        printed: list[nodes.Expr] = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                mark = self.marks.piece(len(self.pieces))
                self.pieces.append(Piece(child.data, child.lineno))
                printed.append(nodes.TemplateData(mark, lineno=child.lineno))
            else:
                names: dict[str, None] = {}
                for name in _names(child):
                    self._trace(name.name, names)
                index = len(self.expressions)
                origins = (each for each in names if each in self.sources.get(each, (each,)))
                self.expressions.append(Expression(child.lineno, tuple(origins)))
                value = self.visit(child)
                printed.append(_call(EMIT, [value, nodes.Const(index)], child.lineno))
        node.nodes = printed
        return node

    def _trace(self, name: str, found: dict[str, None]) -> None:
        if name not in found:
            found[name] = None
            for source in sorted(self.sources.get(name, ())):
                self._trace(source, found)

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        self.generic_visit(node)
        node.body.insert(0, _tick(node.lineno))
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:  # noqa: N802
        self.generic_visit(node)
        node.body.insert(0, _tick(node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _call(SPEND, [node], node.lineno)

    def visit_List(self, node: nodes.List) -> nodes.Expr:  # noqa: N802
        return self._made(node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Expr:  # noqa: N802
        return self._made(node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802
        return node if node.ctx == "store" else self._made(node)

    def _made(self, node: nodes.Expr) -> nodes.Expr:
        try:
            node.as_const()
        except nodes.Impossible:
            self.generic_visit(node)
            return _call(SPEND, [node], node.lineno)
        return node  # The template's own length bounds it.

    def visit_Filter(self, node: nodes.Filter) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _call(SPEND, [node, nodes.Const(node.name)], node.lineno)


def _names(node: nodes.Node) -> Iterable[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def _sources(tree: nodes.Template) -> dict[str, set[str]]:
    """What each name that the template sets, or loops with, is made of."""
    sources: dict[str, set[str]] = {}
    bindings: list[tuple[nodes.Node, nodes.Node]] = []
    bindings += [(each.target, each.node) for each in tree.find_all(nodes.Assign)]
    bindings += [(each.target, each.iter) for each in tree.find_all(nodes.For)]
    for target, origin in bindings:
        made_of = {name.name for name in _names(origin)}
        for name in _names(target):
            sources.setdefault(name.name, set()).update(made_of)
    return sources


def _call(function: str, arguments: list[nodes.Expr], line: int) -> nodes.Call:
    name = nodes.Name(function, "load", lineno=line)
    return nodes.Call(name, arguments, [], None, None, lineno=line)


def _tick(line: int) -> nodes.Output:
    return nodes.Output([_call(SPEND, [nodes.Const("")], line)], lineno=line)
