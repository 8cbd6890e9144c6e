"""A template, ready to render: values in, checked captions out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from jinja2 import TemplateError as JinjaError
from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError

from promptkit.document import plain, read
from promptkit.geometry import Size
from promptkit.suggestion import suggestion
from promptkit.templating.choices import Choice, declared_choice
from promptkit.templating.helpers import FILTERS, FUNCTIONS
from promptkit.templating.program import Program, compile_program, plain_parts
from promptkit.templating.sandbox import EMIT, SPEND, Sandbox, environment
from promptkit.templating.source import TemplateSource, load_source, parse_source
from promptkit.templating.variables import ChoiceVariable, TemplateError
from promptkit.templating.weave import Run, Woven, weave

BUILT_IN: Final = ("width", "height", "template", "number")
"""Names that every template has besides its variables."""

_ERRORS = (JinjaError, SecurityError, ArithmeticError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One rendered caption."""

    data: Any
    """The caption as plain data, in the template's key order."""
    woven: Woven


class Template:
    """A compiled template file. Loading it checks everything that can be checked without values.

    Raises:
        TemplateError: naming all that is wrong, with lines of the file.
    """

    def __init__(self, source: TemplateSource) -> None:
        self.source = source
        self._env: Sandbox = environment(FILTERS, FUNCTIONS)
        self.program = self._compile(source.body, source.first_line)
        self.filename = self._compile(source.front.filename, 1)
        named = {*BUILT_IN, *source.front.variables}
        self._plain_filename = plain_parts(self._env, source.front.filename, named)
        self.exclude = tuple(self._condition(text) for text in source.front.exclude)
        folder = source.path.parent if source.path else None
        self.choices: dict[str, Choice] = {}
        self.defaults: dict[str, Any] = {}
        for name, variable in source.front.variables.items():
            choice = self._placed(declared_choice, variable, name, folder)
            if choice is not None:
                self.choices[name] = choice
            if variable.default is not None:
                self.defaults[name] = self._placed(variable.read, variable.default, name)
            elif choice is not None:
                self.defaults[name] = choice.values()[0]
        self._check_names()

    @classmethod
    def load(cls, path: str | Path) -> Template:
        """Read and compile a template file."""
        return cls(load_source(Path(path)))

    @classmethod
    def from_text(cls, text: str, *, name: str = "template") -> Template:
        """Compile a template's text. It has no folder, so no wildcard files."""
        return cls(parse_source(text, name=name))

    @property
    def unused(self) -> list[str]:
        """Declared variables that nothing in the template uses."""
        used = set(self.program.undeclared) | set(self.filename.undeclared)
        used |= {name for _, names, _ in self.exclude for name in names}
        return [name for name in self.source.front.variables if name not in used]

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` read as their types, with defaults for the rest.

        Raises:
            TemplateError: naming every unknown and every missing variable at once.
        """
        return self.filled(self.read_all(values))

    def read_all(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` read as their types.

        Raises:
            TemplateError: naming every unknown variable at once, or the first value that is wrong.
        """
        self.check_known(values)
        return {name: self.read(name, value) for name, value in values.items()}

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values that were read, with defaults for the rest, in the order of the declarations.

        Raises:
            TemplateError: naming every missing variable at once.
        """
        variables = self.source.front.variables
        filled = {**self.defaults, **values}
        if len(filled) < len(variables):
            missing = [name for name in variables if name not in filled]
            names = ", ".join(f"'{name}'" for name in missing)
            raise TemplateError(
                f"{self.source.place}: no value and no default for {names}; "
                f"set it, e.g. with --set {missing[0]}=…"
            )
        return {name: filled[name] for name in variables}

    def read(self, name: str, value: Any) -> Any:
        """A value of a variable as its type wants it, and of a choice one of its choices.

        Raises:
            TemplateError: naming the variable, the value and what it should be.
        """
        variable = self.source.front.variables[name]
        given = variable.read(value, name)
        if not isinstance(variable, ChoiceVariable) or name not in self.choices:
            return given
        allowed = self.choices[name].by_text
        try:
            return allowed[str(given)]
        except KeyError:
            raise TemplateError(_no_such(str(given), allowed, f"no choice of '{name}'")) from None

    def check_known(self, names: Iterable[str]) -> None:
        """Refuse names that are no variables of this template, all at once with suggestions."""
        variables = self.source.front.variables
        unknown = sorted({name for name in names if name not in variables})
        if unknown:
            problems = [_no_such(name, variables, "no such variable") for name in unknown]
            raise TemplateError("\n".join(f"{self.source.place}: {each}" for each in problems))

    def excluded(self, values: Mapping[str, Any]) -> str | None:
        """The exclusion rule that holds for these values, or None."""
        for text, _, condition in self.exclude:
            try:
                if condition(**values):
                    return text
            except _ERRORS as error:
                raise TemplateError(f"{self.source.place}: exclude '{text}': {error}") from error
        return None

    def render(self, values: Mapping[str, Any], size: Size, number: str = "1") -> Rendered:
        """Render completed values (see ``complete``) at a picture's size.

        Raises:
            TemplateError: if the template fails on them, or what comes out is no JSON.
        """
        woven = self._run(self.program, values, size, number, self.source.first_line)
        return Rendered(self._data(woven), woven)

    def render_filename(self, values: Mapping[str, Any], size: Size, number: str) -> str:
        """The file name's text, before it is made safe."""
        if self._plain_filename is not None:
            known = {**values, **self._built_in(size, number)}
            return "".join([text or str(known[name]) for text, name in self._plain_filename])
        woven = self._run(self.filename, values, size, number, 1, as_text=True)
        return woven.text

    def line(self, body_line: int) -> int:
        """The line of the file for a line of the body."""
        return body_line + self.source.first_line - 1

    def _run(
        self,
        program: Program,
        values: Mapping[str, Any],
        size: Size,
        number: str,
        first_line: int,
        *,
        as_text: bool = False,
    ) -> Woven:
        run = Run(program)
        context = {
            **values,
            **self._built_in(size, number),
            EMIT: run.emit,
            SPEND: run.spend,
        }
        try:
            return weave(program, program.render(context), run, as_text=as_text)
        except TemplateError as error:
            raise self._at(str(error), first_line) from error
        except RecursionError as error:
            raise TemplateError(f"{self.source.place}: a macro calls itself for ever") from error
        except _ERRORS as error:
            line = _template_line(program, error.__traceback__)
            raise self._at(f"line {line}: {error}", first_line) from error

    def _built_in(self, size: Size, number: str) -> dict[str, Any]:
        return dict(zip(BUILT_IN, (*size, self.source.name, number), strict=True))

    def _data(self, woven: Woven) -> Any:
        try:
            return decoded(woven.text)
        except (ValueError, RecursionError):
            pass
        document = read(woven.text)
        for flaw in document.flaws:
            if flaw.slug not in ("trailing-comma", "comment"):
                line, names = woven.origin(flaw.start)
                caused = f" (from {', '.join(names)})" if names else ""
                raise self._at(f"line {line}: {flaw.message}{caused}", self.source.first_line)
        return plain(document.roots[0])

    def _compile(self, text: str, first_line: int) -> Program:
        try:
            return compile_program(self._env, text, name=self.source.name)
        except TemplateSyntaxError as error:
            line = error.lineno + first_line - 1
            raise TemplateError(f"{self.source.place}:{line}: {error.message}") from error
        except (JinjaError, RecursionError) as error:
            raise TemplateError(f"{self.source.place}: {error}") from error

    def _condition(self, text: str) -> tuple[str, tuple[str, ...], Any]:
        try:
            names = compile_program(self._env, f"{{{{ {text} }}}}", name="exclude").undeclared
            return text, tuple(names), self._env.compile_expression(text, undefined_to_none=False)
        except JinjaError as error:
            raise TemplateError(f"{self.source.place}: exclude '{text}': {error}") from error

    def _placed(self, function: Any, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except TemplateError as error:
            raise TemplateError(f"{self.source.place}: {error}") from error

    def _at(self, message: str, first_line: int) -> TemplateError:
        match = re.match(r"line (\d+): ", message)
        if match is None:
            return TemplateError(f"{self.source.place}: {message}")
        line = int(match.group(1)) + first_line - 1
        return TemplateError(f"{self.source.place}:{line}: {message[match.end() :]}")

    def _check_names(self) -> None:
        variables = self.source.front.variables
        known = {*variables, *BUILT_IN}
        place = self.source.place
        problems = [
            f"{place}: '{name}' is taken; call the variable otherwise"
            for name in variables
            if name in BUILT_IN or name in FUNCTIONS
        ]
        used = {name: self.line(line) for name, line in self.program.undeclared.items()}
        in_front = [*self.filename.undeclared, *(n for _, names, _ in self.exclude for n in names)]
        used |= {name: 1 for name in in_front if name not in used}
        problems += [
            f"{place}:{line}: {_no_such(name, known, 'nothing declares this variable')}"
            for name, line in sorted(used.items(), key=lambda item: item[1])
            # What is set in one branch alone may still be missing; rendering then says so.
            if name not in known and name not in self.program.assigned
        ]
        if problems:
            raise TemplateError("\n".join(problems))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


decoded: Final = json.JSONDecoder(object_pairs_hook=_object).decode
"""JSON as plain data; ValueError where a key stands twice."""


def _no_such(name: str, known: Iterable[str], what: str) -> str:
    listed = ", ".join(sorted(known)) or "none"
    return f"'{name}': {what}; {suggestion(name, known, f'known are {listed}')}"


def _template_line(program: Program, traceback: TracebackType | None) -> int:
    line = 1
    while traceback is not None:
        if traceback.tb_frame.f_code is program.template.root_render_func.__code__:
            line = program.template.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line
