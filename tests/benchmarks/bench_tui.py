"""Measure the terminal UI: key presses with sixty elements, the first paint, and rest.

    python tests/benchmarks/bench_tui.py [--runs N]

All figures are CPU time of the process. A key counts from the press until the layout and the
findings have been repainted and nothing is left to do; the first paint counts from the start of the
interpreter and is compared with an application that shows a single Static. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from promptkit.tui.app import SETTLE_SECONDS, ComposeApp  # noqa: E402
from tests.promptkit.tui.painting import pairs  # noqa: E402
from tests.promptkit.tui.timing import KINDS, key_times, percentile, sixty  # noqa: E402

SIZES = ((80, 24), (120, 40), (200, 60))


def keys(folder: Path) -> dict[str, float]:
    """Median and 95th percentile of each kind of key at each size, in milliseconds."""
    found: dict[str, float] = {}
    for size in SIZES:
        for kind, times in key_times(size, KINDS, folder).items():
            label = f"{size[0]}x{size[1]} {kind}"
            found[f"{label}, median ms"] = percentile(times, 0.5) * 1e3
            found[f"{label}, 95th percentile ms (aim: 50)"] = percentile(times, 0.95) * 1e3
    return found


def first_paint(folder: Path, runs: int) -> dict[str, float]:
    """Seconds to first paint, and how many times an empty application's they are."""
    found: dict[str, float] = {}
    for size in SIZES:
        taken = pairs(folder, size, runs)
        label = f"{size[0]}x{size[1]} first paint"
        found[f"{label}, s"] = statistics.median(ours for _, ours in taken)
        found[f"{label}, an empty application's, s"] = statistics.median(one for one, _ in taken)
        found[f"{label}, ratio (aim: 1.5)"] = statistics.median(b / a for a, b in taken)
    return found


def rest(folder: Path) -> dict[str, float]:
    """The share of a core that the open editor takes when nobody types."""
    shares: list[float] = []

    async def run() -> None:
        app = ComposeApp(sixty(), folder)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("n", "right")
            await asyncio.sleep(SETTLE_SECONDS + 1)
            start, clock = time.process_time(), time.monotonic()
            await asyncio.sleep(10)
            shares.append((time.process_time() - start) / (time.monotonic() - clock))

    asyncio.run(run())
    return {"at rest, percent of a core (aim: 1)": shares[0] * 100}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=9)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = first_paint(folder, runs) | rest(folder) | keys(folder)
    lines = [f"{label:<60} {value:10.2f}" for label, value in figures.items()]
    lines.append(json.dumps({label: round(value, 3) for label, value in figures.items()}))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
