"""The configuration: ``promptkit.toml``, or ``[tool.promptkit]`` in ``pyproject.toml``.

For each caption the nearest such file counts, looking upwards from the caption's folder; files are
not merged. pydantic checks it, and is loaded only where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from promptkit.errors import ConfigError, UnreadableInputError
from promptkit.files import absolute_path, read_file, shown_path
from promptkit.geometry import Size
from promptkit.lint.finding import Severity
from promptkit.mismatch import mismatch
from promptkit.suggestion import suggestion

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

OWN_FILE: Final = "promptkit.toml"
PROJECT_FILE: Final = "pyproject.toml"
_TABLE: Final = ("tool", "promptkit")


def _kebab(name: str) -> str:
    return name.replace("_", "-")


_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "alias_generator": _kebab}


@dataclass(frozen=True)
class FormatSettings:
    """How ``fmt`` lays a caption out."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    indent: int = 2
    """Spaces of one level, 1 to 8."""
    compact: bool = False
    """The trained form, all on one line, instead."""

    def __post_init__(self) -> None:
        if not 1 <= self.indent <= 8:
            raise ValueError(f"indent {self.indent} is not between 1 and 8")


@dataclass(frozen=True)
class Settings:
    """What the configuration may say. Keys are written with hyphens.

    Rules are named as on the command line; paths and patterns are relative to the file. In a
    pattern ``*`` also crosses folders, and one without a ``/`` matches a name at any depth.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    select: tuple[str, ...] = ()
    """Run exactly these rules instead of the default ones."""
    extend_select: tuple[str, ...] = ()
    """Run these besides."""
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rules to ignore in files that match a pattern."""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """Another severity for some rules: ``error``, ``warning`` or ``info``."""
    size: str | None = None
    """The pictures' size, for the rules that depend on it: ``1024x768``."""
    tokenizer: str | None = None
    """A ``tokenizer.json`` or a checkpoint's folder to count tokens with."""
    exclude: tuple[str, ...] = ()
    """Files and folders to leave alone, also where they are named."""
    baseline: str | None = None
    """A file of known findings that are not reported."""
    fmt: FormatSettings = field(default_factory=FormatSettings)

    def __post_init__(self) -> None:
        if self.size is not None:
            Size.parse(self.size)

    @cached_property
    def picture_size(self) -> Size | None:
        return Size.parse(self.size) if self.size else None


@dataclass(frozen=True)
class Config:
    """Settings, and where they come from."""

    settings: Settings
    path: Path | None
    """The file; None where there is none."""
    root: Path
    """The folder that paths and patterns are relative to."""

    @cached_property
    def where(self) -> str:
        """How messages call the place."""
        if self.path is None:
            return "configuration"
        table = f" [{'.'.join(_TABLE)}]" if self.path.name == PROJECT_FILE else ""
        return f"{shown_path(self.path)}{table}"

    def excludes(self, path: Path) -> bool:
        return any(self.matches(pattern, path) for pattern in self.settings.exclude)

    def ignored_in(self, path: Path) -> tuple[str, ...]:
        """The rules that ``per-file-ignores`` turns off in a file."""
        patterns = self.settings.per_file_ignores.items()
        return tuple(
            name for pattern, names in patterns if self.matches(pattern, path) for name in names
        )

    def matches(self, pattern: str, path: Path) -> bool:
        """Whether a pattern of this configuration means ``path`` or a folder above it."""
        from fnmatch import fnmatchcase  # noqa: PLC0415 - most runs have no patterns

        absolute = absolute_path(path)
        if not absolute.is_relative_to(self.root):
            return False
        inside = absolute.relative_to(self.root)
        pattern = pattern.removeprefix("./").rstrip("/")
        if "/" not in pattern:
            return any(fnmatchcase(part, pattern) for part in inside.parts)
        whole = inside.as_posix()
        return fnmatchcase(whole, pattern) or fnmatchcase(whole, f"{pattern}/*")


def no_config(root: Path) -> Config:
    """The defaults."""
    return Config(Settings(), None, root)


def load(path: Path) -> Config:
    """Read a configuration file that must hold settings.

    Raises:
        ConfigError: if it is unreadable, no TOML, or says something that cannot be followed.
    """
    found = _parse(path, _read(path))
    if found is None:
        raise ConfigError(f"{shown_path(path)}: has no [{'.'.join(_TABLE)}] table")
    return found


def nearest(folder: Path, known: dict[Path, Config]) -> Config:
    """The configuration for files in an absolute ``folder``: its own, or the nearest above.

    ``known`` remembers the answers of one run.

    Raises:
        ConfigError: as ``load`` does.
    """
    if folder not in known:
        found = _own(folder)
        if found is None and folder.parent != folder:
            found = nearest(folder.parent, known)
        known[folder] = found or no_config(folder)
    return known[folder]


def _own(folder: Path) -> Config | None:
    for name in (OWN_FILE, PROJECT_FILE):
        path = folder / name
        if not path.is_file():
            continue
        data = _read(path)
        # Most projects' pyproject.toml says nothing about captions, and need not be parsed.
        found = _parse(path, data) if name == OWN_FILE or b"promptkit" in data else None
        if found is not None:
            return found
    return None


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except UnreadableInputError as error:
        raise ConfigError(str(error)) from error


def _parse(path: Path, data: bytes) -> Config | None:
    import tomllib  # noqa: PLC0415 - only where there is a file

    try:
        content: Any = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{shown_path(path)}: is not TOML: {error}") from error
    if path.name == PROJECT_FILE:
        for key in _TABLE:
            content = content.get(key) if isinstance(content, dict) else None
    if content is None:
        return None
    return Config(_checked(path, content), path, absolute_path(path).parent)


def _checked(path: Path, content: object) -> Settings:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - most runs have no file

    try:
        return TypeAdapter(Settings).validate_python(content)
    except ValidationError as error:
        table = f"[{'.'.join(_TABLE)}] " if path.name == PROJECT_FILE else ""
        problems = [f"{shown_path(path)}: {table}{_problem(each)}" for each in error.errors()]
        raise ConfigError("\n".join(problems)) from error


_WORDS: Final = {
    "tuple_type": 'should be a list, e.g. ["C101"]',
    "mapping_type": "should be a table",
    "dict_type": "should be a table",
    "dataclass_type": "should be a table",
}


def _problem(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] != "unexpected_keyword_argument":
        words = _WORDS.get(detail["type"])
        return mismatch(detail) if words is None else f"{key}: {words}"
    owner = FormatSettings if detail["loc"][:-1] == ("fmt",) else Settings
    known = [_kebab(each.name) for each in fields(owner)]
    typed = str(detail["loc"][-1]).replace("_", "-")
    if typed == _TABLE[0]:
        return f"[{'.'.join(_TABLE)}]: is for {PROJECT_FILE}; leave this line out in {OWN_FILE}"
    hint = suggestion(typed, known, f"there are {', '.join(known)}")
    return f"{key}: no such setting; {hint}"
