"""Faults as HTTP: one table, one shape (`application/problem+json`, RFC 9457).

The table goes from the most general fault to the most special; the nearest ancestor of a
fault decides its status.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ttrpg_assistant.api.openai_shape import is_here as is_openai
from ttrpg_assistant.api.openai_shape import reshape
from ttrpg_assistant.errors import (
    BackupImpossible,
    Blocked,
    Conflict,
    DiskFull,
    Fault,
    InvalidInput,
    ModelFault,
    NotFound,
    PersistenceUnavailable,
    Refused,
    TooLarge,
    TooManyAnswers,
    TooManyAttempts,
)

STATUS: dict[type[Fault], int] = {
    InvalidInput: 422,
    TooLarge: 413,
    NotFound: 404,
    Conflict: 409,
    Refused: 403,
    TooManyAttempts: 429,
    TooManyAnswers: 429,
    Blocked: 422,
    PersistenceUnavailable: 503,
    DiskFull: 507,
    BackupImpossible: 409,
    ModelFault: 502,
}

PROBLEM = "application/problem+json"

PAGES: set[object] = set()
"""What opens the page for any path, and so answers for no path in particular."""

UNEXPECTED = "Something went wrong inside the assistant."

_encode = msgspec.json.Encoder(enc_hook=str).encode


def status_of(fault: Fault) -> int:
    """The HTTP status of a fault."""
    for ancestor in type(fault).__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return 500


def problem(
    status: int, code: str, detail: str, /, *, cure: str | None = None, **facts: Any
) -> Response:
    """An answer that says what went wrong, for a person and for a program.

    A fact may bear the name of one of our own members (a provider's `status`): ours holds.
    """
    body = {
        "type": f"urn:ttrpg-assistant:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        **({"cure": cure} if cure else {}),
    }
    body = {**facts, **body}
    return Response(_encode(body), status_code=status, media_type=PROBLEM)


def answer_fault(fault: Fault) -> Response:
    """The HTTP answer for a fault."""
    answer = problem(
        status_of(fault), fault.code, fault.sentence, cure=fault.cure, **fault.public_facts
    )
    retry_after = getattr(fault, "retry_after", None)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(math.ceil(retry_after))
    return answer


def describe_fault(fault: Fault) -> dict[str, Any]:
    """A fault inside an answer that is not an error itself."""
    return {"code": fault.code, "detail": fault.sentence, "cure": fault.cure}


def _refusal_of(error: Mapping[str, Any], where: str) -> str:
    """What is wrong with a request; our own checks speak in sentences."""
    if error["type"] == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "string_too_short" and error["ctx"]["min_length"] == 1:
        return "There is nothing in this text."
    if error["type"] == "string_too_long":
        most = error["ctx"]["max_length"]
        return f"“{where}” is too long: it may have {most} characters at most."
    return f"“{where}” is not right: {error['msg']}."


def install_errors(app: FastAPI) -> None:
    """Let the application answer every fault, and every malformed request, in this shape."""

    @app.exception_handler(Fault)
    async def _fault(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, Fault)
        return _for(request, answer_fault(fault))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return problem(400, "malformed_json", "The request is not valid JSON.")
        where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        return problem(422, "invalid_input", _refusal_of(first, where), field=where)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 405 and request.scope.get("endpoint") in PAGES:
            # Nothing but the page, which is there for any path, knows this one.
            error = HTTPException(404, "There is nothing here.")
        known = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
        code = known.get(error.status_code, "http_error")
        answer = problem(error.status_code, code, str(error.detail))
        answer.headers.update(error.headers or {})
        return _for(request, answer)

    @app.exception_handler(ClientDisconnect)
    async def _gone(request: Request, error: Exception) -> Response:
        # Whoever leaves before its request has come whole hears no answer: nothing went wrong here.
        return problem(400, "request_cut_off", "The request ended before it was whole.")

    @app.exception_handler(Exception)
    async def _bug(request: Request, error: Exception) -> Response:
        # Starlette re-raises after answering, so the log has the whole story.
        return _for(request, problem(500, "unexpected", UNEXPECTED))


def answer_bug(path: str, request_id: str) -> Response:
    """The answer for what is no fault but a bug; the log has the whole story under that id."""
    answer = problem(500, "unexpected", UNEXPECTED, request_id=request_id)
    return reshape(answer) if is_openai(path) else answer


def _for(request: Request, answer: Response) -> Response:
    """The answer in the shape that is spoken at the path."""
    return reshape(answer) if is_openai(request.url.path) else answer
