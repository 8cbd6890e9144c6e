"""The commands, and the module of each.

A command is a module of this package with a docstring (its help; the first line is its line in the
list), ``configure(parser)`` and ``run(args)``. To add one, write the module and name it in
``COMMANDS``. Modules import at their top only what costs nothing: ``promptkit --help`` loads all.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol, cast

from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode

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


class Command(Protocol):
    """What a command's module offers."""

    __doc__: str | None

    def configure(self, parser: Parser) -> None:
        """Declare the command's arguments."""

    def run(self, args: Namespace) -> ExitCode:
        """Do it."""


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
