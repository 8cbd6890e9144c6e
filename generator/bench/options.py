"""What to measure, and the command line that says so. Imports nothing heavy."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Final

from promptkit.errors import UsageError

PARTS: Final = (
    "roof",
    "kernels",
    "memory",
    "load",
    "encode",
    "step",
    "decode",
    "image",
    "errors",
    "table",
)
"""In the order in which they are run; ``memory`` and ``load`` need a model's files."""

TIERS: Final = ("faithful", "fast", "max")

TABLE_SIZES: Final = (512, 1024, 1536, 2048)
TABLE_BATCHES: Final = (1, 2, 4)

EXAMPLES: Final = """examples:
  python -m generator bench                            # everything, random weights, one large GPU
  python -m generator bench --parts roof,step --tiers fast --sizes 1024
  python -m generator bench --model draft --quick      # any machine, a minute
"""


@dataclass(frozen=True)
class Options:
    """A run of the benchmark."""

    parts: tuple[str, ...] = PARTS
    tiers: tuple[str, ...] = TIERS
    sizes: tuple[int, ...] = (1024, 2048)
    """Sides of the square pictures."""
    text_tokens: int = 1088
    """Length of the prompt: that of a caption with some seventeen elements."""
    model: str | None = None
    """``draft``, a folder or a hub id; None for random weights of the published sizes."""
    device: str | None = None
    quick: bool = False
    """Few repeats of small work: to see that the benchmark runs."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument(
        "--parts", default=",".join(PARTS), metavar="A,B", help="default: %(default)s"
    )
    parser.add_argument(
        "--tiers", default=",".join(TIERS), metavar="A,B", help="default: %(default)s"
    )
    parser.add_argument(
        "--sizes",
        metavar="A,B",
        help="sides of square pictures in pixels, default: 1024,2048; with --quick: 256",
    )
    parser.add_argument(
        "--text-tokens", type=int, default=1088, metavar="N", help="length of the prompt"
    )
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="draft, a folder or a hub id; default: random weights of the published sizes",
    )
    parser.add_argument("--device", help="cuda, cuda:1, cpu; default: cuda where there is one")
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")


def from_arguments(arguments: argparse.Namespace) -> Options:
    """The options of a parsed command line; UsageError for one that cannot be followed."""
    if arguments.text_tokens < 1:
        raise UsageError(f"--text-tokens is {arguments.text_tokens}, expected at least 1")
    return Options(
        parts=_chosen("--parts", arguments.parts, PARTS),
        tiers=_chosen("--tiers", arguments.tiers, TIERS),
        sizes=_sizes(arguments.sizes or ("256" if arguments.quick else "1024,2048")),
        text_tokens=arguments.text_tokens,
        model=arguments.model,
        device=arguments.device,
        quick=arguments.quick,
    )


def _chosen(option: str, text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The named ones, in the order of ``known``."""
    wanted = set(text.split(","))
    if unknown := sorted(wanted - set(known)):
        raise UsageError(f"{option} has {unknown[0]!r}, expected some of {','.join(known)}")
    return tuple(name for name in known if name in wanted)


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(side) if side.isdecimal() else 0 for side in text.split(","))
    if any(side < 16 or side % 16 for side in sizes):
        raise UsageError(f"--sizes is {text!r}, expected multiples of 16 such as 1024,2048")
    return sizes
