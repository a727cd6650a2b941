"""Facts about the world and who may know them: "Who knows about the vault?"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.checks import (
    Check,
    check_flag,
    check_names,
    check_prose,
    check_reference,
    one_of,
)
from ttrpg_assistant.campaigns.entities import Removed
from ttrpg_assistant.campaigns.model import Canon, FactAudience, KnownFact, Page
from ttrpg_assistant.campaigns.ports import RecordRemoval
from ttrpg_assistant.campaigns.store import knowledge
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import check_id, utc_now
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database

check_canon = one_of(*get_args(Canon))
check_audience = one_of(*get_args(FactAudience))
TITLE_LENGTH = 80
"""Characters of a fact's text that name it in the list of what can be brought back."""


class KnownFacts:
    """Facts with an audience. What an NPC speaks from is chosen by it, so the default is `gm`."""

    def __init__(self, database: Database, changes: Changes, record_removal: RecordRemoval) -> None:
        self._database = database
        self._changes = changes
        self._record_removal = record_removal

    async def add(
        self, campaign_id: str, fields: Mapping[str, object], *, id: str | None = None
    ) -> KnownFact:
        """A new fact from `text`, `audience`, `npc_ids`, `character_ids`, `groups`, `canon`,
        `game_session_id`, `is_false` and `source_message_id`."""
        checked = _check(fields)
        if "text" not in checked:
            raise InvalidInput("A fact needs a text.", facts={"field": "text"})
        own_id = None if id is None else check_id(id)

        def work(tx: Connection) -> KnownFact:
            return knowledge.add_fact(
                tx, campaign_id, id=own_id, **{"audience": _implied(checked), **checked}
            )

        return await self._changes.write(self._database, work, hint_of_fact)

    async def update(self, id: str, revision: int, fields: Mapping[str, object]) -> KnownFact:
        """Change the given fields; lists replace.

        Raises `NotFound`, and `Conflict` when text, audience or listeners changed in between.
        """
        checked = _check(fields)
        return await self._changes.write(
            self._database,
            lambda tx: knowledge.edit_fact(tx, id, revision, **checked),
            hint_of_fact,
        )

    async def get(self, id: str) -> KnownFact:
        """Raises `NotFound`."""
        return await self._database.read(lambda tx: knowledge.get_fact(tx, id))

    async def list_all(
        self,
        campaign_id: str,
        *,
        search: str = "",
        audience: str | None = None,
        canon: str | None = None,
        game_session_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[KnownFact]:
        """Facts whose text holds every word of `search`, newest first, with their listeners."""
        wanted = None if audience is None else str(check_audience("audience", audience))
        step = None if canon is None else str(check_canon("canon", canon))
        return await self._database.read(
            lambda tx: knowledge.list_facts(
                tx,
                campaign_id,
                search=search,
                audience=wanted,
                canon=step,
                game_session_id=game_session_id,
                after=after,
                limit=limit,
            )
        )

    async def remove(self, id: str) -> Removed:
        """Delete, undoable. Raises `NotFound`."""

        def work(tx: Connection) -> tuple[str, str]:
            fact = knowledge.get_fact(tx, id)
            knowledge.mark_fact_removed(tx, id, removed=True)
            title = cut_text(fact.text, TITLE_LENGTH)
            return fact.campaign_id, self._record_removal(
                tx, "fact_removed", id, title=title, count=1, details={}, now=utc_now()
            )

        _, removal_id = await self._changes.write(
            self._database,
            work,
            lambda done: [("campaign", {"id": done[0]}), ("removal", {"id": done[1]})],
        )
        return Removed(id, 1, removal_id)


def hint_of_fact(fact: KnownFact) -> list[Hint]:
    """What is sent to pages when a fact, or who knows it, has changed."""
    return [("campaign", {"id": fact.campaign_id})]


def _check_ids(field: str, value: object) -> list[str]:
    return [check_id(one, field) for one in check_names(field, value)]


_CHECKS: dict[str, Check] = {
    "text": check_prose,
    "audience": check_audience,
    "npc_ids": _check_ids,
    "character_ids": _check_ids,
    "groups": check_names,
    "canon": check_canon,
    "game_session_id": check_reference,
    "is_false": check_flag,
    "source_message_id": check_reference,
}


def _check(fields: Mapping[str, object]) -> dict[str, Any]:
    if unknown := sorted(set(fields) - set(_CHECKS)):
        raise InvalidInput(f"A fact has no field {unknown[0]}.", code="unknown_field")
    checked = {name: _CHECKS[name](name, value) for name, value in fields.items()}
    if "text" in checked and not str(checked["text"]).strip():
        raise InvalidInput("A fact needs a text.", facts={"field": "text"})
    return checked


def _implied(checked: Mapping[str, object]) -> str:
    """The audience when none was said: its listeners if there are any, else nobody."""
    words = {"npc_ids": "npcs", "character_ids": "characters", "groups": "group"}
    return next((word for name, word in words.items() if checked.get(name)), "gm")
