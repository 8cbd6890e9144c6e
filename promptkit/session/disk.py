"""A caption's file: its state when it was read, and saving that overwrites nobody's work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from promptkit.document import MAX_BYTES, read
from promptkit.errors import PromptkitError, UnreadableInputError
from promptkit.files import absolute_path, picture_problem, read_file, shown_path, write_file


class ChangedOnDiskError(PromptkitError):
    """Someone else has written the file since it was read."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file as it was last read or written."""

    path: Path
    sha256: str
    """Of its bytes; empty where the file did not exist."""
    modified: int
    """Its time of modification in nanoseconds; 0 where it did not exist."""

    @property
    def changed(self) -> bool:
        """Whether the file holds something else now; its time is looked at first, as it is cheap.

        A file that is gone has not changed: saving makes it anew.
        """
        try:
            if self.path.stat().st_mtime_ns == self.modified:
                return False
            return digest(read_file(self.path)) != self.sha256
        except (OSError, UnreadableInputError):
            return False


def load(path: Path) -> tuple[str, OnDisk]:
    """A file's text and its state; a file that does not exist yet is empty.

    Raises:
        UnreadableInputError: if it is there and is no text that can be read without loss, or is
            far too large; or if there is no folder to put it into.
    """
    path = absolute_path(path)
    name = shown_path(path)
    if not path.exists():
        if not path.parent.is_dir():
            folder = shown_path(path.parent)
            raise UnreadableInputError(f"{name}: there is no folder {folder}; make it first")
        return "", OnDisk(path, "", 0)
    state = path.stat()
    data = read_file(path, MAX_BYTES + 1)
    if problem := picture_problem(data, name):
        raise UnreadableInputError(problem)
    if len(data) > MAX_BYTES:
        size = max(state.st_size, len(data))
        raise UnreadableInputError(
            f"{name}: is larger than any caption: {size:,} bytes; at most {MAX_BYTES:,} are taken"
        )
    document = read(data)
    for flaw in document.flaws:
        if flaw.slug == "not-utf8":
            raise UnreadableInputError(f"{name}: is no text to edit: {flaw.message}")
    return document.text, OnDisk(path, digest(data), state.st_mtime_ns)


def store(text: str, path: Path, known: OnDisk | None, *, overwrite: bool = False) -> OnDisk:
    """Write ``text`` to ``path`` at one stroke.

    Args:
        text: what to write, as UTF-8.
        path: where to.
        known: the state in which the file was last seen, if it was.
        overwrite: replace what someone else has written there.

    Raises:
        ChangedOnDiskError: if the file holds something other than what was last seen.
        UnreadableInputError: if it cannot be written, or what is there was never a text; it is
            then as it was.
    """
    path = absolute_path(path)
    expected: bytes | None = None
    if path.exists():
        expected = read_file(path)
        if not _is_text(expected):
            problem = "not written: what is there is no text; save under another name"
            raise UnreadableInputError(f"{shown_path(path)}: {problem}")
    if expected is not None and not overwrite:
        seen = known.sha256 if known and known.path == path else ""
        if digest(expected) != seen:
            what = "has changed on disk" if seen else "exists already"
            raise ChangedOnDiskError(
                f"{path.name} {what}; save under another name, or overwrite it"
            )
    data = text.encode("utf-8", "surrogatepass")
    write_file(path, data, expected=expected)
    return OnDisk(path, digest(data), path.stat().st_mtime_ns)


def _is_text(data: bytes) -> bool:
    """Whether all of a file can be read as text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def digest(data: bytes) -> str:
    """How a file's content is known again."""
    return hashlib.sha256(data).hexdigest()
