"""Turn captions into pictures, here or on another machine."""

from __future__ import annotations

from promptkit.cli.parser import Namespace, OneOf, Parser, picture_size
from promptkit.errors import ExitCode


def configure(parser: Parser) -> None:
    """What to render, where to, and how."""
    add = parser.add_argument
    add(
        "files", nargs="+", metavar="FILE", help="captions, jobs, folders, manifests, pictures; '-'"
    )
    add(
        "-o",
        "--out",
        required=True,
        metavar="DIR",
        help="where pictures go; what is there already is kept",
    )
    add("--overwrite", action="store_true", help="replace what was made with other parameters")
    add("--size", type=picture_size, metavar="WxH", help="pixels, multiples of 16")
    preset = OneOf("V4_QUALITY_48", "V4_DEFAULT_20", "V4_TURBO_12", "DRAFT_12")
    names = "V4_QUALITY_48, V4_DEFAULT_20, V4_TURBO_12, DRAFT_12"
    add("--preset", type=preset, metavar="NAME", help=names)
    add("--steps", type=int, metavar="N", help="instead of a preset: how many steps")
    add(
        "--cfg-scale",
        type=float,
        metavar="X",
        help="instead of a preset: how strictly (7)",
    )
    add("--negative-prompt", metavar="TEXT", help="what to steer away from")
    add("--seed", type=int, metavar="N", help="the same seed makes the same picture")
    add("--count", type=int, default=1, metavar="N", help="pictures of each caption, seed by seed")
    add("--input-image", metavar="FILE", help="start from this picture")
    add("--strength", type=float, metavar="X", help="0 keeps the input image, 1 nothing of it")
    add("--model", metavar="NAME", help="draft, a folder or a hub id")
    add("--no-unconditional", action="store_true", help="9 GB less memory, poorer pictures")
    tier = OneOf("faithful", "fast", "max")
    add("--tier", type=tier, metavar="NAME", help="arithmetic: faithful, fast or max")
    add("--server", metavar="URL", help="a generator elsewhere: https://HOST or unix:PATH")
    add("--allow-findings", action="store_true", help="also where lint finds errors")
    add("--contact-sheet", action="store_true", help="also make one picture of all of them")


def run(args: Namespace) -> ExitCode:
    """Check everything, then render."""
    from promptkit.cli.generating import generate  # noqa: PLC0415 - not to slow the help down

    return generate(args)
