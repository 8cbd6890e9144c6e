"""From a caption to its pictures and back, with a generator that needs no model."""

from __future__ import annotations

import asyncio
import sys
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

pytest.importorskip("textual")
pytest.importorskip("uvicorn")
pytest.importorskip("torch")

from PIL import Image
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from promptkit.geometry import Size
from promptkit.job import Job, Maker, Record, read_record
from promptkit.job.record import png_bytes
from promptkit.session import open_session
from promptkit.tui.app import ComposeApp
from promptkit.tui.orders import Opened, Place, Subject, Wanted
from promptkit.tui.queue import Stage, summary
from promptkit.tui.screens.choice import ChoiceScreen
from promptkit.tui.screens.compose import ComposeScreen
from promptkit.tui.screens.gallery import GalleryScreen
from promptkit.tui.screens.generate import GenerateScreen
from promptkit.tui.screens.shelf import ShelfScreen
from promptkit.tui.screens.variants import VariantsScreen
from promptkit.tui.studio import free_path, written
from promptkit.tui.widgets.picture import HalfBlocks
from tests.promptkit.tui.driving import CAPTION, elements, until

QUICK = (sys.executable, "-m", "tests.quick_generator")

Story = Callable[[Pilot[None], ComposeApp], Awaitable[None]]


def _drive(story: Story, folder: Path, place: Place) -> None:
    state = folder / "state"
    state.mkdir()
    (state / "greeted").touch()
    caption = folder / "kites.json"
    caption.write_text(CAPTION)
    app = ComposeApp(open_session(caption), state, place)

    async def run() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await story(pilot, app)

    asyncio.run(run())


async def _order(pilot: Pilot[None], app: ComposeApp, **values: str) -> GenerateScreen:
    screen = await _form(pilot, app)
    for key, value in values.items():
        screen.query_one(f"#{key}", Input).value = value
    await pilot.press("ctrl+r")
    return screen


def _stages(screen: GenerateScreen) -> set[Stage]:
    return {row.stage for row in screen.rows.values()}


def test_generate_look_reuse_the_seed_and_go_back_to_the_caption(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", seed="7", count="2", preset="V4_TURBO_12")
        pictures = [tmp_path / "kites.png", tmp_path / "kites-2.png"]
        await until(pilot, lambda: _stages(screen) == {Stage.MADE}, 60)
        assert [read_record(path).seed for path in pictures] == [7, 8]
        assert screen.query_one(HalfBlocks)._image is not None
        await pilot.press("ctrl+l", "ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, GalleryScreen))
        gallery = app.screen
        assert isinstance(gallery, GalleryScreen)
        await until(pilot, lambda: len(gallery.shots) == 2)
        await pilot.press("c", "down")
        assert gallery.kept is not gallery.current
        chosen = gallery.current
        assert chosen
        await pilot.press("s")
        await until(pilot, lambda: app.screen is screen)
        await until(
            pilot, lambda: screen.query_one("#seed", Input).value == str(chosen.record.seed)
        )
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, GalleryScreen) and app.screen.shots != [])
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        assert app.session.path is None
        assert elements(app.session)[2]["text"] == "KITE DAY"
        assert app.session.size == (256, 256)

    _drive(story, tmp_path, Place(command=QUICK))


def _lines(screen: GenerateScreen) -> dict[str, str]:
    lines = {key: screen.query_one(f"#{key}", Input).value for key in ("size", "preset", "steps")}
    return {key: value for key, value in lines.items() if value}


async def _form(pilot: Pilot[None], app: ComposeApp) -> GenerateScreen:
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(app.screen, GenerateScreen))
    await pilot.pause()
    assert isinstance(app.screen, GenerateScreen)
    return app.screen


