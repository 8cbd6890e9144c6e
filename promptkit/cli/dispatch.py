"""From the words after ``promptkit`` to the command they mean.

A command is a module of this package with a docstring (its help; the first line is its line in the
list), ``configure(parser)`` and ``run(args)``. To add one, write the module and name it in
``COMMANDS``. Modules import at their top only what costs nothing: ``promptkit --help`` loads all.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Final, Protocol, cast

from promptkit.cli import console
from promptkit.cli.parser import HelpShown, Namespace, Parser
from promptkit.cli.suggest import suggestion
from promptkit.errors import ExitCode, UsageError

COMMANDS: Final = (
    "lint",
    "fmt",
    "explain",
    "schema",
    "tokens",
    "convert",
    "compose",
    "sketch",
    "render",
    "templates",
    "new",
    "generate",
    "extract",
    "doctor",
    "completion",
)

COMPLETE: Final = "complete-words"
"""What the scripts of ``completion`` call with the words so far; no command for people."""


class Command(Protocol):
    """What a command's module offers."""

    __doc__: str | None

    def configure(self, parser: Parser) -> None:
        """Declare the command's arguments."""

    def run(self, args: Namespace) -> ExitCode:
        """Do it."""


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
        about = rest[0] if rest else ""
        console.out(parser_of(about).format_help() if known(about) else overview())
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


def known(name: str) -> bool:
    """Whether there is such a command."""
    return name in COMMANDS


def command(name: str) -> Command:
    """Load a command."""
    return cast("Command", import_module(f"promptkit.cli.{name}"))


def parser_of(name: str) -> Parser:
    """The parser of a command's arguments."""
    module = command(name)
    parser = Parser(name, module.__doc__ or "")
    module.configure(parser)
    return parser


def overview() -> str:
    """The help of ``promptkit`` itself."""
    lines = [
        "usage: promptkit COMMAND [OPTIONS]",
        "",
        "Compose, check and template structured captions for the Ideogram 4 image model.",
        "",
    ]
    for name in COMMANDS:
        summary = (command(name).__doc__ or "").partition("\n")[0].rstrip(".")
        lines.append(f"  {name:<12}{summary}")
    lines += [
        "",
        "'promptkit COMMAND --help' explains a command; --version tells the version.",
        "Exit codes: 0 fine, 1 findings, 2 wrong use or input, 3 generator failed.",
    ]
    return "\n".join(lines) + "\n"


def _unknown(word: str) -> str:
    if word.startswith("-") and word != "-":
        return f"no option {word} before a command; 'promptkit --help' lists the commands"
    if word == "-" or word.endswith(".json") or os.path.exists(word):  # noqa: PTH110 - any text
        return f"no command '{word}'; did you mean 'promptkit lint {word}'?"
    hint = suggestion(word.lower(), COMMANDS, "'promptkit --help' lists the commands")
    return f"no command '{word}'; {hint}"
