"""Read files without being held up by them, and replace them without ever losing one."""

from __future__ import annotations

import os
import shlex
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from promptkit.errors import UnreadableInputError
from promptkit.suggestion import suggestion

_OPEN_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO without a writer would block for ever
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
PNG_MAGIC: Final = b"\x89PNG"
_PICTURES: Final = {PNG_MAGIC: "PNG", b"\xff\xd8\xff": "JPEG"}
"""How pictures begin; no text in UTF-8 does."""
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_file(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a regular file, at most ``limit`` of them.

    Raises:
        UnreadableInputError: if it is missing, may not be read, or is no regular file.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            kind = file_kind(os.fstat(descriptor).st_mode)
            if kind is None:
                return _read_all(descriptor, limit)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        problem = f"{path}: cannot be read: {reason(error)}{_neighbour(path)}"
        raise UnreadableInputError(problem) from error
    hints = {"a pipe": "; give its text to '-' on stdin", "a folder": "; name a file in it"}
    hint = hints.get(kind, "")
    raise UnreadableInputError(f"{path}: is {kind}, not a file{hint}")


def _neighbour(path: Path) -> str:
    """A file beside the one that is not there, if its name is nearly the same."""
    try:
        beside = [] if path.exists() else [each.name for each in path.parent.iterdir()]
    except (OSError, ValueError):
        return ""
    hint = suggestion(path.name, beside, "", cutoff=0.8)
    return f"; {hint}" if hint else ""


def picture_problem(data: bytes, name: str) -> str:
    """What to say of a picture where a caption is wanted; empty for anything else."""
    kind = next((kind for magic, kind in _PICTURES.items() if data.startswith(magic)), "")
    if kind == "PNG":
        file = "" if name.startswith("<") else f" {shlex.quote(name)}"
        job = f"'promptkit extract{file}' prints the job that made it"
        return f"{name}: is a PNG picture, not a caption; {job}"
    return f"{name}: is a {kind} picture, not a caption" if kind else ""


def write_file(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Replace a file at one stroke: at every moment it holds the old bytes or the new ones.

    The new text is written beside it, flushed to the disk and then renamed over it, so neither a
    full disk nor an interruption costs anything. A symbolic link stays and its target is replaced;
    the mode stays, and the owner where the system allows it. Other hard links keep the old bytes.

    Args:
        path: where; the folder must exist.
        data: the new content.
        expected: what the file should still hold; if it does not, someone else has changed it.

    Raises:
        UnreadableInputError: if it could not be written; the file is then as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise UnreadableInputError(f"{path}: not written: it is read-only")
        _replace(target, data, expected)
    except OSError as error:
        kept = "; the file is as it was" if os.path.lexists(path) else ""
        if not target.parent.exists():
            kept = f"; make the folder {path.parent} first"
        raise UnreadableInputError(f"{path}: not written: {reason(error)}{kept}") from error


def absolute_path(path: Path) -> Path:
    """The path from the root, without ``..``; links are left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the '..'


def typed_path(text: str) -> Path:
    """The path that someone has typed; a ``~`` that names no one's home stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises for the latter


def shown_path(path: Path) -> str:
    """A path for a message: relative where it lies below the working folder, else as it is."""
    here = Path.cwd()
    if path.is_absolute() and path.is_relative_to(here):
        return os.fspath(path.relative_to(here))
    return os.fspath(path)


def file_kind(mode: int) -> str | None:
    """What something that is no regular file is, for a message; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    return next((name for test, name in _KINDS if test(mode)), "no regular file")


def reason(error: OSError | ValueError) -> str:
    """An operating system's error in words, without the number and the path."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _replace(target: Path, data: bytes, expected: bytes | None) -> None:
    from tempfile import mkstemp  # noqa: PLC0415 - only writers pay for what it imports

    descriptor, name = mkstemp(prefix=f".{target.name[:200]}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            _take_after(target, file.fileno())
            os.fsync(file.fileno())
        if expected is not None:
            _check_unchanged(target, expected)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(target.parent)


def _check_unchanged(target: Path, expected: bytes) -> None:
    if read_file(target) != expected:
        message = "not written: it has changed in the meantime; run the command again"
        raise UnreadableInputError(f"{target}: {message}")


def _take_after(target: Path, descriptor: int) -> None:
    """Give the new file the mode and the owner of the one it replaces, or those of any new file."""
    if not hasattr(os, "fchmod"):
        return
    try:
        old = target.stat()
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        os.fchmod(descriptor, 0o666 & ~umask)
        return
    new = os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _flush_folder(folder: Path) -> None:
    """Make the renaming itself last; the file is whole even where that is not possible."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read_all(descriptor: int, limit: int | None) -> bytes:
    chunks: list[bytes] = []
    left = -1 if limit is None else limit
    while left:
        chunk = os.read(descriptor, 1 << 20 if left < 0 else min(left, 1 << 20))
        if not chunk:
            break
        chunks.append(chunk)
        left -= len(chunk) if left > 0 else 0
    return b"".join(chunks)
