"""NPCs, and what each of them knows (FR-200; need to know, DESIGN 7)."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.checks import check_prose
from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.known_facts import hint_of_fact
from ttrpg_assistant.campaigns.model import Knowledge, KnownFact, Npc, Page
from ttrpg_assistant.campaigns.store import entities, knowledge
from ttrpg_assistant.errors import InvalidInput


class Npcs(Entities[Npc]):
    """NPCs. Their `secrets` and `gm_notes` are the game master's alone."""

    kind = NPC

    async def list_every(self, campaign_id: str) -> list[Npc]:
        """Every NPC of the campaign that is not archived, by name."""
        found: list[Npc] = []
        after: str | None = None
        while True:
            page = await self.list_all(campaign_id, after=after, limit=500)
            found += page.items
            after = page.next_cursor
            if after is None:
                return found

    async def list_knowledge(
        self, npc_id: str, *, search: str = "", after: str | None = None, limit: int = 50
    ) -> Page[Knowledge]:
        """ "What does Mira know?": facts, newest first, each with why it is known."""
        return await self._database.read(
            lambda tx: knowledge.list_npc_knowledge(
                tx, npc_id, search=search, after=after, limit=limit
            )
        )

    async def tell(
        self,
        npc_id: str,
        *,
        fact_id: str | None = None,
        text: str | None = None,
        told_by_npc_id: str | None = None,
        source_message_id: str | None = None,
    ) -> KnownFact:
        """Let an NPC know a stored fact, or a new one known to nobody else (and its teller).

        Raises `NotFound`, `InvalidInput` unless exactly one of `fact_id` and `text` is given.
        """
        if (fact_id is None) == (text is None):
            raise InvalidInput("Name either a stored fact or a new text.", code="one_of_two")

        def work(tx: Connection) -> KnownFact:
            told = fact_id
            if told is None:
                npc = entities.get_entity(tx, NPC, npc_id)
                told = knowledge.add_fact(
                    tx,
                    npc.campaign_id,
                    check_prose("text", text),
                    "npcs",
                    npc_ids=[told_by_npc_id] if told_by_npc_id else [],
                    source_message_id=source_message_id,
                ).id
            return knowledge.tell_npc(
                tx,
                told,
                npc_id,
                told_by_npc_id=told_by_npc_id,
                source_message_id=source_message_id,
            )

        return await self._changes.write(self._database, work, hint_of_fact)

    async def untell(self, npc_id: str, fact_id: str) -> KnownFact:
        """Take back that an NPC was told. Raises `NotFound`."""
        return await self._changes.write(
            self._database, lambda tx: knowledge.untell_npc(tx, fact_id, npc_id), hint_of_fact
        )


def get_campaign_id(tx: Connection, npc_id: str) -> str:
    """The campaign that an NPC belongs to; `NotFound` when it is not there or was removed."""
    return entities.get_entity(tx, NPC, npc_id).campaign_id