def test_the_form_follows_the_model_that_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUICK_GATE", str(tmp_path / "never"))

    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _form(pilot, app)
        form = screen.query_one("#parameters")
        assert form.border_subtitle == "starting the generator"
        assert _lines(screen) == {"size": "1024x1024", "preset": "V4_QUALITY_48"}
        suits = {"width": 256, "height": 256, "preset": "DRAFT_12"}
        app.post_message(Opened("draft", "", suits))
        await until(pilot, lambda: form.border_title == "Picture · draft")
        assert form.border_subtitle == "best at 256x256 DRAFT_12"
        assert _lines(screen) == {"size": "256x256", "preset": "DRAFT_12"}
        # What somebody has typed stays, whatever comes.
        screen.query_one("#size", Input).value = "512x512"
        app.post_message(Opened("another", "", {"width": 768, "height": 768, "cfg_scale": 2}))
        await until(pilot, lambda: form.border_title == "Picture · another")
        assert _lines(screen) == {"size": "512x512"}
        assert screen.query_one("#cfg", Input).value == "2"

    _drive(story, tmp_path, Place(command=QUICK))


def test_pictures_of_a_form_that_was_left_alone_follow_the_model_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    monkeypatch.setenv("QUICK_GATE", str(gate))
    picture = tmp_path / "kites.png"

    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        # Handed in before the generator could say that it suits four steps.
        screen = await _order(pilot, app, size="256x256", seed="1")
        gate.touch()
        await until(pilot, lambda: _stages(screen) == {Stage.MADE})
        assert read_record(picture).job.num_inference_steps == 4
        picture.unlink()
        await until(pilot, lambda: _lines(screen) == {"size": "256x256", "steps": "4"})
        screen.query_one("#preset", Input).value = "V4_TURBO_12"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: len(screen.rows) == 2 and _stages(screen) == {Stage.MADE})
        assert read_record(picture).job.preset == "V4_TURBO_12"

    _drive(story, tmp_path, Place(command=QUICK))


def test_a_generator_that_cannot_be_reached_is_told_by_the_form_and_tried_again(
    tmp_path: Path,
) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _form(pilot, app)
        problem = screen.query_one("#generate-problem")
        await until(pilot, lambda: problem.display)
        # The screen is kept, and asks anew when it is gone to again.
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        screen._tell("")
        await _form(pilot, app)
        await until(pilot, lambda: problem.display)

    _drive(story, tmp_path, Place(server=f"unix:{tmp_path}/nobody.sock"))


