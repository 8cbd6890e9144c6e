"""Tables of values: YAML, JSON and CSV files whose rows become variants."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from promptkit.files import read_file
from promptkit.templating.variables import TemplateError

MAX_TABLE_BYTES: Final = 64 << 20
"""A row of a kilobyte for each of 64,000 variants."""


def read_table(path: Path) -> list[dict[str, Any]]:
    """The rows of a file: a list of mappings or one mapping (YAML, JSON), or CSV with a header.

    Raises:
        TemplateError: if the file is of another kind or form.
        UnreadableInputError: if it cannot be read.
    """
    return parse_table(read_file(path, MAX_TABLE_BYTES + 1), path.name)


def parse_table(data: bytes, name: str) -> list[dict[str, Any]]:
    """See ``read_table``; the ending of ``name`` says what the data is."""
    if len(data) > MAX_TABLE_BYTES:
        raise TemplateError(f"{name}: is larger than {MAX_TABLE_BYTES >> 20} MiB; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{name}: byte {error.start} is not UTF-8; save as UTF-8") from error
    rows = _parsed(text, name)
    if not rows:
        raise TemplateError(f"{name}: no row of values is in it; give one for each variant")
    return rows


def _parsed(text: str, name: str) -> list[dict[str, Any]]:
    kind = Path(name).suffix.lower()
    if kind == ".csv":
        return _csv(text, name)
    if kind in (".yaml", ".yml"):
        return _rows(_yaml(text, name), name)
    if kind == ".json":
        return _rows(_json(text, name), name)
    if kind == ".jsonl":
        lines = [line for line in text.splitlines() if line.strip()]
        return _rows([_json(line, name) for line in lines], name)
    raise TemplateError(f"{name}: '{kind}' is no table; use .yaml, .json, .jsonl or .csv")


def _csv(text: str, name: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    header = reader.fieldnames
    if not header:
        raise TemplateError(f"{name}: the first line should name the variables")
    if len(header) == 1 and ";" in header[0]:
        raise TemplateError(f"{name}: the fields are parted by semicolons; part them by commas")
    rows: list[dict[str, Any]] = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise TemplateError(
                    f"{name}:{reader.line_num}: the row has not {len(header)} fields as the header"
                )
            rows.append({key.strip(): value for key, value in row.items()})
    except csv.Error as error:
        raise TemplateError(f"{name}:{reader.line_num}: not CSV: {error}") from error
    return rows


def _yaml(text: str, name: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        raise TemplateError(f"{place}: not YAML: {getattr(error, 'problem', error)}") from error


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"{name}: not JSON: {error}") from error


def _rows(data: Any, name: str) -> list[dict[str, Any]]:
    rows: Sequence[Any] = data if isinstance(data, list) else [data]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping) or not all(isinstance(key, str) for key in row):
            raise TemplateError(f"{name}: row {number} does not give values to variables by name")
    return [dict(row) for row in rows]
