"""The files of a command that works on many: found, read, each with its configuration.

What cannot be read is told on stderr and remembered in ``failed``; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from promptkit.cli import console
from promptkit.discovery import STDIN, Candidate, discover, looks_like_caption
from promptkit.errors import CaptionError, PromptkitError, UnreadableInputError, UsageError
from promptkit.files import absolute_path, picture_problem, read_file, shown_path
from promptkit.settings import Config, load, nearest, no_config

STDIN_NAME: Final = "<stdin>"
_LIMIT: Final = 1 << 26
"""Far above any caption: a file as large as the memory is not read to its end to say so."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file's bytes."""

    name: str
    path: Path | None
    """None for standard input."""
    data: bytes
    config: Config


class Configs:
    """The configuration of each file: one that was named, none, or the nearest."""

    def __init__(self, named: str | None = None, *, isolated: bool = False) -> None:
        if named and isolated:
            raise UsageError("--config names a configuration and --isolated wants none")
        self._known: dict[Path, Config] = {}
        self._fixed = no_config(Path.cwd()) if isolated else load(Path(named)) if named else None

    def of(self, path: Path) -> Config:
        """The configuration for a file; for standard input give a name in the working folder."""
        return self._fixed or nearest(absolute_path(path).parent, self._known)


class Inputs:
    """Iterate over it, then look at ``failed``."""

    def __init__(
        self,
        names: Iterable[str],
        configs: Configs,
        *,
        skip_others: bool = False,
        pictures: bool = False,
    ) -> None:
        """``skip_others`` doubts also whether files that were named are captions.

        ``pictures`` are read as they are; otherwise one that was named is an error.
        """
        self._names = list(names) or ["."]
        self._configs = configs
        self._skip_others = skip_others
        self._pictures = pictures
        self.failed = False
        """Whether something could not be read."""
        self.empty = True
        """Whether there was nothing to read or to pass over knowingly."""

    def __iter__(self) -> Iterator[Input]:
        if STDIN in self._names:
            self.empty = False
            config = self._configs.of(Path(STDIN_NAME))
            yield Input(STDIN_NAME, None, console.stdin_bytes(), config)
        paths = (name for name in self._names if name != STDIN)
        for candidate in discover(paths, excluded=self._excluded, complain=self.complain):
            source = self._read(candidate)
            if source is not None:
                self.empty = False
                yield source
        if self.empty and not self.failed:
            console.talk(f"no captions found in {', '.join(self._names)}")

    def complain(self, error: PromptkitError) -> None:
        """Tell what is wrong with one of the files, and go on."""
        self.failed = True
        console.talk(f"promptkit: {error}")

    def _excluded(self, path: Path) -> bool:
        return self._configs.of(path).excludes(path)

    def _read(self, candidate: Candidate) -> Input | None:
        config = self._configs.of(candidate.path)
        if candidate.named and config.excludes(candidate.path):
            console.talk(f"{candidate.path}: left out by 'exclude' in {config.where}")
            self.empty = False
            return None
        try:
            data = read_file(candidate.path, _LIMIT)
            if candidate.named and not self._pictures and not self._skip_others:
                refuse_picture(data, shown_path(candidate.path))
        except UnreadableInputError as error:
            self.complain(error)
            return None
        if self._skip_others or not candidate.named:
            self.empty = self.empty and not candidate.named
            if not looks_like_caption(data):
                return None
        return Input(shown_path(candidate.path), candidate.path, data, config)


def shown_name(name: str) -> str:
    """How messages call the one file of a command."""
    return STDIN_NAME if name == STDIN else name


def read_one(name: str) -> bytes:
    """The bytes of the one file of a command; ``-`` is standard input.

    Raises:
        UnreadableInputError: if it cannot be read.
    """
    return console.stdin_bytes() if name == STDIN else read_file(Path(name), _LIMIT)


def read_text(name: str) -> bytes:
    """``read_one`` of a command that reads captions, not the pictures made of them.

    Raises:
        UnreadableInputError: if it cannot be read, or is a picture.
    """
    data = read_one(name)
    refuse_picture(data, shown_name(name))
    return data


def refuse_picture(data: bytes, name: str) -> None:
    """UnreadableInputError for a picture, which may have a caption inside."""
    if problem := picture_problem(data, name):
        raise UnreadableInputError(problem)


def no_caption(error: CaptionError, name: str) -> CaptionError:
    """The error of a command whose one file ``name`` is not the caption that it needs."""
    mend = f"'promptkit lint {name}' shows the places; --fix mends what it can"
    return CaptionError(list(error.problems), where=shown_name(name), mend=mend)
