"""Check captions like source code: findings with codes, places and fixes."""

from __future__ import annotations

from promptkit.lint.engine import lint
from promptkit.lint.finding import Finding, Fix, Safety, Severity
from promptkit.lint.fixing import FixResult, fix
from promptkit.lint.linter import Linter
from promptkit.lint.registry import all_rules, find_rule
from promptkit.lint.rule import Options, Rule
from promptkit.lint.selection import Selection

__all__ = [
    "Finding",
    "Fix",
    "FixResult",
    "Linter",
    "Options",
    "Rule",
    "Safety",
    "Selection",
    "Severity",
    "all_rules",
    "find_rule",
    "fix",
    "lint",
]
