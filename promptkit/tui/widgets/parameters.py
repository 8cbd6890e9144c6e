"""The lines of a job: what was typed, and what the model that will draw suggests instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, get_args

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from promptkit.errors import UsageError
from promptkit.geometry import Size
from promptkit.job import DEFAULT_PRESET, PresetName
from promptkit.sizes import COMMON_SIZES
from promptkit.tui.widgets.choice_input import ChoiceInput

Number = TypeVar("Number", int, float)
PRESETS: Final = get_args(PresetName)
_LINES: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    ("size", "Size", "WxH, multiples of 16", COMMON_SIZES),
    ("preset", "Preset", "empty: steps and CFG count", PRESETS),
    ("steps", "Steps", "instead of a preset", ()),
    ("cfg", "CFG", "instead of a preset", ()),
    ("seed", "Seed", "empty: drawn anew", ()),
    ("count", "Count", "pictures, seed by seed", ()),
)
_SAMPLING: Final = ("preset", "steps", "cfg")
_TOLD: Final = 20
"""Characters of a wrong value that are told again."""


class Parameters(Vertical):
    """A line each; those that nobody has changed follow the model."""

    def __init__(self, size: Size, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._suggested = {"size": str(size), "preset": DEFAULT_PRESET, "count": "1"}
        self._defaults: Mapping[str, Any] = {}

    def compose(self) -> ComposeResult:
        for key, name, hint, usual in _LINES:
            with Horizontal(classes="parameter"):
                yield Static(name, classes="parameter-name")
                first = self._suggested.get(key, "")
                yield ChoiceInput(first, usual, placeholder=hint, id=key)

    def on_mount(self) -> None:
        self.border_title = "Picture"

    def follow(self, model: str, defaults: Mapping[str, Any]) -> None:
        """Suggest what suits the model that has come."""
        self._defaults = defaults
        self._suggest(suggestions(defaults))
        self.border_title = Text(f"Picture · {model}")
        self.border_subtitle = Text(suited(defaults))

    def resize(self, size: Size) -> None:
        """Another caption, or another size of it: what was typed was meant for the last one."""
        self._line("size").value = self._suggested["size"]
        self._suggest({"size": str(size)} | suggestions(self._defaults))

    def put_seed(self, seed: int) -> None:
        """Take a seed over from a picture."""
        self._line("seed").value = str(seed)

    @property
    def seed(self) -> int | None:
        """The first picture's; UsageError if it is no number."""
        return self._number("seed", int)

    @property
    def count(self) -> int:
        """How many pictures of each caption; UsageError if it is no number."""
        count = self._number("count", int)
        return 1 if count is None else count

    @property
    def job(self) -> dict[str, Any]:
        """Size and sampling as they stand.

        Raises:
            UsageError: naming the line that cannot be understood.
        """
        try:
            size = Size.parse(self._value("size"))
        except ValueError as error:
            raise UsageError(str(error)) from error
        return {"width": size.width, "height": size.height} | self._sampling()

    @property
    def chosen(self) -> dict[str, Any]:
        """Those of ``job`` that no model's own defaults may replace."""
        job, names = self.job, set[str]()
        if self._is_chosen("size"):
            names |= {"width", "height"}
        if self._is_chosen(*_SAMPLING):
            names |= {"preset", "num_inference_steps", "cfg_scale"}
        return {name: value for name, value in job.items() if name in names and value is not None}

    def _sampling(self) -> dict[str, Any]:
        """A preset, or steps and guidance; what was chosen outweighs what was suggested."""
        steps, scale = self._number("steps", int), self._number("cfg", float)
        preset = self._value("preset") or None
        is_asked = self._is_chosen("preset") and not self._is_chosen("steps", "cfg")
        if (steps is None and scale is None) or (preset and is_asked):
            return {"preset": preset}
        return {"num_inference_steps": steps, "cfg_scale": scale}

    def _is_chosen(self, *keys: str) -> bool:
        return any(self._value(key) != self._suggested.get(key, "") for key in keys)

    def _suggest(self, values: Mapping[str, str]) -> None:
        for key, value in values.items():
            if not self._is_chosen(key):
                self._line(key).value = value
            self._suggested[key] = value

    def _line(self, key: str) -> Input:
        return self.query_one(f"#{key}", Input)

    def _value(self, key: str) -> str:
        return self._line(key).value.strip()

    def _number(self, key: str, kind: type[Number]) -> Number | None:
        text = self._value(key)
        try:
            return kind(text) if text else None
        except ValueError as error:
            expected = "a whole number" if kind is int else "a number"
            told = text if len(text) <= _TOLD else f"{text[:_TOLD]}…"
            raise UsageError(f"{key}: '{told}' is not {expected}") from error


def suggestions(defaults: Mapping[str, Any]) -> dict[str, str]:
    """What the lines say by a model's own defaults; only those of which it says something."""
    lines: dict[str, str] = {}
    if {"width", "height"} <= defaults.keys():
        lines["size"] = f"{defaults['width']}x{defaults['height']}"
    if {"num_inference_steps", "cfg_scale"} & defaults.keys():
        steps, scale = defaults.get("num_inference_steps"), defaults.get("cfg_scale")
        lines |= {"preset": "", "steps": _told(steps), "cfg": _told(scale)}
    elif "preset" in defaults:
        lines |= {"preset": _told(defaults["preset"]), "steps": "", "cfg": ""}
    return lines


def suited(defaults: Mapping[str, Any]) -> str:
    """What a model says that it is best at, for a border; empty where it says nothing."""
    lines = suggestions(defaults)
    words = " ".join(filter(None, (lines.get("size"), lines.get("preset"))))
    return f"best at {words}" if words else ""


def _told(value: object) -> str:
    return "" if value is None else str(value)
