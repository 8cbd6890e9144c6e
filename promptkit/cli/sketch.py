"""Draw a caption's layout as a picture, without the model.

Things are panels in their colours, lettering fills its box, at the picture's true shape.
The size is that of --size or of the configuration, else 1024x1024.
"""

from __future__ import annotations

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser, picture_size
from promptkit.errors import CaptionError, ExitCode, UsageError


def configure(parser: Parser) -> None:
    """The caption, the picture."""
    add = parser.add_argument
    add("file", metavar="FILE", help="a caption; '-' reads stdin")
    add("-o", "--output", required=True, metavar="PNG", help="the picture to write; '-' is stdout")
    add("--size", type=picture_size, metavar="WxH", help="the size the caption is meant for")
    add("--no-legend", action="store_true", help="the picture alone, nothing around it")


def run(args: Namespace) -> ExitCode:
    """Draw one caption.

    Raises:
        CaptionError: if it is not as the schema wants it.
        UsageError: if the output is called otherwise than a PNG.
    """
    from pathlib import Path  # noqa: PLC0415

    from promptkit.canonical import canonical  # noqa: PLC0415
    from promptkit.caption import Caption  # noqa: PLC0415
    from promptkit.cli.inputs import Configs, no_caption, read_text  # noqa: PLC0415
    from promptkit.document import read  # noqa: PLC0415
    from promptkit.files import write_file  # noqa: PLC0415
    from promptkit.sketch import draw, to_png  # noqa: PLC0415
    from promptkit.sketch.drawing import DEFAULT_SIZE  # noqa: PLC0415

    output = Path(args.output)
    if output.suffix and output.suffix.lower() != ".png":
        raise UsageError(
            f"sketch: {output}: a sketch is a PNG; call it {output.with_suffix('.png')}"
        )
    try:
        caption = Caption.parse(canonical(read(read_text(args.file))))
    except CaptionError as error:
        raise no_caption(error, args.file) from error
    configured = Configs().of(Path(args.file)).settings.picture_size
    size = args.size or configured or DEFAULT_SIZE
    data = to_png(draw(caption, size, legend=not args.no_legend))
    if args.output == "-":
        console.out_bytes(data)
    else:
        write_file(output, data)
    return ExitCode.OK
