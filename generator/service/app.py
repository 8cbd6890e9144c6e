"""Put the parts of the service together."""

from __future__ import annotations

from fastapi import FastAPI

from generator.service.answers import answer_errors
from generator.service.desk import Desk
from generator.service.engine import Engine
from generator.service.openai import openai_routes
from generator.service.routes import job_routes
from generator.service.store import JobStore


def create_app(store: JobStore, engine: Engine) -> FastAPI:
    """The service over a store that a worker empties."""
    app = FastAPI(title="promptkit generator", docs_url=None, redoc_url=None, openapi_url=None)
    desk = Desk(store, engine)
    app.include_router(job_routes(desk))
    app.include_router(openai_routes(desk))
    answer_errors(app)
    return app
