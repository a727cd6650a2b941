"""A campaign goes into a file and comes back equal, or not at all."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from tests.archives.whole_campaign import (
    DIFFERENT_AFTERWARDS,
    LEFT_EMPTY,
    fill_every_table,
)
from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.archives.imports import Imports
from ttrpg_assistant.archives.store.campaign_rows import TABLE_NAMES, TABLES, iterate_rows
from ttrpg_assistant.archives.store.columns import list_columns
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.locations import Locations
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.recovery import SERVER_STOPPED
from ttrpg_assistant.conversations.store import conversations, messages, turns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.tables import messages as message_table
from ttrpg_assistant.errors import Fault, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.pictures.reading import PictureReader
from ttrpg_assistant.storage.content_files import ContentFiles
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

removal: Callable[..., str] = add_removal
Rows = dict[str, list[dict[str, Any]]]
NOWHERE = Path("no-such-folder")


def archives_of(database: Database, imports: Imports | None = None) -> CampaignArchives:
    """Archives of a database that has no pictures."""
    files, changes = ContentFiles(NOWHERE), Changes()
    pictures = Pictures(database, changes, removal, files, PictureReader())
    return CampaignArchives(database, changes, imports or Imports(changes), pictures)


async def make_campaign(database: Database, texts: list[str]) -> str:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    locations = Locations(database, Changes(), removal)
    place = await locations.create(campaign.id, {"name": "Harbour"})
    cellar = await locations.create(campaign.id, {"name": "Cellar", "parent_id": place.id})
    npc = await Npcs(database, Changes(), removal).create(
        campaign.id, {"name": "Mira", "location_id": cellar.id, "secrets": [{"text": "owes"}]}
    )

    def talk(tx: Connection) -> None:
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign.id
        )
        said = [
            messages.post_message(
                tx, thread.id, message_id=new_id(), role="user", content=f"{text} {npc.id}"
            )[0]
            for text in texts
        ]
        branch = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign.id, branched_from_id=said[0].id
        )
        chat = conversations.lock_conversation(tx, branch.id)
        messages.add_message(
            tx, chat, message_id=new_id(), role="assistant", content="b", parent_id=said[0].id
        )

    await database.write(talk)
    await database.write(lambda tx: fill_every_table(tx, campaign.id))
    return campaign.id


async def read_all(database: Database, campaign_id: str) -> Rows:
    return await database.read(
        lambda tx: {t.name: list(iterate_rows(tx, t, campaign_id)) for t in TABLES}
    )


def list_empty_columns(rows: Rows) -> set[tuple[str, str]]:
    """Columns in which no row holds anything but what a row that says nothing gets."""
    return {
        (name, column.name)
        for name in TABLE_NAMES
        for column in list_columns(name)
        if all(row[column.name] in (None, "", [], {}, column.default) for row in rows[name])
    }


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
                              min_size=1, max_size=60), min_size=1, max_size=6))  # fmt: skip
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_an_archive_restores_an_equal_campaign(
    sqlite_template: Path, tmp_path: Path, texts: list[str]
) -> None:
    folders = [tmp_path / new_id() / "a", tmp_path / new_id() / "b"]
    made = []
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "x.db").write_bytes(sqlite_template.read_bytes())
        database = create_database(folder / "x.db")
        await database.open()
        made.append(database)
    source, target = made
    try:
        campaign_id = await make_campaign(source, texts)
        file = folders[0] / "marsh.zip"
        await archives_of(source).write(campaign_id, file)
        restored = await archives_of(target).restore(file)
        assert (restored.campaign_id, restored.is_copy) == (campaign_id, False)
        there = await read_all(source, campaign_id)
        assert list_empty_columns(there) == set(LEFT_EMPTY)
        back = await read_all(target, campaign_id)
        for table, column in DIFFERENT_AFTERWARDS:
            for row, old in zip(back[table], there[table], strict=True):
                row[column] = old[column]
        assert back == there
    finally:
        for database in made:
            await database.close()


async def test_an_archive_whose_ids_are_taken_becomes_a_copy(
    database: Database, tmp_path: Path
) -> None:
    campaign_id = await make_campaign(database, ["one", "two"])
    archives = archives_of(database)
    await archives.write(campaign_id, tmp_path / "a.zip")
    before = await read_all(database, campaign_id)
    restored = await archives.restore(tmp_path / "a.zip")
    assert restored.is_copy
    assert await read_all(database, campaign_id) == before
    copy = await read_all(database, restored.campaign_id)
    assert {name: len(rows) for name, rows in copy.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert copy["voices"] == before["voices"]
    [npc] = [row for row in copy["npcs"] if row["name"] == "Mira"]
    assert npc["id"] not in {row["id"] for row in before["npcs"]}
    assert all(npc["id"] in row["content"] for row in copy["messages"] if row["role"] == "user")


async def test_a_campaign_that_is_not_there_makes_no_file(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        await archives_of(database).write(new_id(), tmp_path / "a.zip")


def spoil(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)), zipfile.ZIP_DEFLATED)


def point_outside(name: str, text: bytes) -> bytes:
    if name != "messages.jsonl":
        return text
    rows = [json.loads(line) for line in text.splitlines()]
    rows[0]["conversation_id"] = new_id()
    return b"\n".join(json.dumps(row).encode() for row in rows)


def change_npc(**values: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, text: bytes) -> bytes:
        if name != "npcs.jsonl":
            return text
        rows = [{**json.loads(line), **values} for line in text.splitlines()]
        return b"\n".join(json.dumps(row).encode() for row in rows)

    return change


SPOILED: dict[str, Callable[[str, bytes], bytes]] = {
    "half the messages": lambda name, text: (
        text[: len(text) // 2] if name == "messages.jsonl" else text
    ),
    "a bomb": lambda name, text: b" " * 40_000_000 if name == "npcs.jsonl" else text,
    "not json": lambda name, text: b"{" if name == "locations.jsonl" else text,
    "no manifest": lambda name, text: b"{}" if name == "manifest.json" else text,
    "points outside": point_outside,
    "a name that is none": change_npc(name=None),
    "groups that are a number": change_npc(groups=5),
    "everyone twice": lambda name, text: text * 2 if name == "npcs.jsonl" else text,
    "an audience nobody knows": lambda name, text: (
        text.replace(b'"audience":"gm"', b'"audience":"me"')
        if name == "known_facts.jsonl"
        else text
    ),
    "a role nobody has": lambda name, text: (
        text.replace(b'"role":"user"', b'"role":"ghost"') if name == "messages.jsonl" else text
    ),
    "the version before the first": lambda name, text: (
        text.replace(b'"version": 1', b'"version": 0') if name == "manifest.json" else text
    ),
    "unknown column": lambda name, text: (
        b'{"id": "x", "evil": 1}\n' if name == "npcs.jsonl" else text
    ),
}


@pytest.mark.parametrize("what", SPOILED)
async def test_a_spoiled_archive_leaves_nothing_half_done(
    database: Database, tmp_path: Path, what: str
) -> None:
    campaign_id = await make_campaign(database, ["one", "two", "three"])
    archives = archives_of(database)
    await archives.write(campaign_id, tmp_path / "a.zip")
    spoil(tmp_path / "a.zip", tmp_path / "b.zip", SPOILED[what])
    count = select(message_table.c.id)
    before = await database.read(lambda tx: len(tx.execute(count).all()))
    with pytest.raises(Fault) as caught:
        await archives.restore(tmp_path / "b.zip")
    assert caught.value.code in {"archive_unreadable", "archive_too_large", "too_large"}
    assert await database.read(lambda tx: len(tx.execute(count).all())) == before


async def test_a_cut_file_is_refused(database: Database, tmp_path: Path) -> None:
    campaign_id = await make_campaign(database, ["one"])
    archives = archives_of(database)
    await archives.write(campaign_id, tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(Fault) as caught:
        await archives.restore(tmp_path / "cut.zip")
    assert caught.value.code == "archive_unreadable"


async def test_a_message_that_went_on_from_other_talk_comes_back_without_that_link(
    database: Database, tmp_path: Path
) -> None:
    campaign_id = await make_campaign(database, ["one"])

    def branch(tx: Connection) -> str:
        other = conversations.add_conversation(tx, "thread", purpose="general")
        said, _ = messages.post_message(
            tx, other.id, message_id=new_id(), role="user", content="elsewhere"
        )
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign_id, branched_from_id=said.id
        )
        chat = conversations.lock_conversation(tx, thread.id)
        added = messages.add_message(
            tx, chat, message_id=new_id(), role="user", content="on from it", parent_id=said.id
        )
        return added.id

    await database.write(branch)
    archives = archives_of(database)
    await archives.write(campaign_id, tmp_path / "a.zip")
    restored = await archives.restore(tmp_path / "a.zip")
    copy = (await read_all(database, restored.campaign_id))["messages"]
    [alone] = [row for row in copy if row["content"] == "on from it"]
    assert alone["parent_id"] is None
    linked = [row for row in copy if row["content"] == "b"]
    assert linked and linked[0]["parent_id"] in {row["id"] for row in copy}


async def test_a_reply_that_was_running_when_the_archive_was_made_is_interrupted_in_it(
    database: Database, tmp_path: Path
) -> None:
    campaign_id = await make_campaign(database, ["one"])

    def ask(tx: Connection) -> None:
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign_id, title="Asked"
        )
        for content in ("first", "second"):
            turns.post_turn(tx, thread.id, message_id=new_id(), content=content, owner="other")
        first = turns.list_active_turns(tx, thread.id)[0]
        messages.write_streaming(
            tx, first.assistant_message_id, content="The gate", status="streaming"
        )

    await database.write(ask)
    archives = archives_of(database)
    await archives.write(campaign_id, tmp_path / "a.zip")
    before = await read_all(database, campaign_id)
    restored = await archives.restore(tmp_path / "a.zip")
    assert await read_all(database, campaign_id) == before
    copy = await read_all(database, restored.campaign_id)

    [asked] = [row["id"] for row in copy["conversations"] if row["title"] == "Asked"]
    over = [row for row in copy["turns"] if row["conversation_id"] == asked]
    assert {(row["state"], row["owner"], row["lease_expires_at"]) for row in over} == {
        ("interrupted", None, None)
    }
    assert all(row["error_code"] == SERVER_STOPPED and row["ended_at"] for row in over)
    answers = [
        (row["status"], row["content"], row["error_code"])
        for row in sorted(copy["messages"], key=lambda row: row["seq"])
        if row["conversation_id"] == asked and row["role"] == "assistant"
    ]
    assert answers == [
        ("interrupted", "The gate\n\n[Stream interrupted]", SERVER_STOPPED),
        ("interrupted", "[Stream interrupted]", SERVER_STOPPED),
    ]

    def ask_on(tx: Connection) -> str:
        posted = turns.post_turn(tx, asked, message_id=new_id(), content="third", owner="me")
        return posted.turn.state

    assert await database.write(ask_on) == "running"
