"""Bad input gets a clear 4xx with a code, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import running
from ttrpg_assistant.ids import new_id

GOOD = "01a202c4-caa7-7553-8827-965fee039d8f"

BAD_TURNS = {
    "not JSON": b"{",
    "not UTF-8": b'{"message_id": "\xff\xfe"}',
    "an array": b"[]",
    "null": b"null",
    "nothing": b"",
    "a missing field": json.dumps({"content": "Hello"}).encode(),
    "an unknown field": json.dumps({"message_id": GOOD, "content": "H", "x": 1}).encode(),
    "a number for text": json.dumps({"message_id": GOOD, "content": 7}).encode(),
    "an id that is none": json.dumps({"message_id": "1", "content": "Hello"}).encode(),
    "only spaces": json.dumps({"message_id": GOOD, "content": " \n\t "}).encode(),
    "nothing said": json.dumps({"message_id": GOOD, "content": ""}).encode(),
    "a NUL character": json.dumps({"message_id": GOOD, "content": "a\x00b"}).encode(),
    "half a surrogate pair": b'{"message_id": "%s", "content": "a\\ud800"}' % GOOD.encode(),
    "far too long": json.dumps({"message_id": GOOD, "content": "x" * 200_001}).encode(),
    "an unknown mode": json.dumps(
        {"message_id": GOOD, "content": "Hello", "mode": "through"}
    ).encode(),
}


@pytest.mark.parametrize("case", BAD_TURNS)
async def test_a_turn_that_makes_no_sense_is_refused_and_nothing_is_stored(
    tmp_path: Path, case: str
) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        refused = await app.client.post(
            f"/api/chat-sessions/{chat_id}/turns",
            content=BAD_TURNS[case],
            headers={"Content-Type": "application/json"},
        )
        assert 400 <= refused.status_code < 500, refused.text
        assert refused.headers["content-type"] == "application/problem+json"
        problem = refused.json()
        assert problem["code"]
        assert problem["detail"]
        for jargon in ("NUL", "surrogate", "Value error"):
            assert jargon not in problem["detail"]
        assert await app.history(chat_id) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/chat-sessions/{id}/messages"),
        ("POST", "/api/chat-sessions/{id}/end"),
        ("POST", "/api/chat-sessions/{id}/resume"),
        ("DELETE", "/api/chat-sessions/{id}/messages"),
        ("GET", "/api/replies/{id}/stream"),
        ("POST", "/api/replies/{id}/stop"),
        ("POST", "/api/replies/{id}/regenerate"),
        ("POST", "/api/messages/{id}/select"),
        ("POST", "/api/removals/{id}/undo"),
        ("GET", "/api/threads/{id}"),
        ("GET", "/api/threads/{id}/messages"),
        ("POST", "/api/threads/{id}/archive"),
        ("GET", "/api/npcs/{id}/conversation"),
        ("GET", "/api/nowhere"),
    ],
)
async def test_what_does_not_exist_is_a_plain_404_and_a_strange_id_a_422(
    tmp_path: Path, method: str, path: str
) -> None:
    async with running(tmp_path) as app:
        missing = await app.client.request(method, path.format(id=new_id()))
        assert missing.status_code == 404, missing.text
        assert missing.json()["code"]
        if "{id}" in path:
            strange = await app.client.request(method, path.format(id="not-an-id"))
            assert (strange.status_code, strange.json()["code"]) == (422, "invalid_input")


async def test_a_page_cannot_be_asked_for_in_two_directions_or_of_a_strange_size(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        path = f"/api/chat-sessions/{await app.open_chat()}/messages"
        both = await app.get(path, before=5, after=2, status=422)
        assert both["code"] == "two_cursors"
        for limit in (0, 501, -1, "many"):
            await app.get(path, limit=limit, status=422)
        await app.get("/api/chat-sessions", before="yesterday", status=422)
