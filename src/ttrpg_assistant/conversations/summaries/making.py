"""Makes summaries in the background, one after the other, and in nobody's way.

Nothing of a run is kept but what it stored: a killed server goes on where the rows end. No
transaction is open while a model is asked, no run begins while somebody is being answered,
and a model on this machine is let go of as soon as somebody asks it something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.first_reads import NotReadYet
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.ports import Cast
from ttrpg_assistant.conversations.store import conversations, scenes, summaries
from ttrpg_assistant.conversations.summaries import planning
from ttrpg_assistant.conversations.summaries.model import (
    STRETCH_MESSAGES,
    Listener,
    MadeBy,
    StoredSummary,
    list_listeners,
    summary_of_group,
    summary_of_stretch,
)
from ttrpg_assistant.conversations.summaries.wording import (
    LOOK_SECONDS,
    GaveWay,
    SummaryWriter,
    Who,
)
from ttrpg_assistant.errors import (
    Fault,
    NotFound,
)
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import find_preference

log = structlog.get_logger(__name__)

IDLE_SECONDS = 60.0
SETTLE_SECONDS = 2.0
"""After an answer: the next message is often being written already."""

BACKOFF_SECONDS = (30.0, 120.0, 600.0, 3600.0)
"""Waits after a model failed; the last one repeats."""

LATE_BY_MODEL = 40
"""Of a long past that was never summarised, a transcript taken in for example, so many of the
newest stretches are told by the chosen model; the built-in one picks lines out of the rest."""

MADE_BY = "summaries_by"
"""The preference that says who makes them."""

REMADE_AT_ONCE = 200
LOOKED_AT_AT_START = 20


class SummaryMaker:
    """Keeps the summaries of every conversation behind its talk."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        model: AnsweringModel,
        cast: Cast,
        is_busy: Callable[[], bool],
    ) -> None:
        self._database = database
        self._changes = changes
        self._model = model
        self._writer = SummaryWriter(database, model, cast, is_busy)
        self._is_busy = is_busy
        self._waiting: dict[str, bool] = {}
        """Conversations to look at, and whether a person asked for it."""
        self._wake = asyncio.Event()
        self._try_again = asyncio.Event()
        self._failures = 0
        self._has_looked_back = False
        self._working_on: str | None = None
        self._who = Who()
        self._unread: dict[str, None] = {}
        """Conversations that wait until the model has read a prompt as long as theirs."""

    def ask_for(self, conversation_id: str, *, by_person: bool = False) -> None:
        """Look at this conversation soon."""
        self._waiting[conversation_id] = by_person or self._waiting.get(conversation_id, False)
        self._wake.set()

    def is_at_work(self, conversation_id: str) -> bool:
        """Whether its summaries are being made, or soon will be."""
        return conversation_id in self._waiting or conversation_id == self._working_on

    async def run(self) -> None:
        """For ever: summarise what its prompts cannot hold any more."""
        # In a group: a listener that fails ends the work too, and both are started again.
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            if not self._has_looked_back:
                self._has_looked_back = True
                await self._look_back()
            if self._waiting:  # started again after a failure
                self._wake.set()
            while True:
                await self._wake.wait()
                self._wake.clear()
                await asyncio.sleep(SETTLE_SECONDS)
                while self._waiting:
                    conversation_id = next(iter(self._waiting))
                    await self._work_on(conversation_id)

    async def catch_up(self, conversation_id: str) -> int:
        """Make all that is missing now; returns how many texts were written.

        Raises `NotFound`, a `ModelFault`, `PersistenceUnavailable`, `GaveWay`.
        """
        made_by, conversation, listeners = await self._database.read(
            lambda tx: (find_made_by(tx), *self._look_up(tx, conversation_id))
        )
        self._who = replace(self._who, by_model=made_by == "model")
        if made_by == "off":
            return 0
        prompt_tokens = await self._read_prompt_tokens()
        steps = [
            *(
                partial(self._tell_missing, conversation, listener, prompt_tokens)
                for listener in listeners
            ),
            partial(self._remake, conversation),
            *(partial(self._tell_groups, conversation, listener) for listener in listeners),
        ]
        made, unread = 0, None
        for step in steps:
            try:
                made += await step()
            except NotReadYet as reason:
                unread = reason  # what needs no model is made all the same
        if unread is not None:
            raise unread
        return made

    # ── When ───────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        async for hint in self._changes.follow(IDLE_SECONDS, "here", _is_wanted):
            if hint is not None and hint[0] == "models":
                self._try_again.set()
            elif hint is not None:
                self.ask_for(hint[1]["id"])
                for conversation_id in self._unread:
                    self.ask_for(conversation_id)
                self._unread.clear()

    async def _look_back(self) -> None:
        """What a server that died left unfinished."""
        try:
            recent, _ = await self._database.read(
                lambda tx: conversations.list_conversations(
                    tx, limit=LOOKED_AT_AT_START, with_talk_only=True, equal={}
                )
            )
        except Fault as fault:
            log.info("summaries.postponed", code=fault.code)
            return
        for conversation in recent:
            if conversation.next_seq > STRETCH_MESSAGES:
                self.ask_for(conversation.id)

    async def _work_on(self, conversation_id: str) -> None:
        await self._wait_while_busy()
        by_person = self._waiting.pop(conversation_id, False)
        self._who = replace(self._who, by_person=by_person)
        self._working_on = conversation_id
        try:
            await self.catch_up(conversation_id)
            self._failures = 0
        except GaveWay:
            self.ask_for(conversation_id, by_person=by_person)
        except NotReadYet:
            self._unread[conversation_id] = None
        except NotFound:
            pass  # it was removed meanwhile
        except Fault as fault:
            wait = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
            self._failures += 1
            log.info("summaries.postponed", code=fault.code, seconds=wait)
            await self._pause(wait)
            self.ask_for(conversation_id, by_person=by_person)
        finally:
            self._working_on = None
            # Also that there was nothing to do.
            self._changes.announce("summaries", {"id": conversation_id})

    async def _wait_while_busy(self) -> None:
        """Between two summaries too: a thousand of them must not make an answer come later."""
        while self._is_busy():  # noqa: ASYNC110 (many things make it so, none of them often)
            await asyncio.sleep(LOOK_SECONDS)

    async def _pause(self, seconds: float) -> None:
        """Wait before trying again, but not when another model was chosen or a key given."""
        self._try_again.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._try_again.wait()

    # ── What ───────────────────────────────────────────────────────────────────────────

    async def _read_prompt_tokens(self) -> int:
        answerer = await self._model.get()
        return answerer.make_budget().talk_tokens

    def _look_up(self, tx: Connection, id: str) -> tuple[Conversation, list[Listener]]:
        conversation = conversations.get_conversation(tx, id)
        members = scenes.list_members(tx, id) if conversation.is_scene else []
        return conversation, list_listeners(conversation, members)

    async def _tell_missing(
        self, conversation: Conversation, listener: Listener, prompt_tokens: int
    ) -> int:
        plan = await self._database.read(
            lambda tx: planning.plan_stretches(tx, conversation, listener, prompt_tokens)
        )
        return await self._tell_stretches(conversation, plan)

    async def _tell_stretches(self, conversation: Conversation, plan: planning.Plan) -> int:
        after_id = plan.after_id
        made = 0
        for number, stretch in enumerate(plan.stretches):
            await self._wait_while_busy()
            is_late = len(plan.stretches) - number > LATE_BY_MODEL
            who = replace(self._who, by_model=self._who.by_model and not is_late)
            text, by = await self._writer.word_talk(conversation, stretch, plan.listener, who)
            new = summary_of_stretch(plan.listener, after_id, stretch, text, by)
            made += await self._store(new)
            after_id = new.last_message_id
        return made

    async def _tell_groups(self, conversation: Conversation, listener: Listener) -> int:
        made = 0
        while True:
            await self._wait_while_busy()
            group = await self._database.read(
                lambda tx: planning.plan_group(
                    tx, planning.find_newest_end(tx, conversation, listener), listener
                )
            )
            if not group:
                return made
            text, by = await self._writer.word_group(conversation, group, self._who)
            if not await self._store(summary_of_group(group, text, by)):
                return made  # another server was quicker, or the talk is gone
            made += 1

    async def _remake(self, conversation: Conversation) -> int:
        outdated = await self._database.read(
            lambda tx: summaries.list_outdated(tx, conversation.id, REMADE_AT_ONCE)
        )
        for old in outdated:
            await self._wait_while_busy()
            if old.level == 1:
                stretch = await self._database.read(partial(planning.list_stretch, summary=old))
                text, by = await self._writer.word_talk(
                    conversation, stretch, old.listener, self._who
                )
            else:
                group = await self._database.read(partial(summaries.list_made_of, group=old))
                text, by = await self._writer.word_group(conversation, group, self._who)
            await self._changes.write(
                self._database,
                partial(summaries.rewrite_summary, summary_id=old.id, text=text, made_by=by),
                lambda _: [("summaries", {"id": conversation.id})],
            )
        return len(outdated)

    async def _store(self, new: StoredSummary) -> int:
        stored = await self._changes.write(
            self._database,
            lambda tx: summaries.add_summary(tx, new),
            lambda stored: [("summaries", {"id": new.conversation_id})] if stored else [],
        )
        return int(stored)


def _is_wanted(hint: Hint) -> bool:
    """Whether there may be something to sum up: an answer has ended, or a model can be asked."""
    name, content = hint
    went_on = content.get("status") != "streaming" and bool(content.get("id"))
    return name == "models" or (name == "conversation" and went_on)


def find_made_by(tx: Connection) -> MadeBy:
    """Who makes summaries: the chosen model, unless somebody has said otherwise."""
    kept = find_preference(tx, MADE_BY)
    return kept if kept in ("offline", "off") else "model"
