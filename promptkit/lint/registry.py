"""The list of rules. A new rule is a module in ``rules`` and a line here.

The lists tell apart what a run needs to load: a module costs about a third of a millisecond, and
a run over one caption should not pay for rules that have nothing to say.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from promptkit.lint.rule import Rule

_FLAWS: Final = (
    "invalid-json",
    "plain-text",
    "empty-file",
    "not-utf8",
    "too-large",
    "too-deep",
    "byte-order-mark",
    "code-fence",
    "surrounding-text",
    "comment",
    "trailing-comma",
    "missing-comma",
    "single-quotes",
    "smart-quotes",
    "unquoted-key",
    "python-literal",
    "non-finite-number",
    "malformed-number",
    "control-character",
    "invalid-escape",
    "unescaped-quote",
    "odd-whitespace",
    "unicode-escape",
    "literal-escape",
    "lone-surrogate",
    "duplicate-key",
    "double-encoded",
    "wrapper",
    "several-captions",
)
"""What the reader itself finds: a rule is loaded when its flaw occurs."""

_CHECKS: Final = (
    "key-order",
    "root-key-order",
    "misspelt-key",
    "misplaced-key",
    "missing-key",
    "missing-text",
    "missing-high-level-description",
    "missing-style-branch",
    "two-style-branches",
    "aspect-ratio-key",
    "job-key",
    "canvas-key",
    "conflicting-inputs",
    "unknown-key",
    "root-not-object",
    "not-an-object",
    "elements-not-a-list",
    "not-a-string",
    "text-not-a-string",
    "null-value",
    "encoded-value",
    "unknown-type",
    "text-on-obj",
    "empty-text",
    "empty-desc",
    "empty-description",
    "empty-elements",
    "malformed-box",
    "boolean-coordinate",
    "fractional-box",
    "box-off-grid",
    "inverted-box",
    "zero-area-box",
    "x-first-boxes",
    "pixel-boxes",
    "identical-boxes",
    "whole-frame-element",
    "tiny-box",
    "overlapping-texts",
    "side-contradicts-box",
    "unsupported-size",
    "illegible-text",
    "overlong-text-line",
    "padded-text",
    "quoted-text",
    "spelled-line-break",
    "duplicate-text",
    "template-leftover",
    "special-token",
    "invisible-character",
    "mojibake",
    "palette-not-a-list",
    "invalid-color",
    "too-many-colors",
    "duplicate-color",
    "empty-palette",
    "contradicting-medium",
    "empty-style-value",
    "hedged-wording",
    "ground-as-element",
    "prompt-weight",
    "half-transparent",
    "inexact-transparency",
    "repeated-description",
    "over-token-limit",
    "near-token-limit",
)
"""What looks at every caption."""

_OPT_IN: Final = (
    "small-box",
    "some-boxes-missing",
    "many-elements",
    "text-near-edge",
    "stretched-shape",
    "hidden-element",
    "long-text-line",
    "blank-text-line",
    "text-in-description",
    "long-summary",
    "summary-preamble",
    "long-description",
    "camera-talk",
    "impression-words",
    "props-in-background",
    "counted-things",
    "negative-wording",
    "element-in-background",
    "foreign-prose",
    "not-compact",
)
"""Infos: they run when they are selected."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes."""
    return _load((*_FLAWS, *_CHECKS, *_OPT_IN))


@cache
def default_rules(flaws: frozenset[str]) -> tuple[Rule, ...]:
    """The rules on by default that apply where the reader found these flaws, by code."""
    return _load((*(slug for slug in _FLAWS if slug in flaws), *_CHECKS))


def find_rule(name: str) -> Rule | None:
    """The rule with this code or slug, in any case."""
    wanted = name.strip().lower()
    for rule in all_rules():
        if wanted in (rule.code.lower(), rule.slug):
            return rule
    return None


def _load(slugs: tuple[str, ...]) -> tuple[Rule, ...]:
    modules = [import_module(f"promptkit.lint.rules.{slug.replace('-', '_')}") for slug in slugs]
    rules: list[Rule] = [module.RULE for module in modules]
    return tuple(sorted(rules, key=lambda rule: rule.code))
