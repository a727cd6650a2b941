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
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.npc.checking import check_aside
from ttrpg_assistant.conversations.passages import passages_of_facts
from ttrpg_assistant.conversations.ports import FactSource
from ttrpg_assistant.conversations.prompt_settings import get_prompt_secret
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.model_names import (
    NamedNpc,
    Speaker,
    find_speaker,
    list_names,
    spell_name,
)
from ttrpg_assistant.doors.outside_answer import OutsideAnswer
from ttrpg_assistant.doors.store.speakers import list_speakers
from ttrpg_assistant.errors import Blocked, InvalidInput, NotFound, TooManyAnswers
from ttrpg_assistant.llm.types import BUILT_IN, Passage, Persona
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
    """What is to be answered. `talk` is oldest first and ends with what the user said; the answer
    ends before the first of the `stops`."""

    talk: Sequence[Said]
    sent_along: str = ""
    most_tokens: int | None = None
    stops: Sequence[str] = ()


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
        npcs = await self._list_npcs(token, with_archived=False)
        names = list_names(token.campaign_name, token.campaign_id, npcs)
        found = [Speaker("npc", names[npc.id], npc) for npc in npcs]
        if "read:gm" in token.scopes:
            gm = f"gm/{spell_name(token.campaign_name) or token.campaign_id}"
            return [Speaker("gm", gm), *found]
        return found

    async def find(self, token: Token, model: str) -> Speaker:
        """Who is meant: without `read:gm` one of the NPCs in the scene now. Raises `Refused`
        without the scopes, `NotFound` in the same words for who is not there, who is elsewhere and
        whom the players have not met: a guess is never confirmed."""
        token.check("talk", *(("read:gm",) if model.startswith("gm/") else ()))
        npcs = await self._list_npcs(token, with_archived=True)
        found = find_speaker(model, token.campaign_id, token.campaign_name, npcs)
        if found is None:
            raise NotFound(
                "There is no such model for this token.",
                code="model_not_found",
                cure="Choose one that /v1/models lists. Without read:gm these are the NPCs marked"
                " “In the scene now”.",
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
            await _check_said(new)
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
        answer = OutsideAnswer(told.voice, asked.stops)
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
        yield End(answer.reason, *answer.count_tokens(estimated), answer.read_whole())

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

    async def _list_npcs(self, token: Token, *, with_archived: bool) -> list[NamedNpc]:
        is_gm = "read:gm" in token.scopes
        rows = await self._database.read(
            lambda tx: list_speakers(
                tx, token.campaign_id, with_archived=with_archived and is_gm, only_present=not is_gm
            )
        )
        return [NamedNpc(id, name) for id, name in rows]

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


async def _check_said(text: str) -> None:
    """Raises `Blocked`, `TooLarge`, with a cure for whoever uses another program."""
    try:
        await check_aside(check_input, text)
    except Blocked as fault:
        raise Blocked(
            fault.sentence, code=fault.code, cure="Say it in other words.", facts=fault.facts
        ) from fault


def _without_attempts(earlier: Sequence[Said]) -> list[Said]:
    return [one for one in earlier if one.role == "assistant" or not find_injection(one.content)]
