"""NPCs as character cards: every version and container says the same, and no secret unasked."""

from __future__ import annotations

import base64
import json
import random
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.exports.reading import exports_of, read_texts
from tests.need_to_know.test_every_kind import Maker
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.campaigns.store.entities import get_entity, plain_values
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.exports.card_files import make_plain_picture, make_png
from ttrpg_assistant.exports.cards import Cards
from ttrpg_assistant.exports.file_names import LONGEST_BYTES, FileNames, spell_file_name
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.storage.content_files import IMPORTED, ContentFiles
from ttrpg_assistant.storage.database import Database

ODD = [
    "{{char}} says",
    "a\nb",
    "“quoted” \\ back",
    "é́̂",
    "🧙‍♀️",
    "<START>",
    '"key": 1',
    "日本",
    "\u2028",
]


def cards_of(database: Database, folder: Path) -> Cards:
    pictures: Pictures = exports_of(database, folder).pictures
    kept = KeptFiles(ContentFiles(folder / IMPORTED, "file"), database)
    return Cards(database, pictures, kept)


def read_png(content: bytes) -> dict[str, Any]:
    """The cards in a PNG, read by its specification alone."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    at, found, last = 8, {}, b""
    while at < len(content):
        length, last = struct.unpack_from(">I4s", content, at)
        piece = content[at + 8 : at + 8 + length]
        (crc,) = struct.unpack_from(">I", content, at + 8 + length)
        assert crc == zlib.crc32(last + piece)
        if last == b"tEXt":
            keyword, _, text = piece.partition(b"\0")
            found[keyword.decode()] = json.loads(base64.b64decode(text, validate=True))
        at += 12 + length
    assert last == b"IEND"
    return found


async def add_npc(database: Database, chance: random.Random) -> tuple[str, str, dict[str, Any]]:
    """A campaign with an NPC whose every field holds something odd: their ids, and its values."""

    def text() -> str:
        return " ".join(chance.choices(ODD, k=3)) + f" {chance.random()}"

    def work(tx: Any) -> tuple[str, str]:
        campaign = Maker(chance.randrange(1000)).make(tx).id
        values: dict[str, Any] = {"name": " ".join(text().split())}
        for name in ("background", "personality", "motivations", "appearance", "gm_notes"):
            values[name] = text()
        values["secrets"] = [{"text": text(), "may_hint": chance.random() < 0.5}]
        values["sample_lines"] = [text() for _ in range(chance.randint(0, 4))]
        values["tags"] = [" ".join(text().split())]
        return campaign, add_entity(tx, NPC, campaign, NPC.check_new(values)).id

    campaign_id, npc_id = await database.write(work)
    npc = await database.read(lambda tx: get_entity(tx, NPC, npc_id))
    return campaign_id, npc_id, plain_values(npc)


async def test_every_container_holds_the_same_card_and_secrets_only_when_asked(
    database: Database, tmp_path: Path
) -> None:
    cards, file = cards_of(database, tmp_path), tmp_path / "card"
    _, npc_id, npc = await add_npc(database, random.Random(5))
    for with_secrets in (False, True):
        spelled = {}
        for spec, container in (("v3", "png"), ("v2", "json"), ("v3", "json"), ("v3", "charx")):
            made = await cards.write_card(
                npc_id, file, spec=spec, container=container, with_secrets=with_secrets
            )  # type: ignore[arg-type]
            assert (made.title, made.ending) == (npc["name"], container)
            spelled[spec, container] = file.read_bytes()
        both = read_png(spelled["v3", "png"])
        for keyword, spec in (("chara", "v2"), ("ccv3", "v3")):
            alone = json.loads(spelled[spec, "json"])
            # Which picture a card has is said where there is one.
            own = both[keyword]["data"]["extensions"]["ttrpg-assistant"]
            alone["data"]["extensions"]["ttrpg-assistant"]["portrait"] = own["portrait"]
            assert both[keyword] == alone
        file.write_bytes(spelled["v3", "charx"])
        with zipfile.ZipFile(file) as zipped:
            packed = json.loads(zipped.read("card.json"))
            (asset,) = packed["data"].pop("assets")
            assert zipped.read(asset["uri"].removeprefix("embeded://"))[:4] == b"\x89PNG"
        assert packed == both["ccv3"]
        inner = both["ccv3"]["data"]
        assert (inner["name"], inner["personality"]) == (npc["name"], npc["personality"])
        assert inner["tags"] == npc["tags"]
        tail = inner["extensions"]["ttrpg-assistant"]["description_tail"]
        assert inner["description"].removesuffix(tail).rstrip("\n") == npc["background"].rstrip()
        assert npc["motivations"] in tail and npc["appearance"] in tail
        lines = [inner["first_mes"], *inner["alternate_greetings"]]
        lines += [one.removeprefix("{{char}}: ") for one in inner["mes_example"].split("\n")[1:]]
        assert sorted(filter(None, lines)) == sorted(npc["sample_lines"])
        whole = json.dumps(both, ensure_ascii=False)
        for secret in (npc["gm_notes"], npc["secrets"][0]["text"]):
            assert (json.dumps(secret, ensure_ascii=False)[1:-1] in whole) is with_secrets
    with pytest.raises(InvalidInput, match="version 3 only"):
        await cards.write_card(npc_id, file, spec="v2", container="charx", with_secrets=False)


async def test_a_lorebook_says_in_both_spellings_what_is_no_secret(
    database: Database, tmp_path: Path
) -> None:
    cards, file = cards_of(database, tmp_path), tmp_path / "book"
    made = await database.write(Maker(4).make)
    hidden = [text for text, audience, *_ in made.facts if audience not in ("party", "public")]
    hidden += [
        one.name for one in made.things if not one.is_in_world or one.audience in ("gm", "some")
    ]
    heard = [one.name for one in made.things if one.is_in_world and one.audience == "name"]
    assert heard
    for with_secrets in (False, True):
        entries = {}
        for spec in ("v3", "sillytavern"):
            await cards.write_lorebook(made.id, file, spec=spec, with_secrets=with_secrets)  # type: ignore[arg-type]
            text = read_texts(file)
            assert any(mark in text for mark in hidden) is with_secrets
            assert all(name in text for name in heard)
            book = json.loads(text)
            entries[spec] = book["data"]["entries"] if spec == "v3" else book["entries"]
        world = list(entries["sillytavern"].values())
        assert [one["content"] for one in entries["v3"]] == [one["content"] for one in world]
        assert [one["keys"] for one in entries["v3"]] == [one["key"] for one in world]
        assert all(one["keys"] for one in entries["v3"])


def test_a_card_in_a_picture_replaces_the_one_it_held() -> None:
    picture = make_plain_picture("Mira")
    assert picture == make_plain_picture("Mira") != make_plain_picture("Tomas")
    first = make_png(picture, {"chara": {"name": "old"}, "ccv3": {"name": "older"}})
    assert read_png(make_png(first, {"chara": {"name": "new"}})) == {"chara": {"name": "new"}}


def test_every_name_is_one_that_every_system_can_keep() -> None:
    names = FileNames()
    given = ["CON", "con.txt", "a/b\\c", "..", " . ", "Mira", "mira", "MÍRA", "Mi\u0301ra", ""]
    given += ["é" * 200, "a" + "\u0301" * 300, "Lpt1", "x:y*?", "[[Link]]#^|", "\u202e\u2028"]
    given += ["Mira.", "Mira 2", "🧙‍♀️" * 60, "aux .md"]
    spelled = [names.add(one, "NPC") for one in given]
    assert len({one.casefold() for one in spelled}) == len(given)
    for one in spelled:
        assert one == one.strip(" .") and one and len(one.encode()) <= LONGEST_BYTES + 20
        assert not set(one) & set('<>:"/\\|?*[]#^\n\r\0')
        assert one.split(".")[0].strip().lower() not in ("con", "aux", "lpt1", "nul")
    assert spell_file_name("CON") == "CON_"
