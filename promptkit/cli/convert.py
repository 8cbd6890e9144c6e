"""Turn a caption in another tool's form into one in the trained form.

The caption goes to stdout, what was changed to stderr; what cannot be converted without a
guess is refused. Forms are told by the file; '--list' names them. Sides up to 1000 may be
pixels as well as the grid of a caption: '--from pixels --size WxH' says pixels. Lint the result.
"""

from __future__ import annotations

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser, picture_size
from promptkit.errors import CaptionError, ExitCode, UsageError


def configure(parser: Parser) -> None:
    """The file, its form, the picture's size."""
    add = parser.add_argument
    add("file", nargs="?", metavar="FILE", help="a caption in any form; '-' reads stdin")
    add("--from", dest="dialect", metavar="DIALECT", help="the form, where the file does not tell")
    add("--size", type=picture_size, metavar="WxH", help="the picture's size, for boxes in pixels")
    add("--compact", action="store_true", help="all on one line: the exact form of training")
    add("--list", action="store_true", help="list the forms that can be read")
    add("-q", "--quiet", action="store_true", help="do not tell what was changed")


def run(args: Namespace) -> ExitCode:
    """Convert one file.

    Raises:
        CaptionError: if it cannot be converted without a guess.
    """
    from promptkit.canonical import pretty  # noqa: PLC0415
    from promptkit.cli.inputs import read_text, shown_name  # noqa: PLC0415
    from promptkit.dialects import all_dialects, convert  # noqa: PLC0415
    from promptkit.document import read  # noqa: PLC0415

    if args.list:
        lines = (f"{dialect.name:<20}{dialect.summary}\n" for dialect in all_dialects())
        console.out("".join(lines))
        return ExitCode.OK
    if args.file is None:
        raise UsageError("convert: which file? '-' reads stdin")
    name = shown_name(args.file)
    try:
        converted = convert(read_text(args.file), args.dialect, args.size)
    except CaptionError as error:
        where = f"{name}: cannot be converted"
        raise CaptionError(list(error.problems), where=where) from error
    text = converted.caption_text if args.compact else pretty(read(converted.caption_text))
    console.out(text + "\n")
    if not args.quiet:
        changes = converted.changes or ("nothing had to be changed",)
        console.talk("\n".join(f"{name}: {change}" for change in changes))
        told = f"the picture's size is {converted.size}"
        if converted.size and not any(change.startswith(told) for change in changes):
            console.talk(f"{name}: {told}")
    return ExitCode.OK
