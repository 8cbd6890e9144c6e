"""What ``generate`` is asked to render: captions, job files, manifests, finished pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from promptkit.canonical import canonical
from promptkit.cli.inputs import Configs, Input, Inputs
from promptkit.discovery import STDIN
from promptkit.document import Document, read
from promptkit.errors import CaptionError, PromptkitError, UnreadableInputError, UsageError
from promptkit.files import PNG_MAGIC, read_file
from promptkit.geometry import Size
from promptkit.job import is_job_file, job_parameters, parse_record

MANIFEST: Final = "manifest.jsonl"
"""What ``promptkit render`` leaves beside its variants."""
TEMPLATE_SUFFIX: Final = ".j2"


@dataclass(frozen=True, slots=True)
class Source:
    """Something to render."""

    name: str
    """How messages call it."""
    stem: PurePath
    """Where its pictures go, relative to the output folder and without a suffix."""
    input: Input
    document: Document
    """The caption as it is linted."""
    parameters: dict[str, Any]
    """What it says itself about how to render it; ``prompt`` is always there."""
    problem: CaptionError | None = None
    """Why it has no prompt that could be rendered, where the linter does not say so."""

    @property
    def size(self) -> Size | None:
        """The size that it names itself."""
        if not {"width", "height"} <= self.parameters.keys():
            return None
        return Size(self.parameters["width"], self.parameters["height"])


@dataclass(frozen=True, slots=True)
class _Row:
    """What a manifest says about one of its files."""

    file: str
    parameters: dict[str, Any]


class Sources:
    """Iterate over it, then look at ``failed``: what cannot be read is told on the way."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._configs = Configs()
        self.failed = False
        """Whether something was named that gives nothing to render."""
        self.unread = False
        """Whether something could not be read."""

    def __iter__(self) -> Iterator[Source]:
        for name in self._names:
            manifest = _manifest(name)
            rows = read_manifest(manifest) if manifest else []
            folder = manifest.parent if manifest else Path(name)
            names = [str(folder / row.file) for row in rows] if manifest else [name]
            said = {row.file: row.parameters for row in rows}
            inputs = Inputs(names, self._configs, pictures=True)
            for each in inputs:
                try:
                    source = self._source(each, _stem(each, folder))
                except PromptkitError as error:
                    inputs.complain(error)
                    continue
                extra = said.get(each.path.name, {}) if each.path else {}
                source.parameters.update(extra)
                yield source
            self.unread |= inputs.failed
            self.failed |= inputs.failed or inputs.empty

    def _source(self, each: Input, stem: PurePath) -> Source:
        if each.path is not None and each.path.suffix == TEMPLATE_SUFFIX:
            raise UsageError(
                f"{each.name}: is a template; 'promptkit render {each.name} -o DIR' makes captions "
                "of it, which 'promptkit generate DIR' takes"
            )
        if each.data.startswith(PNG_MAGIC):
            parameters = parse_record(each.data, each.name).repeat.model_dump()
            return Source(each.name, stem, each, read(parameters["prompt"]), parameters)
        text = _decoded_job(each)
        if text is not None:
            parameters = job_parameters(text, each.name)
            return Source(each.name, stem, each, read(parameters["prompt"]), parameters)
        document = read(each.data)
        # Any text is a prompt to the model, if a worse one than a caption.
        prompt, problem = document.text.strip() or "{}", None
        try:
            prompt = canonical(document)
        except CaptionError as error:
            problem = error
        return Source(each.name, stem, each, document, {"prompt": prompt}, problem)


def read_manifest(path: Path) -> list[_Row]:
    """The files of a manifest of ``promptkit render``, each once.

    Raises:
        UnreadableInputError: if it is none.
    """
    rows: dict[str, _Row] = {}
    for number, line in enumerate(read_file(path).decode("utf-8", "replace").splitlines(), 1):
        try:
            row = json.loads(line)
            size = Size.parse(row["size"])
            parameters = {"width": size.width, "height": size.height, "seed": row["seed"]}
            # Equal captions stand in one file; the first row, for which it was written, holds.
            rows.setdefault(row["file"], _Row(row["file"], parameters))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            message = f"{path}: line {number} is no row of a manifest; render the template again"
            raise UnreadableInputError(message) from error
    return list(rows.values())


def _manifest(name: str) -> Path | None:
    path = Path(name)
    if path.name == MANIFEST:
        return path
    inside = path / MANIFEST
    return inside if name != STDIN and inside.is_file() else None


def _stem(each: Input, folder: Path) -> PurePath:
    """In a folder that was named, the place below it; otherwise the file's own name."""
    if each.path is None:
        return PurePath("stdin")
    inside = each.path.is_relative_to(folder) and each.path != folder
    return (each.path.relative_to(folder) if inside else PurePath(each.path.name)).with_suffix("")


def _decoded_job(each: Input) -> str | None:
    """The text of a job file; None if the input is none."""
    try:
        text = each.data.decode("utf-8-sig")
        return text if is_job_file(json.loads(text)) else None
    except (ValueError, RecursionError):
        return None
