"""Drafts of a game session's two recaps. Nothing is stored: a person edits and keeps them.

Everything is read first, then the model is asked with no transaction open, so that a slow or
failing model holds nobody up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.ports import Cast, EveningSource
from ttrpg_assistant.conversations.store.evening_talk import Said, list_said_during
from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.llm.types import Passage
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.prompts.recaps import (
    GmEvening,
    SpokenLine,
    compose_gm_recap,
    compose_players_recap,
    passages_of_evening,
)
from ttrpg_assistant.storage.database import Database

CUT = "The model reached its answer length: the end of this recap is missing."


@dataclass(frozen=True, slots=True)
class RecapDraft:
    """A recap to be edited. `text` is empty when there was nothing to make it from.

    `model` is who drafted it, None when nobody was asked. `left_out` are sentences that say
    what did not fit.
    """

    text: str
    model: str | None
    lines_read: int
    messages_read: int
    left_out: tuple[str, ...] = ()


class Recaps:
    """Drafts recaps with the model that answers now."""

    def __init__(
        self, database: Database, model: AnsweringModel, evenings: EveningSource, cast: Cast
    ) -> None:
        self._database = database
        self._model = model
        self._evenings = evenings
        self._cast = cast

    async def draft_for_gm(self, game_session_id: str) -> RecapDraft:
        """From the plan, all notes and events, and the talk while it ran.

        Raises `NotFound`, a `ModelFault`.
        """
        evening, talk = await self._database.read(lambda tx: self._read(tx, game_session_id))
        if not evening.lines and not talk:
            return RecapDraft("", None, 0, 0)
        nonce = new_nonce()
        return await self._ask(
            lambda budget: compose_gm_recap(evening, talk, budget, nonce),
            passages_of_evening(evening, talk),
            len(evening.lines),
            len(talk),
        )

    async def draft_for_players(self, game_session_id: str) -> RecapDraft:
        """From the notes and events that players may know, and from nothing else.

        Raises `NotFound`, a `ModelFault`.
        """
        evening = await self._database.read(
            lambda tx: self._evenings.gather_for_players(tx, game_session_id)
        )
        if not evening.lines:
            return RecapDraft("", None, 0, 0)
        nonce = new_nonce()
        return await self._ask(
            lambda budget: compose_players_recap(evening, budget, nonce),
            passages_of_evening(evening),
            len(evening.lines),
            0,
        )

    async def _ask(
        self,
        compose: Callable[[Budget], Prompt],
        passages: Sequence[Passage],
        lines: int,
        messages: int,
    ) -> RecapDraft:
        made: list[Prompt] = []

        def keep(budget: Budget) -> Prompt:
            made.append(compose(budget))
            return made[-1]

        choice = self._model.choice
        answered = await self._model.ask(keep, passages)
        text = answered.text.strip()
        if not text:
            raise BadAnswer("The model answered nothing.")
        left_out = made[-1].manifest.cut if made else ()
        if answered.is_cut:
            left_out = (*left_out, CUT)
        return RecapDraft(text, choice, lines, messages, left_out)

    def _read(self, tx: Connection, game_session_id: str) -> tuple[GmEvening, list[SpokenLine]]:
        evening = self._evenings.gather_for_gm(tx, game_session_id)
        campaign_id, since, until = self._evenings.find_span(tx, game_session_id)
        if since is None:
            return evening, []
        said = list_said_during(tx, campaign_id, since, until)
        as_npcs = {one.npc_id for one in said if one.mode == "as" and one.npc_id}
        names = self._cast.name_npcs(tx, sorted(as_npcs))
        talk = [
            SpokenLine(one.id, _speaker(one, names), text)
            for one in said
            if (text := readable(one.content, with_proposals=False).strip())
        ]
        return evening, talk


def _speaker(said: Said, names: Mapping[str, str]) -> str:
    if said.mode == "as":
        name = names.get(said.npc_id or "", "an NPC")
        return name if said.role == "assistant" else f"To {name}"
    return "Game master" if said.role == "user" else "Assistant"
