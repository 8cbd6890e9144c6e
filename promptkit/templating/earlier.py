"""Files that an earlier run wrote into a folder and that are no part of the set any more.

They are known by the manifest that the run left, and from one run to the next by a list of those
that nobody has deleted yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from promptkit.errors import UnreadableInputError
from promptkit.files import read_file, write_file
from promptkit.templating.naming import same_name
from promptkit.templating.stretches import encoded
from promptkit.templating.template import decoded

LEFT_OVER: Final = ".manifest-leftover.jsonl"
"""Files of earlier runs, a row each as in the manifest, with ``file`` and ``sha256`` alone."""


class EarlierFiles:
    """What is left of earlier runs in a folder. Read before a run, asked after it."""

    def __init__(self, folder: Path, manifest: str) -> None:
        self._folder = folder
        self._files: dict[int, tuple[str, str]] = {}
        for name in (LEFT_OVER, manifest):
            self._files |= _listed(folder / name)

    def keep(self, file: str) -> None:
        """Take note that ``file`` is a part of the new set."""
        self._files.pop(same_name(file), None)

    def rest(self) -> dict[str, str]:
        """The files that are still there and no part of the set, each with its hash."""
        return {
            file: sha256 for file, sha256 in self._files.values() if (self._folder / file).is_file()
        }

    def remember(self, files: Mapping[str, str]) -> None:
        """Leave a list of files for the next run.

        Raises:
            UnreadableInputError: if it cannot be written.
        """
        path = self._folder / LEFT_OVER
        if files:
            rows = (json.dumps({"file": file, "sha256": each}) for file, each in files.items())
            write_file(path, "".join(f"{row}\n" for row in rows).encode())
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def prune(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Delete files that hold what was once written into them; gives those that were deleted."""
    deleted = []
    for file, sha256 in files.items():
        path = folder / file
        with suppress(OSError, UnreadableInputError):
            if not path.is_symlink() and _content_hash(path) == sha256:
                path.unlink()
                deleted.append(file)
    return deleted


def _content_hash(path: Path) -> str | None:
    """The hash that the manifest has of a file's caption, however the file is laid out."""
    try:
        # A key that stands twice is a change that the last of the two would hide.
        return hashlib.sha256(encoded(decoded(read_file(path).decode())).encode()).hexdigest()
    except (ValueError, RecursionError):
        return None


def _listed(path: Path) -> dict[int, tuple[str, str]]:
    try:
        text = read_file(path).decode("utf-8", "replace")
    except UnreadableInputError:
        return {}
    listed: dict[int, tuple[str, str]] = {}
    # Other separators that ``splitlines`` knows may be a part of a value.
    for line in text.split("\n"):
        # A row that says something else is of no run of ours, and names nothing to be deleted.
        with suppress(ValueError, LookupError, TypeError):
            row = json.loads(line)
            file, sha256 = row["file"], row["sha256"]
            if isinstance(file, str) and isinstance(sha256, str) and _is_ours(file):
                listed[same_name(file)] = (file, sha256)
    return listed


def _is_ours(file: str) -> bool:
    """Whether it is the name of a caption in the folder itself."""
    return Path(file).name == file and file.endswith(".json") and "\\" not in file
