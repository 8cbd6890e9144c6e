"""From the words after ``promptkit`` to the command they mean."""

from __future__ import annotations

import os
from typing import Final

from promptkit.cli import console
from promptkit.cli.commands import COMMANDS, command, known, overview, parser_of
from promptkit.cli.parser import HelpShown
from promptkit.errors import ExitCode, UsageError
from promptkit.suggestion import suggestion

COMPLETE: Final = "complete-words"
"""What the scripts of ``completion`` call with the words so far; no command for people."""


def run(argv: list[str]) -> ExitCode:
    """Run the command that ``argv`` begins with.

    Raises:
        UsageError: if there is no such command or option.
    """
    if not argv:
        console.talk(overview().rstrip("\n"))
        return ExitCode.USAGE
    word, *rest = argv
    if word in ("-h", "--help", "help"):
        if rest and not known(rest[0]):
            raise UsageError(_unknown(rest[0]))
        console.out(parser_of(rest[0]).format_help() if rest else overview())
        return ExitCode.OK
    if word in ("-V", "--version"):
        from promptkit.version import VERSION  # noqa: PLC0415 - asked for once in a while

        console.out(f"promptkit {VERSION}\n")
        return ExitCode.OK
    if word == COMPLETE:
        from promptkit.cli.offers import offers  # noqa: PLC0415 - for shells alone

        console.out("".join(f"{offer}\n" for offer in offers(rest)))
        return ExitCode.OK
    if not known(word):
        raise UsageError(_unknown(word))
    try:
        args = parser_of(word).parse(rest)
    except HelpShown as shown:
        console.out(shown.text)
        return ExitCode.OK
    return command(word).run(args)


def _unknown(word: str) -> str:
    if word.startswith("-") and word != "-":
        return f"no option {word} before a command; 'promptkit --help' lists the commands"
    if word == "-" or word.endswith(".json") or os.path.exists(word):  # noqa: PTH110 - any text
        return f"no command '{word}'; did you mean 'promptkit lint {word}'?"
    hint = suggestion(word, COMMANDS, "'promptkit --help' lists the commands")
    return f"no command '{word}'; {hint}"
