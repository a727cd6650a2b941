"""Three sends at once to one NPC: all stored, answered one after the other, in order."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.npc_table import make_campaign, make_npc, open_talk, post, read_talk
from tests.running import Running, running
from ttrpg_assistant.llm.scripted import ScriptedProvider


class Witness(ScriptedProvider):
    """Notes whether two answers were ever being written at the same time."""

    def __init__(self, under_way: list[int]) -> None:
        super().__init__()
        self.under_way = under_way

    async def stream(self, request: Any) -> Any:
        self.under_way[0] += 1
        self.under_way[1] = max(self.under_way)
        self.enqueue([f"To {request.messages[-1].content}"])
        try:
            async for event in super().stream(request):
                await asyncio.sleep(0)
                yield event
        finally:
            self.under_way[0] -= 1


async def check_three_at_once(apps: list[Running], under_way: list[int]) -> None:
    talk = await open_talk(apps[0], await make_npc(apps[0], await make_campaign(apps[0]), "Mira"))
    texts = ["first", "second", "third"]
    posted = await asyncio.gather(
        *(post(app, talk, text) for app, text in zip(apps, texts, strict=True))
    )
    for app, one in zip(apps, posted, strict=True):
        reply = await app.read_reply(one["assistant_message"]["id"])
        assert (reply["status"], reply["mode"]) == ("complete", "as")
    said = await read_talk(apps[-1], talk)
    by_seq = sorted(posted, key=lambda one: one["user_message"]["seq"])
    expected = []
    for one in by_seq:
        text = one["user_message"]["content"]
        expected += [text, f"To {text}"]
    assert [message["content"] for message in said] == expected
    assert sorted(expected[::2]) == sorted(texts)
    assert under_way == [0, 1], "one answer at a time"


async def test_from_two_tabs_at_one_server(tmp_path: Path) -> None:
    under_way = [0, 0]
    async with running(tmp_path, [Witness(under_way)]) as app:
        await check_three_at_once([app, app, app], under_way)


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_from_two_servers_on_one_database(tmp_path: Path, database_address: str) -> None:
    under_way = [0, 0]
    async with (
        running(tmp_path / "a", [Witness(under_way)], database_url=database_address) as a,
        running(tmp_path / "b", [Witness(under_way)], database_url=database_address) as b,
    ):
        await check_three_at_once([a, b, a], under_way)
