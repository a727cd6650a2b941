"""What this program exported comes back: into its own campaign as nothing new, into an empty one as
the same.

Campaigns are drawn with a mark in every field of every kind, and with relations, facts and game
sessions; each format that goes both ways is tried with each.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.exports.canaries import PlayersMaker
from tests.imports.card_samples import png
from tests.imports.import_table import FILE, ImportTable
from tests.imports.sent_files import zip_of
from tests.running import Running, running
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.registry import list_things

WORLDS = {
    "foundry": "export?format=foundry",
    "kanka": "export?format=kanka",
    "lorebook": "lorebook?format=v3&secrets=true",
    "world info": "lorebook?format=sillytavern&secrets=true",
    "open lorebook": "lorebook?format=v3",
}
FILE_NAMES = {"foundry": "w.zip", "kanka": "w.zip"}
FEW, MANY = 1, 40

NOT_BROUGHT = {"audience", "known_to", "source_message_id", "is_present", "voice_card"}
"""Who knows a thing is for the game master to say again; the rest belongs to the table."""


async def draw(app: Running, seed: int) -> ImportTable:
    drawn = await app.services.database.write(PlayersMaker(seed).draw)
    return ImportTable(app, drawn.id)


async def list_all(table: ImportTable) -> dict[str, Any]:
    """Everything there is, as the API says it."""
    path = f"/api/campaigns/{table.campaign}"
    found: dict[str, Any] = {}
    for kind in list_things():
        found[kind.name] = await table.things(kind.name)
    found[GAME_SESSION.name] = (await table.app.get(f"{path}/game-sessions"))["game_sessions"]
    found["facts"] = await table.facts()
    found["relations"] = (await table.app.get(f"{path}/relations"))["relations"]
    return found


async def fetch(table: ImportTable, name: str) -> bytes:
    answer = await table.app.client.get(f"/api/campaigns/{table.campaign}/{WORLDS[name]}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def check_nothing_new(table: ImportTable, content: bytes, file_name: str) -> None:
    before = await list_all(table)
    seen = await table.send(content, file_name)
    others = [(one["kind"], one["name"], one["fields"]) for one in seen["things"]
              if one["action"] != "same"]  # fmt: skip
    assert not others and not seen["warnings"], (others, seen["warnings"])
    done = await table.accept(seen)
    assert done["state"] == "done", done
    counts = done["report"]["counts"]
    assert not counts.keys() - {"same", "facts_same", "relations_same", "pictures_same"}, counts
    assert await list_all(table) == before


@pytest.mark.parametrize("name", WORLDS)
async def test_what_was_exported_is_nothing_new_where_it_came_from(
    tmp_path: Path, name: str
) -> None:
    async with running(tmp_path) as app:
        for seed in range(FEW):
            table = await draw(app, seed)
            content = await fetch(table, name)
            await check_nothing_new(table, content, FILE_NAMES.get(name, "w.json"))


@pytest.mark.deep
@pytest.mark.parametrize("name", WORLDS)
async def test_many_campaigns_that_were_exported_are_nothing_new(tmp_path: Path, name: str) -> None:
    async with running(tmp_path) as app:
        for seed in range(MANY):
            table = await draw(app, seed)
            content = await fetch(table, name)
            await check_nothing_new(table, content, FILE_NAMES.get(name, "w.json"))
    print(f"{name}: {MANY} campaigns, nothing new")


def describe(everything: dict[str, Any]) -> dict[str, Any]:
    """What a campaign holds, without its ids."""
    names = {
        one["id"]: one.get("name") or one.get("title")
        for kind in (*list_things(), GAME_SESSION)
        for one in everything[kind.name]
    }

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items() if key != "kind" or "id" in value}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return names.get(value, value) if isinstance(value, str) else value

    found: dict[str, Any] = {
        f"{kind.name} {names[one['id']]}": {
            field: plain(one.get(field)) for field in kind.fields if field not in NOT_BROUGHT
        }
        for kind in (*list_things(), GAME_SESSION)
        for one in everything[kind.name]
        if one.get("canon") != "retconned"
    }
    found["facts"] = Counter(one["text"] for one in everything["facts"])
    found["relations"] = Counter(
        (names[one["from_id"]], one["label"], one["attitude"], names[one["to_id"]])
        for one in everything["relations"]
    )
    return found


@pytest.mark.parametrize("name", ["foundry", "kanka"])
async def test_what_was_exported_is_the_same_in_an_empty_campaign(
    tmp_path: Path, name: str, database_address: str
) -> None:
    async with running(tmp_path, database_url=database_address) as app:
        table = await draw(app, 3)
        content = await fetch(table, name)
        made = await app.post("/api/campaigns", {"name": "Another"})
        other = ImportTable(app, made["id"])
        await other.bring(content, "w.zip")
        expected, found = describe(await list_all(table)), describe(await list_all(other))
        assert found.keys() == expected.keys()
        for key, one in expected.items():
            if "recap_gm" in one:  # What was noted at the table stands below the recap.
                found[key]["recap_gm"] = found[key]["recap_gm"].partition("\n\n## Notes")[0]
            assert found[key] == one, key
        await check_nothing_new(other, content, "w.zip")


@pytest.mark.parametrize("container", ["png", "json", "charx"])
@pytest.mark.parametrize("spec", ["v2", "v3"])
async def test_cards_that_were_exported_are_nothing_new(
    tmp_path: Path, container: str, spec: str
) -> None:
    if (container, spec) == ("charx", "v2"):
        pytest.skip("There is no CHARX of version 2.")
    async with running(tmp_path) as app:
        table = await draw(app, 5)
        sent: dict[str, str | bytes] = {}
        first = (await table.things("npc"))[0]
        said = {"kind": "npc", "thing_id": first["id"], "role": "portrait"}
        path = f"/api/campaigns/{table.campaign}/pictures"
        answer = await app.client.post(path, params=said, content=png(), headers=FILE)
        assert answer.status_code == 201, answer.text
        for at, npc in enumerate(await table.things("npc")):
            said = {"container": container, "format": spec, "secrets": str(at % 2 == 0)}
            answer = await app.client.get(f"/api/npcs/{npc['id']}/card", params=said)
            sent[f"{at}.{container}"] = answer.content
        await check_nothing_new(table, zip_of(sent), "cards.zip")


def change_texts(content: bytes, change: Callable[[str, str], str]) -> bytes:
    """A zip with every text in it changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        texts = {one: zipped.read(one).decode() for one in zipped.namelist()}
    return zip_of({name: change(name, text) for name, text in texts.items()})


