"""Start a template of your own from one that comes with promptkit.

Writes NAME.json.j2 into the current folder (or to -o FILE, or to stdout with -o -), for you
to change. An existing file is never overwritten.
"""

from __future__ import annotations

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode, UsageError


def configure(parser: Parser) -> None:
    """Which template, and where to."""
    parser.add_argument("template", metavar="NAME", help="a name that 'templates' lists")
    parser.add_argument("--out", "-o", metavar="FILE", help="write there; - for stdout")


def run(args: Namespace) -> ExitCode:
    """Copy it."""
    from pathlib import Path  # noqa: PLC0415

    from promptkit.files import read_file, write_file  # noqa: PLC0415
    from promptkit.templating.shelf import SUFFIX, find_template  # noqa: PLC0415

    source = find_template(args.template)
    data = read_file(source)
    if args.out == "-":
        console.out(data.decode())
        return ExitCode.OK
    target = Path(args.out) if args.out else Path(source.name)
    if not target.name.endswith(SUFFIX):
        raise UsageError(f"{target}: a template's name ends in {SUFFIX}, so that tools know it")
    if target.exists():
        raise UsageError(f"{target}: is there already; name another file with -o")
    write_file(target, data)
    console.talk(f"{target}: yours now; 'promptkit render {target}' renders it")
    return ExitCode.OK