def test_an_order_is_cancelled_while_the_screen_answers(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", count="3", steps="1000", preset="")
        await until(pilot, lambda: Stage.MAKING in _stages(screen), 60)
        await pilot.press("ctrl+x")
        await until(pilot, lambda: _stages(screen) == {Stage.CANCELLED})
        assert not list(tmp_path.glob("*.png"))

    _drive(story, tmp_path, Place(command=QUICK))


def test_the_picture_is_seen_while_it_is_made(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", steps="1000", preset="", count="4")
        blocks = screen.query_one(HalfBlocks)
        await until(
            pilot, lambda: blocks._image is not None and Stage.MADE not in _stages(screen), 60
        )
        preview = blocks._image
        assert preview is not None
        assert preview.width < 256
        # With the boxes of its caption on it, or without them.
        with_boxes = preview.tobytes()
        await pilot.press("ctrl+x", "ctrl+l")
        await until(
            pilot, lambda: blocks._image is not None and blocks._image.tobytes() != with_boxes
        )

    _drive(story, tmp_path, Place(command=QUICK))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        # Where the folder should be there is a file.
        file = tmp_path / "kites.json"
        app.post_message(Wanted(Subject([("a", CAPTION)], Size(256, 256), file)))
        await until(pilot, lambda: isinstance(app.screen, GenerateScreen))
        await pilot.pause()
        await pilot.press("ctrl+r")
        problem = app.screen.query_one("#generate-problem")
        await until(pilot, lambda: problem.display)
        assert isinstance(app.screen, GenerateScreen)
        assert not app.screen.rows

    _drive(story, tmp_path, Place(command=QUICK))


def test_the_gallery_opens_the_system_viewer_and_compares_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for number in (1, 2):
        job = Job.of(prompt=CAPTION, width=256, height=256)
        record = Record(job=job, seed=number, made_by=Maker(model="quick", promptkit="test"))
        picture = png_bytes(Image.new("RGB", (256, 256), "red"), record)
        (tmp_path / f"shot-{number}.png").write_bytes(picture)
    (tmp_path / "foreign.png").write_bytes(b"no picture at all")

    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        await pilot.press("ctrl+b")
        await until(
            pilot, lambda: isinstance(app.screen, GalleryScreen) and len(app.screen.shots) == 2
        )
        gallery = app.screen
        assert isinstance(gallery, GalleryScreen)
        await pilot.press("o")
        assert gallery.current is not None
        assert opened == [gallery.current.path.as_uri()]
        # Over a plain connection a text browser would take over the terminal.
        monkeypatch.delenv("DISPLAY")
        await pilot.press("o")
        assert len(opened) == 1
        assert str(gallery.current.path) in [note.message for note in app._notifications][-1]
        kept = gallery.current
        await pilot.press("c", "down")
        await pilot.pause()
        assert gallery.kept is kept
        titles = [str(gallery.query_one(place).border_title) for place in ("#kept", "#picture")]
        assert sorted(titles) == ["shot-1.png · seed 1", "shot-2.png · seed 2"]
        await pilot.press("c", "c")
        assert gallery.kept is None
        # A picture that comes meanwhile is listed, and takes nobody's place.
        looked_at = gallery.current
        (tmp_path / "third.png").write_bytes(looked_at.path.read_bytes() if looked_at else b"")
        await until(pilot, lambda: len(gallery.shots) == 3)
        await until(pilot, lambda: gallery.current == looked_at)

    _drive(story, tmp_path, Place())


def test_every_variant_of_a_template_becomes_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    front = "size: 256x256\nvariables:\n  kite: {type: choice, choices: [red, blue, green]}"
    body = CAPTION.replace("red kite", "{{ kite }} kite")
    (tmp_path / "kite.json.j2").write_text(f"---\n{front}\n---\n{body}")

    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, ShelfScreen))
        shelf = app.screen
        assert isinstance(shelf, ShelfScreen)
        await pilot.pause()
        names = [str(option.prompt) for option in shelf.query_one(OptionList).options]
        shelf.query_one(OptionList).highlighted = names.index("kite")
        await until(pilot, lambda: "KITE DAY" in shelf.preview.session.text)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, VariantsScreen))
        grid = app.screen
        assert isinstance(grid, VariantsScreen)
        await until(pilot, lambda: len(grid.cells) == 6)
        modes = grid.query_one("#modes", OptionList)
        modes.focus()
        await pilot.pause()
        await pilot.press("home", "space")
        await until(pilot, lambda: len(grid.cells) == 3)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(app.screen, GenerateScreen))
        screen = app.screen
        assert isinstance(screen, GenerateScreen)
        await pilot.pause()
        screen.query_one("#preset", Input).value = "V4_TURBO_12"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: _stages(screen) == {Stage.MADE}, 60)
        records = [read_record(path) for path in (tmp_path / "kite-variants").glob("*.png")]
        kites = {
            word
            for each in records
            for word in ("red", "blue", "green")
            if f"{word} kite" in each.job.prompt
        }
        assert kites == {"red", "blue", "green"}
        await pilot.press("ctrl+b")
        await until(
            pilot, lambda: isinstance(app.screen, GalleryScreen) and len(app.screen.shots) == 3
        )
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is grid)

    _drive(story, tmp_path, Place(command=QUICK))


