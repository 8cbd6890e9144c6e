"""Time templates: variants per CPU second, memory over many, and dynamicprompts beside them.

    python tests/benchmarks/bench_templates.py

Prints one line a figure, and the last line as JSON. Every rate counts items per second of CPU time,
the best of three runs with all of loading in it, and every variant is linted with the default
rules; ``rendered`` alone is without the check, for comparison.

dynamicprompts is measured where it is installed (``pip install dynamicprompts``). The equal
template is the same caption with the same choices at the same places; what our template computes
stands there as a constant. Braces and ``#`` mean something else to its own syntax, so choices stand
in angle brackets there and colours have no ``#``; and it draws each place for itself, where ours
has made the choice once. It only substitutes text: nothing of what it makes is checked.
"""

from __future__ import annotations

import importlib.util
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from promptkit.templating import Plan, Template, Variant, variants
from promptkit.templating.shelf import shelf
from promptkit.templating.variables import StringVariable

TEMPLATE: Final = Path(__file__).with_name("average.json.j2")
COUNT: Final = 2_000
"""Variants of a run; it begins with nothing known."""
MANY: Final = 20_000
"""Variants of a run in which starting no longer counts."""
SHELF_COUNT: Final = 500
PEER: Final = "dynamicprompts"
COMPUTED: Final = {
    "{{ accent|darken }}": '"#963323"',
    "{{ cells[1] }}": "[316, 40, 960, 960]",
    '{{ anchor("top", 500, 100, margin=60) }}': "[60, 250, 160, 750]",
    "{{ accent }}": '"{{ accent }}"',
}
"""What our template computes, and a constant of its kind."""


