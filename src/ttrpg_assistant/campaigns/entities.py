"""The use cases that all kinds of entity share (DESIGN: campaigns, "create … delete").

`Campaigns`, `GameSessions`, `Npcs`, `Locations` and `PlotPoints` each are one of these with
their own additions. Everything is told to open pages after it is stored, as a hint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.model import Campaign, Entity, EntitySource, Page
from ttrpg_assistant.campaigns.ports import RecordRemoval
from ttrpg_assistant.campaigns.store import edits, entities, listing, sources
from ttrpg_assistant.campaigns.store.listing import Sort
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import check_id, utc_now
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database


@dataclass(frozen=True, slots=True)
class Removed:
    """What a delete did: how many things went out of sight, and the removal that undoes it.

    `removal_id` is None when it had been removed before.
    """

    id: str
    count: int
    removal_id: str | None


class Entities(Generic[E]):
    """One kind of entity: create, get, list, update, archive, restore, delete."""

    kind: EntityKind[E]

    def __init__(
        self,
        database: Database,
        changes: Changes,
        record_removal: RecordRemoval,
        kind: EntityKind[E] | None = None,
    ) -> None:
        if kind is not None:
            self.kind = kind
        self._database = database
        self._changes = changes
        self._record_removal = record_removal

    async def create(
        self, campaign_id: str | None, fields: Mapping[str, object], *, id: str | None = None
    ) -> E:
        """A new one in the campaign. A client's own `id` makes a retry harmless.

        Raises `InvalidInput`, `TooLarge`, `NotFound` (no such campaign), `Conflict` (id taken).
        """
        values = self.kind.check_new(fields)
        own_id = None if id is None else check_id(id)
        return await self._write(lambda tx: self._add(tx, campaign_id, values, own_id))

    async def get(self, id: str) -> E:
        """Raises `NotFound` when it or its campaign does not exist or was removed."""
        return await self._database.read(lambda tx: entities.get_entity(tx, self.kind, id))

    async def list_all(
        self,
        campaign_id: str | None = None,
        *,
        search: str = "",
        archived: bool | None = False,
        filters: Mapping[str, object] | None = None,
        tags: Sequence[str] = (),
        sort: Sort = "name",
        after: str | None = None,
        limit: int = 50,
    ) -> Page[E]:
        """A page, in the order of `EntityKind`; `search` looks into names and aliases."""
        return await self._database.read(
            lambda tx: listing.list_entities(
                tx,
                self.kind,
                campaign_id,
                search=search,
                archived=archived,
                filters=filters,
                tags=tags,
                sort=sort,
                after=after,
                limit=limit,
            )
        )

    async def update(
        self,
        id: str,
        revision: int,
        changes: Mapping[str, object],
        *,
        message_id: str | None = None,
        suggestion_id: str | None = None,
    ) -> E:
        """Change the given fields only. Where they were accepted from a message or suggestion,
        that is remembered with them.

        Raises `InvalidInput`, `NotFound`, and `Conflict` with both versions on a stale edit.
        """
        checked = self.kind.check_changes(changes)

        def work(tx: Connection) -> E:
            edited = edits.edit_entity(tx, self.kind, id, revision, checked)
            if message_id is not None or suggestion_id is not None:
                sources.add_sources(
                    tx,
                    self.kind.name,
                    id,
                    checked,
                    message_id=message_id,
                    suggestion_id=suggestion_id,
                )
            return edited

        return await self._write(work)

    async def list_sources(self, id: str) -> tuple[EntitySource, ...]:
        """The messages and suggestions its fields were accepted from, oldest first."""

        def work(tx: Connection) -> tuple[EntitySource, ...]:
            entities.get_entity(tx, self.kind, id)
            return sources.list_sources(tx, self.kind.name, id)

        return await self._database.read(work)

    async def archive(self, id: str) -> E:
        """Put away: out of lists and summaries, still found by id and when named in talk."""
        return await self._write(lambda tx: entities.archive_entity(tx, self.kind, id))

    async def restore(self, id: str, *, campaign_id: str | None = None) -> E:
        """Take back the last step: a removal, or else the archiving.

        Raises `NotFound`, also when it is not of the campaign that was named.
        """

        def work(tx: Connection) -> E:
            restored = self._restore(tx, id)
            if campaign_id not in (None, campaign_of(restored)):
                raise NotFound(f"There is no such {self.kind.noun}.", facts={"id": id})
            return restored

        return await self._write(work)

    async def remove(self, id: str) -> Removed:
        """Delete, undoable. No talk is lost: conversations keep their messages."""
        campaign_id = ""

        def work(tx: Connection) -> Removed:
            nonlocal campaign_id
            before = entities.find_entity(tx, self.kind, id)
            removed = self._remove(tx, id)
            campaign_id = campaign_of(removed)
            if before is None:
                return Removed(id, 0, None)
            count = self._count_removed(tx, id)
            now = removed.removed_at or utc_now()
            title = str(getattr(removed, self.kind.name_field)) or self.kind.noun.capitalize()
            removal_id = self._record_removal(
                tx, removal_kind(self.kind), id, title=title, count=count, details={}, now=now
            )
            return Removed(id, count, removal_id)

        def hints(removed: Removed) -> list[Hint]:
            told: list[Hint] = [("campaign", {"id": campaign_id})]
            if removed.removal_id is not None:
                told.append(("removal", {"id": removed.removal_id}))
            return told

        return await self._changes.write(self._database, work, hints)

    # ── What a kind may do its own way ─────────────────────────────────────────────────

    def _add(
        self, tx: Connection, campaign_id: str | None, values: Mapping[str, object], id: str | None
    ) -> E:
        return edits.add_entity(tx, self.kind, campaign_id, values, id=id)

    def _remove(self, tx: Connection, id: str) -> E:
        return entities.remove_entity(tx, self.kind, id)

    def _restore(self, tx: Connection, id: str) -> E:
        return entities.restore_entity(tx, self.kind, id)

    def _count_removed(self, tx: Connection, id: str) -> int:
        return 1

    # ── Internal ───────────────────────────────────────────────────────────────────────

    async def _write(self, work: Callable[[Connection], E]) -> E:
        return await self._changes.write(
            self._database, work, lambda written: [("campaign", {"id": campaign_of(written)})]
        )


def campaign_of(entity: Entity) -> str:
    """The id of the campaign an entity belongs to, or is."""
    return entity.id if isinstance(entity, Campaign) else entity.campaign_id


def removal_kind(kind: EntityKind[Any]) -> str:
    """The word under which a removal of this kind is written down, e.g. ``npc_removed``."""
    return f"{kind.name}_removed"
