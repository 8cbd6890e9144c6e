"""The asking side: start the second process, send it steps, end it."""

from __future__ import annotations

import socket
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Final

import torch
from torch import Tensor

from generator.checkpoint import Checkpoint
from generator.errors import DeviceError
from generator.ops import Tier
from generator.parity import Numerics
from generator.partner.exchange import Exchange, exchange_bytes, make_exchange
from generator.partner.messages import Done, Failed, Load, Picture, Ready, Reply, Request, Step

LOAD_SECONDS: Final = 1800.0
"""How long reading 9 GB may take, from a slow network disk too."""
STEP_SECONDS: Final = 300.0
"""How long a step may take; the first one of all compiles kernels."""
END_SECONDS: Final = 5.0


class Partner:
    """The second process. Used by one thread."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        device: torch.device,
        dtype: torch.dtype,
        tier: Tier,
        *,
        decoded: bool = False,
    ) -> None:
        self.device = device
        self._ready = False
        self._number = 0
        file = make_exchange(exchange_bytes(checkpoint))
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "generator.partner", str(theirs.fileno()), str(file)]
        self._process = subprocess.Popen(command, pass_fds=(theirs.fileno(), file))  # noqa: S603
        theirs.close()
        self._exchange = Exchange(file)
        self._connection = Connection(ours.detach())
        self._finalizer = weakref.finalize(self, _end, self._connection, self._process)
        self._send(Load(checkpoint.folder, device, dtype, tier, decoded))

    @property
    def alive(self) -> bool:
        """Whether it can be asked anything more."""
        return self._finalizer.alive and self._process.poll() is None

    def wait(self) -> None:
        """Return when its network is there; DeviceError with what kept it from that."""
        if self._ready:
            return
        match self._receive(LOAD_SECONDS):
            case Ready():
                self._ready = True
            case Failed(words=words, number=0):
                self.close()
                raise DeviceError(f"{self.device}: {words}")
            case reply:
                raise self._out_of_step(reply, "Ready")

    def branch(
        self, grid: tuple[int, int], times: tuple[float, ...], numerics: Numerics
    ) -> RemoteBranch:
        """The negative side of one picture's guidance."""
        self.wait()
        self._send(Picture(grid, times, numerics))
        return RemoteBranch(self)

    def ask(self, z_BIC: Tensor, step: int) -> int:
        """Put latents down to be answered; returns the number of the question."""
        self._number += 1
        self._exchange.latents(*z_BIC.shape[1:]).copy_(z_BIC)
        self._send(Step(self._number, step))
        return self._number

    def answer(self, number: int, like_BIC: Tensor) -> Tensor:
        """The velocity that belongs to a question, where ``like_BIC`` is."""
        reply = self._receive(STEP_SECONDS)
        # A picture that was given up may have left its last answer behind.
        while isinstance(reply, Done | Failed) and 0 < reply.number < number:
            reply = self._receive(STEP_SECONDS)
        if isinstance(reply, Failed) and reply.number == number:
            raise DeviceError(f"{self.device}: {reply.words}")
        if reply != Done(number):
            raise self._out_of_step(reply, f"Done({number})")
        return self._exchange.velocity(*like_BIC.shape[1:]).to(like_BIC.device, copy=True)

    def close(self) -> None:
        """End the process; at the latest this happens with the object."""
        self._finalizer()

    def _send(self, request: Request) -> None:
        try:
            self._connection.send(request)
        except OSError as error:
            raise self._gone() from error

    def _receive(self, seconds: float) -> Reply:
        try:
            if not self._connection.poll(seconds):
                self.close()
                raise DeviceError(
                    f"{self.device}: its process has not answered for {seconds:.0f} s and was "
                    "ended; try again, or use one device"
                )
            reply: Reply = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error
        return reply

    def _out_of_step(self, reply: Reply, expected: str) -> DeviceError:
        """The error for a reply to something else; whose the next ones are cannot be told."""
        self.close()
        return DeviceError(
            f"{self.device}: its process replied {reply}, expected {expected}, and was ended; "
            "load the pipeline again, or use one device"
        )

    def _gone(self) -> DeviceError:
        """The error for a process that is not there any more."""
        if not self._finalizer.alive:
            return DeviceError(
                f"{self.device}: this pipeline was closed, by close() or after an error; "
                "load another with Ideogram4Pipeline.from_pretrained"
            )
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        code = self._process.poll()
        self.close()
        return DeviceError(
            f"{self.device}: its process has ended (exit code {code}); what it last said is on "
            "standard error, and a negative code is a signal, -9 often for want of main memory"
        )


class RemoteBranch:
    """The negative side of guidance, computed by a partner meanwhile."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    def begin(self, z_BIC: Tensor, step: int) -> Callable[[], Tensor]:
        """Send the latents; the result waits for the velocity."""
        number = self._partner.ask(z_BIC, step)
        return partial(self._partner.answer, number, z_BIC)


def _end(connection: Connection, process: subprocess.Popen[bytes]) -> None:
    """The process ends by itself when its connection is closed, unless it hangs."""
    connection.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
