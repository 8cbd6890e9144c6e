"""Any caption at all."""

from __future__ import annotations

from hypothesis import strategies as st

from promptkit.caption import Caption, Composition, ObjElement, TextElement, art, obj, photo, text
from promptkit.geometry import BBox

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
COLORS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)
SPANS = st.tuples(st.integers(0, 999), st.integers(1, 1000)).filter(lambda span: span[0] < span[1])
BOXES = st.builds(lambda y, x: BBox(y[0], x[0], y[1], x[1]), SPANS, SPANS)
ELEMENTS: st.SearchStrategy[ObjElement | TextElement] = st.one_of(
    st.builds(obj, WORDS, st.none() | BOXES, st.lists(COLORS, max_size=5)),
    st.builds(text, WORDS, WORDS, st.none() | BOXES, st.lists(COLORS, max_size=5)),
)
PALETTES = st.lists(COLORS, max_size=16)
STYLES = st.one_of(
    st.builds(photo, WORDS, WORDS, WORDS, WORDS, PALETTES),
    st.builds(art, WORDS, WORDS, WORDS, WORDS, PALETTES),
)
COMPOSITIONS = st.builds(
    Composition, background=WORDS, elements=st.lists(ELEMENTS, max_size=4).map(tuple)
)
CAPTIONS = st.fixed_dictionaries(
    {"compositional_deconstruction": COMPOSITIONS},
    optional={"high_level_description": WORDS, "style_description": STYLES},
).map(Caption.model_validate)
