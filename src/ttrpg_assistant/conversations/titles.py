"""Titles of conversations: found by them, renamed by people, proposed once by a model.

A proposal is work beside the talk. It waits until nobody is being answered, is asked for once
after the first exchange, costs one short answer without thinking, and is left out where nobody
wants a model to work beside the talk (`summaries_by`) or none is chosen. What cannot be had is
not asked for again: the first line stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.first_reads import NotReadYet
from ttrpg_assistant.conversations.model import (
    TITLE_CHARACTERS,
    Conversation,
    Role,
)
from ttrpg_assistant.conversations.store import titles
from ttrpg_assistant.conversations.store.listing import (
    ConversationFilter,
    Listed,
    list_by_last_message,
)
from ttrpg_assistant.conversations.summaries.making import find_made_by
from ttrpg_assistant.errors import Fault, InvalidInput
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import History, HistoryMessage
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

QUIET_SECONDS = 8.0
"""After an answer: whoever writes on has the model to themselves."""

LOOK_SECONDS = 0.5
ASKING_SECONDS = 60.0
READ_CHARACTERS = 1_500
"""Of the question and of the answer, each."""

PROPOSED_CHARACTERS = 80
IDLE_SECONDS = 60.0
_BUILT_IN = "offline"
_AROUND = " \t#>*_-`\"'“”„«»."
"""What models put around a title."""


class Titles:
    """Renames conversations, and proposes titles in the background."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        model: AnsweringModel,
        is_busy: Callable[[], bool],
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        self._database = database
        self._changes = changes
        self._model = model
        self._is_busy = is_busy
        self._quiet_seconds = quiet_seconds
        self._waiting: dict[str, float] = {}
        """Conversations to look at, and when each was touched last, by the loop's clock."""
        self._wake = asyncio.Event()

    async def rename(self, conversation_id: str, title: str) -> Conversation:
        """Call a conversation of any kind something else, for good. Raises `NotFound`,
        `InvalidInput` for a title of blanks."""
        kept = title.strip()
        if not kept:
            raise InvalidInput(
                "A title needs at least one character.",
                code="title_empty",
                cure="Write a title, or leave the one that is there.",
                facts={"field": "title"},
            )
        return await self._changes.write(
            self._database,
            lambda tx: titles.rename(tx, conversation_id, cut_text(kept, TITLE_CHARACTERS)),
            lambda renamed: [("conversation", {"id": renamed.id, "kind": renamed.kind})],
        )

    async def list_conversations(
        self, only: ConversationFilter, *, limit: int, before: str | None = None
    ) -> tuple[list[Listed], bool]:
        """Conversations of every kind, found by title and first line; see `store.listing`."""
        return await self._database.read(
            lambda tx: list_by_last_message(tx, only, limit=limit, before=before)
        )

    async def run(self) -> None:
        """For ever: propose titles for conversations whose first exchange is over."""
        # In a group: when either fails both end, and are started again.
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    await self._work_on(await self._next())

    async def propose(self, conversation_id: str) -> str | None:
        """Ask the model that answered for a title; what was stored, or None. Raises a
        `ModelFault`."""
        choice = self._model.choice
        if choice.partition(":")[0] == _BUILT_IN:
            return None

        def read(tx: Connection) -> list[tuple[Role, str]]:
            if find_made_by(tx) != "model":
                return []
            return titles.list_first_exchange(tx, conversation_id, choice)

        said = await self._database.read(read)
        if not said:
            return None
        async with asyncio.timeout(ASKING_SECONDS):
            answer = await self._model.ask(_ask(said), may_be_first=False, briefly=True)
        title = "" if answer.is_cut else tidy(answer.text)
        if not title:
            return None
        stored = await self._changes.write(
            self._database,
            lambda tx: titles.propose(tx, conversation_id, title),
            lambda stored: [("conversation", {"id": conversation_id})] if stored else [],
        )
        return title if stored else None

    async def _listen(self) -> None:
        async for hint in self._changes.follow(IDLE_SECONDS, "here", self._is_wanted):
            if hint is not None:
                self._waiting[hint[1].get("id") or ""] = asyncio.get_running_loop().time()
                self._wake.set()

    def _is_wanted(self, hint: Hint) -> bool:
        """Whether a conversation went on that waits, or that has an answer now."""
        name, content = hint
        return name == "conversation" and (
            content.get("status") == "complete" or (content.get("id") or "") in self._waiting
        )

    async def _next(self) -> str:
        """The conversation that has been quiet for long enough, when nobody is being answered."""
        loop = asyncio.get_running_loop()
        while True:
            id, touched = min(self._waiting.items(), key=lambda one: one[1])
            left = touched + self._quiet_seconds - loop.time()
            if left <= 0 and not self._is_busy():
                del self._waiting[id]
                return id
            await asyncio.sleep(max(left, LOOK_SECONDS))

    async def _work_on(self, conversation_id: str) -> None:
        try:
            await self.propose(conversation_id)
        except NotReadYet:
            pass  # the first line stays
        except (Fault, TimeoutError) as error:
            code = error.code if isinstance(error, Fault) else "stalled"
            log.info("titles.left", code=code)


def tidy(answer: str) -> str:
    """The first line of what a model answered, as a title; empty when that is none."""
    lines = (strip_unseen(line).strip(_AROUND) for line in answer.splitlines())
    title = next((line for line in lines if line), "")
    title = title.removeprefix("Title:").strip(_AROUND)
    # Whole sentences are an answer, not a title.
    return title if 0 < len(title) <= PROPOSED_CHARACTERS else ""


def _speaker(role: Role) -> Literal["user", "assistant"]:
    return "user" if role == "user" else "assistant"


def _ask(said: list[tuple[Role, str]]) -> Callable[[Budget], Prompt]:
    told = [
        HistoryMessage(number, _speaker(role), cut_text(readable(text), READ_CHARACTERS), None)
        for number, (role, text) in enumerate(said, 1)
    ]

    def compose(budget: Budget) -> Prompt:
        return compose_task(
            "title",
            history=History(told),
            request="Write the title of the conversation above.",
            budget=budget,
            nonce=new_nonce(),
        )

    return compose
