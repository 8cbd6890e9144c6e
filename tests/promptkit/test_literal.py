"""Finding the literal that a description introduces."""

from __future__ import annotations

import time

import pytest

from promptkit.literal import literal_in


@pytest.mark.parametrize(
    ("desc", "literal"),
    [
        ("The exact text FRESH BREAD in bold serif letters on the awning", "FRESH BREAD"),
        ("The exact text Made in Italy in gold script along the rim", "Made in Italy"),
        ("The exact text shop.example.org in clean small letters", "shop.example.org"),
        ("The exact text Room 12 on the brass plate", "Room 12"),
        ("Large headline text reading NIGHT MARKET in a slab typeface", "NIGHT MARKET"),
        ("Small line at the foot, text: DOORS OPEN 8 PM.", "DOORS OPEN 8 PM"),
        ("A neon sign that says 'Don't Walk' in red", "Don't Walk"),
        ("Painted sign “Café Olé” above the door", "Café Olé"),
        ("The board reads 「本日休業」 in ink", "本日休業"),
        ('"Since 1904" engraved in stone, and "Since 1904" again', "Since 1904"),
    ],
)
def test_one_literal(desc: str, literal: str) -> None:
    assert literal_in(desc) == literal


@pytest.mark.parametrize(
    "desc",
    [
        "",
        "Bold red block capitals",
        "A label with 'left' on one side and 'right' on the other",
        "An old man reading the morning paper",
        "The mechanic's and the painter's signatures",
        "The exact text " + "very long " * 20,
        "text reading",
    ],
)
def test_no_literal_or_more_than_one(desc: str) -> None:
    assert literal_in(desc) is None


@pytest.mark.parametrize(
    "unit", ["“", "'a ", "reads ", " in ", "exact text a in ", "a.", '"', "‘x"]
)
def test_long_prose_takes_linear_time(unit: str) -> None:
    began = time.process_time()
    literal_in(unit * (100_000 // len(unit)))
    literal_in("The exact text " + unit * (100_000 // len(unit)))
    assert time.process_time() - began < 1.0
