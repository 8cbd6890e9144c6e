"""Texts of every kind that a pre-tokenizer treats apart."""

from __future__ import annotations

from hypothesis import strategies as st

_KINDS = """the bicycle photograph Überraschung naïve WE'LL it's _desc 'ſ 1992 ½ Ⅷ 字体設計 مرحبا שלום
    สวัสดี 한국어 日本語の 🎉 👩‍👩‍👧 — ́"""
_WORDS = st.sampled_from(_KINDS.split())
_GLUE = st.sampled_from(
    ["", " ", "  ", "\n", "\r\n", " \n ", "\t", "\u00a0", "\u2003", '","', "},{"]
)
_ANY = st.text(st.characters(exclude_categories=["Cs", "Cn"], max_codepoint=0xFFFF), max_size=12)
TEXTS = st.lists(st.tuples(st.one_of(_WORDS, _ANY), _GLUE), max_size=12).map(
    lambda parts: "".join(word + glue for word, glue in parts)
)
