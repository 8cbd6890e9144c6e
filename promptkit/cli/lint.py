"""Check captions: report mistakes with their place, and mend them."""

from __future__ import annotations

from typing import Any, Final

from promptkit.cli.parser import Namespace, OneOf, Parser, add_inputs, comma_list, picture_size
from promptkit.errors import ExitCode, UsageError

_RULES: Final[dict[str, Any]] = {"type": comma_list, "default": (), "metavar": "RULES"}


def configure(parser: Parser) -> None:
    """The options; a line of help each, so that all fit a screen."""
    add = parser.add_argument
    add("--fix", action="store_true", help="mend what can be mended safely")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: also mend by a guess")
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")
    form = OneOf("text", "json", "github", "sarif")
    add("--format", default="text", type=form, metavar="FORM", help="text, json, github or sarif")
    add("--select", **_RULES, help="run exactly these rules: codes, prefixes, slugs, all")
    add("--extend-select", **_RULES, help="run these besides")
    add("--ignore", **_RULES, help="do not run these")
    size = "the pictures' size in pixels, for rules that need it"
    add("--size", type=picture_size, metavar="WxH", help=size)
    add("--tokenizer", metavar="PATH", help="a tokenizer.json, or the folder of a checkpoint")
    add("--baseline", metavar="FILE", help="do not report the findings recorded in FILE")
    add("--write-baseline", metavar="FILE", help="record all findings in FILE")
    add("--statistics", action="store_true", help="count the findings of each rule instead")
    add_inputs(parser)


def run(args: Namespace) -> ExitCode:
    """Check, mend, report.

    Raises:
        UsageError: if options contradict each other.
    """
    from promptkit.cli.linting import lint_files  # noqa: PLC0415 - not to slow the help down

    if args.fix and args.diff:
        raise UsageError("lint: --fix changes the files and --diff does not; choose one")
    return lint_files(args)
