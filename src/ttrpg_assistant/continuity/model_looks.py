"""A model's looks through campaigns as a person uses them: begin, see how far it is, stop."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.store.entities import check_campaign
from ttrpg_assistant.continuity.findings import Look
from ttrpg_assistant.continuity.look_runner import LookRunner, model_needed
from ttrpg_assistant.continuity.store import looks
from ttrpg_assistant.continuity.store.evidence import count_evenings
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.storage.database import Database


@dataclass(frozen=True, slots=True)
class LookState:
    """Whether a model could look, and the campaign's look, if it has one. `found` and `settled`
    count the model's findings that are kept, `evenings` the game sessions that were played."""

    can_look: bool
    look: Look | None
    evenings: int
    found: int
    settled: int


class ModelLooks:
    """The looks through all campaigns."""

    def __init__(
        self, database: Database, changes: Changes, model: AnsweringModel, runner: LookRunner
    ) -> None:
        self._database, self._changes = database, changes
        self._model, self._runner = model, runner

    async def get(self, campaign_id: str) -> LookState:
        """Raises `NotFound` without such a campaign."""

        def read(tx: Connection) -> LookState:
            check_campaign(tx, campaign_id)
            words = looks.list_findings(tx, campaign_id).values()
            return LookState(
                self._can_look,
                looks.find_look(tx, campaign_id),
                count_evenings(tx, campaign_id),
                sum(one.kind != "verdict" for one in words),
                sum(one.says == "settled" for one in words),
            )

        return await self._database.read(read)

    async def start(self, campaign_id: str, *, afresh: bool = False) -> LookState:
        """Let the model read what it has not read yet; `afresh` everything, and what it said
        before is forgotten. While it reads this changes nothing. Raises `NotFound`, `Conflict`
        where only the built-in model answers."""
        if not self._can_look:
            needed = model_needed()
            raise Conflict(needed.sentence, code=needed.code, cure=needed.cure)
        choice = self._model.choice

        def work(tx: Connection) -> Look:
            check_campaign(tx, campaign_id)
            there = looks.find_look(tx, campaign_id)
            if there is not None and there.status == "reading":
                return there
            if afresh:
                looks.forget_all(tx, campaign_id)
            return looks.begin_look(tx, campaign_id, choice)

        look = await self._changes.write(
            self._database, work, lambda _: [("campaign", {"id": campaign_id})]
        )
        self._runner.ask_for(look.id)
        return await self.get(campaign_id)

    async def stop(self, campaign_id: str) -> LookState:
        """Read no further part; the one that is being read is ended. Raises `NotFound`."""

        def work(tx: Connection) -> None:
            check_campaign(tx, campaign_id)
            there = looks.find_look(tx, campaign_id)
            if there is not None:
                looks.end_look(tx, there.id, "stopped")

        await self._changes.write(
            self._database, work, lambda _: [("campaign", {"id": campaign_id})]
        )
        return await self.get(campaign_id)

    @property
    def _can_look(self) -> bool:
        return self._model.choice.partition(":")[0] != BUILT_IN
