"""How errors are answered: one JSON form for all of them, which OpenAI clients know."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

RETRY_SECONDS: Final = 2
"""When to come again after a full queue."""


class RefusalError(Exception):
    """Why a request is not served, as it is answered: with an HTTP status, a code and a message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def error_response(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """``{"error": {"message", "type", "code"}}`` with an HTTP status."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    content = {"error": {"message": message, "type": kind, "code": code}}
    return JSONResponse(content, status_code=status, headers=headers)


def answer_errors(app: FastAPI) -> None:
    """Have the app answer refusals, unknown paths and wrong methods in that form."""

    @app.exception_handler(RefusalError)
    async def refuse(_: Request, error: RefusalError) -> JSONResponse:
        headers = {"Retry-After": str(RETRY_SECONDS)} if error.status == 429 else None
        return error_response(error.status, error.code, str(error), headers)

    @app.exception_handler(HTTPException)
    async def refuse_route(request: Request, error: HTTPException) -> JSONResponse:
        message = f"{request.method} {request.url.path}: {str(error.detail).lower()}"
        code = HTTPStatus(error.status_code).name.lower()
        return error_response(error.status_code, code, message)
