"""Which files a command is about: those named, and in folders those that look like captions."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from promptkit.errors import UnreadableInputError
from promptkit.files import file_kind, reason
from promptkit.keys import ROOT_KEYS

STDIN: Final = "-"
SUFFIX: Final = ".json"
_NEVER: Final = frozenset({"node_modules", "__pycache__"})
"""Folders that hold other people's files; so do those whose name begins with a dot."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to look at."""

    path: Path
    named: bool
    """Named by the user, so that it is a caption for certain; otherwise met in a folder."""


def discover(
    names: Iterable[str],
    *,
    excluded: Callable[[Path], bool],
    complain: Callable[[UnreadableInputError], None],
) -> Iterator[Candidate]:
    """The files that ``names`` stand for, each once, folders in the order of their names.

    Links to files are followed, links to folders are not: they may lead round in a circle. What
    cannot be looked at goes to ``complain``, and the search goes on.
    """
    seen: set[Path] = set()
    for name in names:
        if not name:
            # An unset variable of a script; for Path it would be the working folder.
            complain(UnreadableInputError("'': is no name of a file; '.' is the working folder"))
            continue
        path = Path(name)
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a parent is closed
            found = _walk(path, excluded, complain)
        else:
            found = iter([Candidate(path, named=True)])
        for candidate in found:
            key = Path(os.path.normpath(candidate.path))
            if key not in seen:
                seen.add(key)
                yield candidate


def looks_like_caption(data: bytes) -> bool:
    """A quick guess from a file's text, so that a folder's other JSON is left in peace.

    A key of a caption's root must stand as a key of this very file, not inside a string of it: a
    node graph that carries a caption among other things is no caption file. JSON Schemas have
    those keys too.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        data = data.replace(b"\0", b"")
    if b'"$schema"' in data and b'"properties"' in data:
        return False
    encoded = data.lstrip().startswith((b'"', b'{\\"', b'[\\"'))
    return bool(_root_key(encoded).search(data))


@cache
def _root_key(encoded: bool) -> re.Pattern[bytes]:
    names = "|".join(ROOT_KEYS).encode()
    before = b"" if encoded else rb"(?<!\\[\"'])"
    return re.compile(before + rb"\b(?:" + names + rb")\b[\"'\\\x80-\xff]*\s*:")


def _walk(
    folder: Path,
    excluded: Callable[[Path], bool],
    complain: Callable[[UnreadableInputError], None],
) -> Iterator[Candidate]:
    open_folders = [folder]
    while open_folders:
        folder = open_folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            complain(UnreadableInputError(f"{folder}: cannot be read: {reason(error)}"))
            continue
        below: list[Path] = []
        for entry in entries:
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NEVER and not entry.name.startswith("."):
                    below += [] if excluded(path) else [path]
            elif entry.name.lower().endswith(SUFFIX) and not excluded(path):
                problem = _problem(entry)
                if problem:
                    complain(UnreadableInputError(f"{path}: {problem}"))
                elif problem is None:
                    yield Candidate(path, named=False)
        open_folders += reversed(below)


def _problem(entry: os.DirEntry[str]) -> str | None:
    """Why an entry cannot be read; None if it can, '' if it is nothing to read at all."""
    if entry.is_file(follow_symlinks=False):
        return None
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        what = "the link leads nowhere" if entry.is_symlink() else "cannot be read"
        return f"{what}: {reason(error)}"
    kind = file_kind(mode)
    return "" if stat.S_ISDIR(mode) else f"is {kind}, not a file" if kind else None
