"""What becomes of rendered variants: lines on stdout or files in a folder, and what is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from promptkit.cli import console
from promptkit.counted import many
from promptkit.errors import ExitCode
from promptkit.templating import Template, Variant
from promptkit.templating.earlier import EarlierFiles, prune
from promptkit.templating.manifest import MANIFEST, write_variants

_TOLD: Final = 10
"""Identical variants that are told one by one."""


def print_variants(template: Template, made: Iterable[Variant]) -> ExitCode:
    """One caption a line."""
    report = _Report(template)
    first: dict[int, int] = {}
    for variant in made:
        console.out(f"{variant.prompt}\n")
        report.add(variant)
        # As in the manifest: 64 bits of the hash are enough, and little memory.
        number = first.setdefault(int(variant.sha256[:16], 16), variant.number)
        if number != variant.number:
            report.add_same(variant.number, number)
    return report.close()


def write_files(
    template: Template, made: Iterable[Variant], folder: Path, indent: int | None, *, delete: bool
) -> ExitCode:
    """A file a variant, and the manifest; with ``delete`` no file of an earlier run stays."""
    report = _Report(template)
    earlier = EarlierFiles(folder, MANIFEST)
    count = 0
    for written in write_variants(made, folder, indent=indent):
        report.add(written.variant)
        earlier.keep(written.file)
        count += 1
        if written.same_as is not None:
            report.add_same(written.variant.number, written.same_as, "; not written")
    files = count - report.same
    repeated = f", {report.same} identical to another" if report.same else ""
    made_files = f"{many(count, 'variant')} in {many(files, 'file')}"
    code = report.close()
    console.talk(f"{made_files}{repeated}; see {folder / MANIFEST}")
    _clear(earlier, folder, delete=delete)
    return code


def _clear(earlier: EarlierFiles, folder: Path, *, delete: bool) -> None:
    rest = earlier.rest()
    deleted = prune(folder, rest) if delete else []
    kept = {file: sha256 for file, sha256 in rest.items() if file not in deleted}
    earlier.remember(kept)
    if deleted:
        console.talk(f"{many(len(deleted), 'file')} of an earlier run deleted")
    if kept and delete:
        changed = f"{many(len(kept), 'file')} of an earlier run kept, changed since"
        console.talk(f"{changed}: {', '.join([*kept][:3])}{', …' if len(kept) > 3 else ''}")
    elif kept:
        console.talk(
            f"{many(len(kept), 'file')} of an earlier run in {folder} no part of this set; "
            "--prune deletes what has not been changed"
        )


class _Report:
    """Findings, each said once with the count of variants that have it."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.counts: dict[tuple[int, str, str], int] = {}
        self.same = 0
        self.failed = False

    def add(self, variant: Variant) -> None:
        """Tell what was found in a variant."""
        for found in variant.findings:
            finding = found.finding
            self.failed = self.failed or finding.severity != "info"
            caused = f" ({_quoted(found.variables)})" if found.variables else ""
            text = f"{finding.code} {finding.slug}: {finding.message}{caused} in {variant.name}"
            key = (found.line, finding.code, ",".join(found.variables))
            if key not in self.counts:
                console.talk(f"{self.template.source.place}:{found.line}: {text}")
            self.counts[key] = self.counts.get(key, 0) + 1

    def add_same(self, number: int, other: int, consequence: str = "") -> None:
        """Tell that a variant is another one again."""
        self.same += 1
        if self.same <= _TOLD:
            console.talk(f"variant {number} equals variant {other}{consequence}")

    def close(self) -> ExitCode:
        """Tell the counts of what came more than once."""
        if self.same > _TOLD:
            console.talk(f"{self.same - _TOLD:,} more variants equal another one")
        for (line, code, _), count in self.counts.items():
            if count > 1:
                place = f"{self.template.source.place}:{line}"
                console.talk(f"{place}: {code} again in {count - 1} more variants")
        return ExitCode.FINDINGS if self.failed else ExitCode.OK


def _quoted(names: Sequence[str]) -> str:
    return "variable " + ", ".join(f"'{name}'" for name in names)