async def find_npc(table: ImportTable) -> Any:
    npcs = await table.things("npc")
    return next(one for one in npcs if one["canon"] == "happened")


@pytest.mark.parametrize("name", ["foundry", "kanka", "world info"])
async def test_a_field_that_was_edited_there_is_the_one_that_changes_here(
    tmp_path: Path, name: str
) -> None:
    async with running(tmp_path) as app:
        table = await draw(app, 7)
        npc = await find_npc(table)
        before = await list_all(table)
        content, file_name = await fetch(table, name), FILE_NAMES.get(name, "w.json")

        def edit(_: str, text: str) -> str:
            return text.replace(npc["personality"], "Kind, and very tired.")

        edited = edit("", content.decode()).encode() if name == "world info" else b""
        edited = edited or change_texts(content, edit)
        seen = await table.send(edited, file_name)
        changed = [one for one in seen["things"] if one["action"] != "same"]
        assert [(one["name"], one["action"]) for one in changed] == [(npc["name"], "changed")]
        assert [one["name"] for one in changed[0]["fields"]] == ["personality"]
        await table.accept(seen)
        after = await list_all(table)
        old = next(one for one in before["npc"] if one["id"] == npc["id"])
        new = next(one for one in after["npc"] if one["id"] == npc["id"])
        assert {key for key in old if old[key] != new[key]} <= {
            "personality",
            "revision",
            "updated_at",
            "last_used_at",
        }
        assert new["personality"] == "Kind, and very tired."
        before["npc"].remove(old)
        after["npc"].remove(new)
        assert after == before

        await table.change("npc", new, personality="Cold.")
        seen = await table.send(edited.replace(b"very tired", b"very awake"), file_name)
        if not zipfile.is_zipfile(io.BytesIO(edited)):
            (field,) = next(one["fields"] for one in seen["things"] if one["action"] == "conflict")
            assert (field["here"], field["file"]) == ("Cold.", "Kind, and very awake.")
