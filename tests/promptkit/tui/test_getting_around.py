"""Finding one's way: help, commands, themes, panes, and a screen without colours."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

pytest.importorskip("textual")

from textual import events
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
from promptkit.tui.widgets.field import Field
from tests.promptkit.tui.driving import CAPTION, NOWHERE, drive, elements, until


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


@pytest.mark.parametrize("under", [False, True])
@pytest.mark.parametrize(
    ("opening", "burst"),
    [
        ("m", "l l"),
        ("m", "enter enter"),
        ("m", "escape escape"),
        ("m", "l escape"),
        ("f1", "escape q q"),
        ("f6", "o o"),
        ("f10", "enter enter"),
        ("f12", "escape escape"),
        ("f12", "enter enter"),
        ("f9", "enter y"),
        ("ctrl+t", "escape escape escape"),
        ("ctrl+b", "escape escape"),
        ("ctrl+r", "escape escape"),
    ],
)
def test_keys_that_come_before_a_dialog_is_gone_take_nothing_else_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opening: str, burst: str, *, under: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    text = CAPTION.replace("#C8452F", "#c8452f") if opening == "f9" else CAPTION

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        if under:
            # There is another screen below that could go by mistake.
            screen.app.show(Session(text))  # type: ignore[attr-defined]
            await until(pilot, lambda: pilot.app.screen is not screen)
        shown = pilot.app.screen
        assert isinstance(shown, ComposeScreen)
        await until(pilot, lambda: shown.is_complete)
        await pilot.press("n", *(["f8", "f3", "f3"] if opening == "f9" else []), opening)
        await until(pilot, lambda: pilot.app.screen is not shown)
        await pilot.pause()
        for key in burst.split():
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.pause()
        assert len(pilot.app.screen_stack) >= 1 + under
        assert pilot.app.is_running

    drive(story, tmp_path / "state", session=Session(text))


@pytest.mark.parametrize(
    "burst",
    ["m x", "ctrl+o x", "ctrl+t x", "ctrl+t ctrl+t", "ctrl+b x", "ctrl+r x",
     "f10 x", "f12 x", "f1 x"],
)  # fmt: skip
def test_keys_behind_one_that_opens_a_dialog_are_for_the_dialog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, burst: str
) -> None:
    monkeypatch.chdir(tmp_path)

    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        before = session.text
        for key in burst.split():
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.pause()
        assert session.text == before
        assert len(pilot.app.screen_stack) == 2

    drive(story, tmp_path / "state")


@pytest.mark.parametrize("opening", ["f3", "f5"])
def test_keys_behind_one_that_brings_a_pane_are_for_the_pane(tmp_path: Path, opening: str) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        before = len(elements(session))
        for key in (opening, opening, "x"):  # hidden, brought
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        app = pilot.app
        assert isinstance(app, ComposeApp)
        await until(pilot, lambda: not app._held and not app._is_busy)
        await pilot.pause()
        assert not isinstance(screen.focused, Canvas)
        assert len(elements(session)) == before  # the layout would have removed one

    drive(story, tmp_path / "state")


def test_a_click_comes_behind_the_letters_that_were_typed_before_it(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n", "enter")
        fields = {field.spec.key: field.area for field in screen.inspector.query(Field)}
        await until(pilot, lambda: screen.focused is fields["desc"])
        await pilot.pause()
        x, y = fields["text"].region.offset
        before = fields["desc"].text
        for letter in "abcdefghij":
            pilot.app.post_message(events.Key(letter, letter))
        for kind in (events.MouseDown, events.MouseUp):
            click = kind(None, x + 1, y, 0, 0, 1, shift=False, meta=False, ctrl=False)
            pilot.app.post_message(click)
        await until(pilot, lambda: screen.focused is fields["text"])
        await pilot.pause()
        assert fields["desc"].text == before + "abcdefghij"

    drive(story, tmp_path / "state")


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


def test_a_menu_is_answered_in_one_burst_with_its_key(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], screen: ComposeScreen, session: Session) -> None:
        await pilot.press("n")
        _, left, _, right = elements(session)[0]["bbox"]
        for key in "ml":
            pilot.app.post_message(events.Key(key, key))
        await until(pilot, lambda: elements(session)[0]["bbox"][1] != left)
        # Aligned: by itself, the key would have made it wider.
        assert elements(session)[0]["bbox"][3] - elements(session)[0]["bbox"][1] == right - left
        await until(pilot, lambda: pilot.app.screen is screen)

    drive(story, tmp_path / "state")


def test_what_is_typed_at_once_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "greeted").touch()
    session = Session(CAPTION)
    app = ComposeApp(session, tmp_path, NOWHERE)

    async def run() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            # The form for the words is not made yet.
            for key in ("t", "O", "P", "E", "N", "escape", "n"):
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            await until(pilot, lambda: len(elements(session)) == 4)
            await until(pilot, lambda: elements(session)[3]["text"] == "OPEN")

    asyncio.run(run())


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
