"""Compose a caption in the terminal, its layout and mistakes in view.

Boxes are drawn by keys or mouse; every change can be undone, and nothing unsaved is lost when
the terminal goes. '?' shows every key.
"""

from __future__ import annotations

from promptkit.cli.parser import Namespace, Parser, picture_size
from promptkit.errors import ExitCode, UsageError


def configure(parser: Parser) -> None:
    """The file, the picture's size."""
    add = parser.add_argument
    add("file", nargs="?", metavar="FILE", help="a caption; it is made if it is not there yet")
    add("--server", metavar="URL", help="make pictures elsewhere: https://HOST or unix:PATH")
    add("--model", metavar="NAME", help="what to make pictures with: draft, a folder or a hub id")
    add("--size", type=picture_size, metavar="WxH", help="the size the caption is meant for")


def run(args: Namespace) -> ExitCode:
    """Open the terminal UI.

    Raises:
        UsageError: without a terminal, or without the package that draws on it.
    """
    import sys  # noqa: PLC0415
    from importlib.util import find_spec  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    if find_spec("textual") is None:
        raise UsageError("compose: needs textual; pip install 'promptkit[tui]'")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("compose: needs a terminal; 'promptkit new' makes a caption without one")
    from promptkit import tui  # noqa: PLC0415

    path = Path(args.file) if args.file else None
    tui.run(path, args.size, server=args.server, model=args.model)
    return ExitCode.OK
