"""Show a rule's page, or the list of all rules.

A rule is named by its code (C201) or its slug (key-order); C2 lists its group.
In a list, a dot marks the rules that run only when they are selected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode

if TYPE_CHECKING:
    from promptkit.lint.rule import Rule


def configure(parser: Parser) -> None:
    """One rule, or none."""
    parser.add_argument("rule", nargs="?", default="all", metavar="RULE", help="a code or a slug")


def run(args: Namespace) -> ExitCode:
    """Print a page or a list."""
    from promptkit.lint.selection import Selection  # noqa: PLC0415

    rules = Selection(select=(args.rule,)).rules
    text = _page(rules[0]) if len(rules) == 1 else "".join(map(_line, rules))
    # The pages are docstrings, whose double backticks mean code.
    console.out(re.sub(r"(?<!`)``(?!`)", "`", text))
    return ExitCode.OK


def _line(rule: Rule) -> str:
    mark = " " if rule.default else "·"
    return f"{rule.code} {mark} {rule.severity:<7}  {rule.slug:<30}  {rule.summary}\n"


def _page(rule: Rule) -> str:
    opt_in = "" if rule.default else "; runs only when selected"
    title = f"{rule.code} {rule.slug} ({rule.severity}{opt_in})"
    return f"{title}\n{'=' * len(title)}\n\n{rule.page.strip()}\n"
