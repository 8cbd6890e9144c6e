"""Findings that were there when the linter came: recorded once, not reported again.

An entry is recognised by its file, its code, the path to the value without list positions, and the
value itself where that is no container. So it stays known when lines or elements move and when a
message is worded anew, and is reported again when the value has been edited.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from promptkit.document import Document, Kind
from promptkit.document.edit import json_string
from promptkit.errors import ConfigError
from promptkit.lint.finding import Finding

VERSION: Final = 1
_CONTAINERS: Final = (Kind.OBJECT, Kind.ARRAY)


class Entry(NamedTuple):
    """One known finding."""

    code: str
    pointer: str
    fingerprint: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is recognised by."""
        path = "/".join("*" if token.isdecimal() else token for token in self.pointer.split("/"))
        return self.code, path, self.fingerprint


class Comparison(NamedTuple):
    """A file's findings against its entries."""

    fresh: tuple[Finding, ...]
    stale: int
    """Entries that no finding answers to any more."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings of files, by their path relative to the baseline file, with ``/``."""

    files: Mapping[str, tuple[Entry, ...]]

    def compare(self, name: str, document: Document, findings: Iterable[Finding]) -> Comparison:
        """Which of a file's findings are not known, and how many known ones are gone."""
        left = Counter(entry.key for entry in self.files.get(name, ()))
        fresh: list[Finding] = []
        for finding in findings:
            key = entry_of(document, finding).key
            if left[key]:
                left[key] -= 1
            else:
                fresh.append(finding)
        return Comparison(tuple(fresh), left.total())

    def dumps(self) -> str:
        """The baseline file's text, in a stable order with one entry on a line."""
        files = [
            f"    {json_string(name)}: [\n"
            + ",\n".join(_line(entry) for entry in entries)
            + "\n    ]"
            for name, entries in sorted(self.files.items())
            if entries
        ]
        inside = "{\n" + ",\n".join(files) + "\n  }" if files else "{}"
        return f'{{\n  "version": {VERSION},\n  "files": {inside}\n}}\n'


def entry_of(document: Document, finding: Finding) -> Entry:
    """The entry that a finding is recognised by."""
    node = document.find(finding.pointer) if finding.pointer else None
    if node is None:
        whole = any(root.start == finding.start for root in document.roots)
        value = "" if whole else "".join(document.text[finding.start : finding.end].split())
    else:
        value = "" if node.kind in _CONTAINERS else json.dumps(node.value)
    digest = hashlib.blake2b(value.encode(errors="surrogatepass"), digest_size=8).hexdigest()
    return Entry(finding.code, finding.pointer, digest)


def loads(text: str, where: str) -> Baseline:
    """Read a baseline file.

    Raises:
        ConfigError: if it is none, or of another version.
    """
    try:
        content: Any = json.loads(text)
        if content["version"] != VERSION:
            raise ConfigError(
                f"{where}: is a baseline of version {content['version']!r}, not {VERSION}; "
                "write it anew with --write-baseline"
            )
        files = {
            str(name): tuple(Entry(**entry) for entry in entries)
            for name, entries in content["files"].items()
        }
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        message = "is no baseline; write one with --write-baseline"
        raise ConfigError(f"{where}: {message}") from error
    if not all(
        isinstance(part, str) for each in files.values() for entry in each for part in entry
    ):
        raise ConfigError(f"{where}: is no baseline; write one with --write-baseline")
    return Baseline(files)


def _line(entry: Entry) -> str:
    members = (f'"{name}": {json_string(value)}' for name, value in entry._asdict().items())
    return f"      {{{', '.join(members)}}}"
