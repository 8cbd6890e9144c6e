"""Which rules run, and how severe their findings are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from promptkit.errors import ConfigError
from promptkit.lint.finding import Severity
from promptkit.lint.registry import all_rules, default_rules
from promptkit.lint.rule import Rule
from promptkit.suggestion import suggestion


@dataclass(frozen=True)
class Selection:
    """Selectors are a code (``C301``), a prefix of one (``C3``), a slug, or ``all``.

    Raises:
        ConfigError: when the rules are asked for and a selector names none, with a suggestion.
    """

    select: tuple[str, ...] = ()
    """Empty: the rules that are on by default. Otherwise exactly these."""
    extend_select: tuple[str, ...] = ()
    """Run besides."""
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that run, in the order of their codes."""
        chosen = _matching(self.select) if self.select else {r for r in all_rules() if r.default}
        chosen |= _matching(self.extend_select)
        chosen -= _matching(self.ignore)
        return tuple(rule for rule in all_rules() if rule in chosen)

    def rules_for(self, flaws: frozenset[str]) -> tuple[Rule, ...]:
        """The rules that can have something to say where the reader found these flaws."""
        if self.select or self.extend_select or self.ignore:
            return self.rules
        return default_rules(flaws)

    @cached_property
    def severities(self) -> Mapping[str, Severity]:
        """The severity of each rule that has another than its own, by code."""
        return {
            rule.code: severity
            for selector, severity in self.severity.items()
            for rule in _matching([selector])
        }

    def severity_of(self, rule: Rule) -> Severity:
        return self.severities.get(rule.code, rule.severity)


def _matching(selectors: Iterable[str]) -> set[Rule]:
    found: set[Rule] = set()
    for selector in selectors:
        wanted = selector.strip()
        rules = {
            rule
            for rule in all_rules()
            if wanted.lower() == "all"
            or wanted == rule.slug
            or (
                wanted[:1] in "Cc"
                and wanted[1:].isdecimal()
                and rule.code.startswith(wanted.upper())
            )
        }
        if not rules:
            raise ConfigError(_unknown(wanted))
        found |= rules
    return found


def _unknown(selector: str) -> str:
    names = [name for rule in all_rules() for name in (rule.code, rule.slug)]
    hint = suggestion(selector, names, "'promptkit explain' lists them", cutoff=0.5)
    return f"no rule is called '{selector}'; {hint}"
