"""Help fits a screen, starts fast, and nothing that was mistyped is left without a hint."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata

import pytest

from promptkit.cli import main
from promptkit.cli.commands import COMMANDS, overview, parser_of
from promptkit.errors import ExitCode
from promptkit.report import Format

HEAVY = {
    *("pydantic", "PIL", "jinja2", "dataclasses", "json", "pathlib"),
    *("promptkit.lint", "promptkit.document", "promptkit.caption", "promptkit.discovery"),
}


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_a_screen(name: str) -> None:
    lines = (parser_of(name).format_help() if name else overview()).splitlines()
    assert len(lines) <= 23  # of 24: the next prompt stands on the last
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_line_and_every_option_its_words(name: str) -> None:
    summary = next(line for line in overview().splitlines() if line.split()[:1] == [name])
    assert len(summary.split()) > 3
    assert parser_of(name).format_help().count("usage: ") == 1


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: Sequence[str]) -> None:
    code = f"import sys; from promptkit.cli import main; main({arguments!r}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["help"], ["-h"], ["help", "lint"], ["lint", "x", "--help"]])
def test_help_is_data(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) is ExitCode.OK
    shown = capsys.readouterr()
    assert shown.out.startswith("usage: promptkit")
    assert shown.err == ""


def test_without_a_command_the_help_is_talk(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) is ExitCode.USAGE
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == overview()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["lnt"], "no command 'lnt'; did you mean 'lint'?"),
        (["xyzzy"], "no command 'xyzzy'; 'promptkit --help' lists the commands"),
        (["caption.json"], "did you mean 'promptkit lint caption.json'?"),
        (["help", "lnt"], "no command 'lnt'; did you mean 'lint'?"),
        (["LINT"], "no command 'LINT'; did you mean 'lint'?"),
        (["-"], "did you mean 'promptkit lint -'?"),
        (["--fix"], "no option --fix before a command"),
        (["lint", "--fxi"], "no option --fxi; did you mean '--fix'?"),
        (["lint", "--zzz=1"], "no option --zzz; 'promptkit lint --help' lists them"),
        (["lint", "--format", "jsn"], "--format: no 'jsn'; did you mean 'json'?"),
        (["lint", "--format", "?"], "--format: no '?'; there are text, json, github, sarif"),
        (["generate", "x", "-o", "y", "--preset", "v4_turbo"], "did you mean 'V4_TURBO_12'?"),
        (["lint", "--size", "big"], "--size: size 'big' is not of the form WIDTHxHEIGHT"),
        (["lint", "--ignore"], "--ignore: expected one argument"),
        (["lint", "--select", "key-ordr"], "no rule is called 'key-ordr'; did you mean"),
        (["lint", "--config", "x", "--isolated"], "--isolated wants none"),
        (["explain", "C2x"], "no rule is called 'C2x'"),
        (["explain", "C201", "C202"], "what is 'C202' for?"),
        (["fmt", "--indent", "9"], "--indent 9 is not between 1 and 8"),
        (["fmt", "--indent", "2", "--compact"], "choose one"),
        (["completion", "tcsh"], "there are bash, zsh, fish"),
        (["completion"], "the following arguments are required: SHELL"),
        (["convert"], "which file?"),
        (["sketch", "x.json"], "the following arguments are required: -o/--output"),
    ],
)
def test_what_is_mistyped_gets_a_hint(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) is ExitCode.USAGE
    shown = capsys.readouterr()
    assert hint in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_options_may_stand_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.json", "--select", "C2", "b.json", "-q", "c.json"]) is ExitCode.USAGE
    complaints = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in complaints] == ["a.json:", "b.json:", "c.json:"]


def test_the_forms_of_lint_are_those_of_the_reports() -> None:
    taking = parser_of("lint").taking(["--format"])
    assert taking is not None
    assert list(getattr(taking.type, "choices", ())) == [str(form) for form in Format]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) is ExitCode.OK
    assert capsys.readouterr().out == f"promptkit {metadata.version('promptkit')}\n"