def rate(make: Callable[[int], None], count: int) -> float:
    """Items per CPU second, best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        make(count)
        times.append(time.process_time() - start)
    return count / min(times)


def sampled(count: int) -> None:
    """Draw, render and lint."""
    _consume(variants(Template.load(TEMPLATE), sample=count, limit=count), count)


def combined(count: int) -> None:
    """Make every combination of the choices, again and again, rendered and linted."""
    template = Template.load(TEMPLATE)
    every = {name: choice.values() for name, choice in template.choices.items()}
    times = count // combinations()
    _consume(variants(template, rows=[{}] * times, matrix=every, limit=count), count)


def rendered(count: int) -> None:
    """Draw and render without the check."""
    template = Template.load(TEMPLATE)
    for values in Plan(template, sample=count, limit=count).values():
        template.render(values, template.source.size)


def combinations() -> int:
    """How many different captions the template makes."""
    choices = Template.load(TEMPLATE).choices
    return Plan(
        Template.load(TEMPLATE), matrix={name: each.values() for name, each in choices.items()}
    ).count()


def shelf_rates() -> Iterator[tuple[str, float]]:
    """Each template of the shelf: variants of its choices, and of texts that never come again."""
    for path in shelf():
        name = path.name.partition(".")[0]

        def drawn(count: int, path: Path = path) -> None:
            _consume(variants(Template.load(path), sample=count), count)

        def written(count: int, path: Path = path) -> None:
            template = Template.load(path)
            _consume(variants(template, rows=_rows(template, count), sample=1), count)

        yield f"shelf_{name}", rate(drawn, SHELF_COUNT)
        yield f"shelf_{name}_new_texts", rate(written, SHELF_COUNT)


def _rows(template: Template, count: int) -> Sequence[Mapping[str, Any]]:
    """A row a variant, with another text for every variable that takes one."""
    names = [
        (name, variable.max_length)
        for name, variable in template.source.front.variables.items()
        if isinstance(variable, StringVariable) and not variable.sampled
    ]
    return [
        {name: f"{number} Harbour lights"[:most] for name, most in names} for number in range(count)
    ]


def _consume(made: Iterator[Variant], count: int) -> None:
    number = 0
    for variant in made:
        number += 1
        if any(found.finding.severity == "error" for found in variant.findings):
            sys.exit(f"{variant.name} does not lint clean: {variant.findings}")
    if number != count:
        sys.exit(f"{number} variants instead of {count}")


def peer_rates(count: int, every: int) -> dict[str, float]:
    """dynamicprompts on the equal template: drawn, in all combinations, and by its Jinja."""
    from dynamicprompts.generators import (
        CombinatorialPromptGenerator,
        JinjaGenerator,
        RandomPromptGenerator,
    )
    from dynamicprompts.parser.config import ParserConfig

    config = ParserConfig(
        variant_start="<", variant_end=">", variable_start="@(", variable_end=")",
        wrap_start="@@", wrap_end="@@",
    )  # fmt: skip
    equal, jinja = _equal_template(), _equal_jinja()

    def make(generator: Any, template: str, **options: int) -> Callable[[int], None]:
        def run(count: int) -> None:
            made = generator.generate(template, **dict.fromkeys(options, count))
            if len(made) != count or not json.loads(made[-1]):
                sys.exit("dynamicprompts made something else")

        return run

    return {
        "random": rate(
            make(RandomPromptGenerator(seed=0, parser_config=config), equal, num_images=0), count
        ),
        "combinatorial": rate(
            make(CombinatorialPromptGenerator(parser_config=config), equal, max_prompts=0), every
        ),
        "jinja": rate(make(JinjaGenerator(), jinja, num_prompts=0), count),
    }


def _body() -> str:
    body = Template.load(TEMPLATE).source.body.partition("\n")[2]
    for computed, constant in COMPUTED.items():
        body = body.replace(computed, constant)
    # One line, as our prompts are, and no comma that JSON does not have.
    return re.sub(r"\s*\n\s*", "", body).replace(",]", "]")


def _choices() -> dict[str, list[str]]:
    choices = Template.load(TEMPLATE).choices
    return {name: [str(value) for value in choice.values()] for name, choice in choices.items()}


def _equal_template() -> str:
    alternatives = {name: f"<{'|'.join(values)}>" for name, values in _choices().items()}
    return re.sub(r"{{ (\w+) }}", lambda found: alternatives[found[1]], _body()).replace("#", "")


def _equal_jinja() -> str:
    sets = (
        f"{{% set {name} = choice({', '.join(map(json.dumps, values))}) %}}"
        for name, values in _choices().items()
    )
    return "".join(sets) + _body()


def peak_mib(count: int) -> float:
    """Peak memory of a process that makes ``count`` variants."""
    code = f"import bench_templates as b; b.sampled({count}); print(b.own_peak())"
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
    sampled(50)
    every = combinations()
    figures: dict[str, float] = {
        "rendered_per_cpu_second": rate(rendered, COUNT),
        "sampled_per_cpu_second": rate(sampled, COUNT),
        "sampled_per_cpu_second_of_many": rate(sampled, MANY),
        "combined_per_cpu_second": rate(combined, every),
        "combined_per_cpu_second_of_many": rate(combined, 8 * every),
    }
    if importlib.util.find_spec(PEER):
        for name, made in peer_rates(COUNT, every).items():
            figures[f"{PEER}_{name}_per_cpu_second"] = made
        for own, peer in (
            ("sampled", "random"), ("combined", "combinatorial"), ("sampled", "jinja"),
        ):  # fmt: skip
            theirs = figures[f"{PEER}_{peer}_per_cpu_second"]
            for many in ("", "_of_many"):
                ratio = figures[f"{own}_per_cpu_second{many}"] / theirs
                figures[f"{own}{many}_to_{PEER}_{peer}"] = ratio
    else:
        sys.stdout.write(f"{PEER} is not installed: not compared\n")
    figures |= shelf_rates()
    figures["peak_mib_1000"] = peak_mib(1_000)
    figures["peak_mib_100000"] = peak_mib(100_000)
    for name, value in figures.items():
        sys.stdout.write(f"{name:48} {value:10.2f}\n")
    rounded = {name: round(value, 2) for name, value in figures.items()}
    sys.stdout.write(f"{json.dumps(rounded)}\n")


if __name__ == "__main__":
    main()
