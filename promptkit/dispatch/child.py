"""A generator as a child process: started, listened to, and ended with its owner."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final

from promptkit.errors import GeneratorError

LAST_LINES: Final = 8
"""How much of a child's talk is kept: an error and the lines around it."""

ERROR: Final = "error: "
"""How the generator's own messages begin."""

STOP_SECONDS: Final = 15.0
"""How long a child may take to end by itself."""

TOKEN_VARIABLE: Final = "PROMPTKIT_TOKEN"  # noqa: S105 - the name of the variable, not a token


@dataclass(frozen=True, slots=True)
class Ready:
    """What a child says once it listens."""

    address: str
    model: str
    note: str
    """Why it serves this model, where nobody chose it."""


def engine_problem() -> str | None:
    """What is missing for a generator on this machine, with the command that mends it."""
    for module in ("generator", "torch", "fastapi", "uvicorn"):
        if find_spec(module) is None:
            return (
                f"the generator cannot run here ({module} is not installed); "
                "`pip install 'promptkit[generate]'`, or name another machine's with --server"
            )
    return None


def engine_command(*arguments: str) -> list[str]:
    """The command line of ``python -m generator``, which finds it wherever we were found."""
    # -P: a folder called "generator" where the user happens to stand must not be run instead.
    return [sys.executable, "-P", "-m", "generator", *arguments]


def engine_environment() -> dict[str, str]:
    """The environment for it. A token in ours is for another machine's generator."""
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    ours = {name: value for name, value in os.environ.items() if name != TOKEN_VARIABLE}
    return ours | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


class Child:
    """A process that serves on an address only we know, as long as we hold its standard input.

    ``command`` gets the address appended. Until it is ready, ``hear`` is told what the child draws
    over and over: the progress of a download.
    """

    def __init__(self, command: Sequence[str], hear: Callable[[str], None] | None = None) -> None:
        self._socket, self.token = _private_address()
        self._hear = hear
        self._words: deque[str] = deque(maxlen=LAST_LINES)
        self._process = _start([*command, "--owned", *_listen_arguments(self._socket)], self.token)
        self._listener = Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listener.start()

    def wait_ready(self) -> Ready:
        """Block until it listens; GeneratorError with its last words if it ends instead."""
        line = _stream(self._process.stdout).readline()
        self._hear = None
        try:
            said: dict[str, Any] = json.loads(line)
            return Ready(said["address"], said["model"], said["note"])
        except (ValueError, KeyError, TypeError) as error:
            self.stop()
            raise GeneratorError(self.obituary()) from error

    def obituary(self) -> str:
        """How it ended and its last words, after it has ended or was stopped."""
        self._process.wait(STOP_SECONDS)
        self._listener.join(1.0)
        words = list(self._words)
        code = self._process.returncode
        for at, word in enumerate(words):
            if code > 0 and word.startswith(ERROR):
                # It ended in order, with a message for people.
                return "\n".join([word.removeprefix(ERROR), *words[at + 1 :]])
        how = f"was killed by signal {-code} ({_signal_name(-code)})" if code < 0 else ""
        how += ", as the system does when memory runs out" if "SIGKILL" in how else ""
        how = how or f"ended with exit code {code}"
        said = "\n".join(f"  {word}" for word in words)
        return f"the generator {how}" + (f"; its last words:\n{said}" if said else "")

    def end_soon(self, seconds: float) -> bool:
        """Whether it ends within this time by itself."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End it, gently if that works, and leave nothing behind."""
        process = self._process
        _stream(process.stdin).close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._listener.join(1.0)
        _stream(process.stdout).close()
        if self._socket is not None:
            self._socket.unlink(missing_ok=True)

    def _listen(self, stream: IO[bytes]) -> None:
        rest = ""
        while piece := os.read(stream.fileno(), 4096).decode("utf-8", "replace"):
            if self._hear is not None and "\r" in piece:
                self._hear(piece)
            *lines, rest = (rest + piece).replace("\r", "\n").split("\n")
            self._words.extend(line.rstrip() for line in lines if line.strip())
        self._words.extend([rest] if rest.strip() else [])
        stream.close()


def _start(command: Sequence[str], token: str | None) -> subprocess.Popen[bytes]:
    environment = engine_environment() | ({TOKEN_VARIABLE: token} if token else {})
    return subprocess.Popen(  # noqa: S603 - our own command
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        # Ctrl+C at the terminal is for the owner, who then ends the child in order.
        start_new_session=True,
    )


def _private_address() -> tuple[Path | None, str | None]:
    """A socket path nobody can guess, or where there are none, a token for a loopback port."""
    if hasattr(socket, "AF_UNIX"):
        name = f"promptkit-{secrets.token_hex(8)}.sock"
        return Path(tempfile.gettempdir()) / name, None
    return None, secrets.token_urlsafe(32)


def _listen_arguments(path: Path | None) -> list[str]:
    return ["--port", "0"] if path is None else ["--socket", str(path)]


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the child was started without pipes")
    return stream


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
