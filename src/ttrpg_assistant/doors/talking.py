"""Talk through another program: as an NPC, from what that NPC knows alone, or with the assistant.

The program's messages are the history, nothing is stored unless it wishes so, and what it sends as
its own instructions is data. An NPC's prompt is composed as in talk as that NPC on the page.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.answering import REPLY_CHARACTERS, AnsweringModel
from ttrpg_assistant.conversations.npc.checking import check_aside
from ttrpg_assistant.conversations.passages import passages_of_facts
from ttrpg_assistant.conversations.ports import FactSource
from ttrpg_assistant.conversations.prompt_settings import get_prompt_secret
from ttrpg_assistant.conversations.speakers import speaker_filter
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.model_names import (
    NamedNpc,
    Speaker,
    find_speaker,
    list_names,
    spell_name,
)
from ttrpg_assistant.doors.store.speakers import list_speakers
from ttrpg_assistant.errors import (
    BadAnswer,
    CutOff,
    InvalidInput,
    ModelRefused,
    NotFound,
    TooManyAnswers,
)
from ttrpg_assistant.llm.types import (
    BUILT_IN,
    Finished,
    ModelEvent,
    Passage,
    Persona,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
)
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt, compose_chat, compose_voice
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    History,
    HistoryMessage,
    VoiceSheet,
    persona_of,
)
from ttrpg_assistant.prompts.fence import derive_nonce
from ttrpg_assistant.prompts.guard import check_input, find_injection
from ttrpg_assistant.storage.database import Database

RECENT_MESSAGES = 6
"""How much of the talk before the new message is searched for names."""

MOST_HISTORY = 200
"""Messages of the talk that are read, the newest."""

MESSAGE_CHARACTERS = 100_000
SENT_ALONG_CHARACTERS = 12_000

MOST_AT_ONCE = 4
"""Answers that are written for one token at the same time."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the talk that a program sends."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be answered. `talk` is oldest first and ends with what the user said."""

    talk: Sequence[Said]
    sent_along: str = ""
    most_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class End:
    """How the answer ended, and what it took: tokens, counted by the provider or estimated."""

    reason: Literal["stop", "length"]
    tokens_in: int
    tokens_out: int
    text: str


@dataclass(frozen=True, slots=True)
class _Told:
    voice: VoiceSheet | None
    campaign: CampaignFacts | None


class OutsideTalk:
    """Who may be talked to through a token, and the talk."""

    def __init__(self, database: Database, model: AnsweringModel, facts: FactSource) -> None:
        self._database = database
        self._model = model
        self._facts = facts
        self._running: Counter[str] = Counter()
        self._secret: str | None = None

    async def list_models(self, token: Token) -> list[Speaker]:
        """Who can be chosen: with `read:gm` the assistant and every NPC in use, otherwise the NPCs
        in the scene now. Raises `Refused` without `talk`."""
        token.check("talk")
        npcs = await self._list_npcs(token, is_listing=True)
        names = list_names(token.campaign_name, token.campaign_id, npcs)
        found = [Speaker("npc", names[npc.id], npc) for npc in npcs]
        if "read:gm" in token.scopes:
            gm = f"gm/{spell_name(token.campaign_name) or token.campaign_id}"
            return [Speaker("gm", gm), *found]
        return found

    async def find(self, token: Token, model: str) -> Speaker:
        """Who is meant. Raises `Refused` without the scopes, `NotFound` in the same words for what
        is not there and for what is elsewhere."""
        token.check("talk", *(("read:gm",) if model.startswith("gm/") else ()))
        npcs = await self._list_npcs(token, is_listing=False)
        found = find_speaker(model, token.campaign_id, token.campaign_name, npcs)
        if found is None:
            raise NotFound(
                "There is no such model for this token.",
                code="model_not_found",
                cure="Choose one that /v1/models lists, or name an NPC of the campaign.",
            )
        return found

    async def answer(
        self, token: Token, speaker: Speaker, asked: Asked
    ) -> AsyncGenerator[Piece | End]:
        """The answer, in pieces, then its end. Closing it ends the call of the model.

        Raises `InvalidInput`, `Blocked`, `TooManyAnswers`, a `ModelFault`."""
        if not asked.talk or asked.talk[-1].role != "user" or not asked.talk[-1].content.strip():
            raise InvalidInput("The last message must be one of the user.", code="nothing_asked")
        if any(len(one.content) > MESSAGE_CHARACTERS for one in asked.talk):
            raise InvalidInput(
                f"A message has {MESSAGE_CHARACTERS:,} characters at most.", code="said_too_long"
            )
        with self._counted(token):
            async with aclosing(self._answer(token, speaker, asked)) as events:
                async for event in events:
                    yield event

    async def _answer(
        self, token: Token, speaker: Speaker, asked: Asked
    ) -> AsyncGenerator[Piece | End]:
        new, earlier = asked.talk[-1].content, list(asked.talk[-MOST_HISTORY:-1])
        if speaker.npc is not None:
            await check_aside(check_input, new)
            # What would be refused now is not said again as something said before.
            earlier = await asyncio.to_thread(_without_attempts, earlier)
        told = await self._gather(token, speaker, new, earlier)
        if self._secret is None:
            self._secret = await get_prompt_secret(self._database)
        nonce = derive_nonce(self._secret, f"{token.id} {speaker.model}")
        mode: Literal["as"] | None = "as" if speaker.npc is not None else None
        history = History(
            [HistoryMessage(at, one.role, one.content, mode) for at, one in enumerate(earlier, 1)]
        )
        sent_along = cut_text(asked.sent_along, SENT_ALONG_CHARACTERS)
        estimated = 0

        def compose(budget: Budget) -> Prompt:
            nonlocal estimated
            if told.voice is not None:
                prompt = compose_voice(
                    sheet=told.voice,
                    history=history,
                    new_message=new,
                    budget=budget,
                    nonce=nonce,
                    sent_along=sent_along,
                )
            else:
                prompt = compose_chat(
                    facts=told.campaign,
                    history=history,
                    new_message=new,
                    budget=budget,
                    nonce=nonce,
                    sent_along=sent_along,
                )
            estimated = prompt.manifest.total_tokens
            return prompt

        passages: Sequence[Passage] = ()
        persona: Persona | None = None
        if told.voice is not None:
            persona = persona_of(told.voice)
        elif told.campaign is not None:
            passages = passages_of_facts(told.campaign)
        answer = _Answer(told.voice)
        events = self._model.stream_events(
            compose, passages, persona=persona, most_tokens=asked.most_tokens
        )
        async with aclosing(events) as said:
            async for event in said:
                more = answer.take(event)
                if more:
                    yield Piece(more)
                if answer.has_ended:
                    break
        if rest := answer.finish():
            yield Piece(rest)
        whole = "".join(answer.text)
        if not whole.strip():
            raise BadAnswer("The model answered with nothing.", code="empty_answer")
        yield End(answer.reason, *_count(answer.counted, estimated, whole), whole)

    async def _gather(
        self, token: Token, speaker: Speaker, new: str, earlier: Sequence[Said]
    ) -> _Told:
        recent = [one.content for one in reversed(earlier[-RECENT_MESSAGES:])]
        npc_id = None if speaker.npc is None else speaker.npc.id

        def work(tx: Connection) -> _Told:
            facts = self._facts.gather(
                tx,
                token.campaign_id,
                None,
                [new, *recent],
                npc_id,
                "as" if npc_id is not None else None,
                for_quotes=npc_id is None and self._model.choice == BUILT_IN,
            )
            if npc_id is not None and facts.voice is None:
                raise NotFound("This NPC no longer exists.", code="model_not_found")
            # What is proposed comes in by `propose`: here nobody reads blocks.
            campaign = None if facts.campaign is None else replace(facts.campaign, taught="")
            return _Told(facts.voice, campaign)

        return await self._database.read(work)

    async def _list_npcs(self, token: Token, *, is_listing: bool) -> list[NamedNpc]:
        only_present = is_listing and "read:gm" not in token.scopes
        rows = await self._database.read(
            lambda tx: list_speakers(tx, token.campaign_id, with_archived=not is_listing)
        )
        return [
            NamedNpc(id, name) for id, name, is_present in rows if is_present or not only_present
        ]

    @contextmanager
    def _counted(self, token: Token) -> Iterator[None]:
        if self._running[token.id] >= MOST_AT_ONCE:
            raise TooManyAnswers(MOST_AT_ONCE)
        self._running[token.id] += 1
        try:
            yield
        finally:
            self._running[token.id] -= 1
            if not self._running[token.id]:
                del self._running[token.id]


class _Answer:
    """What a model says, reduced to what belongs into its answer."""

    def __init__(self, voice: VoiceSheet | None) -> None:
        self.text: list[str] = []
        self.reason: Literal["stop", "length"] = "stop"
        self.counted: Usage | None = None
        self._voice = voice
        self._thinking: list[str] = []
        self._length = 0
        self._speech = None if voice is None else speaker_filter(voice)

    @property
    def has_ended(self) -> bool:
        """Whether an NPC has begun to speak for somebody else."""
        return self._speech is not None and self._speech.ended

    def take(self, event: ModelEvent) -> str:
        """The text that an event adds. Raises `CutOff`, `ModelRefused`."""
        if isinstance(event, TextDelta | ThinkingDelta):
            self._length += len(event.text)
            if self._length > REPLY_CHARACTERS:
                raise CutOff("The answer was too long and was cut.", code="reply_too_long")
        if isinstance(event, TextDelta):
            return self._add(event.text)
        if isinstance(event, ThinkingDelta):
            self._thinking.append(event.text)
        elif isinstance(event, Reclassified):
            # What a program has already cannot be taken back; the whole answer is right.
            thought, self._thinking = "".join(self._thinking), []
            self.text = []
            self._speech = None if self._voice is None else speaker_filter(self._voice)
            return "" if event.now == "thinking" else self._add(thought)
        elif isinstance(event, Usage):
            self.counted = event
        elif isinstance(event, Finished):
            if event.reason == "filtered":
                raise ModelRefused("The model's provider stopped this answer.")
            self.reason = event.reason
        return ""

    def finish(self) -> str:
        """What is still held back."""
        rest = "" if self._speech is None else self._speech.rest()
        if rest:
            self.text.append(rest)
        return rest

    def _add(self, said: str) -> str:
        more = said if self._speech is None else self._speech.feed(said)
        if more:
            self.text.append(more)
        return more


def _without_attempts(earlier: Sequence[Said]) -> list[Said]:
    return [one for one in earlier if one.role == "assistant" or not find_injection(one.content)]


def _count(counted: Usage | None, estimated: int, text: str) -> tuple[int, int]:
    tokens_in = estimated if counted is None or counted.tokens_in is None else counted.tokens_in
    if counted is not None and counted.tokens_out is not None:
        return tokens_in, counted.tokens_out
    return tokens_in, max(1, len(text) // 4)
