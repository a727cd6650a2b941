"""Files of other programs: looked at, accepted, changed on both sides, undone."""

from __future__ import annotations

from pathlib import Path

from tests.imports.card_samples import card, png, spell, text_chunk, world
from tests.imports.import_table import lay
from tests.running import running
from ttrpg_assistant.imports.store import sources
from ttrpg_assistant.storage.content_files import hash_of


async def test_a_card_is_looked_at_then_an_npc_then_gone_again(
    tmp_path: Path, database_address: str
) -> None:
    async with running(tmp_path, database_url=database_address) as app:
        table = await lay(app)
        content = png(text_chunk(b"chara", card(2)), text_chunk(b"ccv3", card(3)))
        seen = await table.send(content, "mira.png")
        (thing,) = seen["things"]
        assert (thing["kind"], thing["name"], thing["action"]) == ("npc", "Mira Vale", "new")
        assert (seen["format"], thing["pictures"], seen["facts"]["count"]) == (
            "character_card",
            1,
            2,
        )
        assert {one["field"] for one in seen["kept"]} >= {"system_prompt", "extensions"}
        assert await table.things("npc") == [], "nothing is stored by looking"

        done = await table.accept(seen)
        assert done["state"] == "done"
        assert done["report"]["counts"] == {"new": 1, "facts": 2, "pictures": 1}
        (npc,) = await table.things("npc")
        assert npc["personality"] == "dry, stubborn" and npc["aliases"] == ["Mira"]
        assert "Mira is asked about the copied key by the party." in npc["gm_notes"]
        assert npc["sample_lines"] == [
            "*She does not look up.* Closed.",
            "You again.",
            "Which one?",
        ]
        told = {one["text"]: one["audience"] for one in await table.facts()}
        assert told == {
            "Vault: It opens only below low water.": "gm",
            "The bell rings before the tide.": "gm",
        }

        found = await app.services.database.read(
            lambda tx: sources.find_source(tx, "npc", npc["id"])
        )
        assert found is not None and found.kept["card"] == card(3)
        assert app.services.kept_files.open_file(found).read_bytes() == content

        undone = await table.undo(done)
        assert (undone["removed"], undone["left"]) == (4, [])
        assert await table.things("npc") == [] and await table.facts() == []
        assert hash_of(app.services.kept_files.path_of(found.sha256)) is None
        assert (await table.bring(content, "mira.png"))["report"]["counts"]["new"] == 1


async def test_what_both_sides_changed_is_for_the_gm_and_the_rest_merges(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await lay(app)
        await table.bring(spell(card(2)))
        (npc,) = await table.things("npc")
        await table.change(
            "npc", npc, background="A smith I wrote.", personality="kind", tags=["smith", "mine"]
        )
        same = await table.send(spell(card(2)))
        assert same["things"][0]["action"] == "same", "the file has not changed"

        newer = spell(card(2, personality="cruel", scenario="New.", tags=["iron"]))
        seen = await table.send(newer)
        (thing,) = seen["things"]
        outcomes = {one["name"]: one["outcome"] for one in thing["fields"]}
        assert thing["action"] == "conflict" and outcomes == {
            "background": "keep",
            "personality": "conflict",
            "gm_notes": "take",
            "tags": "merge",
        }
        done = await table.accept(seen, fields={thing["key"]: {"personality": "file"}})
        (after,) = await table.things("npc")
        assert (after["background"], after["personality"], after["gm_notes"], after["tags"]) == (
            "A smith I wrote.",
            "cruel",
            "Scenario: New.",
            ["mine", "iron"],
        )
        await table.change("npc", after, personality="mild")
        undone = await table.undo(done)
        assert [one["name"] for one in undone["left"]] == ["Mira Vale"]
        (back,) = await table.things("npc")
        assert (back["personality"], back["tags"]) == ("mild", ["smith", "mine"])


async def test_what_exists_under_the_name_or_an_alias_is_found(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await lay(app)
        own = {"name": "Mira the smith", "aliases": ["Mira Vale"], "personality": "mild"}
        await app.post(f"/api/campaigns/{table.campaign}/npcs", own)
        seen = await table.send(spell(card(2)))
        (thing,) = seen["things"]
        assert (thing["action"], thing["found_by"]) == ("conflict", "alias")
        await table.accept(seen)
        (npc,) = await table.things("npc")
        assert (npc["name"], npc["personality"]) == ("Mira the smith", "mild"), "unasked: kept"
        assert npc["background"].startswith("Blacksmith"), "what was blank is filled"


async def test_the_mapping_can_be_changed(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await lay(app)
        seen = await table.send(spell(card(2, character_book=None)))
        again = await app.post(
            f"/api/imports/{seen['import_id']}/preview",
            {"choices": {"kinds": {"card:0": "character"}}},
        )
        assert again["things"][0]["kind"] == "character"
        await table.accept(seen, kinds={"card:0": "character"})
        (made,) = await table.things("character")
        assert made["name"] == "Mira Vale" and await table.things("npc") == []
        later = await table.send(spell(card(2, character_book=None)))
        (found,) = later["things"]
        assert (found["kind"], found["action"]) == ("character", "same"), "it stays what it became"

        book = await table.send(spell(world()), "Ostrel.json")
        assert book["format"] == "world_info"
        await table.accept(book, kinds={"fact:0": "location"})
        (place,) = await table.things("location")
        assert (place["name"], place["aliases"]) == ("Vault", ["vault"])
        changed = await table.send(spell(world(content="It is dry now.")), "Ostrel.json")
        (seen_place,) = changed["things"]
        assert (seen_place["action"], seen_place["found_by"]) == ("changed", "source")


async def test_a_refused_file_says_a_true_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await lay(app)
        picture = await table.send(png(), "view.png", status=422)
        assert "picture without a character card" in picture["detail"]
        empty = await table.send(b"", "notes.md", status=422)
        assert empty["detail"] == "notes.md is empty."
        strange = await table.send(b"\x00\x01\x02" * 50, "thing.bin", status=422)
        assert "not in a format that can be imported" in strange["detail"]
        await table.send(
            spell(card(2)), campaign_id="0" * 8 + "-0000-4000-8000-" + "0" * 12, status=404
        )
        left = [path for path in (tmp_path / "imported").rglob("*") if path.is_file()]
        assert left == []
