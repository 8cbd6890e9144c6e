"""Time templates: variants per CPU second, memory over many, and dynamicprompts beside them.

    python tests/benchmarks/bench_templates.py

Prints one line a figure, and the last line as JSON. dynamicprompts is measured where it is
installed (``pip install dynamicprompts``); it only substitutes text, ours also checks each caption.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from promptkit.templating import Template, variants

TEMPLATE = Path(__file__).with_name("average.json.j2")
PEER = (
    "A {calm|busy|festive} street market at {dawn|noon|dusk}, a stall of {red|green|golden} apples, "
    "a sign, a {young|grey-haired} seller in a {blue|white} apron, a {cat|dog} under the table"
)


def rate(make: Callable[[int], None], count: int) -> float:
    """Items per CPU second, best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        make(count)
        times.append(time.process_time() - start)
    return count / min(times)


def ours(count: int) -> None:
    """Render and lint."""
    template = Template.load(TEMPLATE)
    for variant in variants(template, sample=count, limit=count):
        if any(found.finding.severity != "info" for found in variant.findings):
            sys.exit(f"the template does not lint clean: {variant.findings}")


def peer(count: int) -> None:
    """Substitute text with dynamicprompts."""
    from dynamicprompts.generators import RandomPromptGenerator

    made = RandomPromptGenerator(seed=0).generate(PEER, num_images=count)
    if len(made) != count:
        sys.exit("dynamicprompts made another count")


def peak_mib(count: int) -> float:
    """Peak memory of a process that makes ``count`` variants."""
    code = f"import bench_templates as b, resource; b.ours({count}); print(b.own_peak())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(run.stdout)


def own_peak() -> float:
    """Peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    ours(50)
    figures: dict[str, float] = {"variants_per_cpu_second": rate(ours, 2000)}
    if importlib.util.find_spec("dynamicprompts"):
        peer(50)
        figures["dynamicprompts_per_cpu_second"] = rate(peer, 2000)
        figures["ratio"] = (
            figures["variants_per_cpu_second"] / figures["dynamicprompts_per_cpu_second"]
        )
    figures["peak_mib_1000"] = peak_mib(1_000)
    figures["peak_mib_100000"] = peak_mib(100_000)
    for name, value in figures.items():
        print(f"{name:32} {value:10.1f}")
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
