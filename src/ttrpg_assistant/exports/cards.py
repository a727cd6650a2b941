"""NPCs as character cards of chat programs, and a campaign as a lorebook.

What is for the game master alone is in neither unless they ask for it: then secrets and notes are
in a card too, and everything that the NPC knows. Both are for a model that plays the world, so whom
and what the world has a name for is in a lorebook, and nothing whose name is kept from the players.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import copyfile
from typing import Any, Literal

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store.entities import get_entity, plain_values
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.card_fields import Spec, make_fields, spell_card
from ttrpg_assistant.exports.card_files import make_plain_picture, make_png, spell_json, write_charx
from ttrpg_assistant.exports.exports import Exported
from ttrpg_assistant.exports.lorebooks import (
    LorebookSpec,
    make_fact_entry,
    make_thing_entry,
    spell_book,
)
from ttrpg_assistant.exports.model import SeenFact, SeenThing
from ttrpg_assistant.exports.received_cards import update_fields
from ttrpg_assistant.exports.received_files import find_received, list_other_files
from ttrpg_assistant.imports.card_files import PORTRAIT
from ttrpg_assistant.imports.formats import character_card
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.imports.own_texts import OURS
from ttrpg_assistant.imports.png_texts import mark_pixels
from ttrpg_assistant.imports.store.sources import Source, find_source
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.pictures.png_copies import read_as_png
from ttrpg_assistant.storage.content_files import Content, naming_full_disk
from ttrpg_assistant.storage.database import Database

Container = Literal["png", "json", "charx"]

MOST_FACTS = 200
"""Facts in the book of one card, the newest."""

_MEDIA_TYPES = {"png": "image/png", "json": "application/json", "charx": "application/zip"}
_ALL_IN_WORLD = frozenset({"prepped", "happened"})


@dataclass(frozen=True, slots=True)
class _Read:
    fields: dict[str, Any]
    portrait: Content | None
    source: Source | None


class Cards:
    """Writes cards and lorebooks."""

    def __init__(self, database: Database, pictures: Pictures, kept_files: KeptFiles) -> None:
        self._database = database
        self._files = pictures.files
        self._kept_files = kept_files

    async def write_received(self, npc_id: str, target: Path) -> Exported:
        """Write the file that an NPC was imported from into this one, byte for byte.

        Raises `NotFound`: `not_imported` where it was made here, `import_file_missing` where the
        file was not kept, is gone or damaged.
        """
        source = await self._database.read(lambda tx: _get_source(tx, npc_id))

        def copy() -> None:
            with naming_full_disk():
                copyfile(self._kept_files.open_file(source), target)

        await asyncio.to_thread(copy)
        path = PurePosixPath(source.file_name)
        ending = path.suffix.removeprefix(".").lower() or "card"
        media_type = _MEDIA_TYPES.get(ending, "application/octet-stream")
        return Exported(path.stem or "card", ending, media_type)

    async def write_card(
        self, npc_id: str, target: Path, *, spec: Spec, container: Container, with_secrets: bool
    ) -> Exported:
        """Write an NPC, as it is now, as a card into this file. Raises `NotFound`, and
        `InvalidInput` for a CHARX of version 2, which there is not."""
        if container == "charx" and spec == "v2":
            raise InvalidInput(
                "A CHARX file holds cards of version 3 only.",
                code="card_version",
                cure="Choose version 3, or a PNG or JSON file.",
            )
        files = self._kept_files
        read = await self._database.read(lambda tx: _read_card(tx, npc_id, with_secrets, files))
        name = str(read.fields["name"])
        picture = b""
        if container != "json":
            picture = await self._read_portrait(read.portrait, name)
            sha256 = "" if read.portrait is None else read.portrait.sha256
            own = {"pixels": mark_pixels(picture), "sha256": sha256}
            read.fields["extensions"][OURS][PORTRAIT] = own
        card = spell_card(read.fields, spec)

        def write() -> None:
            with naming_full_disk():
                if container == "charx":
                    write_charx(target, card, picture, list_other_files(read.source, files))
                elif container == "png":
                    both = {f"{one}": spell_card(read.fields, one) for one in ("v2", "v3")}
                    target.write_bytes(make_png(picture, {"chara": both["v2"], "ccv3": both["v3"]}))
                else:
                    target.write_bytes(spell_json(card))

        await asyncio.to_thread(write)
        return Exported(name, container, _MEDIA_TYPES[container])

    async def write_lorebook(
        self, campaign_id: str, target: Path, *, spec: LorebookSpec, with_secrets: bool
    ) -> Exported:
        """Write what a campaign is made of as a lorebook. Raises `NotFound`."""

        def work(tx: Connection) -> str:
            reader = CampaignReader(tx, campaign_id, only_heard_of=not with_secrets)
            entries = list(_iterate_entries(reader, with_secrets))
            book = spell_book(reader.campaign.name, entries, spec)
            with naming_full_disk():
                target.write_bytes(spell_json(book))
            return reader.campaign.name

        name = await self._database.read(work)
        return Exported(f"{name} - lorebook", "json", "application/json")

    async def _read_portrait(self, portrait: Content | None, name: str) -> bytes:
        if portrait is None:
            return make_plain_picture(name)
        return await read_as_png(self._files, portrait)


def _get_source(tx: Connection, npc_id: str) -> Source:
    get_entity(tx, NPC, npc_id)
    source = find_source(tx, NPC.name, npc_id)
    if source is None or source.format != character_card.NAME:
        raise NotFound(
            "This NPC was not imported from a card.",
            code="not_imported",
            cure="Export it as edited: as it is now.",
            facts={"id": npc_id},
        )
    return source


def _read_card(tx: Connection, npc_id: str, with_secrets: bool, files: KeptFiles) -> _Read:
    npc = get_entity(tx, NPC, npc_id)
    reader = CampaignReader(
        tx,
        npc.campaign_id,
        with_archived=True,
        only_heard_of=not with_secrets,
        subject_id=npc_id,
    )
    seen = reader.get_thing(NPC, npc_id)
    aliases = reader.list_aliases()
    source = find_source(tx, NPC.name, npc_id)
    received = find_received(tx, source, files)
    known = reader.list_known_to(npc_id, MOST_FACTS)
    if received is not None:
        known = [one for one in known if one.id not in received.facts]
    facts = [one for one in known if _is_told(one, with_secrets)]
    entries = [make_fact_entry(one, aliases, number) for number, one in enumerate(facts)]
    portrait = next((one.content for one in seen.pictures if one.is_portrait), None)
    if received is None:
        return _Read(make_fields(seen, entries, with_secrets=with_secrets), portrait, None)
    values = plain_values(npc)
    fields = update_fields(received, seen, values, entries, with_secrets=with_secrets)
    return _Read(fields, portrait, source)


def _is_told(fact: SeenFact, with_secrets: bool) -> bool:
    return fact.canon in _ALL_IN_WORLD and (with_secrets or fact.is_for_players)


def _iterate_entries(reader: CampaignReader, with_secrets: bool) -> Iterator[dict[str, Any]]:
    number = 0
    for kind in list_things():
        for thing in reader.iterate_things(kind):
            lines = list(_list_lines(thing, with_secrets))
            if lines and thing.canon in _ALL_IN_WORLD:
                yield make_thing_entry(thing, lines, number)
                number += 1
    aliases = reader.list_aliases()
    for fact in reader.iterate_facts():
        if _is_told(fact, with_secrets):
            yield make_fact_entry(fact, aliases, number)
            number += 1


def _list_lines(thing: SeenThing, with_secrets: bool) -> Iterator[str]:
    for one in thing.fields:
        if (with_secrets or not one.is_gm_only) and one.name not in ("aliases", "tags"):
            texts = "; ".join(f"{label}: {text}" if label else text for label, text in one.texts)
            if texts and "sheet" in one.field.parts:
                yield f"{one.field.label}: {texts}"
