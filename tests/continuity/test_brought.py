"""What was just accepted, imported or noted is told what it contradicts, and only that."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.imports.import_table import ImportTable
from tests.running import Running, running
from ttrpg_assistant.continuity.shared_looks import SharedLooks
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.suggestions.outside import OutsideProposal


async def _lay(app: Running) -> tuple[str, list[str]]:
    """A campaign in which Mira was born in Tarrow, and what another program suggests for it."""
    campaign = await app.post("/api/campaigns", {"name": "The Salt Road"})
    path = f"/api/campaigns/{campaign['id']}"
    mira = await app.post(f"{path}/npcs", {"name": "Mira"})
    await app.post(f"{path}/facts", {"text": "Mira was born in Tarrow."})
    token = (await app.services.tokens.create(campaign["id"], "Codex", ("propose",))).token
    asked = [
        OutsideProposal(new_id(), "fact", {"text": "Mira was born in Vesk."}),
        OutsideProposal(new_id(), "fact", {"text": "Mira keeps bees."}),
        OutsideProposal(new_id(), "npc_trait", {"personality": "Warm."}, target=mira["id"]),
    ]
    for one in asked:
        await app.services.outside_proposals.propose(token, one)
    return path, [one.id for one in asked]


async def _ask(app: Running, path: str, *writers: str) -> list[Any]:
    answer = await app.get(f"{path}/contradictions/brought", by=list(writers))
    brought: list[Any] = answer["brought"]
    assert [f"{one['by']['kind']}:{one['by']['id']}" for one in brought] == list(writers)
    return brought


async def test_an_accepted_suggestion_is_told_what_it_contradicts_and_the_others_nothing(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        path, ids = await _lay(app)
        writers = [f"suggestion:{id}" for id in ids]
        before = await _ask(app, path, *writers)
        assert [(one["contradictions"], one["is_finished"]) for one in before] == [([], True)] * 3
        for id in ids:
            await app.post(f"/api/suggestions/{id}/accept")
        born, bees, trait = await _ask(app, path, *writers)
        (found,) = born["contradictions"]
        assert found["old"]["text"] == "Mira was born in Tarrow."
        assert found["new"]["text"] == "Mira was born in Vesk."
        # A change of Mira's sheet that contradicts nothing is not blamed for what others say.
        assert bees["contradictions"] == trait["contradictions"] == []

        # A third answer contradicts as well, though the list of the campaign has the matter once.
        third = await app.post(f"{path}/facts", {"text": "Mira was born in Orle."})
        (told,) = await _ask(app, path, f"fact:{third['id']}")
        assert [one["old"]["text"] for one in told["contradictions"]] == [
            "Mira was born in Tarrow."
        ]
        assert len((await app.get(f"{path}/contradictions"))["contradictions"]) == 1

        # What rests is not told of any more, and undone it contradicts nothing.
        key = told["contradictions"][0]["key"]
        rest = await app.client.post(f"{path}/contradictions/{key}", json={"state": "resting"})
        assert rest.status_code == 204
        (told,) = await _ask(app, path, f"fact:{third['id']}")
        assert told["contradictions"] == []
        await app.post(f"/api/suggestions/{ids[0]}/undo")
        (undone,) = await _ask(app, path, writers[0])
        assert undone["contradictions"] == []


async def test_a_note_an_import_and_a_new_name_are_told_too(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        path = f"/api/campaigns/{(await app.post('/api/campaigns', {'name': 'Salt'}))['id']}"
        await app.post(f"{path}/npcs", {"name": "Tomas"})
        first, second = [await app.post(f"{path}/game-sessions", {}) for _ in range(2)]
        notes = f"/api/game-sessions/{first['id']}/notes"
        died = await app.post(notes, {"text": "Tomas died at the ford."})
        said = f"/api/game-sessions/{second['id']}/notes"
        smiled = await app.post(said, {"text": "Tomas smiled and poured the wine."})
        told = await _ask(app, path, f"note:{smiled['id']}", f"note:{died['id']}")
        assert [len(one["contradictions"]) for one in told] == [1, 1]

        # What is planned, or only believed, is no contradiction.
        for text in (
            "Mira believes that Tomas left for Vesk.",
            "Next session: Tomas greets them at the gate.",
            "The guard says Tomas rode north.",
            "“Tomas left this morning,” lied the guard.",
        ):
            note = await app.post(said, {"text": text})
            (told,) = await _ask(app, path, f"note:{note['id']}")
            assert told["contradictions"] == [], text

        # Two answers about somebody nobody had named: the name brings them.
        for place in ("Tarrow", "Vesk"):
            await app.post(f"{path}/facts", {"text": f"Ilvane was born in {place}."})
        table = ImportTable(app, path.rsplit("/", 1)[-1])
        card = {"name": "Ilvane", "description": "A ferryman.", "spec": "chara_card_v2"}
        done = await table.bring(json.dumps({**card, "data": card}).encode())
        (told,) = await _ask(app, path, f"import:{done['id']}")
        assert [one["subject"] for one in told["contradictions"]] == ["Ilvane"]


async def test_what_is_not_of_the_campaign_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        path, ids = await _lay(app)
        other = await app.post("/api/campaigns", {"name": "Elsewhere"})
        theirs = f"/api/campaigns/{other['id']}/contradictions/brought"
        await app.get(theirs, by=f"suggestion:{ids[0]}", status=404)
        await app.get(theirs, by=f"import:{new_id()}", status=404)
        for bad in ("", "suggestion", "suggestion:1", f"dragon:{ids[0]}"):
            await app.get(f"{path}/contradictions/brought", by=bad, status=422)
        await app.get(f"{path}/contradictions/brought", status=422)
        many = [f"note:{new_id()}" for _ in range(51)]
        await app.get(f"{path}/contradictions/brought", by=many, status=422)


async def test_a_look_that_takes_long_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as app:
        path, ids = await _lay(app)
        continuity, may_end = app.services.continuity, asyncio.Event()
        look = continuity._looks._look

        async def slow(campaign_id: str) -> Any:
            await may_end.wait()
            return await look(campaign_id)

        monkeypatch.setattr(continuity._looks, "_look", slow)
        monkeypatch.setattr("ttrpg_assistant.continuity.continuity.LOOK_SECONDS", 0.01)
        await app.post(f"/api/suggestions/{ids[0]}/accept")
        (waits,) = await _ask(app, path, f"suggestion:{ids[0]}")
        assert (waits["contradictions"], waits["is_finished"]) == ([], False)
        may_end.set()
        while not (told := (await _ask(app, path, f"suggestion:{ids[0]}"))[0])["is_finished"]:
            pass
        assert len(told["contradictions"]) == 1


async def test_those_who_ask_at_the_same_time_share_one_look_that_began_after_they_asked() -> None:
    began, may_go = [], asyncio.Event()

    async def look(campaign_id: str) -> int:
        began.append(campaign_id)
        await may_go.wait()
        return len(began)

    looks = SharedLooks(look)
    first = looks.ask("one")
    await asyncio.sleep(0)
    later = [looks.ask("one") for _ in range(20)]
    may_go.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 20
    assert await looks.ask("one") == 3


async def test_a_look_that_fails_fails_for_those_who_wait_and_the_next_begins_anew() -> None:
    outcomes: list[Any] = [ValueError("broken"), 7]

    async def look(campaign_id: str) -> Any:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    looks = SharedLooks(look)
    with pytest.raises(ValueError, match="broken"):
        await looks.ask("one")
    assert await looks.ask("one") == 7
