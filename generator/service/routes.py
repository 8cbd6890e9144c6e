"""The service's own routes: jobs, their events, their pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from generator.service.admission import read_job
from generator.service.answers import RefusalError
from generator.service.desk import Desk, picture
from generator.service.store import Ticket
from generator.service.watch import watch
from promptkit.job import MAX_INPUT_IMAGE_BYTES
from promptkit.job.events import event_to_json

BEAT_SECONDS: Final = 15.0
"""A quiet event stream says at this pace that it is alive."""

MAX_BODY_BYTES: Final = MAX_INPUT_IMAGE_BYTES * 4 // 3 + (1 << 20)
"""The largest input picture in base64, and a caption."""


def job_routes(desk: Desk) -> APIRouter:
    """Everything under ``/v1/jobs`` and ``/v1/images``, the models, and the health check."""
    router = APIRouter()

    @router.post("/v1/jobs")
    async def post_job(request: Request, allow_findings: bool = False) -> Response:
        job = read_job(await json_body(request))
        [ticket] = desk.submit([job], allow_findings=allow_findings)
        content = {
            "id": ticket.id,
            "events": f"/v1/jobs/{ticket.id}/events",
            "image": f"/v1/images/{ticket.id}.png",
        }
        return JSONResponse(content, status_code=202)

    @router.get("/v1/jobs/{job_id}")
    async def get_job(job_id: str) -> Response:
        return Response(event_to_json(desk.find(job_id).event), media_type="application/json")

    @router.get("/v1/jobs/{job_id}/events")
    async def get_events(job_id: str) -> Response:
        stream = _server_sent(desk.find(job_id))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    @router.delete("/v1/jobs/{job_id}")
    async def delete_job(job_id: str) -> Response:
        desk.store.cancel(desk.find(job_id))
        return Response(status_code=204)

    @router.get("/v1/images/{job_id}.png")
    async def get_image(job_id: str) -> Response:
        return Response(picture(desk.find(job_id)), media_type="image/png")

    @router.get("/v1/models")
    async def get_models() -> dict[str, Any]:
        card = {
            "id": desk.engine.model,
            "object": "model",
            "created": 0,
            "owned_by": "promptkit",
            "fingerprint": desk.engine.fingerprint,
            "defaults": dict(desk.engine.defaults),
        }
        return {"object": "list", "data": [card]}

    @router.get("/healthz")
    async def get_health() -> dict[str, Any]:
        return {
            "status": "ok",
            "loaded": desk.engine.loaded,
            "waiting": desk.store.waiting(),
        }

    return router


async def _server_sent(ticket: Ticket) -> AsyncIterator[str]:
    async for event in watch(ticket, BEAT_SECONDS):
        if event is None:
            yield ": still here\n\n"
        else:
            yield f"event: {event.event}\ndata: {event_to_json(event)}\n\n"


async def json_body(request: Request) -> bytes:
    """The body of a JSON request, read no further than its limit."""
    # Any web page may post plain text to a loopback address; for JSON a browser asks first.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusalError(415, "not_json", "send Content-Type: application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            limit = f"{MAX_BODY_BYTES >> 20} MiB"
            raise RefusalError(413, "too_large", f"the request is larger than {limit}")
    return bytes(body)
