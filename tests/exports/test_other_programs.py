"""What players see of a campaign in the programs it was exported to is what they may know here."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exports.canaries import Drawn, PlayersMaker
from tests.exports.reading import exports_of
from ttrpg_assistant.storage.database import Database

OBSERVER = 2


async def draw(database: Database, folder: Path, name: str) -> tuple[Drawn, dict[str, Any]]:
    """A campaign, and every JSON file of its export by its name."""
    drawn = await database.write(PlayersMaker(seed=11).draw)
    file = folder / "export.zip"
    await exports_of(database, folder).write(drawn.id, name, file)
    with zipfile.ZipFile(file) as zipped:
        names = [one for one in zipped.namelist() if one.endswith(".json")]
        return drawn, {one: json.loads(zipped.read(one)) for one in names}


def list_seen_in_foundry(documents: list[dict[str, Any]]) -> Iterator[str]:
    """What Foundry shows to a player who owns nothing."""
    for one in documents:
        level = one["ownership"]["default"]
        if level >= OBSERVER:
            yield one["name"]
        for page in one.get("pages", ()):
            own = page["ownership"]["default"]
            if (level if own == -1 else own) >= OBSERVER:
                yield f"{page['name']} {page['text']['content']} {page.get('src')}"


def list_seen_in_kanka(documents: list[dict[str, Any]]) -> Iterator[str]:
    """What Kanka shows to a member who is no admin."""
    for one in documents:
        entity = one.pop("entity", {"name": "", "entry": one.get("entry", "")})
        if one.get("is_private") or entity.get("is_private"):
            continue
        posts, related = entity.pop("posts", []), entity.pop("relationships", [])
        for private in ("entityAttributes", "entityTags"):
            entity.pop(private, None)
        shown = [trait for trait in one.pop("characterTraits", []) if not trait["is_private"]]
        yield json.dumps([one, entity, shown], ensure_ascii=False)
        yield from (post["entry"] for post in posts if post["visibility_id"] == 1)
        yield from (each["relation"] for each in related if each["visibility_id"] == 1)


@pytest.mark.parametrize("name", ["foundry", "kanka"])
async def test_players_see_no_word_of_the_game_masters_in_it(
    database: Database, tmp_path: Path, name: str
) -> None:
    drawn, documents = await draw(database, tmp_path, name)
    listed = list_seen_in_foundry if name == "foundry" else list_seen_in_kanka
    files = [one for file, one in documents.items() if file != "adventure.json"]
    everything = json.dumps(documents, ensure_ascii=False)
    text = "\n".join(listed(files))
    assert not [mark for mark in drawn.withheld if mark in text]
    # Names of NPCs and links to them are the game master's here: their journals are not shared.
    missing = [mark for mark in drawn.told if mark not in text and mark not in everything]
    assert not missing
    assert [mark for mark in drawn.told if mark in text]
    assert sum(mark in everything for mark in drawn.withheld) > len(drawn.withheld) / 2


async def test_an_adventure_holds_every_document_once_with_ids_of_its_own(
    database: Database, tmp_path: Path
) -> None:
    _, documents = await draw(database, tmp_path, "foundry")
    adventure = documents.pop("adventure.json")
    for part in ("journal", "actors", "tables"):
        own = [one for name, one in documents.items() if name.startswith(f"{part}/")]
        assert adventure[part] == own and own
    ids = [
        one["_id"] for part in ("journal", "actors", "tables", "folders") for one in adventure[part]
    ]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 16 and one.isalnum() for one in ids)
    folders = {one["_id"] for one in adventure["folders"]} | {None}
    assert {one["folder"] for one in adventure["journal"] + adventure["actors"]} <= folders


async def test_kanka_finds_every_key_it_asks_for(database: Database, tmp_path: Path) -> None:
    _, documents = await draw(database, tmp_path, "kanka")
    assert documents.pop("campaign.json")["id"] == 1
    asked = {
        "id",
        "name",
        "entry",
        "type",
        "type_id",
        "tooltip",
        "is_template",
        "focus_x",
        "focus_y",
    }
    asked |= {"is_attributes_private"}
    entities = [one["entity"] for one in documents.values()]
    numbers = {one["id"] for one in entities}
    assert len(numbers) == len(entities) > 10
    for one in entities:
        assert asked <= one.keys()
        for post in one["posts"]:
            assert {"id", "name", "entry", "is_private", "visibility_id", "position", "settings",
                    "layout_id"} <= post.keys()  # fmt: skip
        assert {each["target_id"] for each in one["relationships"]} <= numbers
