"""What the room of talk asks of others: facts, casts, recalled talk, forms, models, a reader.

`services.py` hands in what fulfils them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from random import Random
from typing import Protocol

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt, Measured
from ttrpg_assistant.conversations.gathered import Gathered
from ttrpg_assistant.conversations.model import Conversation, Message, Mode, Question, Turn
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    FormFacts,
    NpcSheet,
    RecalledMessage,
    VoiceSheet,
)
from ttrpg_assistant.prompts.recaps import GmEvening, PlayersEvening


class GatheredFacts(Protocol):
    """What a fact source found. In voice mode only `voice` is set."""

    @property
    def campaign(self) -> CampaignFacts | None: ...
    @property
    def subject(self) -> NpcSheet | None: ...
    @property
    def voice(self) -> VoiceSheet | None: ...


class FactSource(Protocol):
    """Where the facts of a campaign come from; `app.py` hands in the campaigns room's."""

    def gather(
        self,
        tx: Connection,
        campaign_id: str | None,
        game_session_id: str | None,
        text_and_recent: Sequence[str],
        npc_id: str | None = None,
        mode: Mode | None = None,
        *,
        for_quotes: bool = False,
    ) -> GatheredFacts:
        """The facts for one prompt; the texts are the new message, then recent talk. With
        `for_quotes` they hold what the built-in model quotes from."""
        ...


class TableRoller(Protocol):
    """Who rolls on the random tables of a campaign; `app.py` hands in the campaigns room's."""

    def roll_asked(
        self, tx: Connection, campaign_id: str, text: str, chance: Random
    ) -> Sequence[EntityFact]:
        """The rolls on tables that a message asks for, made now; none where it asks for none."""
        ...


class Cast(Protocol):
    """Who takes part in a scene; `app.py` hands in the campaigns room's."""

    def name_npcs(self, tx: Connection, npc_ids: Sequence[str]) -> Mapping[str, str]:
        """The names of those that are there, in the order asked."""
        ...

    def find_addressed(self, tx: Connection, npc_ids: Sequence[str], text: str) -> list[str]:
        """Whom of these the text names, in the order of naming."""
        ...

    def list_names_said(
        self, tx: Connection, campaign_id: str, texts: Sequence[str]
    ) -> Mapping[str, int]:
        """The names of the campaign's things that the texts say, spelled as they are there, and
        how often each is said."""
        ...


class FormSource(Protocol):
    """Where a wizard's answers come from; the suggestions room's is handed in."""

    def find_form(self, tx: Connection, wizard_id: str) -> FormFacts | None:
        """The answers so far, or None where the wizard is finished or gone."""
        ...


class Recall(Protocol):
    """Finds what was said before and bears on what is said now; the search room's is handed in."""

    def recall(
        self,
        tx: Connection,
        conversation: Conversation,
        said: Message,
        recent: Sequence[str],
        already_read: Set[str],
    ) -> Sequence[RecalledMessage]:
        """Messages from anywhere in the campaign, most relevant first, none of `already_read`.

        For talk as an NPC, only what was said as that NPC.
        """
        ...


class EveningSource(Protocol):
    """Where game sessions come from; `app.py` hands in the campaigns room's.

    Each raises `NotFound` when there is no such game session.
    """

    def gather_for_gm(self, tx: Connection, game_session_id: str) -> GmEvening:
        """All that was planned and noted."""
        ...

    def gather_for_players(self, tx: Connection, game_session_id: str) -> PlayersEvening:
        """What players may know; nothing else is even read."""
        ...

    def find_span(self, tx: Connection, game_session_id: str) -> tuple[str, str | None, str | None]:
        """The campaign's id, and when the game session began and ended."""
        ...


class Models(Protocol):
    """Where providers come from."""

    def get_provider(self, choice: str) -> tuple[Provider, str]:
        """The provider and model name of a choice; raises a `ModelFault`."""
        ...


class TurnContext(Protocol):
    """Builds the prompt of a turn."""

    async def read_ahead(self, question: Question, answerer: Answerer) -> Gathered | None:
        """What the prompt of a question will be made of, read while it is being stored. None
        where that cannot be known before."""
        ...

    async def build(
        self, turn: Turn, answerer: Answerer, ahead: Gathered | None = None
    ) -> BuiltPrompt:
        """Facts and history within the model's context size, as one request. `ahead` is what was
        read for this turn and this model before."""
        ...


class Measuring(Protocol):
    """Says what a question would send, by composing it."""

    async def measure(
        self, conversation_id: str, content: str, answerer: Answerer
    ) -> Measured | None:
        """None where that cannot be said before."""
        ...


class ReplyReader(Protocol):
    """Reads an answer that is complete and stored, for what it proposes and cites."""

    async def read_reply(self, message: Message) -> None:
        """Must be safe to repeat for the same message."""
        ...
