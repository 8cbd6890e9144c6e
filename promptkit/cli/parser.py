"""argparse with errors that suggest, help that fits a screen, and no way to end the process."""

from __future__ import annotations

import argparse
from argparse import Namespace
from typing import Final, NoReturn

from promptkit.errors import UsageError
from promptkit.geometry import Size
from promptkit.suggestion import suggestion

__all__ = ["HelpShown", "Namespace", "OneOf", "Parser", "add_inputs", "comma_list", "picture_size"]

_WIDTH: Final = 80


class HelpShown(Exception):  # noqa: N818 - not an error: the user asked for it
    """``--help`` was among the arguments."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=_WIDTH)


class Parser(argparse.ArgumentParser):
    """The parser of one command.

    Its docstring's first line is the description, the rest stands below the options.
    """

    def __init__(self, command: str, doc: str) -> None:
        first, _, rest = doc.strip().partition("\n")
        super().__init__(
            prog=f"promptkit {command}",
            description=first,
            epilog=rest.strip() or None,
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        # Without headings, so that the longest help fits a screen.
        self._positionals.title = None
        self._optionals.title = None

    def parse(self, argv: list[str]) -> Namespace:
        """Read the arguments; options may stand between and behind the files.

        Raises:
            UsageError: if they do not fit, with a suggestion.
            HelpShown: if help is asked for.
        """
        if {"-h", "--help"} & set(argv):
            raise HelpShown(self.format_help())
        args, unknown = self.parse_known_intermixed_args(argv)
        if unknown:
            self.error(self._unknown(unknown))
        return args

    def format_usage(self) -> str:
        """The usage on one line, however many options there are."""
        optional = [action for action in self._actions if action.option_strings]
        named = [action for action in self._actions if not action.option_strings]
        words = ["[OPTIONS]"] if optional else []
        words += [_usage_of(action) for action in named]
        return f"usage: {' '.join([self.prog, *words])}\n"

    def format_help(self) -> str:
        """The usage, what the command does, its arguments, more to know."""
        self.epilog = _wrapped(self.epilog) if self.epilog else None
        self.usage = self.format_usage().removeprefix("usage: ").rstrip()
        text = super().format_help()
        has_files = any(not action.option_strings for action in self._actions)
        return text.replace("\n\n  -", "\n  -", 1) if has_files else text

    def options(self) -> list[str]:
        """Every option's names."""
        return list(self._option_string_actions)

    def taking(self, words: list[str]) -> argparse.Action | None:
        """The argument that the word behind ``words`` is for, as far as that can be told."""
        option = self._option_string_actions.get(words[-1]) if words else None
        if option is not None and option.nargs != 0:
            return option
        return next((action for action in self._actions if not action.option_strings), None)

    def error(self, message: str) -> NoReturn:
        command = self.prog.removeprefix("promptkit ")
        raise UsageError(f"{command}: {message.removeprefix('argument ')}")

    def _unknown(self, words: list[str]) -> str:
        word = next((word for word in words if word.startswith("-")), words[0])
        if not word.startswith("-"):
            return f"what is '{word}' for? '{self.prog} --help' shows the usage"
        option = word.partition("=")[0]
        hint = suggestion(option, self.options(), f"'{self.prog} --help' lists them")
        return f"no option {option}; {hint}"


def _wrapped(text: str) -> str:
    """Paragraphs in lines of the help's width; what is indented stays as it is."""
    import textwrap  # noqa: PLC0415 - only for a command's own help

    paragraphs = text.split("\n\n")
    return "\n\n".join(
        each if each.startswith(" ") else textwrap.fill(" ".join(each.split()), _WIDTH)
        for each in paragraphs
    )


def _usage_of(positional: argparse.Action) -> str:
    forms = {"?": "[{}]", "*": "[{} ...]", "+": "{} ..."}
    return forms.get(str(positional.nargs), "{}").format(positional.metavar)


def add_inputs(parser: Parser) -> None:
    """The arguments of a command that works on many files, as ``inputs`` reads them."""
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, folders of *.json, '-' for stdin; default '.'",
    )
    add("--config", metavar="FILE", help="use this instead of the nearest configuration")
    add("--isolated", action="store_true", help="use no configuration")
    add("--skip-others", action="store_true", help="pass over files that do not look like captions")
    add("-q", "--quiet", action="store_true", help="no summary")


def comma_list(text: str) -> tuple[str, ...]:
    """The type of an option that takes several names with commas between them."""
    return tuple(name for part in text.split(",") if (name := part.strip()))


def picture_size(text: str) -> Size:
    """The type of an option that takes a size in pixels."""
    try:
        return Size.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class OneOf:
    """The type of an option that takes one of a few words."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def __call__(self, text: str) -> str:
        if text in self.choices:
            return text
        hint = suggestion(text, self.choices, f"there are {', '.join(self.choices)}")
        raise argparse.ArgumentTypeError(f"no '{text}'; {hint}")
