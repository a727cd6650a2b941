"""What the preview of a file and the end of an import count is what the lists show."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.npc_table import make_campaign, make_npc, open_talk, speak
from tests.running import Running, running
from ttrpg_assistant.archives.copy_names import name_of_copy
from ttrpg_assistant.campaigns.checks import NAME_LENGTH
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

FILE = {"Content-Type": "application/octet-stream"}
TODAY = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
MIRA = '```suggestion\n{"kind": "npc", "name": "Tolan", "fields": {"role": "ferryman"}}\n```'


async def remove(app: Running, path: str) -> None:
    answer = await app.client.delete(path)
    assert answer.is_success, answer.text


async def fill(app: Running) -> str:
    """A campaign with something in use, something archived and something removed of each kind."""
    campaign = await make_campaign(app, name="The Long Road")
    at = f"/api/campaigns/{campaign}"
    for plural, name in (
        ("npcs", "name"),
        ("locations", "name"),
        ("plot-points", "title"),
        ("game-sessions", "title"),
    ):
        made = [
            (await app.post(f"{at}/{plural}", {name: f"{plural} {number}"}, status=201))["id"]
            for number in range(4)
        ]
        await app.post(f"/api/{plural}/{made[2]}/archive")
        await remove(app, f"/api/{plural}/{made[3]}")
        if plural == "game-sessions":
            for number in range(3):
                path = f"/api/game-sessions/{made[0]}/notes"
                note = await app.post(path, {"text": f"note {number}"}, status=201)
            await remove(app, f"/api/session-notes/{note['id']}")
    for number in range(3):
        fact = await app.post(f"{at}/facts", {"text": f"fact {number}"}, status=201)
    await remove(app, f"/api/facts/{fact['id']}")
    for number in range(2):
        npc = await make_npc(app, campaign, f"Speaker {number}")
        await speak(app, await open_talk(app, npc), "Who goes there?")
    await remove(app, f"/api/npcs/{npc}")
    thread = (
        await app.post("/api/threads", {"purpose": "general", "campaign_id": campaign}, status=201)
    )["id"]
    body = {"message_id": new_id(), "content": "Who rows the ferry?"}
    posted = await app.post(f"/api/threads/{thread}/turns", body, status=202)
    await app.read_reply(posted["assistant_message"]["id"])
    await app.post("/api/threads", {"purpose": "general", "campaign_id": campaign}, status=201)
    return campaign


async def look(app: Running, campaign: str) -> dict[str, dict[str, int]]:
    """How many each list answers, as a page asks for them."""
    at = f"/api/campaigns/{campaign}"
    in_use: dict[str, int] = {}
    archived: dict[str, int] = {}
    for path, name in (
        ("npcs", "npcs"),
        ("locations", "locations"),
        ("plot-points", "plot_points"),
        ("game-sessions", "game_sessions"),
    ):
        in_use[name] = len((await app.get(f"{at}/{path}"))[name])
        archived[name] = len((await app.get(f"{at}/{path}", archived="only"))[name])
    in_use["known_facts"] = len((await app.get(f"{at}/facts"))["facts"])
    notes = [
        len((await app.get(f"/api/game-sessions/{one['id']}/notes"))["notes"])
        for one in (await app.get(f"{at}/game-sessions", archived="all"))["game_sessions"]
    ]
    in_use["session_notes"] = sum(notes)
    talks = [
        ("threads", one) for one in (await app.get("/api/threads", campaign_id=campaign))["threads"]
    ]
    for npc in (await app.get(f"{at}/npcs", archived="all"))["npcs"]:
        listed = await app.get(f"/api/npcs/{npc['id']}/conversations")
        talks += [("npc-conversations", one) for one in listed["conversations"]]
    shown: list[Any] = []
    for kind, talk in talks:
        page = await app.get(f"/api/{kind}/{talk['id']}/messages", limit=500)
        shown.append(page["messages"])
        assert talk["message_count"] == len(page["messages"])
    in_use["conversations"] = sum(1 for said in shown if said)
    in_use["messages"] = sum(map(len, shown))
    pending = await app.get("/api/suggestions", campaign_id=campaign)
    in_use["suggestions"] = len(pending["suggestions"])
    return {"in_use": drop_none(in_use), "archived": drop_none(archived)}


def drop_none(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


async def test_a_preview_and_an_import_count_what_the_lists_show(tmp_path: Path) -> None:
    model = ScriptedProvider(default=[f"The ferryman.\n\n{MIRA}"])
    model.enqueue(["Aye."])
    model.enqueue(["Aye."])
    async with running(tmp_path, [model]) as app:
        campaign = await fill(app)
        there = await look(app, campaign)
        assert there["in_use"]["suggestions"] == 1
        assert there["in_use"]["npcs"] == 3 and there["archived"]["npcs"] == 1
        file = (await app.client.get(f"/api/campaigns/{campaign}/archive")).content
        manifest = json.loads(zipfile.ZipFile(io.BytesIO(file)).read("manifest.json"))
        assert manifest["holds"] == there
        assert manifest["rows"]["npcs"] == 6  # what was removed is in the file all the same
        back = await app.client.post("/api/archives", content=file, headers=FILE)
        restored = back.json()
        assert restored["holds"] == there
        copy = await look(app, restored["campaign_id"])
        assert copy == there


async def test_a_copy_is_told_from_the_campaign_that_was_there(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = await make_campaign(app, name="The Long Road")
        file = (await app.client.get(f"/api/campaigns/{campaign}/archive")).content

        async def restore() -> Any:
            return (await app.client.post("/api/archives", content=file, headers=FILE)).json()

        names = [(await restore())["name"] for _ in range(2)]
        listed = (await app.get("/api/campaigns"))["campaigns"]
        assert sorted(one["name"] for one in listed) == sorted(["The Long Road", *names])
        assert len({*names, "The Long Road"}) == 3
        assert all(name.startswith("The Long Road (imported ") for name in names)
        found = await app.get("/api/campaigns", search="imported")
        assert sorted(one["name"] for one in found["campaigns"]) == sorted(names)
        for one in listed:
            await remove(app, f"/api/campaigns/{one['id']}")
        assert (await restore())["name"] == "The Long Road"


def test_a_name_that_is_free_stays_and_one_that_is_taken_gets_the_day() -> None:
    assert name_of_copy("Marsh", ["Salt"], TODAY) == "Marsh"
    once = name_of_copy("Marsh", ["MARSH"], TODAY)
    assert once == "Marsh (imported 29 Nov 2026)"
    twice = name_of_copy("Marsh", ["Marsh", once], TODAY)
    assert twice == "Marsh (imported 29 Nov 2026, 2)"
    assert name_of_copy(once, ["Marsh", once, twice], TODAY) == "Marsh (imported 29 Nov 2026, 3)"
    earlier = "Marsh (imported 1 Oct 2026)"
    assert name_of_copy(earlier, [earlier], TODAY) == once


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=NAME_LENGTH)


@given(NAMES, st.lists(NAMES, max_size=5), st.integers(0, 4))
def test_a_marked_name_is_new_and_not_too_long(name: str, taken: list[str], times: int) -> None:
    taken = [*taken, name]
    for _ in range(times):
        taken.append(name_of_copy(name, taken, TODAY))
    marked = name_of_copy(name, taken, TODAY)
    assert fold(marked) not in {fold(one) for one in taken}
    assert len(marked) <= NAME_LENGTH
