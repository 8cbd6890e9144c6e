"""What ``promptkit doctor`` finds: one value for each thing it has looked at."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from promptkit.cli.graphics import terminal_graphics
from promptkit.dispatch.child import engine_command, engine_environment, engine_problem
from promptkit.job import DRAFT_MODEL
from promptkit.tokens import INSTALL as INSTALL_TOKENS
from promptkit.tokens import is_exact
from promptkit.version import VERSION

INSTALL: Final = "pip install 'promptkit[generate]'"
PROBE_SECONDS: Final = 120
"""Importing torch from a cold disk takes its time."""
PULL: Final = "python -m generator pull"
_HUB_ID: Final = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


class Mark(StrEnum):
    """How good a line's news is."""

    OK = "ok"
    BETTER = "!"
    MISSING = "x"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    topic: str
    mark: Mark
    text: str
    mend: str = ""
    """The command that makes it better."""


def diagnose(model: str | None = None) -> Iterator[Line]:
    """Look at everything, the quick things first."""
    yield Line("promptkit", Mark.OK, f"{VERSION} on Python {platform.python_version()}")
    yield _tokens()
    yield terminal_line()
    driver = _driver()
    problem = engine_problem()
    if problem:
        yield _gpu(driver, None)
        yield Line("engine", Mark.MISSING, problem.partition(";")[0], INSTALL)
        return
    info = _engine_info(model)
    if isinstance(info, str):
        yield _gpu(driver, None)
        yield Line("engine", Mark.MISSING, f"the engine does not start: {info}", INSTALL)
        return
    yield _torch(info["torch"], driver)
    yield _gpu(driver, info["device"])
    for each in info["models"]:
        yield _model(each)
        if each["present"] and "problem" not in each:
            yield from _fits(each, info["device"])


def terminal_line() -> Line:
    """What the terminal can show of a picture."""
    graphics = terminal_graphics()
    mend = "" if graphics.exact else "kitty, WezTerm, Ghostty, foot and iTerm2 show real pixels"
    return Line("terminal", Mark.OK if graphics.exact else Mark.BETTER, graphics.text, mend)


def _tokens() -> Line:
    if not is_exact():
        text = "counts are upper bounds: the encoder's vocabulary is not installed"
        return Line("tokens", Mark.BETTER, text, INSTALL_TOKENS)
    return Line("tokens", Mark.OK, "counts are exact")


def _driver() -> str | None:
    """The NVIDIA driver's version and the GPUs it sees, where there is one."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    query = ["--query-gpu=driver_version,name,memory.total", "--format=csv,noheader"]
    try:
        run = subprocess.run(  # noqa: S603 - found on the path, fixed arguments
            [tool, *query], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.strip().partition("\n")[0] or None


def _engine_info(model: str | None) -> dict[str, Any] | str:
    """What ``python -m generator info`` says; text if it fails."""
    command = engine_command("info", "--json", *(["--model", model] if model else []))
    try:
        run = subprocess.run(  # noqa: S603 - our own command
            command,
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=True,
            env=engine_environment(),
        )
        info: dict[str, Any] = json.loads(run.stdout)
    except subprocess.CalledProcessError as error:
        lines = str(error.stderr).strip().splitlines()
        return lines[-1] if lines else f"exit code {error.returncode}"
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return str(error)
    return info


def _torch(torch: Mapping[str, Any], driver: str | None) -> Line:
    build = f"CUDA {torch['cuda']}" if torch["cuda"] else "CPU only"
    text = f"{torch['version']} ({build}); kernels: {torch['tier']} ({torch['tier_reason']})"
    if driver and not torch["cuda"]:
        mend = "pip install --force-reinstall torch  (a CUDA build: see pytorch.org)"
        return Line("torch", Mark.BETTER, f"{text}; the GPU is not used", mend)
    return Line("torch", Mark.OK, text)


def _gpu(driver: str | None, device: Mapping[str, Any] | None) -> Line:
    if device is not None:
        free, total = _gigabytes(device["free"]), _gigabytes(device["total"])
        version = f", driver {driver.partition(',')[0]}" if driver else ""
        text = f"{device['name']} (compute capability {device['capability']}{version}), "
        return Line("gpu", Mark.OK, f"{text}{free} of {total} free")
    if driver is not None:
        text = f"{driver}: there, but torch cannot use it"
        return Line("gpu", Mark.BETTER, text, "nvidia-smi  (is the driver new enough for torch?)")
    text = "none that torch can use; the draft model runs on the CPU"
    return Line(
        "gpu", Mark.BETTER, text, "promptkit generate --server URL  (on a machine with one)"
    )


def _model(model: Mapping[str, Any]) -> Line:
    name = model["name"]
    if not model["present"]:
        # Without a model of the hub there is still the draft; without that there is nothing.
        mark = Mark.BETTER if _HUB_ID.fullmatch(name) else Mark.MISSING
        return Line("model", mark, f"{name}: not on this machine", _get(model))
    if "problem" in model:
        return Line("model", Mark.MISSING, f"{name}: {model['problem']}", _get(model))
    parts = model["bytes"]
    whole = "" if parts["unconditional_transformer"] else ", without the unconditional transformer"
    size = _gigabytes(sum(parts.values()))
    text = f"{name}: complete, tokenizer included ({size}{whole}, {model['fingerprint']})"
    return Line("model", Mark.OK, text)


def _get(model: Mapping[str, Any]) -> str:
    """The command that brings a model; for a folder of the user's, one to use instead."""
    name = model["name"]
    if name == DRAFT_MODEL:
        return "pip install --force-reinstall promptkit"
    if _HUB_ID.fullmatch(name) and model.get("folder") != name:
        return f"{PULL} {name}"
    return f"{PULL}  (the published model, to use instead)"


def _fits(model: Mapping[str, Any], device: Mapping[str, Any] | None) -> Iterator[Line]:
    """Whether pictures fit into the GPU's free memory; on a CPU only the draft is worth it."""
    if device is None:
        return
    for mode in model["modes"]:
        needs, free = mode["bytes"], device["free"]
        how = "" if mode["unconditional"] else " with --no-unconditional"
        text = f"{model['name']} {mode['size']}{how}: about {_gigabytes(needs)}"
        if mode["main_memory"]:
            text += f", and {_gigabytes(mode['main_memory'])} of main memory (plan {mode['plan']})"
        if needs <= free:
            yield Line("fits", Mark.OK, text)
        else:
            mend = "nvidia-smi  (shows which programs hold memory)"
            yield Line("fits", Mark.BETTER, f"{text}, {_gigabytes(free)} are free", mend)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"
