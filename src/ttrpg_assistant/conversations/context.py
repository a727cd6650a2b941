"""What a model is told for a turn: the talk so far and the facts that bear on it.

Everything is read in one view of the database (`gathering.py`); composing is pure and knows no
database.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt, Measured
from ttrpg_assistant.conversations.gathered import Gathered
from ttrpg_assistant.conversations.gathering import Gathering
from ttrpg_assistant.conversations.model import Question, Turn
from ttrpg_assistant.conversations.passages import (
    passage_of_subject,
    passages_of_facts,
    passages_of_form,
    passages_of_recalled,
)
from ttrpg_assistant.conversations.ports import (
    Cast,
    FactSource,
    FormSource,
    Recall,
    TableRoller,
)
from ttrpg_assistant.conversations.prompt_settings import (
    get_prompt_secret,
)
from ttrpg_assistant.conversations.rolled import passage_of_roll, with_rolled
from ttrpg_assistant.conversations.store import (
    conversations,
)
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.llm.types import Passage, PassageKind, Persona
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import (
    Prompt,
    compose_about,
    compose_chat,
    compose_voice,
)
from ttrpg_assistant.prompts.facts import (
    VoiceSheet,
    persona_of,
)
from ttrpg_assistant.prompts.fence import derive_nonce, new_nonce
from ttrpg_assistant.storage.database import Database


class ConversationContext:
    """Builds the prompts of turns."""

    def __init__(
        self,
        database: Database,
        facts: FactSource | None = None,
        cast: Cast | None = None,
        recall: Recall | None = None,
        forms: FormSource | None = None,
        roller: TableRoller | None = None,
    ) -> None:
        self._database = database
        self._gathering = Gathering(facts, cast, recall, forms, roller)
        self._secret: str | None = None

    async def read_ahead(self, question: Question, answerer: Answerer) -> Gathered | None:
        """What the prompt of a question will be made of, read while it is being stored."""
        secret, budget = await self._get_secret(), answerer.make_budget()
        return await self._database.read(
            lambda tx: self._gathering.gather_ahead(tx, question, budget, secret)
        )

    async def build(
        self, turn: Turn, answerer: Answerer, ahead: Gathered | None = None
    ) -> BuiltPrompt:
        """The request for a turn, within what the model can read. `ahead` is what was read for
        it before, for this same model."""
        budget = answerer.make_budget()
        secret = await self._get_secret()
        nonce = derive_nonce(secret, turn.conversation_id)
        gathered, prompt = await self._make(turn, budget, secret, nonce, ahead)
        talk = prompt.manifest.history
        if talk.dropped and talk.first_kept_seq not in (None, gathered.history.kept_from):
            # Only now it is known where the talk begins: what comes before is summed up.
            gathered, prompt = await self._make(
                turn, budget, secret, nonce, None, talk.first_kept_seq
            )
        self._gathering.remember_start(gathered.start_key, prompt.manifest.history.first_kept_seq)
        voice = gathered.facts.voice if gathered.facts is not None else None
        request = replace(
            answerer.make_request(prompt, () if voice is not None else _passages(gathered)),
            persona=_persona(voice),
            counts=() if voice is not None else _counts(gathered),
        )
        manifest = prompt.manifest
        return BuiltPrompt(request, manifest.as_json(), manifest.total_tokens, voice)

    async def measure(
        self, conversation_id: str, content: str, answerer: Answerer
    ) -> Measured | None:
        """What asking this would send now, by composing it; nothing is stored, and nothing is
        recalled for it. None in a scene: it depends on who answers. Raises `NotFound`, and
        `ContextTooLong` where not even the instructions fit."""
        budget = answerer.make_budget()

        def work(tx: Connection) -> Gathered | None:
            conversation = conversations.get_conversation(tx, conversation_id)
            if conversation.is_scene:
                return None
            return self._gathering.gather_unsaid(tx, conversation, content, budget)

        gathered = await self._database.read(work)
        if gathered is None:
            return None
        budget = replace(budget, whole_history=gathered.is_whole)
        manifest = _compose(gathered, budget, new_nonce()).manifest
        return Measured(manifest.total_tokens, not manifest.is_new_message_cut)

    async def _make(
        self,
        turn: Turn,
        budget: Budget,
        secret: str,
        nonce: str,
        gathered: Gathered | None,
        start: int | None = None,
    ) -> tuple[Gathered, Prompt]:
        if gathered is None:
            gathered = await self._database.read(
                lambda tx: self._gathering.gather(tx, turn, budget, secret, start)
            )
        budget = replace(budget, whole_history=gathered.is_whole)
        return gathered, _compose(gathered, budget, nonce)

    async def _get_secret(self) -> str:
        if self._secret is None:
            self._secret = await get_prompt_secret(self._database)
        return self._secret


def _compose(gathered: Gathered, budget: Budget, nonce: str) -> Prompt:
    facts, said = gathered.facts, gathered.said
    if gathered.conversation.kind == "npc":
        if facts is None or (facts.voice is None and facts.subject is None):
            raise NotFound("This NPC no longer exists.", code="npc_not_found")
        if said.mode == "as":
            if facts.voice is None:
                raise NotFound("This NPC no longer exists.", code="npc_not_found")
            return compose_voice(
                sheet=facts.voice,
                history=gathered.history,
                new_message=gathered.new_message or said.content,
                budget=budget,
                nonce=nonce,
            )
        assert facts.subject is not None
        return compose_about(
            sheet=facts.subject,
            facts=with_rolled(facts.campaign, gathered.rolled),
            history=gathered.history,
            new_message=said.content,
            budget=budget,
            nonce=nonce,
        )
    return compose_chat(
        facts=with_rolled(facts.campaign, gathered.rolled) if facts is not None else None,
        history=gathered.history,
        new_message=said.content,
        budget=budget,
        nonce=nonce,
        purpose=gathered.conversation.thread_purpose,
        voice=gathered.sounds,
        form=gathered.form,
    )


def _passages(gathered: Gathered) -> tuple[Passage, ...]:
    campaign = gathered.facts.campaign if gathered.facts is not None else None
    known = passages_of_facts(campaign) if campaign is not None else []
    subject = gathered.facts.subject if gathered.facts is not None else None
    if subject is not None:
        others = [passage for passage in known if passage.ref != subject.npc_id]
        known = [passage_of_subject(subject), *others]
    if gathered.form is not None:
        known += passages_of_form(gathered.form)
    known += map(passage_of_roll, gathered.rolled)
    return (*known, *passages_of_recalled(gathered.history.recalled))


def _counts(gathered: Gathered) -> tuple[tuple[PassageKind, int], ...]:
    campaign = gathered.facts.campaign if gathered.facts is not None else None
    if campaign is None:
        return ()
    return (("npc", campaign.npc_count or 0), ("location", campaign.location_count or 0))


def _persona(voice: VoiceSheet | None) -> Persona | None:
    return None if voice is None else persona_of(voice)
