"""Puts the sample campaign into the database in one transaction, and takes it out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.entities import Removed
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.sample import (
    SAMPLE_CAMPAIGN_ID,
    SampleTalk,
    read_sample,
    read_sample_talk,
    sample_id,
)
from ttrpg_assistant.campaigns.store import edits, entities, knowledge, table_log
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

_CLOCK = ("status", "started_at", "ended_at", "clock_seconds")
_REFERENCES = {"parent": "location", "location": "location", "game_session": "game_session"}


AddTalk = Callable[[Connection, SampleTalk], None]
"""Stores the sample's talk, once; the room that keeps talk offers it."""


HideTalk = Callable[[Connection], None]
"""Hides the sample's talk as long as it is only the sample's."""


class SampleCampaign:
    """The sample campaign, with the talk that belongs to it, in one step in and one step out."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        campaigns: Campaigns,
        add_talk: AddTalk | None = None,
        hide_talk: HideTalk | None = None,
    ) -> None:
        self._database = database
        self._changes = changes
        self._campaigns = campaigns
        self._add_talk = add_talk
        self._hide_talk = hide_talk

    async def load(self) -> Campaign:
        """The sample campaign, loaded now, or as it is if it was loaded before.

        One that was removed comes back as it was left. All of it is one transaction.
        """

        def work(tx: Connection) -> Campaign:
            campaign = add_sample(tx)
            if self._add_talk is not None:
                self._add_talk(tx, read_sample_talk())
            return campaign

        return await self._changes.write(
            self._database, work, lambda campaign: [("campaign", {"id": campaign.id})]
        )

    async def remove(self) -> Removed:
        """Take it out, undoable like any campaign. Raises `NotFound` if it never was in."""
        removed = await self._campaigns.remove(SAMPLE_CAMPAIGN_ID)
        if self._hide_talk is not None:
            await self._database.write(self._hide_talk)
        return removed


def add_sample(tx: Connection) -> Campaign:
    """The statements of `SampleCampaign.load`, for whoever has a transaction open."""
    existing = entities.find_entity(tx, CAMPAIGN, SAMPLE_CAMPAIGN_ID, even_removed=True)
    if existing is not None:
        if existing.removed_at or existing.archived_at:
            entities.restore_entity(tx, CAMPAIGN, SAMPLE_CAMPAIGN_ID)
        return entities.get_entity(tx, CAMPAIGN, SAMPLE_CAMPAIGN_ID)
    sample = read_sample()
    values = CAMPAIGN.check_new(sample["campaign"])
    campaign = edits.add_entity(tx, CAMPAIGN, None, values, id=SAMPLE_CAMPAIGN_ID)
    for number, said in enumerate(sample["game_sessions"], start=1):
        clock = {"session_number": number, "clock_seconds": 0.0}
        clock |= {name: said[name] for name in _CLOCK if name in said}
        rest = {name: value for name, value in said.items() if name not in _CLOCK}
        _add(tx, GAME_SESSION, rest, clock)
    for kind, plural in ((LOCATION, "locations"), (NPC, "npcs"), (PLOT_POINT, "plot_points")):
        for said in sample[plural]:
            _add(tx, kind, said)
    _add_table_log(tx, sample)
    for said in sample["facts"]:
        knowledge.add_fact(
            tx,
            SAMPLE_CAMPAIGN_ID,
            said["text"],
            said["audience"],
            npc_ids=[sample_id("npc", key) for key in said.get("npcs", ())],
            groups=said.get("groups", ()),
            id=sample_id("fact", said["key"]),
        )
    return campaign


def _add(
    tx: Connection,
    kind: EntityKind[Any],
    said: Mapping[str, Any],
    more: Mapping[str, object] | None = None,
) -> None:
    fields: dict[str, object] = {}
    for name, value in said.items():
        if name in _REFERENCES:
            fields[f"{name}_id"] = sample_id(_REFERENCES[name], value)
        elif name == "related":
            fields[name] = [_reference(one) for one in value]
        elif name != "key":
            fields[name] = value
    id = sample_id(kind.name, said["key"])
    edits.add_entity(tx, kind, SAMPLE_CAMPAIGN_ID, kind.check_new(fields), id=id, more=more)


def _add_table_log(tx: Connection, sample: Mapping[str, Any]) -> None:
    for at, said in enumerate(sample["session_notes"]):
        table_log.add_session_note(
            tx,
            sample_id("game_session", said["game_session"]),
            said["text"],
            gm_only=said.get("gm_only", True),
            id=sample_id("note", str(at)),
            at=said["at"],
        )
    for at, said in enumerate(sample["session_events"]):
        about = _reference(said["entity"]) if "entity" in said else {"kind": None, "id": None}
        table_log.add_session_event(
            tx,
            sample_id("game_session", said["game_session"]),
            said["kind"],
            said["text"],
            entity_kind=about["kind"],
            entity_id=about["id"],
            id=sample_id("event", str(at)),
            at=said["at"],
        )


def _reference(said: str) -> dict[str, str | None]:
    kind, _, key = said.partition(":")
    return {"kind": kind, "id": sample_id(kind, key)}
