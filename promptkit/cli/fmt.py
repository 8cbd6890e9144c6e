"""Write captions in canonical form: trained key order, one layout.

Characters stand for themselves, boxes and palettes on one line each, unknown keys
behind the known ones. A file in which something would be lost (a comment, a key that
stands twice) is refused. '-' reads stdin and writes stdout.
"""

from __future__ import annotations

from promptkit.cli.parser import Namespace, Parser, add_inputs
from promptkit.errors import ExitCode, UsageError


def configure(parser: Parser) -> None:
    """The options."""
    add = parser.add_argument
    add(
        "--check",
        action="store_true",
        help="change nothing; exit with 1 if a file would change",
    )
    add("--compact", action="store_true", help="all on one line: the exact form of training")
    add("--indent", type=int, metavar="N", help="spaces of one level, 1 to 8; the default is 2")
    add_inputs(parser)


def run(args: Namespace) -> ExitCode:
    """Format the files.

    Raises:
        UsageError: if options contradict each other.
    """
    from promptkit.cli.formatting import format_files  # noqa: PLC0415 - not to slow the help down

    if args.compact and args.indent is not None:
        raise UsageError("fmt: --compact is one line and --indent several; choose one")
    if args.indent is not None and not 1 <= args.indent <= 8:
        raise UsageError(f"fmt: --indent {args.indent} is not between 1 and 8")
    return format_files(args)
