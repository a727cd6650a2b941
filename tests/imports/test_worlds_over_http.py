"""Worlds of other programs come in by the same way as every file, and go again when undone."""

from __future__ import annotations

from pathlib import Path

from tests.imports.import_table import lay
from tests.imports.sent_files import zip_of
from tests.running import running

VAULT = {
    "World/.obsidian/app.json": "{}",
    "World/NPCs/Mira Vale.md": (
        "---\nlocation: '[[The Gull]]'\nrival: '[[Tomas Reed]]'\nage: 41\n---\nA smith.\n\n"
        "> [!secret]\n> She copied the key."
    ),
    "World/NPCs/Tomas Reed.md": "A ferryman. [[Mira Vale]] knows why.",
    "World/Places/The Gull.md": "---\ntype: tavern\npublish: true\n---\nSmoky.",
    "World/Sessions/Session 3.md": "Present: Ash\nTreasure: 300 gp",
    "World/Notes.docx": b"PK\x03\x04 cut off",
    "World/Rats.csv": "Monster,AC,HP\nMud Rat,9,3\n",
}


async def test_a_vault_becomes_a_linked_campaign_for_the_gm_alone_and_is_undone(
    tmp_path: Path, database_address: str
) -> None:
    async with running(tmp_path, database_url=database_address) as app:
        table = await lay(app)
        seen = await table.send(zip_of(VAULT), "vault.zip")
        assert {(one["kind"], one["name"]) for one in seen["things"]} == {
            ("npc", "Mira Vale"),
            ("npc", "Tomas Reed"),
            ("location", "The Gull"),
            ("game_session", "Session 3"),
            ("creature", "Mud Rat"),
        }
        done = await table.accept(seen)
        assert done["state"] == "done", done
        mira, tomas = sorted(await table.things("npc"), key=lambda one: one["name"])
        (gull,) = await table.things("location")
        assert mira["location_id"] == gull["id"] and gull["kind"] == "tavern"
        assert [one["text"] for one in mira["secrets"]] == ["She copied the key."]
        path = f"/api/campaigns/{table.campaign}/relations"
        relations = (await app.get(path))["relations"]
        assert {(one["from_id"], one["to_id"], one["label"]) for one in relations} == {
            (mira["id"], tomas["id"], "rival"),
            (tomas["id"], mira["id"], "mentions"),
        }
        assert {one["audience"] for one in relations} == {"gm"}
        (rat,) = await table.things("creature")
        assert rat["stat_block"] == "AC 9\nHP 3" and rat["audience"] == "gm"

        again = await table.send(zip_of(VAULT), "vault.zip")
        assert {one["action"] for one in again["things"]} == {"same"}
        undone = await table.undo(done)
        assert undone["left"] == [] and await table.things("npc") == []
        assert (await app.get(path))["relations"] == []

        shown = await table.send(zip_of(VAULT), "vault.zip")
        assert shown["for_players"] == 1
        opened = await table.accept(shown, open_to_players=True)
        (gull,) = await table.things("location")
        assert (gull["audience"], gull["description"]) == ("party", "Smoky.")
        assert {one["audience"] for one in await table.things("npc")} == {"name"}
        here = await table.send(zip_of(VAULT), "vault.zip")
        assert here["for_players"] == 0, "who knows what is here is said here"
        await table.undo(opened)

        people = "Who,Job,Age,Told\nAsh,ranger,30,sour\nBren,cook,40,kind\n"
        seen = await table.send(people.encode(), "people.csv")
        assert [(one["heading"], one["field"]) for one in seen["columns"]] == [
            ("Who", "name"),
            ("Job", ""),
            ("Age", ""),
            ("Told", ""),
        ]
        columns = {"Job": "role", "Told": "personality", "Who": "name"}
        path = f"/api/imports/{seen['import_id']}/preview"
        again = await app.post(path, {"choices": {"columns": columns}})
        assert [one["field"] for one in again["columns"]] == ["name", "role", "", "personality"]
        assert [one["field"] for one in again["kept"]] == ["Age"]
        wrong = await app.client.post(path, json={"choices": {"columns": {"Nobody": "role"}}})
        assert wrong.status_code == 422 and wrong.json()["code"] == "unknown_choice"
        kinds = {seen["things"][1]["key"]: "character"}
        await table.accept(seen, columns=columns, kinds=kinds)
        (ash,) = await table.things("npc")
        (bren,) = await table.things("character")
        assert (ash["role"], ash["personality"], bren["role"]) == ("ranger", "sour", "cook")
