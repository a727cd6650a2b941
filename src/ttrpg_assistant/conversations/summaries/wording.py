"""Finds the words of a summary: asks the model, checks what it kept, and picks lines out where
there is none that answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.builtin.names_kept import NamesSaid
from ttrpg_assistant.builtin.summary import condense, read_names
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.first_reads import NotReadYet
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.npc.hearing import hear
from ttrpg_assistant.conversations.ports import Cast
from ttrpg_assistant.conversations.store import messages, scenes
from ttrpg_assistant.conversations.summaries.model import (
    BUILT_IN,
    Listener,
    Outline,
    StoredSummary,
)
from ttrpg_assistant.conversations.summaries.telling import (
    Asking,
    Worded,
    ask_of_notes,
    ask_of_talk,
    complete,
    tidy,
)
from ttrpg_assistant.errors import (
    BadAnswer,
    ContextTooLong,
    CutOff,
    ModelFault,
    ModelRefused,
)
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.prompts.facts import HistoryMessage
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

ASKING_SECONDS = 300.0
LOOK_SECONDS = 0.25
"""How often is looked whether somebody is being answered."""

_GIVES_WAY = ("ollama", "openai-compatible")


class GaveWay(Exception):
    """Somebody is being answered by the model that was asked for a summary."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who words summaries now: the chosen model or only the built-in one, and whether a person
    asked for them."""

    by_model: bool = True
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class _Material:
    """What one summary is made of: texts, the names of the campaign in them, its level."""

    texts: Sequence[str]
    known: Mapping[str, int]
    level: int


class SummaryWriter:
    """Words the summaries of talk and of other summaries."""

    def __init__(
        self,
        database: Database,
        model: AnsweringModel,
        cast: Cast,
        is_busy: Callable[[], bool],
    ) -> None:
        self._database = database
        self._model = model
        self._cast = cast
        self._is_busy = is_busy

    async def word_talk(
        self,
        conversation: Conversation,
        stretch: Sequence[Outline],
        listener: Listener,
        who: Who,
    ) -> tuple[str, str]:
        """The text for a stretch of talk, and who made it."""

        def read(tx: Connection) -> tuple[list[HistoryMessage], Mapping[str, int]]:
            names: Mapping[str, str] = {}
            if listener.npc_id is not None:
                names = self._cast.name_npcs(tx, scenes.list_members(tx, conversation.id))
            found = (messages.find_message(tx, outline.id) for outline in stretch)
            said = [
                HistoryMessage(one.seq, one.role, text, one.mode)
                for one in found
                if one is not None
                and one.role != "system"
                and (text := _hear(one, listener, names))
            ]
            return said, self._list_known(tx, conversation, [one.content for one in said])

        said, known = await self._database.read(read)
        material = _Material([one.content for one in said], known, 1)
        return await self._word(material, ask_of_talk(said, listener), who)

    async def word_group(
        self, conversation: Conversation, group: Sequence[StoredSummary], who: Who
    ) -> tuple[str, str]:
        """The text for several summaries, and who made it: lines that were picked out are not
        worth a model's while."""
        texts = [one.text for one in group]
        known = await self._database.read(lambda tx: self._list_known(tx, conversation, texts))
        if all(one.made_by == BUILT_IN and one.own_text is None for one in group):
            who = Who(by_model=False)
        material = _Material(texts, known, group[0].level + 1)
        return await self._word(material, ask_of_notes(group, group[0].listener), who)

    def _list_known(
        self, tx: Connection, conversation: Conversation, texts: Sequence[str]
    ) -> Mapping[str, int]:
        if conversation.campaign_id is None:
            return {}
        return self._cast.list_names_said(tx, conversation.campaign_id, texts)

    async def _word(self, material: _Material, asking: Asking, who: Who) -> tuple[str, str]:
        choice = self._model.choice
        if who.by_model and material.texts and choice.partition(":")[0] != BUILT_IN:
            try:
                names = await asyncio.to_thread(read_names, material.texts, material.known)
                worded = await self._ask_well(asking, names, choice, who)
                if worded.text:
                    return complete(worded, names, material.level), choice
            except (BadAnswer, ContextTooLong, CutOff, ModelRefused) as fault:
                # It will not answer this one; what was said must not be forgotten for that.
                log.info("summaries.picked_out", code=fault.code)
        text = await asyncio.to_thread(
            condense, material.texts, known=material.known, level=material.level
        )
        return text, BUILT_IN

    async def _ask_well(self, asking: Asking, names: NamesSaid, choice: str, who: Who) -> Worded:
        """What the model writes; asked once more where it leaves out who is named often."""
        first = tidy(await self._ask(asking, (), choice, who))
        forgotten = names.list_forgotten(first.text)
        if not first.text or not forgotten:
            return first
        try:
            second = tidy(await self._ask(asking, forgotten, choice, who))
        except (GaveWay, NotReadYet, ModelFault) as reason:
            log.info("summaries.asked_once", reason=type(reason).__name__)
            return first
        kept = names.list_forgotten(second.text)
        better = (second.left_out, len(kept)) <= (first.left_out, len(forgotten))
        return second if second.text and better else first

    async def _ask(self, asking: Asking, forgotten: Sequence[str], choice: str, who: Who) -> str:
        # How much a model reads is found out by questions: one that waits for an answer must not
        # be refused because a summary in the background was refused a moment before.
        asked = self._model.ask_once(asking(forgotten), may_be_first=who.by_person)
        running = asyncio.create_task(asked)
        gives_way = choice.partition(":")[0] in _GIVES_WAY
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                while not running.done():
                    await asyncio.wait({running}, timeout=LOOK_SECONDS)
                    if gives_way and not running.done() and self._is_busy():
                        raise GaveWay
            return running.result()
        except TimeoutError:
            raise ModelFault(
                "The model took too long to write a summary.", code="stalled"
            ) from None
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def _hear(message: Message, listener: Listener, names: Mapping[str, str]) -> str:
    if listener.npc_id is None:
        return readable(message.content)
    return readable(hear(message, listener.npc_id, names))
