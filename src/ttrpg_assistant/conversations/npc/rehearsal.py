"""Rehearsing an NPC before it meets the players (FR-204, FR-205).

A rehearsal is ordinary talk as the NPC. What is added: a player's next question on demand,
hints on keeping the voice, and at the end the traits that showed, proposed to the game
master like everything else a model proposes. Every prompt here is built from the sheet as
the NPC knows it: what a rehearsal never saw it cannot write into a trait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.model import REHEARSAL, Conversation, Message
from ttrpg_assistant.conversations.npc.voice import (
    Spoken,
    VoiceHint,
    find_voice_hints,
    list_newest,
)
from ttrpg_assistant.conversations.npc_conversations import NpcConversations
from ttrpg_assistant.conversations.ports import FactSource, ReplyReader
from ttrpg_assistant.conversations.store import conversations, messages, paths
from ttrpg_assistant.conversations.talk import NewMessage
from ttrpg_assistant.errors import BadAnswer, Conflict, InvalidInput, NotFound
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt, Task, compose_task
from ttrpg_assistant.prompts.facts import History, HistoryMessage, VoiceSheet
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.storage.database import Database

MOST_READ = 400
"""Messages of the talk that are looked at, the newest."""

QUESTION_CHARACTERS = 500

ASK_PLAYERS = "What do the players say next?"
ASK_TRAITS = "What did this rehearsal show about the NPC?"


@dataclass(frozen=True, slots=True)
class VoiceCheck:
    """How the voice held: how many answers were looked at, and what to mend."""

    answers: int
    hints: list[VoiceHint]


@dataclass(frozen=True, slots=True)
class _Heard:
    sheet: VoiceSheet
    said: list[Message]

    @property
    def history(self) -> History:
        return History(
            [
                HistoryMessage(one.seq, one.role, one.content, one.mode)
                for one in self.said
                if one.role != "system"
            ]
        )

    @property
    def answers(self) -> list[Message]:
        return [one for one in self.said if one.role == "assistant"]


class Rehearsals:
    """What a game master does to try out an NPC's voice."""

    def __init__(
        self,
        database: Database,
        talk: NpcConversations,
        model: AnsweringModel,
        facts: FactSource,
        reader: ReplyReader,
    ) -> None:
        self._database = database
        self._talk = talk
        self._model = model
        self._facts = facts
        self._reader = reader

    async def start(self, npc_id: str, title: str | None = None) -> Conversation:
        """A new conversation to rehearse in. Raises `NotFound`."""
        return await self._talk.create(npc_id, None, title or "Rehearsal", purpose=REHEARSAL)

    async def propose_question(self, conversation_id: str) -> str:
        """What a player might say next; nothing is stored. Raises `NotFound`, a `ModelFault`."""
        heard = await self._hear(conversation_id)
        text = await self._ask("player_questions", heard, ASK_PLAYERS)
        question = _plain_question(text)
        if not question:
            raise BadAnswer("The model proposed no question.")
        return question

    async def finish(self, conversation_id: str, message_id: str) -> Message:
        """Store what the rehearsal showed about the NPC, and read it for proposed traits.

        It is talk about the NPC, so it never enters the NPC's own prompts. Asking again with
        the same id gives the stored message. Raises `InvalidInput` before the NPC has spoken,
        `NotFound`, `Conflict` for an id used elsewhere, a `ModelFault`.
        """
        stored = await self._database.read(lambda tx: messages.find_message(tx, message_id))
        if stored is None:
            heard = await self._hear(conversation_id)
            if not heard.answers:
                raise InvalidInput("The NPC has not said anything yet.", code="nothing_rehearsed")
            text = await self._ask("npc_traits", heard, ASK_TRAITS)
            new = NewMessage("assistant", text, message_id=message_id, mode="about")
            stored, _ = await self._talk.add_message(conversation_id, new)
        elif (stored.conversation_id, stored.role) != (conversation_id, "assistant"):
            raise Conflict("Another message has this id.", code="message_id_reused")
        await self._reader.read_reply(stored)
        return stored

    async def check_voice(self, conversation_id: str) -> VoiceCheck:
        """Hints on the NPC's answers in this conversation. Raises `NotFound`."""
        heard = await self._hear(conversation_id)
        spoken = list_newest([Spoken(one.id, one.content) for one in heard.answers])
        # In a thread: it takes tens of milliseconds.
        hints = await asyncio.to_thread(find_voice_hints, heard.sheet, spoken)
        return VoiceCheck(len(spoken), hints)

    async def get_spoken(self, message_id: str) -> tuple[str, Message]:
        """The NPC that spoke these words, and the words. Raises `NotFound`, `InvalidInput`."""

        def work(tx: Connection) -> tuple[str | None, Message]:
            message = messages.get_message(tx, message_id)
            conversation = conversations.get_conversation(tx, message.conversation_id, "npc")
            return message.speaker_npc_id or conversation.npc_id, message

        npc_id, message = await self._database.read(work)
        if npc_id is None:
            raise NotFound("This NPC no longer exists.", code="npc_not_found")
        if message.role != "assistant" or message.mode != "as":
            raise InvalidInput("The NPC did not say this.", code="not_spoken")
        return npc_id, message

    async def _hear(self, conversation_id: str) -> _Heard:
        return await self._database.read(lambda tx: self._read(tx, conversation_id))

    def _read(self, tx: Connection, conversation_id: str) -> _Heard:
        conversation = conversations.get_conversation(tx, conversation_id, "npc")
        if conversation.npc_id is None:
            raise NotFound("This NPC no longer exists.", code="npc_not_found")
        newest = paths.list_newest(tx, conversation.tip_message_id, MOST_READ)
        said = [message for message in reversed(newest) if _is_spoken(message)]
        voice = self._facts.gather(
            tx,
            conversation.campaign_id,
            conversation.game_session_id,
            [message.content for message in reversed(said[-6:])],
            conversation.npc_id,
            "as",
        ).voice
        if voice is None:
            raise NotFound("This NPC no longer exists.", code="npc_not_found")
        return _Heard(voice, said)

    async def _ask(self, task: Task, heard: _Heard, request: str) -> str:
        nonce = new_nonce()

        def compose(budget: Budget) -> Prompt:
            return compose_task(
                task,
                history=heard.history,
                request=request,
                budget=budget,
                nonce=nonce,
                sheet=heard.sheet,
                mode="as",
            )

        return await self._model.ask_once(compose)


def find_line(text: str, line: str) -> str | None:
    """The line as it stands in the text, spaced anyhow; None when it does not stand there."""
    wanted = " ".join(line.split())
    return wanted if wanted and wanted in " ".join(text.split()) else None


def _is_spoken(message: Message) -> bool:
    return (
        message.mode == "as"
        and message.role != "system"
        and bool(message.content)
        and message.status not in ("failed", "streaming", "unreadable")
    )


def _plain_question(text: str) -> str:
    """One thing to say: without a label, without quotation marks, not endless."""
    paragraphs: Sequence[str] = [part.strip() for part in text.split("\n\n") if part.strip()]
    said = " ".join(paragraphs[0].split()) if paragraphs else ""
    label, mark, rest = said.partition(":")
    if mark and label.strip("*_ ").lower() in ("player", "players", "a player", "the players"):
        said = rest.strip("*_ ")
    if len(said) > 1 and said[0] in '"“„«' and said[-1] in '"”“»':
        said = said[1:-1].strip()
    return cut_text(said, QUESTION_CHARACTERS).rstrip()
