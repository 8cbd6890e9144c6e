"""A generator without a model: quick, deterministic, and able to fail in every way.

Run as a script it is a service like ``python -m generator serve``; what it is to suffer from stands
in the environment variable QUICK, and happens once if QUICK_ONCE names a file to remember it by.
A job asks for trouble of its own with words in its negative prompt. It starts when the file that
QUICK_GATE names is there, if it names one.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image, ImageDraw
from starlette.responses import Response

from generator.errors import CancelledError, CheckpointError, RequestError
from generator.service import routes
from generator.service.bind import TcpAddress, UnixAddress, listening
from generator.service.engine import EngineMemoryError, OnStep, StepReport
from generator.service.owner import OwnerWatch
from generator.service.serve import Service
from generator.service.store import Limits
from promptkit.job import Job, Maker

STEP_SECONDS = 0.002


class QuickEngine:
    """Pictures are plain colours that depend on the seed; a step takes two milliseconds."""

    model = "quick"
    fingerprint = "0123456789abcdef"
    defaults: ClassVar[dict[str, Any]] = {"num_inference_steps": 4}

    def __init__(self) -> None:
        self.loaded = False
        self.rendered: list[Job] = []

    def check(self, job: Job) -> None:
        if "refuse" in job.negative_prompt:
            raise RequestError("the prompt has 3000 tokens, the model reads at most 2048")

    def plan(self) -> str:
        return "memory plan resident: colours are small"

    def load(self, job: Job) -> None:  # noqa: ARG002
        suffer("load")
        self.loaded = True

    def render(self, job: Job, seed: int, on_step: OnStep) -> Image.Image:
        self.rendered.append(job)
        color = (seed % 256, seed // 256 % 256, 120)
        image = Image.new("RGB", (job.width, job.height), color)
        if "blocked" in job.negative_prompt:
            image = blocked_picture(job.width, job.height)
        for step in range(1, job.steps + 1):
            if step == 2:
                self._trouble(job)
            time.sleep(0.2 if "slow" in job.negative_prompt else STEP_SECONDS)
            if not on_step(StepReport(step, job.steps, lambda: image.resize((16, 16)))):
                raise CancelledError(f"cancelled after step {step}")
        return image

    def _trouble(self, job: Job) -> None:
        suffer("step")
        if "memory" in job.negative_prompt:
            raise EngineMemoryError("out of memory: a picture of this size does not fit")
        if "broken" in job.negative_prompt:
            raise CheckpointError("a tensor is not where it should be")
        if "bug" in job.negative_prompt:
            raise ZeroDivisionError("nobody foresaw this")

    def maker(self) -> Maker:
        return Maker(model=self.model, model_hash=self.fingerprint, promptkit="test", device="none")

    def peak_memory(self) -> int | None:
        return 1 << 20


def blocked_picture(width: int, height: int) -> Image.Image:
    """The grey picture as it is described."""
    image = Image.new("RGB", (width, height), "#808080")
    text = "Image blocked by safety filter"
    ImageDraw.Draw(image).text((width // 2, height // 2), text, fill="#F0F0F0", anchor="mm")
    return image


def suffer(place: str) -> None:
    """Be killed here, if that is what QUICK says."""
    if os.environ.get("QUICK") != f"die at {place}":
        return
    once = os.environ.get("QUICK_ONCE")
    if once and Path(once).exists():
        return
    if once:
        Path(once).touch()
    sys.stderr.write(f"the lights go out at {place}\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def _die_while_writing() -> None:
    """Have the service killed when half of a picture is on its way."""

    class HalfResponse(Response):
        async def __call__(
            self, scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]
        ) -> None:
            async def half(message: Any) -> None:
                if message["type"] == "http.response.body" and self.media_type == "image/png":
                    body = message["body"]
                    await send(message | {"body": body[: len(body) // 2], "more_body": True})
                    suffer("write")
                await send(message)

            await super().__call__(scope, receive, half)

    vars(routes)["Response"] = HalfResponse


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--model", default="quick")
    parser.add_argument("--owned", action="store_true")
    parser.add_argument("--queue", type=int, default=256)
    arguments = parser.parse_args()
    if os.environ.get("QUICK") == "no checkpoint":
        sys.stderr.write("error: model.safetensors: truncated: blocks.0 ends at data byte 9\n")
        return 3
    if os.environ.get("QUICK") == "die at write" and not Path(os.environ["QUICK_ONCE"]).exists():
        _die_while_writing()
    owner = OwnerWatch()
    if arguments.owned:
        owner.start()
    gate = os.environ.get("QUICK_GATE")
    while gate and not Path(gate).exists():
        time.sleep(0.01)
    place = UnixAddress(arguments.socket) if arguments.socket else TcpAddress("127.0.0.1", 0)
    token, limits = os.environ.get("PROMPTKIT_TOKEN"), Limits(waiting=arguments.queue)
    with listening(place) as (listener, address):
        service = Service(QuickEngine(), address, token=token, limits=limits)
        owner.on_gone = service.stop
        ready = {"address": str(address), "model": "quick", "note": ""}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        return service.run(listener)


if __name__ == "__main__":
    sys.exit(main())
