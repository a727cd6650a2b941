"""A campaign is synced with a folder: each side takes what the other changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.vaults.vault_table import VaultTable
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.store import entities
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.vaults import store
from ttrpg_assistant.vaults.looking import Look
from ttrpg_assistant.vaults.model import Answers, Choices
from ttrpg_assistant.vaults.note_files import Stamp


@pytest.fixture
async def table(database: Database, tmp_path: Path) -> AsyncIterator[VaultTable]:
    yield await VaultTable.lay(database, tmp_path)


async def test_what_is_here_becomes_notes_and_each_side_takes_what_the_other_changed(
    table: VaultTable,
) -> None:
    gull = await table.add("location", name="The Gull", description="An inn.")
    mira = await table.add(
        "npc", name="Mira Vale", background="A smith.", role="smith", location_id=gull.id
    )
    told = await table.link()
    assert (told["state"], told["notes"], told["question_count"]) == ("synced", 2, 0)
    assert table.names() == ["Locations/The Gull.md", "NPCs/Mira Vale.md"]
    note = "NPCs/Mira Vale.md"
    assert 'location: "[[The Gull]]"' in table.read(note)

    table.replace(note, "A smith.", "A smith.\n\nShe copied the key.")
    await table.change("npc", mira.id, role="locksmith")
    await table.sync()
    now = await table.get("npc", mira.id)
    assert now.background == "A smith.\n\nShe copied the key." and now.role == "locksmith"
    assert "role: locksmith" in table.read(note)
    before = table.read(note)
    told = await table.sync()
    assert table.read(note) == before and told["faults"] == []
    assert (await table.get("npc", mira.id)).revision == now.revision


async def test_what_both_changed_waits_and_neither_is_overwritten(table: VaultTable) -> None:
    mira = await table.add("npc", name="Mira", background="One.", tags=["a"])
    await table.link()
    table.replace("NPCs/Mira.md", "One.", "Theirs.")
    table.replace("NPCs/Mira.md", "tags: [npc, a]", "tags: [npc, a, theirs]")
    await table.change("npc", mira.id, background="Ours.", tags=["a", "ours"], role="smith")
    told = await table.sync()
    (question,) = told["questions"]
    assert (question["question"], question["field"]) == ("conflict", "background")
    assert (question["here"], question["file"], question["base"]) == ("Ours.", "Theirs.", "One.")
    now = await table.get("npc", mira.id)
    assert now.background == "Ours." and now.tags == ("a", "ours", "theirs")
    assert "Theirs." in table.read("NPCs/Mira.md") and "role: smith" in table.read("NPCs/Mira.md")
    assert (await table.sync())["question_count"] == 1, "it waits"

    (question,) = (await table.sync())["questions"]
    seen = {mira.id: (question["revision"], question["sha256"])}
    answers = Answers(Choices(sides={mira.id: {"background": "file"}}))
    wrong = {mira.id: (question["revision"] + 1, question["sha256"])}
    with pytest.raises(Conflict, match="nothing was overwritten"):
        await table.vaults.answer(table.campaign, answers, wrong)
    await table.vaults.answer(table.campaign, answers, seen)
    assert (await table.get("npc", mira.id)).background == "Theirs."
    assert (await table.sync())["question_count"] == 0


async def test_a_new_note_becomes_a_thing_where_it_says_what_it_is(table: VaultTable) -> None:
    await table.link()
    text = "---\noccupation: ferryman # mine\n---\nRows.\n\n> [!secret]- Debt\n> Owes the guild.\n"
    table.write("People/Tomas Reed.md", text)
    table.write("Odds and ends.md", "Only words.")
    told = await table.sync()
    (tomas,) = (await table.things("npc")).values()
    assert (tomas.name, tomas.background, tomas.role) == ("Tomas Reed", "Rows.", "ferryman")
    assert [one.text for one in tomas.secrets] == ["Debt: Owes the guild."]
    written = table.read("People/Tomas Reed.md")
    assert f"ttrpg_id: {tomas.id}" in written.replace('"', "")
    assert written.startswith("---\noccupation: ferryman # mine\n")
    assert written.endswith(text.split("---\n")[2])
    (question,) = told["questions"]
    assert (question["question"], question["path"]) == ("kind", "Odds and ends.md")
    await table.sync(Answers(kinds={"Odds and ends.md": "item"}))
    assert list(await table.things("item")) == ["Odds and ends"]
    table.replace("People/Tomas Reed.md", "Rows.", "Rows no more.")
    await table.sync()
    (tomas,) = (await table.things("npc")).values()
    assert tomas.background == "Rows no more.", "and no secret came with it"


async def test_a_vault_that_is_there_already_is_joined_by_ids_and_names(table: VaultTable) -> None:
    mira = await table.add("npc", name="Mira Vale", aliases=["the smith"], background="A smith.")
    table.write("Mira.md", f"---\nttrpg_id: {mira.id}\nttrpg_kind: npc\nname: Mira Vale\n---\n")
    tomas = await table.add("npc", name="Tomas", personality="kind")
    table.write("NPCs/Tomas.md", "He rows.")
    told = await table.link()
    assert told["questions"] == [] and table.names() == ["Mira.md", "NPCs/Tomas.md"]
    assert "A smith." in table.read("Mira.md")
    assert (await table.get("npc", tomas.id)).background == "He rows."
    assert "## Personality\n\nkind" in table.read("NPCs/Tomas.md")


async def test_a_renamed_note_is_the_same_thing_and_a_copy_is_reported(table: VaultTable) -> None:
    mira = await table.add("npc", name="Mira", background="One.")
    await table.link()
    (table.folder / "NPCs/Mira.md").rename(table.folder / "Mira Vale.md")
    table.write("Copy of her.md", table.read("Mira Vale.md"))
    (table.folder / "Copy of her.md").rename(table.folder / "Zed.md")
    await table.sync()
    assert (await table.get("npc", mira.id)).name == "Mira Vale"
    told = await table.sync()
    (fault,) = told["faults"]
    assert fault["path"] == "Zed.md" and "copy" in fault["sentence"]
    table.replace("Zed.md", "One.", "Another.")
    await table.sync()
    assert (await table.get("npc", mira.id)).background == "One."
    await table.change("npc", mira.id, name="Mira the smith")
    await table.sync()
    assert "name: Mira the smith" in table.read("Mira Vale.md"), "no file is renamed"


async def test_a_deletion_on_either_side_only_asks(table: VaultTable) -> None:
    one = await table.add("npc", name="One")
    two = await table.add("npc", name="Two")
    three = await table.add("npc", name="Three")
    await table.link()
    (table.folder / "NPCs/One.md").unlink()
    await table.database.write(lambda tx: entities.remove_entity(tx, NPC, two.id))
    await table.database.write(lambda tx: entities.archive_entity(tx, NPC, three.id))
    told = await table.sync()
    asked = {(one["question"], one["name"]) for one in told["questions"]}
    assert asked == {("note_gone", "One"), ("thing_gone", "Two"), ("thing_gone", "Three")}
    assert table.names() == ["NPCs/Three.md", "NPCs/Two.md"]
    assert (await table.get("npc", one.id)).archived_at is None
    told = await table.sync(Answers(gone={one.id: "archive", two.id: "apart", three.id: "restore"}))
    assert told["questions"] == [] and table.names() == ["NPCs/Three.md", "NPCs/Two.md"]
    assert (await table.get("npc", one.id)).archived_at is not None
    assert (await table.get("npc", three.id)).archived_at is None
    with pytest.raises(NotFound):
        await table.get("npc", two.id)
    await table.database.write(lambda tx: entities.restore_entity(tx, NPC, two.id))
    table.write("NPCs/Two.md", table.read("NPCs/Two.md") + "\nBack again.\n")
    assert (await table.sync())["questions"] == []
    assert (await table.get("npc", two.id)).background == "Back again."


async def test_many_notes_gone_at_once_are_one_question_and_a_lost_folder_none(
    table: VaultTable,
) -> None:
    for number in range(12):
        await table.add("npc", name=f"NPC {number}")
    await table.link()
    away = table.folder.with_name("Away")
    table.folder.rename(away)
    told = await table.sync()
    assert (told["state"], told["questions"]) == ("missing", [])
    table.folder.mkdir()
    told = await table.sync()
    assert told["state"] == "missing" and "not the one" in told["sentence"]
    assert table.names() == []
    table.folder.rmdir()
    away.rename(table.folder)
    assert (await table.sync())["state"] == "synced"
    for name in table.names()[:11]:
        (table.folder / name).unlink()
    told = await table.sync()
    (question,) = told["questions"]
    assert (question["question"], question["count"], question["of"]) == ("many_gone", 11, 12)
    told = await table.sync(Answers(all_gone="write"))
    assert told["questions"] == [] and len(table.names()) == 12


async def test_an_emptied_note_asks_and_copies_of_other_programs_are_passed_over(
    table: VaultTable,
) -> None:
    mira = await table.add("npc", name="Mira", background="One.", role="smith")
    await table.link()
    whole = table.read("NPCs/Mira.md")
    table.write("NPCs/Mira.md", "")
    table.write("NPCs/Mira.sync-conflict-20260101-120000-ABCDEFG.md", whole)
    table.write("NPCs/Mira (conflicted copy 2026-01-01).md", whole)
    table.write(".trash/Mira.md", whole)
    table.write(".obsidian/x.md", "x")
    (table.folder / "outside.md").symlink_to(table.folder.parent / "data")
    told = await table.sync()
    assert [one["question"] for one in told["questions"]] == ["emptied"]
    assert told["faults"] == []
    assert (await table.get("npc", mira.id)).background == "One."
    told = await table.sync(Answers(Choices(again=frozenset({mira.id}))))
    assert told["questions"] == []
    assert "One." in table.read("NPCs/Mira.md") and "role: smith" in table.read("NPCs/Mira.md")


async def test_which_folders_may_be_linked(table: VaultTable, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for folder in ("/", str(tmp_path), str(tmp_path / "data"), "Notes", str(file), "/etc"):
        with pytest.raises(InvalidInput):
            await table.vaults.link(table.campaign, folder)
    with pytest.raises(NotFound):
        await table.vaults.link(table.campaign, str(tmp_path / "nowhere"))
    await table.link()
    other = await VaultTable.lay(table.database, _made(tmp_path / "other"))
    with pytest.raises(Conflict, match="Another campaign"):
        await other.vaults.link(other.campaign, str(table.folder))
    with pytest.raises(Conflict, match="another folder"):
        await table.vaults.link(table.campaign, str(other.folder))
    await table.vaults.unlink(table.campaign)
    assert not (table.folder / ".ttrpg-vault").exists()
    await other.vaults.link(other.campaign, str(table.folder))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def test_a_paused_folder_is_left_alone(table: VaultTable) -> None:
    mira = await table.add("npc", name="Mira")
    await table.link()
    await table.vaults.pause(table.campaign, paused=True)
    await table.change("npc", mira.id, role="smith")
    assert (await table.sync())["state"] == "paused"
    assert "smith" not in table.read("NPCs/Mira.md")
    await table.vaults.pause(table.campaign, paused=False)
    await table.sync()
    assert "role: smith" in table.read("NPCs/Mira.md")


async def test_of_several_servers_one_looks_after_a_folder(table: VaultTable) -> None:
    await table.add("npc", name="Mira")
    await table.link()
    other = VaultTable(table.database, table.folder, table.campaign)
    await table.add("npc", name="Tomas")
    told = await other.sync()
    is_alone = table.database.engine_name == "sqlite"
    assert table.names() == (["NPCs/Mira.md", "NPCs/Tomas.md"] if is_alone else ["NPCs/Mira.md"])
    await table.sync()
    assert table.names() == ["NPCs/Mira.md", "NPCs/Tomas.md"] and told["faults"] == []


async def test_a_long_look_keeps_its_folder_and_ends_where_another_server_has_it(
    table: VaultTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    await table.add("npc", name="Mira")
    await table.link()
    monkeypatch.setattr(store, "LEASE_SECONDS", 0.2)
    claim, claims, ended = store.claim_link, list[bool](), list[bool]()

    def claim_four_times(tx: Connection, id: str, holder: str) -> bool:
        claims.append(claim(tx, id, holder) and len(claims) < 4)
        return claims[-1]

    async def look_for_ever(self: Look, files: Mapping[str, Stamp]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    monkeypatch.setattr(store, "claim_link", claim_four_times)
    monkeypatch.setattr(Look, "run", look_for_ever)
    link = await table.database.read(lambda tx: store.get_link(tx, table.campaign))
    async with asyncio.timeout(60):
        report = await table.vaults.look(link)
    assert (report.state, claims, ended) == ("elsewhere", [True] * 4 + [False], [True])
