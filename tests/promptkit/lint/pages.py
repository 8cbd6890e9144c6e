"""The examples on a rule's page and in its fixture folder, as the tests run them.

A page shows an example as an indented block under ``Bad:`` or ``Good:``; ``Bad (--size 640x480):``
sets the options. Words on the heading's own line stand for an example that cannot be shown there
(bytes, invisible characters, a huge file): the fixtures then hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from promptkit.geometry import Size
from promptkit.lint import Options, Rule

FIXTURES = Path(__file__).parent / "rules"

_HEADING = re.compile(r"(Bad|Good)(?: \(--size (\d+x\d+)\))?:(.*)")


class Example(NamedTuple):
    """A caption that a page calls bad or good; None where the page only speaks of it."""

    verdict: str
    options: Options
    caption: str | None


def examples(page: str) -> Iterator[Example]:
    """The examples of a page, in order."""
    lines = page.splitlines()
    for number, line in enumerate(lines):
        if heading := _HEADING.fullmatch(line.rstrip()):
            verdict, size, words = heading.groups()
            options = Options(Size.parse(size)) if size else Options()
            yield Example(verdict, options, None if words else _block(lines[number + 1 :]))


def fixtures(rule: Rule, verdict: str) -> list[Path]:
    """The ``bad-*`` or ``good-*`` files of a rule."""
    files = sorted((FIXTURES / rule.slug).glob(f"{verdict}-*"))
    return [file for file in files if ".fixed" not in file.suffixes]


def options_of(file: Path) -> Options:
    """What a file's name says after its ``@``: the picture's size."""
    _, at, size = file.stem.partition("@")
    return Options(Size.parse(size)) if at else Options()


def fixed_twin(file: Path) -> Path:
    """Where the text after fixing stands, if the fixture says it."""
    return file.with_suffix(".fixed.json")


def _block(lines: list[str]) -> str:
    block: list[str] = []
    for line in lines:
        if line.strip() and not line.startswith("    "):
            break
        block.append(line)
    return dedent("\n".join(block)).strip("\n")
