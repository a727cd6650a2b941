"""What a Foundry world pulls and proposes: the documents of the export, read by the import.

What is pulled is everything, so it takes a token that may read everything. What is proposed is one
document: of a thing that is here only what somebody changed in it, of any other a new thing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.entities import campaign_of
from ttrpg_assistant.campaigns.registry import get_kind, list_things
from ttrpg_assistant.campaigns.store.entities import find_entity, plain_values
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.proposals import OutsideProposals
from ttrpg_assistant.doors.tools.propose_change import CHANGES
from ttrpg_assistant.doors.tools.repeating import find_id
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.foundry_documents import ACTORS, Documents, make_folder
from ttrpg_assistant.imports.fitting import fit
from ttrpg_assistant.imports.formats import foundry as foundry_format
from ttrpg_assistant.imports.model import FoundThing, SourceFile
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.outside import OutsideProposal

MOST_THINGS = 2_000
"""Of a campaign that are handed over in one answer."""


@dataclass(frozen=True, slots=True)
class WorldDocuments:
    """The documents of a campaign by their kind, as Foundry stores them; `left_out` things were
    too many."""

    folders: list[dict[str, Any]]
    journal: list[dict[str, Any]]
    actors: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    left_out: int


class FoundryDoor:
    """Pulling and proposing, for tokens."""

    def __init__(self, database: Database, proposals: OutsideProposals) -> None:
        self._database = database
        self._proposals = proposals

    async def list_documents(self, token: Token) -> WorldDocuments:
        """Every document of the campaign but its pictures. Raises `Refused` without `read:gm`."""
        token.check("read:gm")
        return await self._database.read(lambda tx: _list_documents(tx, token.campaign_id))

    async def propose(
        self, token: Token, document: Mapping[str, Any], kind: str | None, why: str
    ) -> Suggestion | None:
        """Propose what a document says; None where it says nothing that is not here. A new thing
        is of this `kind`, or of what the document looks like. Raises `Refused` without `read:gm`
        and `propose`, `InvalidInput` for what is no document of a thing, and what a proposal
        raises."""
        token.check("read:gm", "propose")
        if kind is not None and kind not in {one.name for one in list_things()}:
            raise InvalidInput("There is no such kind of thing.", code="unknown_kind")
        found = await asyncio.to_thread(_read_document, document)
        changes = await self._database.read(lambda tx: _list_changes(tx, token, found))
        if changes is not None:
            if not changes:
                return None
            suggested, target = CHANGES.get(found.kind, found.kind), found.own_id
            revision = found.own_revision or None
        else:
            changes, target, revision = _list_values(found, kind), None, None
            suggested = kind or found.kind
        own = find_id(token, None, "foundry", suggested, target, changes)
        asked = OutsideProposal(own, suggested, changes, target, why, revision, "Foundry")
        return await self._proposals.propose(token, asked)


def _list_documents(tx: Connection, campaign_id: str) -> WorldDocuments:
    reader = CampaignReader(tx, campaign_id)
    documents = Documents(reader, lambda thing, at: None)
    made = WorldDocuments([], [], [], [], 0)
    left = MOST_THINGS
    for kind in list_things():
        things = list(islice(reader.iterate_things(kind), left))
        left -= len(things)
        if not things:
            continue
        made.folders.append(make_folder(kind, "JournalEntry"))
        made.journal.extend(map(documents.make_journal, things))
        if kind.name in ACTORS:
            made.folders.append(make_folder(kind, "Actor"))
            made.actors.extend(map(documents.make_actor, things))
        if kind.is_rolled_on:
            made.folders.append(make_folder(kind, "RollTable"))
            made.tables.extend(map(documents.make_table, things))
    made.journal.extend(documents.iterate_game_sessions())
    made.journal.append(documents.make_facts())
    names = {kind.name for kind in list_things()}
    there = sum(link.kind in names for link in reader.links.values())
    return WorldDocuments(
        made.folders, made.journal, made.actors, made.tables, max(0, there - MOST_THINGS)
    )


def _read_document(document: Mapping[str, Any]) -> FoundThing:
    """The thing that a document is. Raises `InvalidInput`."""
    content = json.dumps(dict(document)).encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.json"
        path.write_bytes(content)
        file = SourceFile(path.name, path, len(content))
        if not foundry_format.FORMAT.recognises([file], content):
            raise _no_thing()
        things = foundry_format.FORMAT.read([file]).things
    if not things:
        raise _no_thing()
    return things[0]


def _list_changes(tx: Connection, token: Token, found: FoundThing) -> dict[str, Any] | None:
    """The fields that somebody changed in the document of a thing that is here; None where it is
    the document of no thing here."""
    kind = get_kind(found.kind)
    thing = find_entity(tx, kind, found.own_id) if found.own_id else None
    if thing is None or campaign_of(thing) != token.campaign_id:
        return None
    now = plain_values(thing)
    return {
        name: value
        for name, value in _fitted(found, None)
        if name not in found.untouched and now.get(name) != value
    }


def _list_values(found: FoundThing, into: str | None) -> dict[str, Any]:
    return {name: value for name, value in _fitted(found, into) if value not in (None, "", [])}


def _fitted(found: FoundThing, into: str | None) -> Iterator[tuple[str, Any]]:
    """What a proposal may say of what is in the document."""
    proposable = get_kind(into or found.kind).proposable
    values = fit(found.kind, found.values, into).values
    return ((name, value) for name, value in values.items() if name in proposable)


def _no_thing() -> InvalidInput:
    return InvalidInput(
        "This document is no journal, actor, item or table that can be read as a thing.",
        code="document_unreadable",
    )
