"""What the stream says is shown of a reply: by every dialect, to every reader, also later."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_suggestions import block
from tests.providers import SERVERS, ProviderServer, Script
from tests.running import Running, running
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.settings import ProviderAccess

MIRA = {"kind": "npc", "fields": {"name": "Mira", "role": "toll-keeper"}, "rationale": "Who else?"}
CODE = "```json\n" + json.dumps({"port": 8642, "kind": "server"}) + "\n```\n"
BEGINNING = "The bridge needs a *keeper* 😀:\n\n```suggestion\n" + json.dumps(MIRA)[:50]
REPLY = (
    "The bridge needs a *keeper* 😀:\n\n"
    + block(MIRA)
    + "1. Her house:\n"
    + block({"kind": "location", "fields": {"name": "Toll House"}})
    + f"2. Her ledger:\n\n{CODE}"
    + block({"source_name": "The Salt Road", "confidence": 0.9}, "citation")
    + block({"mood": "grim"})
    + "Shall I go on, [[Mira Vale]]?"
)
READ = [
    "The bridge needs a *keeper* 😀:\n\n",
    ["npc", "New NPC: Mira"],
    "1. Her house:\n",
    ["location", "New location: Toll House"],
    f"2. Her ledger:\n\n{CODE}",
    [],
    [],
    "- mood: grim\n\nShall I go on, [[Mira Vale]]?",
]


class Picture:
    """A reader that only draws: it joins what it is told, and never looks into a text."""

    def __init__(self) -> None:
        self.parts: list[Any] = []
        self.said = ""
        self.last_id: int | None = None
        self.message: Any = None
        self.drawn: list[list[Any]] = []

    def take(self, name: str, content: Any, event_id: int | None) -> None:
        if name == "snapshot":
            self.said = content["content"]
            self.parts = content.get("shown") or ([self.said] if self.said else [])
        elif name == "text":
            self.said += content["text"]
            for change in content.get("shown", [content["text"]]):
                self._change(change)
        elif name == "done":
            self.message = content["message"]
        if event_id is not None:
            self.last_id = event_id
        self.drawn.append(list(self.parts))

    def _change(self, change: Any) -> None:
        if isinstance(change, str):
            if self.parts and isinstance(self.parts[-1], str):
                self.parts[-1] += change
            else:
                self.parts.append(change)
            return
        known = [at for at, one in enumerate(self.parts) if _place(one) == change["place"]]
        if change.get("is_text"):
            self.parts = [one for one in self.parts if _place(one) != change["place"]]
        elif known:
            self.parts[known[0]] = change
        else:
            self.parts.append(change)


def _place(part: Any) -> int | None:
    return None if isinstance(part, str) else part["place"]


def read(parts: list[Any]) -> list[Any]:
    """The parts with only kinds and titles of what is proposed."""
    return [
        part
        if isinstance(part, str)
        else [word for card in part.get("cards", []) for word in (card["kind"], card["title"])]
        for part in parts
    ]


def check_texts(parts: list[Any]) -> None:
    """No text that is shown has anything of a block in it."""
    for part in parts:
        assert not isinstance(part, str) or not ('"fields"' in part or "```sugg" in part)


@asynccontextmanager
async def four_providers(folder: Path) -> AsyncIterator[tuple[Running, dict[str, ProviderServer]]]:
    async with AsyncExitStack() as stack:
        servers = {name: await stack.enter_async_context(made()) for name, made in SERVERS.items()}
        access = {
            name: ProviderAccess(key="sk-1", base_url=server.base_url)
            for name, server in servers.items()
        }
        app = await stack.enter_async_context(running(folder, access=access))
        await app.client.put("/api/summaries/made-by", json={"made_by": "offline"})
        yield app, servers


async def ask(app: Running, thread: str) -> str:
    body = {"message_id": new_id(), "content": "Plan the next one."}
    posted = await app.post(f"/api/threads/{thread}/turns", body, status=202)
    return str(posted["assistant_message"]["id"])


async def follow(app: Running, message_id: str, until: str, picture: Picture) -> Picture:
    """Read until this has been said, or to the end."""
    async for event in app.follow(message_id, picture.last_id):
        picture.take(*event)
        if until and picture.said.endswith(until):
            break
    return picture


def in_pieces(reply: str, chance: random.Random) -> tuple[tuple[str, ...], int]:
    """The reply in pieces of any size, with an edge after BEGINNING; and how many are before it."""
    pieces: list[str] = []
    before = 0
    for part in (BEGINNING, reply[len(BEGINNING) :]):
        at = 0
        while at < len(part):
            size = chance.randint(1, 9)
            pieces.append(part[at : at + size])
            at += size
        before = before or len(pieces)
    return tuple(pieces), before


async def test_every_reader_of_a_reply_comes_to_the_same_picture_by_every_dialect(
    tmp_path: Path,
) -> None:
    chance = random.Random(20_261_130)
    async with four_providers(tmp_path) as (app, providers):
        campaign = await app.post("/api/campaigns", {"name": "The Salt Road"}, status=201)
        wanted = {"purpose": "session_planning", "campaign_id": campaign["id"]}
        for name, provider in providers.items():
            thread = (await app.post("/api/threads", wanted, status=201))["id"]
            answer = await app.client.put(
                "/api/models/current", json={"model": f"{name}:test-model"}
            )
            assert answer.is_success, answer.text
            pieces, before = in_pieces(REPLY, chance)
            provider.enqueue(Script(chunks=pieces, stalls=(before,)))
            message_id = await ask(app, thread)

            cut = await follow(app, message_id, BEGINNING[-20:], Picture())
            late = await follow(app, message_id, BEGINNING[-20:], Picture())
            half = await app.get(f"/api/threads/{thread}/messages")
            for picture in (cut, late):
                assert read(picture.parts) == [READ[0], ["npc", "New NPC: Mira"]]
                assert picture.parts[-1]["is_open"] is True
            stored = half["messages"][-1]
            check_texts(stored.get("shown") or [stored["content"]])
            provider.release()
            await follow(app, message_id, "", cut)
            whole = await follow(app, message_id, "", Picture())
            page = (await app.get(f"/api/threads/{thread}/messages"))["messages"][-1]

            assert page["content"] == REPLY == cut.said
            assert read(page["shown"]) == READ
            assert cut.message == whole.message
            for told in (cut.message, page):
                assert (told["shown"], told["citations"]) == (page["shown"], page["citations"])
                assert [one["id"] for one in told["suggestions"]] == [
                    one["id"] for one in page["suggestions"]
                ]
            assert read(cut.parts) == READ
            places = [one["place"] for one in page["shown"] if not isinstance(one, str)]
            assert [one["place"] for one in page["suggestions"]] == places[:2]
            assert [one["place"] for one in page["citations"]] == [places[2]]
            assert [one["place"] for one in page["notes_in_place"]] == [places[3]]
            for picture in (cut, late, whole):
                for parts in picture.drawn:
                    check_texts(parts)


async def test_a_reply_cut_within_a_block_goes_on_in_it(tmp_path: Path) -> None:
    async with four_providers(tmp_path) as (app, providers):
        thread = (await app.post("/api/threads", {"purpose": "general"}, status=201))["id"]
        await app.client.put("/api/models/current", json={"model": "openai:test-model"})
        rest = REPLY[len(BEGINNING) :]
        provider = providers["openai"]
        provider.enqueue(Script(chunks=(BEGINNING,), finish="length"))
        message_id = await ask(app, thread)
        first = await follow(app, message_id, "", Picture())
        # Nothing of it is lost: what was cut is text that can be read.
        assert read(first.message["shown"])[:2] == [READ[0], []]
        assert "name: Mira" in first.message["shown"][2]
        provider.enqueue(Script(chunks=(rest,), stalls=(0,)))
        await app.post(f"/api/replies/{message_id}/continue", {}, status=202)
        joined = await follow(app, message_id, BEGINNING[-5:], Picture())
        assert read(joined.parts) == [READ[0], ["npc", "New NPC: Mira"]]
        provider.release()
        again = await follow(app, message_id, "", joined)
        assert again.message["content"] == REPLY
        assert read(again.message["shown"]) == READ


async def test_what_is_shown_does_not_wait_for_what_cannot_be_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(ids: list[str]) -> None:
        raise PersistenceUnavailable

    async with running(tmp_path, [ScriptedProvider(default=[REPLY])]) as app:
        thread = (await app.post("/api/threads", {"purpose": "general"}, status=201))["id"]
        monkeypatch.setattr(app.services.suggestions, "list_notes", away)
        told = await follow(app, await ask(app, thread), "", Picture())
    assert read(told.message["shown"]) == READ == read(told.parts)
    assert (told.message["content"], told.message["suggestions"]) == (REPLY, [])
