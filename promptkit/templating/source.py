"""A template file: its front matter, checked, and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from promptkit.errors import UnreadableInputError
from promptkit.files import read_file
from promptkit.geometry import Size
from promptkit.mismatch import mismatch
from promptkit.suggestion import suggestion
from promptkit.templating.variables import AnyVariable, TemplateError

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
MAX_TEMPLATE_BYTES = 1 << 20


class FrontMatter(BaseModel):
    """What stands between the two ``---`` lines, as YAML."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    variables: dict[str, AnyVariable] = Field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    """Jinja conditions; a variant for which one holds is not made."""
    size: Annotated[str, Field(pattern=r"^[1-9][0-9]*x[1-9][0-9]*$")] = "1024x1024"
    """The picture's size where none is asked for."""
    filename: str = "{{ template }}-{{ number }}"
    """How variants are called: Jinja over the variables, ``template``, ``number`` and ``size``."""


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A template as it stands in its file."""

    name: str
    path: Path | None
    front: FrontMatter
    body: str
    first_line: int
    """The line of the file on which the body begins."""
    lines: tuple[tuple[str, int], ...] = ()
    """Each declared variable's line in the file."""

    @property
    def size(self) -> Size:
        return Size.parse(self.front.size)

    @property
    def says_size(self) -> bool:
        """Whether the file itself names the size."""
        return "size" in self.front.model_fields_set

    @property
    def place(self) -> str:
        """How messages call the file."""
        return str(self.path) if self.path else self.name


def load_source(path: Path) -> TemplateSource:
    """Read a template file.

    Raises:
        TemplateError: if it cannot be read, or its front matter says what it may not.
    """
    try:
        data = read_file(path, MAX_TEMPLATE_BYTES + 1)
    except UnreadableInputError as error:
        raise TemplateError(str(error)) from error
    return parse_source(decode(data, str(path)), name=template_name(path), path=path)


def decode(data: bytes, place: str) -> str:
    """The text of a template's bytes.

    Raises:
        TemplateError: if they are too many, or not UTF-8.
    """
    if len(data) > MAX_TEMPLATE_BYTES:
        raise TemplateError(f"{place}: more than {MAX_TEMPLATE_BYTES:,} bytes are no template")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise TemplateError(f"{place}: byte {error.start} is not UTF-8; save as UTF-8") from error


def parse_source(text: str, *, name: str = "template", path: Path | None = None) -> TemplateSource:
    """Split a template's text into front matter and body. See ``load_source``."""
    place = str(path) if path else name
    match = _FRONT_MATTER.match(text)
    if match is None:
        return TemplateSource(name, path, FrontMatter(), text, 1)
    head = match.group(1)
    data = _yaml(head, place)
    try:
        front = FrontMatter.model_validate(data)
    except ValidationError as error:
        problems = "".join(f"\n  {_problem(each)}" for each in error.errors())
        raise TemplateError(f"{place}: the front matter has mistakes:{problems}") from error
    for variable in front.variables:
        if not _NAME.fullmatch(variable):
            raise TemplateError(
                f"{place}: '{variable}' is no name for a variable; use letters, digits and _, "
                "beginning with a letter"
            )
    first_line = text.count("\n", 0, match.end()) + 1
    lines = tuple((variable, _line_of(head, variable)) for variable in front.variables)
    return TemplateSource(name, path, front, text[match.end() :], first_line, lines)


def template_name(path: Path) -> str:
    """``poster`` for ``poster.json.j2``."""
    return path.name.removesuffix(".j2").removesuffix(".json")


def _yaml(head: str, place: str) -> Any:
    try:
        data = yaml.safe_load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 2}:" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise TemplateError(f"{place}:{line} the front matter is not YAML: {problem}") from error
    except RecursionError as error:
        raise TemplateError(f"{place}: the front matter is nested too deeply") from error
    return {} if data is None else data


def _line_of(head: str, variable: str) -> int:
    match = re.search(rf"^\s+[\"']?{re.escape(variable)}[\"']?\s*:", head, re.MULTILINE)
    return head.count("\n", 0, match.end()) + 2 if match else 1


def _problem(detail: ErrorDetails) -> str:
    if not detail["loc"]:
        return f"front matter: {detail['msg']}"
    place, kind = _place([str(part) for part in detail["loc"]])
    if detail["type"] != "extra_forbidden":
        there = detail.copy()
        there["loc"] = tuple(place)
        return mismatch(there)
    known = _KEYS[kind] if kind else list(FrontMatter.model_fields)
    hint = suggestion(place[-1], known, f"known are {', '.join(known)}")
    return f"{'.'.join(place)}: no such key" + (f" of a {kind}; " if kind else "; ") + hint


def _place(location: list[str]) -> tuple[list[str], str | None]:
    """A place in the file, and the type of the innermost declaration there.

    pydantic names the type behind a variable's name and behind a list's ``items``.
    """
    place, kind = location[:2], None
    for before, part in pairwise(location[1:]):
        if part in _KEYS and (kind is None or before == "items"):
            kind = part
        else:
            place.append(part)
    return place, kind


_KEYS = {
    kind: ["type", *(field for field in model.model_fields if field != "type")]
    for model in get_args(get_args(AnyVariable)[0])
    for kind in get_args(model.model_fields["type"].annotation)
}
