"""Time templates: variants per CPU second, memory over many, and dynamicprompts beside them.

    python tests/benchmarks/bench_templates.py

Prints one line a figure, and the last line as JSON. dynamicprompts is measured where it is
installed (``pip install dynamicprompts``), with its own syntax on one sentence (a caption's braces
mean something else to it) and with its Jinja generator on the same caption. Both only substitute
text: to compare like with like there is our rendering without the check, too, which still parses
every caption and keeps track of where each value went.
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

from promptkit.templating import Plan, Template, variants

TEMPLATE = Path(__file__).with_name("average.json.j2")
PEER = (
    "A {calm|busy|festive} street market at {dawn|noon|dusk}, a stall of {red|green|golden} apples, "
    "a sign, a {young|grey-haired} seller in a {blue|white} apron, a {cat|dog} under the table"
)


PEER_JINJA = """
{% set mood = choice("calm", "busy", "festive") %}{% set hour = choice("dawn", "noon", "dusk") %}
{% set apples = choice("red", "green", "golden") %}
{% set seller = choice("young", "grey-haired") %}{% set apron = choice("blue", "white") %}
{% set animal = choice("cat", "dog") %}
{% set accent = choice("#C8442E", "#3F7D3A", "#D9A521") %}
"""


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


def rendered(count: int) -> None:
    """Render without the check."""
    template = Template.load(TEMPLATE)
    for values in Plan(template, sample=count, limit=count).values():
        template.render(values, template.source.size)


def peer_jinja(count: int) -> None:
    """Render the same caption with dynamicprompts' Jinja generator, compiled once for all."""
    from dynamicprompts.generators import JinjaGenerator

    body = Template.load(TEMPLATE).source.body.partition("\n")[2]
    # It has no filters and functions for colours and boxes: they are written as constants.
    for ours, constant in (
        ("{{ accent }}", '"{{ accent }}"'),
        ("{{ accent|darken }}", '"#963323"'),
        ("{{ cells[1] }}", "[316, 40, 960, 960]"),
        ('{{ anchor("top", 500, 100, margin=60) }}', "[60, 250, 160, 750]"),
    ):
        body = body.replace(ours, constant)
    made = JinjaGenerator().generate(PEER_JINJA + body, num_prompts=count)
    if len(set(made)) < min(count, 100) or "{{" in made[0]:
        sys.exit("dynamicprompts made something else")


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
    figures["rendered_per_cpu_second"] = rate(rendered, 2000)
    if importlib.util.find_spec("dynamicprompts"):
        peer(50)
        peers = {"dynamicprompts": rate(peer, 2000), "dynamicprompts_jinja": rate(peer_jinja, 2000)}
        for name, made in peers.items():
            figures[f"{name}_per_cpu_second"] = made
            for own in ("variants", "rendered"):
                figures[f"{own}_to_{name}"] = figures[f"{own}_per_cpu_second"] / made
    figures["peak_mib_1000"] = peak_mib(1_000)
    figures["peak_mib_100000"] = peak_mib(100_000)
    for name, value in figures.items():
        sys.stdout.write(f"{name:36} {value:10.2f}\n")
    rounded = {name: round(value, 2) for name, value in figures.items()}
    sys.stdout.write(f"{json.dumps(rounded)}\n")


if __name__ == "__main__":
    main()
