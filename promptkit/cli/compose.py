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
    add("--web", action="store_true", help="serve it to a browser on this machine instead")
    add("--port", type=int, default=8000, metavar="N", help="of --web (8000); 0 takes a free one")
    add("--size", type=picture_size, metavar="WxH", help="the size the caption is meant for")


def run(args: Namespace) -> ExitCode:
    """Open the terminal UI.

    Raises:
        UsageError: without a terminal, or without the package that draws on it.
        UnreadableInputError: for a file that is no text, or that no folder is there for.
    """
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415
    from importlib.util import find_spec  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    if find_spec("textual") is None:
        raise UsageError("compose: needs textual; pip install 'promptkit[tui]'")
    if args.web:
        return _serve(args)
    # Behind a browser textual draws on another driver, and there is no terminal.
    is_served = "TEXTUAL_DRIVER" in os.environ
    if not is_served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "compose: needs a terminal; without one, 'promptkit render' makes captions"
        )
    from promptkit import tui  # noqa: PLC0415

    path = Path(args.file) if args.file else None
    tui.run(path, args.size, server=args.server, model=args.model)
    return ExitCode.OK


def _serve(args: Namespace) -> ExitCode:
    """Run the same command behind a browser."""
    import sys  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from promptkit.session.disk import load  # noqa: PLC0415
    from promptkit.tui.web import serve  # noqa: PLC0415

    if args.file:
        load(Path(args.file))  # what cannot be opened is told here rather than in the browser
    given = {"--server": args.server, "--model": args.model, "--size": args.size}
    options = [word for name, value in given.items() if value for word in (name, str(value))]
    files = [args.file] if args.file else []
    serve([sys.executable, "-m", "promptkit", "compose", *options, *files], args.port)
    return ExitCode.OK
