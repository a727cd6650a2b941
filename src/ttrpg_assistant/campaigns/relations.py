"""How the things of a campaign are related, and who knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.checks import (
    Check,
    check_known_to,
    check_line,
    check_name,
    check_prose,
    check_text,
    one_of,
)
from ttrpg_assistant.campaigns.entities import Removed
from ttrpg_assistant.campaigns.graph_model import RelationGraph
from ttrpg_assistant.campaigns.model import Page, Relation
from ttrpg_assistant.campaigns.ports import RecordRemoval
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store import relations
from ttrpg_assistant.campaigns.store.relation_graph import get_relation_graph
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import check_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

ATTITUDES: Mapping[int, str] = {
    -2: "hostile",
    -1: "wary",
    0: "neutral",
    1: "friendly",
    2: "devoted",
}
"""What the numbers of an attitude mean."""

TITLE_LENGTH = 80
"""Characters that name a relation in the list of what can be brought back."""

ENDS = ("from_kind", "from_id", "to_kind", "to_id")
"""What a relation is between. They stay: another relation is another row."""


def check_attitude(field: str, value: object) -> int | None:
    """A whole number from -2 to 2, or null."""
    if value is None:
        return None
    if type(value) is not int or value not in ATTITUDES:
        raise InvalidInput(
            f"The field {field} must be a whole number from -2 (hostile) to 2 (devoted).",
            facts={"field": field},
        )
    return value


def _check_thing_id(field: str, value: object) -> str:
    return check_id(check_text(field, value), field)


FIELDS: Mapping[str, tuple[Check, object]] = {
    "from_kind": (check_name, None),
    "from_id": (_check_thing_id, None),
    "to_kind": (check_name, None),
    "to_id": (_check_thing_id, None),
    "label": (check_line, ""),
    "attitude": (check_attitude, None),
    "audience": (one_of("gm", "party", "some", "public"), "gm"),
    "known_to": (check_known_to, []),
    "note": (check_prose, ""),
}
"""The fields of a relation, each with its check and what it holds when nothing was said."""


def check_relation(fields: Mapping[str, object]) -> dict[str, Any]:
    """The whole of a new relation. Raises `InvalidInput`, `TooLarge`."""
    checked = _check(fields)
    if missing := [name for name in ENDS if name not in checked]:
        raise InvalidInput(f"A relation needs {missing[0]}.", facts={"field": missing[0]})
    if checked["from_id"] == checked["to_id"]:
        raise InvalidInput("A thing has no relation to itself.", facts={"field": "to_id"})
    return {name: checked.get(name, blank) for name, (_, blank) in FIELDS.items()}


class Relations:
    """Relations between things. What an NPC speaks from is chosen by their audience, so the
    default is `gm`."""

    def __init__(self, database: Database, changes: Changes, record_removal: RecordRemoval) -> None:
        self._database = database
        self._changes = changes
        self._record_removal = record_removal

    async def create(
        self, campaign_id: str, fields: Mapping[str, object], *, id: str | None = None
    ) -> Relation:
        """A new relation. A client's own `id` makes a retry harmless.

        Raises `InvalidInput`, `TooLarge`, `NotFound` (no such campaign), `Conflict` (id taken).
        """
        values = check_relation(fields)
        own_id = None if id is None else check_id(id)
        return await self._write(
            lambda tx: relations.add_relation(tx, campaign_id, values, id=own_id)
        )

    async def update(self, id: str, revision: int, changes: Mapping[str, object]) -> Relation:
        """Change words, attitude, audience or note.

        Raises `NotFound`, and `Conflict` with both versions on a stale edit.
        """
        checked = _check(changes)
        if fixed := [name for name in ENDS if name in checked]:
            raise InvalidInput(
                f"The field {fixed[0]} of a relation stays as it is.",
                code="unknown_field",
                cure="Delete the relation and add one between the other things.",
                facts={"field": fixed[0]},
            )
        return await self._write(lambda tx: relations.edit_relation(tx, id, revision, checked))

    async def list_all(
        self,
        campaign_id: str,
        *,
        thing_kind: str | None = None,
        thing_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Relation]:
        """Relations of the campaign, or of one thing or kind on either side, newest first."""
        if thing_kind is not None:
            get_kind(thing_kind)
        return await self._database.read(
            lambda tx: relations.list_relations(
                tx, campaign_id, thing_kind=thing_kind, thing_id=thing_id, after=after, limit=limit
            )
        )

    async def get_graph(self, campaign_id: str) -> RelationGraph:
        """All of them, and the things they are between, for a picture. Raises `NotFound`."""
        return await self._database.read(lambda tx: get_relation_graph(tx, campaign_id))

    async def restore(self, id: str) -> Relation:
        """Take back a removal. Raises `NotFound`."""
        return await self._write(lambda tx: relations.mark_relation_removed(tx, id, removed=False))

    async def remove(self, id: str) -> Removed:
        """Delete, undoable. Raises `NotFound`."""
        campaign_id = ""

        def work(tx: Connection) -> str:
            nonlocal campaign_id
            one = relations.get_relation(tx, id)
            campaign_id = one.campaign_id
            relations.mark_relation_removed(tx, id, removed=True)
            title = cut_text(f"{one.from_name} → {one.to_name}", TITLE_LENGTH)
            return self._record_removal(
                tx, "relation_removed", id, title=title, count=1, details={}, now=utc_now()
            )

        removal_id = await self._changes.write(
            self._database,
            work,
            lambda removal_id: [("campaign", {"id": campaign_id}), ("removal", {"id": removal_id})],
        )
        return Removed(id, 1, removal_id)

    async def _write(self, work: Callable[[Connection], Relation]) -> Relation:
        return await self._changes.write(
            self._database, work, lambda written: [("campaign", {"id": written.campaign_id})]
        )


def _check(fields: Mapping[str, object]) -> dict[str, Any]:
    if unknown := sorted(set(fields) - set(FIELDS)):
        raise InvalidInput(
            f"A relation has no field {unknown[0]}.",
            code="unknown_field",
            facts={"field": unknown[0]},
        )
    return {name: FIELDS[name][0](name, value) for name, value in fields.items()}