def test_one_picture_of_the_queue_is_given_up_and_the_others_are_made(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", count="3", steps="1000", preset="")
        await until(pilot, lambda: Stage.MAKING in _stages(screen), 60)
        assert "2 to come" in summary(screen.rows.values()) or "3 to come" in summary(
            screen.rows.values()
        )
        queue = screen.query_one("#queue", OptionList)
        queue.focus()
        # The newest is at the top: the second order is in the middle.
        queue.highlighted = 1
        await pilot.press("x")
        await until(pilot, lambda: not any(row.stage.is_open for row in screen.rows.values()), 60)
        stages = [row.stage for row in screen.rows.values()]
        assert stages == [Stage.MADE, Stage.CANCELLED, Stage.MADE]
        assert sorted(path.name for path in tmp_path.glob("*.png")) == ["kites-3.png", "kites.png"]

    _drive(story, tmp_path, Place(command=QUICK))


def test_what_is_cancelled_while_the_generator_starts_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    monkeypatch.setenv("QUICK_GATE", str(gate))

    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", count="2", preset="V4_TURBO_12")
        await pilot.press("ctrl+x")
        await until(pilot, lambda: Stage.CANCELLED in _stages(screen))
        gate.touch()
        await until(pilot, lambda: _stages(screen) == {Stage.CANCELLED}, 60)
        assert not list(tmp_path.glob("*.png"))

    _drive(story, tmp_path, Place(command=QUICK))


def test_quitting_asks_while_pictures_are_made(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", steps="1000", preset="", count="64")
        await until(pilot, lambda: Stage.MAKING in _stages(screen), 60)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, ChoiceScreen))
        await pilot.press("ctrl+q", "s")
        await until(pilot, lambda: app.screen is screen)
        assert Stage.MAKING in _stages(screen)
        await pilot.press("escape", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, ChoiceScreen))
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)

    _drive(story, tmp_path, Place(command=QUICK))


def test_the_queue_outlives_the_caption_it_was_filled_from(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(CAPTION.replace("red", "green"))

    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256", steps="300", preset="")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        app.show(open_session(tmp_path / "other.json"))
        await until(pilot, lambda: _stages(screen) == {Stage.MADE}, 60)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("ctrl+r")
        await until(pilot, (tmp_path / "other.png").exists, 60)
        assert "green" in read_record(tmp_path / "other.png").job.prompt
        assert "green" not in read_record(tmp_path / "kites.png").job.prompt

    _drive(story, tmp_path, Place(command=QUICK))


def test_a_dead_server_is_told_and_nothing_waits_for_it(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        screen = await _order(pilot, app, size="256x256")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        await pilot.press("n", "right")
        assert elements(app.session)[0]["bbox"][1] == 110
        await until(pilot, lambda: _stages(screen) == {Stage.FAILED}, 60)

    _drive(story, tmp_path, Place(server=f"unix:{tmp_path}/nobody.sock"))


def test_what_no_generator_takes_is_refused_at_once(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        for values in ({"size": "1000x1000"}, {"count": "0"}, {"seed": "x"}):
            screen = await _order(pilot, app, **values)
            assert screen.rows == {}
            await pilot.press("escape")

    _drive(story, tmp_path, Place(server="unix:/nowhere"))


def test_a_caption_begins_from_a_template(tmp_path: Path) -> None:
    async def story(pilot: Pilot[None], app: ComposeApp) -> None:
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, ShelfScreen))
        shelf = app.screen
        assert isinstance(shelf, ShelfScreen)
        await pilot.pause()
        names = [str(option.prompt) for option in shelf.query_one(OptionList).options]
        shelf.query_one(OptionList).highlighted = names.index("product-hero")
        await until(pilot, lambda: "wireless speaker" in shelf.preview.session.text)
        await pilot.press("enter")
        await pilot.press("M", "o", "k", "a")
        await until(pilot, lambda: "Moka" in shelf.preview.session.text)
        await pilot.press("ctrl+r", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        assert "Moka" in [each.get("text") for each in elements(app.session)]
        assert app.session.dirty

    _drive(story, tmp_path, Place())


def test_no_picture_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / "a-3.png").touch()
    first = free_path(tmp_path, "a")
    assert (first.name, free_path(tmp_path, "a", [first]).name) == ("a-2.png", "a-4.png")
    assert written(tmp_path / "a.png", b"png").name == "a-2.png"
    assert (tmp_path / "a.png").read_bytes() == b""
