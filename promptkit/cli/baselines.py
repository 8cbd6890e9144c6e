"""The baseline files of a run: which findings they know, and what in them has gone stale."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from promptkit.cli.inputs import Input
from promptkit.document import Document
from promptkit.errors import ConfigError, UnreadableInputError
from promptkit.files import absolute_path, read_file, shown_path, write_file
from promptkit.lint import Finding

if TYPE_CHECKING:
    from promptkit.lint.baseline import Baseline, Entry


class Baselines:
    """Takes known findings away, file by file.

    ``named`` is the baseline file for all inputs; otherwise each has that of its configuration.
    """

    def __init__(self, named: str | None) -> None:
        self._named = absolute_path(Path(named)) if named else None
        self._loaded: dict[Path, Baseline] = {}
        self.stale: dict[Path, int] = {}
        """Entries without a finding, in the files that were looked at, by baseline file."""
        self.known = 0
        """Findings that were taken away."""

    def fresh(
        self, source: Input, document: Document, findings: Sequence[Finding]
    ) -> tuple[Finding, ...]:
        """The findings that no baseline knows.

        Raises:
            ConfigError: if the baseline file cannot be read.
        """
        place = self._place(source)
        if place is None or source.path is None:
            return tuple(findings)
        if place not in self._loaded:
            self._loaded[place] = _load(place)
        name = _name(source.path, place)
        compared = self._loaded[place].compare(name, document, findings)
        self.known += len(findings) - len(compared.fresh)
        self.stale[place] = self.stale.get(place, 0) + compared.stale
        return compared.fresh

    def _place(self, source: Input) -> Path | None:
        configured = source.config.settings.baseline
        return self._named or (source.config.root / configured if configured else None)


class Recorder:
    """Collects findings for a new baseline file at ``path``."""

    def __init__(self, path: str) -> None:
        self._path = absolute_path(Path(path))
        self._files: dict[str, tuple[Entry, ...]] = {}

    def add(self, source: Input, document: Document, findings: Sequence[Finding]) -> None:
        from promptkit.lint.baseline import entry_of  # noqa: PLC0415

        if source.path is not None:
            entries = tuple(entry_of(document, finding) for finding in findings)
            self._files[_name(source.path, self._path)] = entries

    def write(self) -> int:
        """Write the file; the number of findings in it.

        Raises:
            UnreadableInputError: if it cannot be written.
        """
        from promptkit.lint.baseline import Baseline  # noqa: PLC0415

        write_file(self._path, Baseline(self._files).dumps().encode())
        return sum(map(len, self._files.values()))


def _name(path: Path, baseline: Path) -> str:
    relative = os.path.relpath(absolute_path(path), baseline.parent)
    return relative.replace(os.sep, "/")


def _load(path: Path) -> Baseline:
    from promptkit.lint.baseline import loads  # noqa: PLC0415 - most runs have no baseline

    try:
        text = read_file(Path(shown_path(path))).decode()
    except UnreadableInputError as error:
        raise ConfigError(f"baseline {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown_path(path)}: is no baseline; it is not UTF-8") from error
    return loads(text, shown_path(path))
