"""Hostile files: each is answered within two seconds, all of them within 300 MB."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from promptkit.document import MAX_BYTES, read

UNITS = {
    "numbers": "[1,",
    "escapes": '["\\u00e9",',
    "long escapes": '["|\\u00e9',
    "quotes": '|"',
    "quotes in a string": '["|"',
    "quotes and spaces": '["|" ',
    "nested objects": '|{"a":',
    "nested lists": "|[",
    "unclosed strings": '["a',
    "commas": "[|,",
    "line breaks": "|\n",
    "line breaks in a string": '["|\n',
    "backslashes": '["|\\',
    "single quotes": "['a',",
    "smart quotes": "[“",
    "comments": "[|/*x*/",
    "open comments": "[|/*",
    "no-break spaces": "[|\u00a0",
    "unquoted keys": "{a:1,",
    "duplicate keys": '{"a":1,',
    "missing commas": "[1 ",
    "fences": "|```\n",
    "braces in prose": "x|{ y ",
    "captions": '|{"high_level_description":"x"}\n',
    "closing brackets": "{}|}",
    "encoded strings": '["{\\"high_level_description\\":1}",',
    "escaped quotes": '{\\"b\\":1,',
    "surrogates": '["\\ud800',
    "empty elements": '{"compositional_deconstruction":{"elements":[|{},',
    "equal texts": (
        '{"compositional_deconstruction":{"elements":['
        '|{"type":"text","text":"SALE NOW","desc":"b","bbox":[1,2,30,400]},'
    ),
}
"""What is repeated up to the limit, behind a beginning that ends with '|' (or one character)."""

SCRIPT = """
import json, resource, sys, time
from pathlib import Path
from promptkit.lint import lint

def peak():
    # Linux counts in ru_maxrss what the test runner had in memory when it started this process.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

lint("{}")
for name, text in json.load(sys.stdin).items():
    began = time.process_time()
    lint(text)
    print(json.dumps([name, time.process_time() - began]))
print(json.dumps(["peak", peak()]))
"""


WORST = ("unquoted keys", "empty elements", "equal texts")
"""These are tried at the limit itself; the others at a quarter of it, in a quarter of the time."""


def _filled(unit: str, size: int) -> str:
    start, bar, rest = unit.partition("|")
    start, rest = (start, rest) if bar else (unit[0], unit[1:])
    return start + rest * ((size - len(start)) // len(rest.encode()))


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_hostile_files_cost_little() -> None:
    sizes = {name: MAX_BYTES // (1 if name in WORST else 4) for name in UNITS}
    texts = {name: _filled(unit, sizes[name]) for name, unit in UNITS.items()}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    measured = dict(json.loads(line) for line in run.stdout.splitlines())
    peak = measured.pop("peak") / (1024 if sys.platform == "linux" else 1024 * 1024)
    assert measured.keys() == texts.keys()
    allowed = {name: 2 * size / MAX_BYTES for name, size in sizes.items()}
    assert {name: took for name, took in measured.items() if took > allowed[name]} == {}
    assert peak < 300


@pytest.mark.parametrize("source", [b"{" * 5_000_000, "\n" * (MAX_BYTES + 1), b"\xff" * 5_000_000])
def test_what_is_too_large_is_not_even_looked_at(source: str | bytes) -> None:
    document = read(source)
    assert [flaw.slug for flaw in document.flaws] == ["too-large"]
    assert document.text == ""


@pytest.mark.parametrize("unit", ["[", '{"a":', '[[{"a":', "("])
def test_what_is_nested_too_deeply_is_named_where_it_is(unit: str) -> None:
    document = read(unit * min(10_000, MAX_BYTES // len(unit)))
    deepest = [flaw for flaw in document.flaws if flaw.slug == "too-deep"]
    assert len(deepest) == 1
    assert deepest[0].start <= 64 * len(unit)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000, "-" + "9" * 400])
def test_no_number_is_too_large_to_be_read(number: str) -> None:
    document = read(f'{{"a": {number}}}')
    assert [flaw.slug for flaw in document.flaws] == ["non-finite-number"]
