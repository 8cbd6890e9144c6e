from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from promptkit.cli import main
from promptkit.cli.graphics import terminal_graphics

GB = 10**9


def model(name: str, **more: Any) -> dict[str, Any]:
    size = {"size": "1024x1024", "plan": "resident", "main_memory": 0}
    modes = [
        size | {"unconditional": True, "bytes": 30 * GB},
        size | {"unconditional": False, "bytes": 20 * GB, "plan": "24GB", "main_memory": 8 * GB},
    ]
    parts = {"transformer": 9 * GB, "unconditional_transformer": 9 * GB, "vae": GB}
    whole = {"present": True, "bytes": parts, "fingerprint": "00ff", "modes": modes}
    return {"name": name} | whole | more


def info(*models: dict[str, Any], free: int | None = None) -> dict[str, Any]:
    device = {"name": "NVIDIA H200", "capability": "9.0", "total": 150 * GB, "free": free}
    torch = {"version": "2.13.0", "cuda": "13.0", "tier": "fp8", "tier_reason": "measured"}
    return {"torch": torch, "device": device if free else None, "models": list(models)}


def doctor(monkeypatch: pytest.MonkeyPatch, said: dict[str, Any] | str) -> int:
    """The exit code, where the engine says this of itself, or ends with a message."""
    ends = isinstance(said, str)
    script = f"import sys; sys.exit({said!r})" if ends else f"print({json.dumps(said)!r})"
    monkeypatch.setattr(
        "promptkit.cli.diagnosis.engine_command", lambda *_: [sys.executable, "-c", script]
    )
    monkeypatch.setattr("promptkit.cli.diagnosis.shutil.which", lambda _: None)
    return main(["doctor", "--json"])


def lines(capsys: pytest.CaptureFixture[str], topic: str) -> list[dict[str, str]]:
    found = json.loads(capsys.readouterr().out)["lines"]
    return [line for line in found if line["topic"] == topic]


def test_a_machine_that_has_everything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = info(model("draft"), model("ideogram-ai/ideogram-4-fp8"), free=100 * GB)
    code = doctor(monkeypatch, said)
    out = capsys.readouterr().out
    assert code == 0
    rows = json.loads(out)["lines"]
    assert {row["topic"] for row in rows} >= {"promptkit", "terminal", "torch", "gpu", "model"}
    assert all(row["mark"] == "ok" for row in rows if row["topic"] in {"gpu", "model", "fits"})
    assert any("NVIDIA H200" in row["text"] and "100.0 GB of" in row["text"] for row in rows)


def test_what_does_not_fit_is_told_with_what_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor(monkeypatch, info(model("draft"), free=24 * GB))
    both, one = lines(capsys, "fits")
    assert (both["mark"], one["mark"]) == ("!", "ok")
    assert "about 30.0 GB, 24.0 GB are free" in both["text"]
    assert "--no-unconditional" in one["text"]
    assert "about 20.0 GB, and 8.0 GB of main memory (plan 24GB)" in one["text"]


def test_a_model_that_is_absent_or_damaged_comes_with_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = {"name": "ideogram-ai/ideogram-4-fp8", "present": False}
    damaged = model("other/model", problem="vae: truncated")
    code = doctor(monkeypatch, info(model("draft"), absent, damaged))
    draft, first, second = lines(capsys, "model")
    assert code == 1
    assert draft["mark"] == "ok"
    assert first["mend"] == "python -m generator pull ideogram-ai/ideogram-4-fp8"
    assert (first["mark"], second["mark"]) == ("!", "x")
    assert "truncated" in second["text"]


def test_a_folder_is_not_downloaded_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = model("my/models", problem="vae: truncated", folder="my/models")
    absent = {"name": "./nowhere", "present": False}
    assert doctor(monkeypatch, info(model("draft"), damaged, absent)) == 1
    _, *both = lines(capsys, "model")
    assert [line["mark"] for line in both] == ["x", "x"]
    for line in both:
        assert line["mend"] == "python -m generator pull  (the published model, to use instead)"


def test_without_torch_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "promptkit.dispatch.child.find_spec", lambda name: None if name == "torch" else object()
    )
    assert main(["doctor"]) == 1
    shown = capsys.readouterr()
    assert "torch is not installed" in shown.out
    assert "-> pip install 'promptkit[generate]'" in shown.out


def test_an_engine_that_breaks_is_quoted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = doctor(monkeypatch, "libcudart.so: cannot open shared object file")
    [engine] = lines(capsys, "engine")
    assert code == 1
    assert "libcudart.so: cannot open shared object file" in engine["text"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TERM": "xterm-kitty"}, "Kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, "Kitty"),
        ({"TERM": "foot"}, "Sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iTerm2"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "24-bit"),
        ({"TERM": "xterm-256color"}, "256 colours"),
        ({}, "256 colours"),
    ],
)
def test_terminals_are_known_by_what_they_say(environment: dict[str, str], words: str) -> None:
    assert words in terminal_graphics(environment).text
