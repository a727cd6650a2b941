"""A quick route answers as any other does, and a stream ends when nobody listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Header, Request, Response
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.api.bodies import PathId, TurnBody, answer
from ttrpg_assistant.api.errors import install_errors
from ttrpg_assistant.api.late_routes import Application, LateRoute, Routes, add_routes
from ttrpg_assistant.api.quick_routes import QuickRoute, add_quick
from ttrpg_assistant.api.streams import _Stream
from ttrpg_assistant.app import create_app
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.settings import Settings

TOKEN = "a-token-of-tests-1234"


async def _say(
    id: PathId, body: TurnBody, request: Request, agent: Annotated[str, Header()] = "nobody"
) -> Response:
    said = [id, body.message_id, body.content, body.replaces, request.method, agent]
    return answer(said, 202)


async def _follow(
    id: PathId, last_event_id: Annotated[str | None, Header(max_length=9)] = None
) -> Response:
    return answer([id, last_event_id])


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = Application()
    install_errors(app)
    routes = Routes()
    for name, declare in (
        ("quick", lambda method, path: add_quick(routes, method, path)),
        ("usual", lambda method, path: routes.api_route(path, methods=[method])),
    ):
        declare("POST", f"/{name}/{{id}}")(_say)
        declare("GET", f"/{name}/{{id}}")(_follow)
    add_routes(app, [routes])
    kinds = {type(route) for route in routes.routes if route.path.startswith("/quick")}  # type: ignore[attr-defined]
    assert kinds == {QuickRoute}
    with closing(TestClient(app, raise_server_exceptions=False)) as made:
        yield made


_ids = st.sampled_from([new_id(), "no-id", new_id().upper(), "%00", "é"])
_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from([new_id(), "\0"])
)
_names = st.sampled_from(["message_id", "content", "replaces", "other"])
_whole = st.fixed_dictionaries({"message_id": st.just(new_id()), "content": st.text(max_size=9)})
_bodies = st.one_of(
    _whole.map(lambda body: json.dumps(body).encode()),
    st.dictionaries(_names, _values).map(lambda body: json.dumps(body).encode()),
    st.binary(max_size=12),
    st.sampled_from([b"", b"[]", b"null", b'{"content": "\\ud800"}', b"[" * 3_000, b"\xff\xfe{"]),
)
_types = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/vnd.api+json",
        "Application/JSON",
        "text/plain",
        "",
    ]
)


@given(
    id=_ids,
    body=_bodies,
    kind=_types,
    more=st.dictionaries(st.sampled_from(["agent", "x-other"]), st.sampled_from(["a", "", "b, c"])),
    query=st.sampled_from(["", "?id=1", "?body=x&agent=y"]),
)
def test_whatever_is_sent_a_quick_route_answers_as_any_other(
    client: TestClient, id: str, body: bytes, kind: str, more: dict[str, str], query: str
) -> None:
    def send(name: str) -> tuple[int, bytes]:
        headers = {"content-type": kind, **more} if kind else more
        got = client.post(f"/{name}/{id}{query}", content=body, headers=headers)
        return got.status_code, got.content.replace(b"/usual/", b"/quick/")

    assert send("quick") == send("usual")


@pytest.mark.parametrize("last", [None, "", "12", "12345678901"])
def test_a_header_is_read_as_by_any_other(client: TestClient, last: str | None) -> None:
    headers = {} if last is None else {"last-event-id": last}
    path = f"/{new_id()}"
    quick, usual = (client.get(f"/{name}{path}", headers=headers) for name in ("quick", "usual"))
    assert quick.status_code == (422 if last and len(last) > 9 else 200)
    assert (quick.status_code, quick.json()) == (usual.status_code, usual.json())


def test_what_a_first_word_waits_for_is_quick_and_tried_first(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, token=TOKEN, token_is_fixed=True, port=8000))
    late = [route for route in app.routes if isinstance(route, LateRoute)]
    quick = [route for route in late if isinstance(route, QuickRoute)]
    assert late[: len(quick)] == quick
    assert {route.path for route in quick} == {
        "/api/replies/{message_id}/stream",
        *(
            route.path
            for route in late
            if route.path.endswith("/turns") and "POST" in (route.methods or ())
        ),
    }


class _Peer:
    """Who is sent a stream, until it leaves."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.heard = asyncio.Event()
        self.got: list[MutableMapping[str, Any]] = []

    async def receive(self) -> MutableMapping[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.got.append(message)
        self.heard.set()


class _Source:
    """Words that come one by one, and whether anybody still waits for them."""

    def __init__(self, *, endless: bool) -> None:
        self.endless = endless
        self.is_closed = False

    async def words(self) -> AsyncIterator[bytes]:
        try:
            yield b"one"
            if self.endless:
                await asyncio.Event().wait()
            yield b"two"
        finally:
            self.is_closed = True


async def test_a_stream_is_sent_to_its_end() -> None:
    peer, source = _Peer(), _Source(endless=False)
    await _Stream(source.words())({}, peer.receive, peer.send)
    assert [one.get("body") for one in peer.got] == [None, b"one", b"two", b""]
    assert peer.got[-1]["more_body"] is False
    assert source.is_closed


async def test_a_stream_ends_when_its_listener_leaves() -> None:
    peer, source = _Peer(), _Source(endless=True)
    sending = asyncio.create_task(_Stream(source.words())({}, peer.receive, peer.send))
    await peer.heard.wait()
    peer.left.set()
    await sending
    assert source.is_closed and sending.cancelling() == 0


async def test_a_stream_that_somebody_else_cancels_says_so() -> None:
    peer, source = _Peer(), _Source(endless=True)
    sending = asyncio.create_task(_Stream(source.words())({}, peer.receive, peer.send))
    await peer.heard.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert source.is_closed


async def test_a_stream_cancelled_while_its_listener_leaves_is_cancelled() -> None:
    peer, source = _Peer(), _Source(endless=True)
    sending = asyncio.create_task(_Stream(source.words())({}, peer.receive, peer.send))
    await peer.heard.wait()
    peer.left.set()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_what_goes_wrong_in_a_stream_is_raised() -> None:
    async def words() -> AsyncIterator[bytes]:
        yield b"one"
        raise ValueError("broken")

    peer = _Peer()
    with pytest.raises(ValueError, match="broken"):
        await _Stream(words())({}, peer.receive, peer.send)
