"""Measure the linter as a whole process, beside Python itself, pydantic and check-jsonschema.

    python tests/benchmarks/bench_lint.py [--runs N]

Prints one line a figure: the median of the runs, which take turns so that a machine that changes
its speed does so for all; the last line is JSON. The many captions are compared with
check-jsonschema where it is installed (``pip install check-jsonschema``), which checks them against
our published schema and does nothing else.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from promptkit.caption import Caption, art, json_schema, obj, text

ROOT = Path(__file__).parents[2]
MANY = 1000
THINGS = ("lantern", "ladder", "teapot", "bicycle", "bench", "kettle", "violin", "barrel", "crate")
MATTERS = ("copper", "oak", "linen", "glass", "iron", "clay", "paper", "wicker", "marble", "slate")
PLACES = ("on the left by the wall", "on the bare floor", "beside the door", "under the lamp")
COLORS = ("#8A3B12", "#F2AA4C", "#101820", "#D9D9D6", "#2F6B4F")


class Run(NamedTuple):
    """What a process took: CPU seconds, which a busy machine changes least, and peak memory."""

    seconds: float
    mib: float


class Work(NamedTuple):
    """A command, and the exit code it must end with for its figure to mean anything."""

    arguments: Sequence[str]
    code: int = 0


def caption(seed: int, elements: int) -> str:
    """A caption of our own making that lints clean; 17 elements give about 3.5 kB."""
    chance = random.Random(seed)  # noqa: S311 - the same captions every time
    listed = [
        obj(_words(chance), (row, column, row + 90, column + 240), chance.sample(COLORS, 2))
        for row, column in _cells(elements - 1)
    ]
    sign = text(f"SHOP {seed}", "White letters on a dark board.", (10, 100, 90, 900))
    return Caption.of(
        f"A crowded storeroom, number {seed}, seen from the door in even light.",
        art("quiet, orderly", "soft daylight from a window", "illustration", "ink and wash"),
        background="A plaster wall above a floor of wide boards.",
        elements=[sign, *listed],
    ).to_prompt()


def _cells(count: int) -> list[tuple[int, int]]:
    cells = [(row, column) for row in range(100, 900, 100) for column in range(10, 700, 330)]
    return cells[:count]


def _words(chance: random.Random) -> str:
    thing, matter, place = (chance.choice(words) for words in (THINGS, MATTERS, PLACES))
    return f"A {thing} of {matter}, {place}, worn at the edges and a little dusty on the top."


def measure(work: Work, folder: Path) -> Run:
    """One run of a command, by the system's account of it."""
    # With compiled modules, as an installed package has them; the first round writes them.
    cached = {"PYTHONPYCACHEPREFIX": str(folder / "pyc"), "PYTHONDONTWRITEBYTECODE": ""}
    environment = {**os.environ, **cached, "PYTHONPATH": str(ROOT)}
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, *work.arguments],
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(folder / "stderr"), os.O_WRONLY | os.O_CREAT, 0o600),
        ],
    )
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != work.code:
        sys.exit(f"{work.arguments[:4]} failed: {(folder / 'stderr').read_text()[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(works: Mapping[str, Work], runs: int, folder: Path) -> dict[str, Run]:
    """The median of each command, the commands taking turns, after one round that does not count."""
    taken: dict[str, list[Run]] = {name: [] for name in works}
    for turn in range(runs + 1):
        for name, work in works.items():
            run = measure(work, folder)
            if turn:
                taken[name].append(run)
    return {
        name: Run(statistics.median(r.seconds for r in done), max(r.mib for r in done))
        for name, done in taken.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=9)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = folder / "many"
        many.mkdir()
        for number in range(MANY):
            (many / f"{number:04}.json").write_text(caption(number, 17), "utf-8")
        (folder / "1k.json").write_text(caption(0, 4), "utf-8")
        (folder / "4k.json").write_text(caption(0, 20), "utf-8")
        (folder / "schema.json").write_text(json.dumps(json_schema()), "utf-8")
        figures = _small(folder, runs) | _large(folder, many, max(runs // 3, 1))
    lines = [f"{label:<60} {value:10.2f}" for label, value in figures.items()]
    lines.append(json.dumps({label: round(value, 3) for label, value in figures.items()}))
    sys.stdout.write("\n".join(lines) + "\n")


def _small(folder: Path, runs: int) -> dict[str, float]:
    lint = ("-m", "promptkit", "lint", "--quiet")
    took = medians(
        {
            "bare": Work(("-c", "pass")),
            "pydantic": Work(("-c", "from pydantic import BaseModel")),
            "help": Work(("-m", "promptkit", "--help")),
            "lint 1k": Work((*lint, str(folder / "1k.json"))),
            "lint 4k": Work((*lint, str(folder / "4k.json"))),
        },
        runs,
        folder,
    )
    sizes = {name: (folder / f"{name}.json").stat().st_size for name in ("1k", "4k")}
    return {
        "python -c pass, ms": took["bare"].seconds * 1000,
        "python -c 'from pydantic import BaseModel', ms": took["pydantic"].seconds * 1000,
        "promptkit --help / bare Python (aim: 4)": took["help"].seconds / took["bare"].seconds,
        f"lint {sizes['1k']} bytes / pydantic's import (aim: 2)": (
            took["lint 1k"].seconds / took["pydantic"].seconds
        ),
        f"lint {sizes['4k']} bytes / pydantic's import (aim: 5)": (
            took["lint 4k"].seconds / took["pydantic"].seconds
        ),
    }


def _large(folder: Path, many: Path, runs: int) -> dict[str, float]:
    files = [str(path) for path in sorted(many.iterdir())]
    works = {"ours": Work(("-m", "promptkit", "lint", "--quiet", *files))}
    if importlib.util.find_spec("check_jsonschema"):
        schema = ("--schemafile", str(folder / "schema.json"))
        works["theirs"] = Work(("-m", "check_jsonschema", *schema, *files))
    took = medians(works, runs, folder)
    size = statistics.mean(Path(file).stat().st_size for file in files)
    figures = {
        f"lint {MANY} captions of {size:.0f} bytes, s": took["ours"].seconds,
        "its peak memory, MiB (aim: 130)": took["ours"].mib,
    }
    if "theirs" in took:
        figures["the same / check-jsonschema (aim: 1)"] = (
            took["ours"].seconds / took["theirs"].seconds
        )
    return figures


if __name__ == "__main__":
    main()
