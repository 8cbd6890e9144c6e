"""The list of rules. A new rule is a module in ``rules`` and a line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from promptkit.lint.rule import Rule

_SLUGS: Final = (
    # 1xx reading
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
    # 2xx schema
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
    # 3xx layout
    "x-first-boxes",
    "pixel-boxes",
    "identical-boxes",
    "whole-frame-element",
    "tiny-box",
    "small-box",
    "overlapping-texts",
    "side-contradicts-box",
    "some-boxes-missing",
    "many-elements",
    "text-near-edge",
    "stretched-shape",
    "hidden-element",
    "unsupported-size",
    # 4xx text elements
    "illegible-text",
    "long-text-line",
    "overlong-text-line",
    "padded-text",
    "quoted-text",
    "blank-text-line",
    "spelled-line-break",
    "duplicate-text",
    "text-in-description",
    "template-leftover",
    "special-token",
    "invisible-character",
    "mojibake",
    # 5xx style and palette
    "palette-not-a-list",
    "invalid-color",
    "too-many-colors",
    "duplicate-color",
    "empty-palette",
    "contradicting-medium",
    "empty-style-value",
    # 6xx wording
    "long-summary",
    "summary-preamble",
    "long-description",
    "camera-talk",
    "hedged-wording",
    "impression-words",
    "ground-as-element",
    "props-in-background",
    "counted-things",
    "prompt-weight",
    "negative-wording",
    "half-transparent",
    "inexact-transparency",
    "repeated-description",
    "element-in-background",
    "foreign-prose",
    # 7xx budget
    "over-token-limit",
    "near-token-limit",
    "not-compact",
)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes."""
    rules = [_load(slug) for slug in _SLUGS]
    return tuple(sorted(rules, key=lambda rule: rule.code))


def find_rule(name: str) -> Rule | None:
    """The rule with this code or slug, in any case."""
    wanted = name.strip().lower()
    for rule in all_rules():
        if wanted in (rule.code.lower(), rule.slug):
            return rule
    return None


def _load(slug: str) -> Rule:
    module = import_module(f"promptkit.lint.rules.{slug.replace('-', '_')}")
    rule: Rule = module.RULE
    return rule
