"""Write variants into a folder, with a row for each in ``manifest.jsonl``."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from promptkit.errors import UnreadableInputError
from promptkit.files import reason
from promptkit.templating.variant import TracedFinding, Variant

MANIFEST: Final = "manifest.jsonl"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Written:
    """A variant that is on disk now, or that equals one which is."""

    variant: Variant
    file: str
    same_as: int | None
    """The number of the identical variant that was written before, if there is one."""


def write_variants(
    variants: Iterable[Variant], folder: Path, *, indent: int | None = None
) -> Iterator[Written]:
    """Write each variant as it comes, identical ones once, and at the end the manifest.

    The manifest appears when all of it is there: a run that was broken off leaves none.

    Raises:
        UnreadableInputError: if the folder cannot be written.
    """
    target = folder / MANIFEST
    partial = folder / f".{MANIFEST}.{os.getpid()}"
    seen: dict[int, tuple[int, str]] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as rows:
            for variant in variants:
                # 64 bits of the hash: a million variants without a million strings in memory.
                key = int(variant.sha256[:16], 16)
                number, file = seen.setdefault(key, (variant.number, f"{variant.name}.json"))
                same_as = None if number == variant.number else number
                if same_as is None:
                    _replace(folder / file, file_text(variant, indent))
                written = Written(variant, file, same_as)
                rows.write(json.dumps(manifest_row(written), ensure_ascii=False) + "\n")
                yield written
        partial.replace(target)
    except OSError as error:
        raise UnreadableInputError(
            f"{error.filename or folder}: not written: {reason(error)}"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def manifest_row(written: Written) -> dict[str, Any]:
    """The variant's row as JSON data."""
    variant = written.variant
    row: dict[str, Any] = {
        "version": VERSION,
        "number": variant.number,
        "file": written.file,
        "size": str(variant.size),
        "seed": variant.seed,
        "values": dict(variant.values),
        "findings": [finding_row(found) for found in variant.findings],
        "sha256": variant.sha256,
    }
    if written.same_as is not None:
        row["same_as"] = written.same_as
    return row


def finding_row(found: TracedFinding) -> dict[str, Any]:
    """A finding as JSON data, placed in the template."""
    return {
        "code": found.finding.code,
        "slug": found.finding.slug,
        "severity": found.finding.severity.value,
        "message": found.finding.message,
        "pointer": found.finding.pointer,
        "template_line": found.line,
        "variables": list(found.variables),
    }


def file_text(variant: Variant, indent: int | None) -> str:
    """What the variant's file holds: compact, or indented for people."""
    if indent is None:
        return f"{variant.prompt}\n"
    return json.dumps(json.loads(variant.prompt), ensure_ascii=False, indent=indent) + "\n"


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
