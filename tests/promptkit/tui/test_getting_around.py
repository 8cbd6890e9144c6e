"""Finding one's way: help, commands, themes, panes, and a screen without colours."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual.binding import Binding
from textual.color import Color
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Static

from promptkit.session import Session
from promptkit.tui.app import ComposeApp, sections
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.help import HelpScreen, keys_of
from promptkit.tui.screens.size import SizeScreen
from promptkit.tui.widgets.canvas import Canvas
from tests.promptkit.tui.driving import CAPTION, drive, until


def _words(pilot: Pilot[None]) -> str:
    """What the terminal shows."""
    rows = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(text for text, *_ in row) for row in rows)


def test_help_begins_with_the_focused_pane_and_has_every_key(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        async def helped(words: str) -> None:
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
            await pilot.pause()
            assert words in " ".join(_words(pilot).replace("│", " ").split())
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is screen)

        await helped("Boxes are drawn back to front")
        screen.findings.focus()
        await helped("f mends it and shows the change first")
        await pilot.press("escape", "n", "enter")
        await helped("is written into the file at once")
        await pilot.press("escape")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await pilot.pause()
        shown = _words(pilot)
        for _, bindings in sections():
            for binding in bindings:
                assert isinstance(binding, Binding)
                assert keys_of(binding) in shown, binding
                assert (binding.tooltip or binding.description) in shown, binding

    drive(story, tmp_path, size=(120, 240))


def test_the_command_palette_runs_what_has_a_key(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        await pilot.press(*"duplicate")
        await until(pilot, lambda: "Duplicate" in _words(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: session.count == 4)

    drive(story, tmp_path)


def test_a_hint_greets_the_first_time_only(tmp_path: Path) -> None:
    async def greeted() -> bool:
        app = ComposeApp(Session(CAPTION), tmp_path)
        async with app.run_test(size=(120, 40)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            return any("? shows every key" in note.message for note in app._notifications)

    assert asyncio.run(greeted())
    assert not asyncio.run(greeted())


def test_a_theme_colours_the_layout_too(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        await pilot.pause()

        def inks() -> set[str]:
            strips = (screen.canvas.render_line(y) for y in range(screen.canvas.size.height))
            return {
                str(style.color.name)
                for strip in strips
                for _, style, _ in strip
                if style and style.color
            }

        before = pilot.app.theme_variables["accent"][:7].lower()
        assert before in {ink.lower() for ink in inks()}
        pilot.app.theme = "dracula"
        await until(pilot, lambda: pilot.app.theme_variables["accent"][:7].lower() != before)
        after = pilot.app.theme_variables["accent"][:7].lower()
        await until(pilot, lambda: after in {ink.lower() for ink in inks()})

    drive(story, tmp_path)


def test_a_theme_colours_the_form_with_the_cursor_in_it(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        await pilot.pause()

        def is_accented() -> bool:
            accent = Color.parse(pilot.app.theme_variables["accent"])
            return screen.inspector.styles.border_top == ("round", accent)

        assert is_accented()
        before = screen.inspector.styles.border_top
        pilot.app.theme = "dracula"
        await until(pilot, lambda: screen.inspector.styles.border_top != before and is_accented())

    drive(story, tmp_path)


def test_no_color_leaves_shades_of_grey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        await pilot.pause()
        for row in screen._compositor.render_strips():
            for _, style, _ in row:
                for color in (style.color, style.bgcolor) if style else ():
                    if color is not None and color.triplet is not None:
                        assert len(set(color.triplet)) == 1, color
        # What colours say is said by signs as well.
        assert "■" in _words(pilot)

    drive(story, tmp_path)


def test_panes_take_room_from_each_other(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("f6")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.press("o")
        await until(pilot, lambda: pilot.app.screen is screen)
        before = screen.outline.size.width, screen.canvas.size.width
        await pilot.press("alt+right", "alt+right")
        await pilot.pause()
        assert screen.outline.size.width == before[0] + 4
        assert screen.canvas.size.width == before[1] - 4
        screen.findings.focus()
        await pilot.pause()
        height = screen.findings.size.height
        await pilot.press("alt+down")
        await pilot.pause()
        assert screen.findings.size.height == height + 1

    drive(story, tmp_path)


def test_a_signal_to_end_loses_nothing(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "right")
        os.kill(os.getpid(), signal.SIGTERM)
        await until(pilot, lambda: pilot.app.return_code is not None or pilot.app._exit)

    drive(story, tmp_path)
    assert len(list((tmp_path / "recovery").glob("*.json"))) == 1


def test_an_empty_caption_says_how_to_begin(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        assert "a adds an object" in _words(pilot)
        assert "ctrl+t" in _words(pilot)
        await pilot.press("a", "escape")
        await pilot.pause()
        assert "a adds an object" not in _words(pilot)

    from promptkit.session import new_session

    drive(story, tmp_path, session=new_session())


@pytest.mark.parametrize("text", ['{"high_level_description": "A', "A kite on a beach."])
def test_what_cannot_be_read_says_which_key_opens_it(tmp_path: Path, text: str) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        assert "F4 opens it" in _words(pilot)
        assert "a adds an object" not in _words(pilot)
        await pilot.press("a", "a", "a")
        await until(pilot, lambda: bool(pilot.app._notifications))
        await pilot.pause()
        # Told again, not told thrice.
        (told,) = pilot.app._notifications
        assert "F4 opens it" in told.message
        assert session.text == text

    drive(story, tmp_path, session=Session(text))


def test_the_welcome_goes_at_the_first_key(tmp_path: Path) -> None:
    app = ComposeApp(Session(CAPTION), tmp_path)

    async def story() -> None:
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "Welcome" in _words(pilot))
            await pilot.press("n")
            await until(pilot, lambda: "Welcome" not in _words(pilot))
            assert app.session.marks.element == 0

    asyncio.run(story())


def test_keys_that_grow_a_box_are_not_called_as_those_that_move_it() -> None:
    about = {
        key.strip(): binding.description
        for binding in Canvas.BINDINGS
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
    }
    assert [about[key] for key in "hljk"] == ["Narrower", "Wider", "Taller", "Shorter"]


def test_what_is_told_and_typed_may_look_like_markup(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        pilot.app.notify("c[red].json has a [/b]")
        await until(pilot, lambda: "c[red].json has a [/b]" in _words(pilot))
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(pilot.app.screen, SizeScreen))
        await pilot.press("[", "slash", "x", "]", "enter")
        await until(pilot, lambda: "[/x]" in _words(pilot))
        assert pilot.app.is_running

    drive(story, tmp_path / "state")


def test_every_static_text_is_free_of_markup_from_captions(tmp_path: Path) -> None:
    odd = CAPTION.replace("A red kite", "[bold]A red[/] [kite]").replace(
        "KITE DAY", "[@click=app.quit]x[/]"
    )

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "f8", "n", "n", "f6", "escape")
        assert "[bold]A red[/]" in _words(pilot)
        assert "[@click=app.quit]x[/]" in _words(pilot)
        assert screen.query(Static)

    drive(story, tmp_path, session=Session(odd), size=(200, 60))
