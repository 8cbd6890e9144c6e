"""The OpenAI form of a request for pictures, so that existing clients work.

``prompt`` is a caption as JSON or a plain sentence. ``quality`` chooses the preset. ``seed`` is an
extension; a request for ``n`` pictures counts up from it. What the model has no use for
(``style``, ``background``, ``moderation``, ``user``) is accepted and ignored, as other servers do.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.service.answers import RefusalError
from generator.service.desk import Desk, picture
from generator.service.routes import json_body
from generator.service.store import Ticket
from generator.service.watch import watch
from promptkit.canonical import canonical, is_caption
from promptkit.document import read
from promptkit.errors import CaptionError, UsageError
from promptkit.geometry import Size
from promptkit.job import Job, PresetName, overridden, problems_of

QUALITY: Final[dict[str, PresetName]] = {
    "low": "V4_TURBO_12",
    "medium": "V4_DEFAULT_20",
    "standard": "V4_DEFAULT_20",
    "high": "V4_QUALITY_48",
    "hd": "V4_QUALITY_48",
}
"""``auto`` leaves the choice to the model, as does a request without a quality."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore")

    prompt: str
    model: str | None = None
    n: int = Field(default=1, ge=1, le=10)
    size: str = "auto"
    quality: Literal["low", "medium", "standard", "high", "hd", "auto"] = "auto"
    response_format: Literal["url", "b64_json"] | None = None
    output_format: Literal["png"] = "png"
    seed: int | None = None


def openai_routes(desk: Desk) -> APIRouter:
    """``POST /v1/images/generations``, which answers when all pictures are done."""
    router = APIRouter()

    @router.post("/v1/images/generations")
    async def post_generation(request: Request) -> dict[str, Any]:
        jobs, as_url, structured = _read_jobs(await json_body(request), desk.engine.defaults)
        # A sentence is no caption and has nothing to lint; the model reads it as it is.
        tickets = desk.submit(jobs, allow_findings=not structured)
        try:
            pictures = [await _finished(request, desk, ticket) for ticket in tickets]
        finally:
            for ticket in tickets:
                desk.store.cancel(ticket)  # what is left of them when the client has gone
        if as_url:
            data = [{"url": str(request.url_for("get_image", job_id=t.id))} for t in tickets]
        else:
            data = [{"b64_json": base64.b64encode(png).decode("ascii")} for png in pictures]
        return {"created": int(time.time()), "data": data}

    return router


def _read_jobs(body: bytes, defaults: Mapping[str, Any]) -> tuple[list[Job], bool, bool]:
    """The jobs of a request, whether it wants URLs, and whether its prompt is a caption."""
    try:
        asked = _Request.model_validate_json(body)
        document = read(asked.prompt)
        structured = is_caption(document)
        prompt = canonical(document) if structured else asked.prompt
        job = Job.of(**overridden(defaults, {"prompt": prompt} | _parameters(asked)))
        seeds = [None if asked.seed is None else asked.seed + i for i in range(asked.n)]
        jobs = [job.with_(seed=seed) for seed in seeds]
    except ValidationError as error:
        raise RefusalError(400, "invalid_request", "; ".join(problems_of(error))) from error
    except (ValueError, UsageError, CaptionError) as error:
        raise RefusalError(400, "invalid_request", str(error)) from error
    return jobs, asked.response_format == "url", structured


def _parameters(asked: _Request) -> dict[str, Any]:
    """What a request says itself, as parameters of a job."""
    parameters: dict[str, Any] = {"model": asked.model, "seed": asked.seed}
    if asked.size != "auto":
        size = Size.parse(asked.size)
        parameters |= {"width": size.width, "height": size.height}
    if asked.quality in QUALITY:
        parameters["preset"] = QUALITY[asked.quality]
    return parameters


async def _finished(request: Request, desk: Desk, ticket: Ticket) -> bytes:
    async for _ in watch(ticket, beat=1.0):
        if await request.is_disconnected():
            desk.store.cancel(ticket)
    return picture(ticket)
