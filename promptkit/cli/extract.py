"""Print the job that made a picture: caption, parameters and seed.

'promptkit generate' takes the output, or the picture itself, and makes the same picture again.
"""

from __future__ import annotations

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode, UsageError


def configure(parser: Parser) -> None:
    """The picture, and how much of its record to print."""
    add = parser.add_argument
    add("picture", metavar="PNG", help="a picture made by 'generate'; '-' reads stdin")
    add("--caption", action="store_true", help="only the prompt, exactly as the model read it")
    add("--record", action="store_true", help="everything, also what made it: model, versions")


def run(args: Namespace) -> ExitCode:
    """Print one of the three."""
    from promptkit.cli.inputs import read_one, shown_name  # noqa: PLC0415 - not to slow the help down
    from promptkit.job import dump_job_file, parse_record  # noqa: PLC0415

    if args.caption and args.record:
        raise UsageError("extract: --caption and --record are two answers; choose one")
    record = parse_record(read_one(args.picture), shown_name(args.picture))
    if args.caption:
        console.out(record.job.prompt + "\n")
    elif args.record:
        console.out(record.model_dump_json(indent=2) + "\n")
    else:
        console.out(dump_job_file(record.repeat))
    return ExitCode.OK
