"""What a shell may offer for the word at the cursor."""

from __future__ import annotations

from argparse import Action
from collections.abc import Iterable

from promptkit.cli.commands import COMMANDS, known, parser_of
from promptkit.cli.parser import OneOf


def offers(words: list[str]) -> list[str]:
    """Completions of the last of ``words``, which stand behind ``promptkit``.

    None where only a file name can stand: shells know those better.
    """
    *before, current = words or [""]
    if not before:
        return _fitting(current, (*COMMANDS, "--help", "--version"))
    if not known(before[0]):
        return []
    parser = parser_of(before[0])
    if current.startswith("-"):
        return _fitting(current, [*parser.options(), "--help"])
    argument = parser.taking(before[1:])
    if argument is None:
        return []
    if argument.metavar in ("RULE", "RULES"):
        listed, comma, last = current.rpartition(",")
        return [f"{listed}{comma}{name}" for name in _fitting(last, _rules())]
    return _fitting(current, _words(argument))


def _fitting(start: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(start)]


def _words(argument: Action) -> Iterable[str]:
    """What may stand for an argument, as far as it is one of a few words."""
    if argument.metavar == "DIALECT":
        from promptkit.dialects import all_dialects  # noqa: PLC0415 - for one option

        return [dialect.name for dialect in all_dialects()]
    if argument.dest == "template":
        from promptkit.templating.shelf import shelf_names  # noqa: PLC0415 - for three commands

        return shelf_names()
    return argument.type.choices if isinstance(argument.type, OneOf) else ()


def _rules() -> list[str]:
    from promptkit.lint.registry import all_rules  # noqa: PLC0415 - most words are no rules

    return [name for rule in all_rules() for name in (rule.code, rule.slug)]
