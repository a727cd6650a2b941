"""A route is read when somebody asks for it: a start reads none, a first request its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import httpx2
import pytest
from fastapi import FastAPI, Query, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tests.running import TOKEN, running
from ttrpg_assistant.api.late_routes import Application, LateGroup, LateRoute, Routes, add_routes
from ttrpg_assistant.app import create_app
from ttrpg_assistant.settings import Settings


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the routes that FastAPI has read, in their order."""
    paths: list[str] = []
    read_one = APIRoute.__init__

    def note(self: APIRoute, path: str, *declared: object, **more: object) -> None:
        paths.append(path)
        read_one(self, path, *declared, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(APIRoute, "__init__", note)
    return paths


async def test_a_start_reads_no_route_and_a_request_only_its_own(
    tmp_path: Path, read: list[str]
) -> None:
    async with running(tmp_path) as server:
        assert (await server.client.get("/")).status_code == 200
        assert read == ["/{path:path}"]
        assert (await server.client.post("/api/replies/none/stop")).status_code in (404, 422)
        assert (await server.client.post("/api/replies/none/stop")).status_code in (404, 422)
        assert (await server.client.get("/no-such-page.js")).status_code == 404
        assert (await server.client.put("/api/dice", json={})).status_code == 405
        assert read == ["/{path:path}", "/api/replies/{message_id}/stop"]


def test_the_document_has_every_route(tmp_path: Path, read: list[str]) -> None:
    app = create_app(Settings(data_dir=tmp_path, token=TOKEN, token_is_fixed=True, port=8000))
    assert read == []
    documented = app.openapi()["paths"]
    late = [route for route in app.routes if isinstance(route, LateRoute)]
    assert len(late) > 200
    assert {route.path for route in late if route.include_in_schema} == set(documented)
    assert set(documented) <= set(read)


def test_every_operation_is_declared_to_be_read_late(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, token=TOKEN, token_is_fixed=True, port=8000))
    early = [route for route in app.routes if type(route) is APIRoute]
    assert not early, "Declare it on `late_routes.Routes`."
    assert not [route for route in app.routes if hasattr(route, "original_router")], (
        "`add_routes` adds them without a second reading."
    )


async def test_a_late_route_answers_like_any_other() -> None:
    app, routes = FastAPI(), Routes(tags=["trial"], responses={404: {"description": "None."}})

    @routes.get("/things/{number}", operation_id="get_it")
    async def get_it(number: int, wanted: Annotated[str, Query(max_length=3)] = "no") -> Response:
        return Response(f"{number} {wanted}")

    @routes.post("/things/{number}", operation_id="make_it", status_code=201)
    async def make_it(number: int) -> Response:
        return Response(status_code=201)

    add_routes(app, [routes])
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        assert (await client.get("/things/7?wanted=yes")).text == "7 yes"
        assert (await client.get("/things/7?wanted=never")).status_code == 422
        assert (await client.get("/things/seven")).status_code == 422
        assert (await client.post("/things/7")).status_code == 201
        assert (await client.delete("/things/7")).status_code == 405
        assert (await client.get("/thing")).status_code == 404
    operation = app.openapi()["paths"]["/things/{number}"]["get"]
    assert operation["tags"] == ["trial"]
    assert operation["operationId"] == "get_it"
    assert set(operation["responses"]) == {"200", "404", "422"}
    assert app.url_path_for("get_it", number="7") == "/things/7"


def test_a_route_is_read_once_however_many_ask_for_it_first(read: list[str]) -> None:
    routes = Routes()

    @routes.get("/slow")
    async def slow() -> Response:
        return Response()

    together = threading.Barrier(8, timeout=30)

    def ask(number: int) -> object:
        together.wait()
        return routes.routes[0].app  # type: ignore[attr-defined]

    with ThreadPoolExecutor(together.parties) as threads:
        found = list(threads.map(ask, range(together.parties)))
    assert len(set(map(id, found))) == 1
    assert read == ["/slow"]


def test_what_no_route_has_is_missing() -> None:
    routes = Routes()

    @routes.get("/here")
    async def here() -> Response:
        return Response()

    with pytest.raises(AttributeError):
        _ = routes.routes[0].elsewhere  # type: ignore[attr-defined]


async def test_a_late_group_is_made_by_the_first_request_for_one_of_its_own() -> None:
    app = Application()
    made: list[str] = []

    def make() -> Sequence[BaseRoute]:
        made.append("group")
        routes = Routes()

        @routes.get("/things/{thing_id}/card")
        async def get_card(thing_id: str) -> Response:
            return Response(thing_id)

        @routes.post("/files", operation_id="send_file")
        async def send_file() -> Response:
            return Response("sent")

        return routes.routes

    early = Routes()

    @early.get("/things/{thing_id}")
    async def get_thing(thing_id: str) -> Response:
        return Response(f"only {thing_id}")

    add_routes(app, [LateGroup(["/files", "/things/{}/card"], make), early])
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        assert (await client.get("/things/7")).text == "only 7"
        assert (await client.get("/filesystem")).status_code == 404
        assert made == []
        assert (await client.get("/things/7/card")).text == "7"
        assert (await client.post("/files")).text == "sent"
        refused = await client.get("/files")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert (await client.get("/files/none")).status_code == 404
        assert (await client.get("/things/7/card/back")).status_code == 404
        documented = app.openapi()["paths"]
        assert list(documented) == ["/things/{thing_id}/card", "/files", "/things/{thing_id}"]
        assert (await client.get("/things/8/card")).text == "8"
    assert made == ["group"]


def test_every_operation_of_a_late_group_is_where_the_group_is_looked_for(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, token=TOKEN, token_is_fixed=True, port=8000))
    groups = [route for route in app.routes if isinstance(route, LateGroup)]
    assert groups
    lost = [
        path
        for group in groups
        for route in group.routes
        if not group.finds(path := getattr(route, "path", ""))
    ]
    assert not lost, "No request finds these."
