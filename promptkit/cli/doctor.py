"""Look at this machine: what it can run, what is missing, what helps.

Looks only: nothing is downloaded, loaded or changed. A mark stands before each line: ok, or ! for
what could be better, or x for what keeps 'promptkit generate' from working here.
"""

from __future__ import annotations

from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode


def configure(parser: Parser) -> None:
    """Which checkpoint, and in which form to answer."""
    add = parser.add_argument
    add("--model", metavar="NAME", help="also look at this folder or hub id")
    add("--json", action="store_true", help="for programs")


def run(args: Namespace) -> ExitCode:
    """Look and tell; 1 if something keeps pictures from being made here."""
    import json  # noqa: PLC0415 - not to slow the help down

    from promptkit.cli import console  # noqa: PLC0415
    from promptkit.cli.diagnosis import Mark, diagnose  # noqa: PLC0415

    lines = list(diagnose(args.model))
    if args.json:
        rows = [
            {"topic": each.topic, "mark": each.mark, "text": each.text, "mend": each.mend}
            for each in lines
        ]
        console.out(json.dumps({"version": 1, "lines": rows}, indent=2) + "\n")
    else:
        for each in lines:
            console.out(f"{each.mark:<3}{each.topic:<12}{each.text}\n")
            if each.mend:
                console.out(f"{'':<15}-> {each.mend}\n")
    return ExitCode.FINDINGS if any(each.mark is Mark.MISSING for each in lines) else ExitCode.OK
