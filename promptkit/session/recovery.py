"""What survives a crash: unsaved text in the user's state folder, and the recent files."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from promptkit.errors import PromptkitError
from promptkit.files import read_file, write_file

RECENT: Final = 20


@dataclass(frozen=True, slots=True)
class Recovery:
    """Unsaved text, and the file that it belongs to."""

    path: str | None
    """Absolute; None for a caption that never had a file."""
    sha256: str
    """Of the file when the text was last in step with it."""
    text: str
    size: str
    process: int

    @property
    def is_orphaned(self) -> bool:
        """Whether the editor that wrote it is gone."""
        if self.process == os.getpid():
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


def state_folder() -> Path:
    """Where an editor keeps what outlives it, as the XDG base directories have it."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "promptkit"


def keep(recovery: Recovery, folder: Path) -> None:
    """Write unsaved text down; at every moment the last version is whole.

    Raises:
        UnreadableInputError: if it cannot be written.
    """
    shelf = folder / "recovery"
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = json.dumps(asdict(recovery)).encode()
    write_file(_file(recovery.path, recovery.process, folder), data)


def forget(path: str | None, process: int, folder: Path) -> None:
    """The text is saved, or was given up by the user."""
    with suppress(OSError):
        _file(path, process, folder).unlink()


def orphans(folder: Path) -> list[Recovery]:
    """Texts whose editors ended without saving them, the newest first."""
    found: list[tuple[int, Recovery]] = []
    for file in (folder / "recovery").glob("*.json"):
        try:
            recovery = Recovery(**json.loads(read_file(file)))
            if recovery.is_orphaned:
                found.append((file.stat().st_mtime_ns, recovery))
        except (PromptkitError, OSError, ValueError, TypeError):
            continue  # half a file, or one of another version: nothing to offer
    return [recovery for _, recovery in sorted(found, key=lambda each: -each[0])]


def recent(folder: Path) -> list[Path]:
    """The files opened last that still exist, the latest first."""
    try:
        names = json.loads(read_file(folder / "recent.json"))
    except (PromptkitError, ValueError):
        return []
    return [Path(name) for name in names if isinstance(name, str) and Path(name).exists()]


def remember(path: Path, folder: Path) -> None:
    """Put a file at the head of the recent ones.

    Raises:
        UnreadableInputError: if the list cannot be written.
    """
    names = [str(path), *(str(each) for each in recent(folder) if each != path)]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(folder / "recent.json", json.dumps(names[:RECENT], indent=0).encode())


def _file(path: str | None, process: int, folder: Path) -> Path:
    name = hashlib.sha256((path or "").encode()).hexdigest()[:16]
    return folder / "recovery" / f"{name}-{process}.json"
