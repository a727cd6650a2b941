"""Whoever leaves before its request has come whole is no bug of ours."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response

from ttrpg_assistant.api.errors import install_errors


async def test_a_request_that_is_cut_off_raises_nothing() -> None:
    app = FastAPI()
    install_errors(app)

    @app.post("/")
    async def read(request: Request) -> Response:
        return Response(await request.body())

    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "headers": []}
    scope |= {"query_string": b"", "http_version": "1.1", "root_path": "", "scheme": "http"}
    await app(scope, receive, send)
    assert sent[0]["status"] == 400
