"""What findings tell people to do, and how sure their fixes are."""

from __future__ import annotations

import pytest

from promptkit.lint import Finding, Safety, Selection, lint

COMPOSITION = '"compositional_deconstruction": {"background": "b", "elements": []}'


def _only(slug: str, text: str) -> Finding:
    (finding,) = lint(text, Selection(select=(slug,)))
    return finding


@pytest.mark.parametrize(
    ("slug", "text", "advice"),
    [
        ("aspect-ratio-key", '{"aspect_ratio": "16:9", %s}', "pass --size 1360x768"),
        ("aspect-ratio-key", '{"aspect_ratio": "1x1", %s}', "pass --size 1024x1024"),
        ("aspect-ratio-key", '{"aspect_ratio": "100:1", %s}', "pass --size WIDTHxHEIGHT"),
        ("aspect-ratio-key", '{"aspect_ratio": 1.5, %s}', "pass --size WIDTHxHEIGHT"),
        ("job-key", '{"seed": 3, %s}', "pass it as --seed"),
        ("job-key", '{"negative_prompt": "", %s}', "pass it as --negative-prompt"),
        ("job-key", '{"generation": {}, %s}', "leave it to the generator"),
        ("misspelt-key", '{"Style Description": {}, %s}', 'write "style_description"'),
        ("misplaced-key", '{"background": "b", %s}', "or remove it if it stands there"),
        ("misplaced-key", '{"medium": "photograph", %s}', 'belongs to "style_description"; move'),
        ("unknown-key", '{"mood": "calm", %s}', "say it in one of high_level_description"),
        ("unknown-key", '{"HLD": "x", "high_level_description": "y", %s}', "is there already"),
    ],
)
def test_messages_say_what_to_do(slug: str, text: str, advice: str) -> None:
    assert advice in _only(slug, text % COMPOSITION).message


@pytest.mark.parametrize(
    ("written", "safety"),
    [
        ('"Color-Palette": ["#AABBCC"]', Safety.SAFE),
        ('"colour_palette": ["#AABBCC"]', Safety.SAFE),
        ('"colors": ["#AABBCC"]', Safety.UNSAFE),
        # Of duplicates the last one counts; renamed, the first one would.
        ('"colour_palette": ["#AABBCC"], "colour_palette": []', Safety.UNSAFE),
    ],
)
def test_a_key_is_renamed_safely_only_where_nothing_is_guessed(
    written: str, safety: Safety
) -> None:
    finding = _only("misspelt-key", f'{{"style_description": {{{written}}}, {COMPOSITION}}}')
    assert finding.fix is not None
    assert finding.fix.safety is safety


def test_nothing_is_safe_to_change_in_a_text_that_breaks_off() -> None:
    finding = _only("trailing-comma", '{"a": [1,], "b": ')
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE


def test_a_slip_is_not_mended_safely_where_that_changes_how_the_rest_is_read() -> None:
    # Without its comma the first colour is no longer taken to end where it does.
    text = '{"color_palette": ["#FF6B00",\n #00D4FF"\n], "background": "b"}'
    finding = _only("trailing-comma", text)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE


def test_a_lone_element_in_place_of_the_list_is_checked_as_well() -> None:
    element = '{"type": "obj", "bbox": [1, 2, 3], "desc": "a"}'
    text = f'{{"compositional_deconstruction": {{"background": "b", "elements": {element}}}}}'
    assert {"elements-not-a-list", "malformed-box"} <= {each.slug for each in lint(text)}
