"""Turns: the server's own tasks that answer what was said.

A turn belongs to the server, not to the connection that asked for it (DESIGN, promise 2):
it goes on when every page is closed, and only `stop` ends it early. Its text lives in
`live` while it grows and in the database up to the last checkpoint; its end is stored
before anyone is told of it, and storing it is retried for as long as the process lives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.conversations.answering import (
    Answerer,
    AnsweringModel,
    open_stream,
    storable,
)
from ttrpg_assistant.conversations.context import BuiltPrompt
from ttrpg_assistant.conversations.endings import Ending, store_ending, with_mark
from ttrpg_assistant.conversations.model import AskedUnder, Message, Mode, PostedTurn, Turn
from ttrpg_assistant.conversations.store import messages, turns
from ttrpg_assistant.errors import CutOff, Fault, ModelFault, ModelRefused, PersistenceUnavailable
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.live.replies import LiveReplies, LiveReply
from ttrpg_assistant.llm.types import Finished, TextDelta, Usage
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

CHECKPOINT_SECONDS = 1.0
"""A killed server loses at most about this much of a reply."""

CHECKPOINT_CHARACTERS = 500
CHECKPOINT_PAUSE_SECONDS = 0.2
"""The least time between two checkpoints, so that a burst is not written over and over."""

FINAL_RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Waits between attempts to store the end of a reply; the last one repeats for ever."""

REPLY_CHARACTERS = 1_000_000
"""A reply longer than this is a runaway model and is cut."""


class TurnContext(Protocol):
    """Builds what a model is told for a turn."""

    async def build(self, turn: Turn, choice: str, model: str, context_tokens: int) -> BuiltPrompt:
        """Facts and history within the model's context size, as one request."""
        ...

    def learn(self, choice: str, estimated: int, reported: int | None) -> None:
        """Correct the estimates for a model by what its provider really counted."""
        ...


class ReplyReader(Protocol):
    """Reads an answer that is complete and stored, for what it proposes and cites."""

    async def read_reply(self, message: Message) -> None:
        """Must be safe to repeat for the same message."""
        ...


class TurnRunner:
    """Runs turns, one at a time in each conversation, as tasks of the server."""

    def __init__(
        self,
        database: Database,
        live: LiveReplies,
        changes: Changes,
        model: AnsweringModel,
        context: TurnContext,
        *,
        owner: str,
        reply_reader: ReplyReader | None = None,
    ) -> None:
        self._database = database
        self._live = live
        self._changes = changes
        self._model = model
        self._context = context
        self._owner = owner
        self._reply_reader = reply_reader
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    # ── Actions ────────────────────────────────────────────────────────────────────────

    async def post(
        self,
        conversation_id: str,
        *,
        message_id: str,
        content: str,
        mode: Mode | None = None,
        replaces: str | None = None,
        asked_under: AskedUnder | None = None,
    ) -> PostedTurn:
        """Store what was said, and answer it. Returns as soon as it is stored."""
        posted = await self._database.write(
            lambda tx: turns.post_turn(
                tx,
                conversation_id,
                message_id=message_id,
                content=content,
                owner=self._owner,
                mode=mode,
                replaces=replaces,
                asked_under=asked_under,
            )
        )
        self._take_up(posted)
        return posted

    async def run_posted(
        self, post: Callable[[Connection, str], Sequence[PostedTurn]]
    ) -> Sequence[PostedTurn]:
        """Answer what `post` stores; it is given this server's name as the owner."""
        posted = await self._database.write(lambda tx: post(tx, self._owner))
        for one in posted:
            self._take_up(one)
        return posted

    async def regenerate(self, message_id: str, answer_id: str | None = None) -> PostedTurn:
        """Answer again, beside the answer there is. Returns as soon as the place is stored."""
        answer = answer_id or new_id()
        posted = await self._database.write(
            lambda tx: turns.regenerate(tx, message_id, answer_id=answer, owner=self._owner)
        )
        self._take_up(posted)
        return posted

    async def stop(self, message_id: str) -> Message:
        """End a reply early and return it as stored. One that has ended stays as it is."""
        live = self._live.find(message_id)
        running_here = live is not None and live.started
        if live is None or not live.started:
            running_here = not await self._database.write(
                lambda tx: _stop_unstarted(tx, message_id, self._owner)
            )
        if live is not None and running_here:
            live.stop_requested.set()
            return await self.wait_for_end(message_id)
        stored = await self._database.read(lambda tx: messages.get_message(tx, message_id))
        if live is not None and not running_here:
            live.end(stored)
            self._live.close(message_id)
            self._announce(stored)
        return stored

    async def wait_for_end(self, message_id: str) -> Message:
        """The answer as stored when it has ended, however that was."""
        live = self._live.find(message_id)
        if live is not None:
            async for event in live.follow(live.length):
                del event
        while True:
            stored = await self._database.read(lambda tx: messages.get_message(tx, message_id))
            if stored.status != "streaming":
                return stored
            await asyncio.sleep(FINAL_RETRY_SECONDS[0])  # another process writes it

    def begin_closing(self) -> None:
        """Start ending every running reply as interrupted, keeping its text."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()

    async def close(self, deadline_seconds: float = 4.0) -> None:
        """Wait for every running reply to be stored as interrupted, within the deadline."""
        if not self._closing:
            self.begin_closing()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=deadline_seconds)

    async def resume_queue(self, conversation_id: str) -> None:
        """Start the next waiting turn of a conversation, if there is one and nothing runs."""
        turn = await self._claim(conversation_id)
        if turn is not None:
            self._start(turn)

    @property
    def running_count(self) -> int:
        """How many turns this process is running."""
        return len(self._tasks)

    # ── Running ────────────────────────────────────────────────────────────────────────

    def _take_up(self, posted: PostedTurn) -> None:
        if not posted.created:
            return
        if posted.turn.state == "running":
            # A reply that waits has no live side yet: another server may come to write it.
            self._live.open(posted.assistant_message.id)
            self._start(posted.turn)
        self._announce(posted.assistant_message)

    def _start(self, turn: Turn) -> None:
        task = asyncio.create_task(self._work(turn), name=f"turn {turn.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, turn: Turn | None) -> None:
        """Run a turn, then whatever waits behind it in the same conversation."""
        while turn is not None:
            await self._run(turn)
            turn = None if self._closing else await self._claim(turn.conversation_id)

    async def _claim(self, conversation_id: str) -> Turn | None:
        while True:
            try:
                return await self._database.write(
                    lambda tx: turns.claim_next_turn(tx, conversation_id, self._owner)
                )
            except PersistenceUnavailable:
                await asyncio.sleep(FINAL_RETRY_SECONDS[-1])

    async def _run(self, turn: Turn) -> None:
        reply = self._live.open(turn.assistant_message_id)
        reply.started = True
        ending = Ending()
        try:
            await self._answer(turn, reply, ending)
        except asyncio.CancelledError:
            # Only `close` cancels: the server is going down with the reply unfinished.
            ending.status, ending.marked = "interrupted", True
        except Fault as fault:
            ending.fault = fault
            ending.status = "interrupted" if reply.length else "failed"
        except Exception:
            # A bug of ours: loud in the log, honest on the page, and the turn is not stuck.
            log.exception("turn.broke", turn=turn.id)
            ending.fault = ModelFault("Something went wrong while answering.", code="unexpected")
            ending.status = "interrupted" if reply.length else "failed"
        message = await self._finalise(turn, reply, ending)
        if self._reply_reader is not None and message.status in ("complete", "stopped"):
            await self._read_reply(message)
        if ending.fault is not None:
            reply.say_status(message.status, ending.fault.code, ending.fault.sentence)
        reply.end(message)
        self._live.close(message.id)
        self._announce(message)

    async def _answer(self, turn: Turn, reply: LiveReply, ending: Ending) -> None:
        """Let the model answer until it ends, fails or is stopped."""
        ending.model = self._model.choice
        answerer = await self._model.get()
        built = await self._context.build(
            turn, answerer.choice, answerer.name, answerer.context_tokens
        )
        ending.manifest = built.manifest
        reading = asyncio.create_task(self._read(answerer, built, reply, ending))
        # Read while the model thinks: the row may be gone when its end is stored.
        looking = asyncio.create_task(self._look_at_place(turn, ending))
        stopping = asyncio.create_task(reply.stop_requested.wait())
        checkpoints = asyncio.create_task(self._checkpoint(turn, reply))
        try:
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await looking
            if not reading.done():
                ending.status = "stopped"
                return
            await reading
            self._context.learn(answerer.choice, built.estimated_tokens, ending.tokens_in)
        finally:
            tasks = (reading, stopping, checkpoints, looking)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_at_place(self, turn: Turn, ending: Ending) -> None:
        with suppress(PersistenceUnavailable):
            ending.place = await self._database.read(
                lambda tx: messages.find_message(tx, turn.assistant_message_id)
            )

    async def _read(
        self, answerer: Answerer, built: BuiltPrompt, reply: LiveReply, ending: Ending
    ) -> None:
        async with aclosing(open_stream(answerer.provider, built.request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    if ending.first_text_at is None:
                        ending.first_text_at = utc_now()
                    failpoints.hit("reply_text")
                    reply.append(storable(event.text))
                    if reply.length > REPLY_CHARACTERS:
                        raise CutOff("The answer was too long and was cut.", code="reply_too_long")
                elif isinstance(event, Usage):
                    ending.tokens_in = event.tokens_in
                    ending.tokens_out = event.tokens_out
                elif isinstance(event, Finished):
                    ending.finish_reason = event.reason
        if ending.finish_reason is None:
            raise CutOff("The answer was cut off before its end.")
        if ending.finish_reason == "filtered":
            raise ModelRefused("The model's provider stopped this answer.")
        ending.status = "complete"

    async def _checkpoint(self, turn: Turn, reply: LiveReply) -> None:
        """Store the text so far about every second or 500 characters, while it grows."""
        loop = asyncio.get_running_loop()
        written, written_at = 0, loop.time()
        while True:
            await asyncio.sleep(CHECKPOINT_PAUSE_SECONDS)
            grown = reply.length - written
            late = loop.time() - written_at >= CHECKPOINT_SECONDS - CHECKPOINT_PAUSE_SECONDS
            if not late and grown < CHECKPOINT_CHARACTERS:
                continue
            if grown == 0 and self._database.engine_name == "sqlite":
                continue  # Nobody else could have stopped it meanwhile.
            text = reply.text
            try:
                if grown:
                    ours = await self._database.write(
                        partial(_store_checkpoint, turn=turn, text=text)
                    )
                else:
                    ours = await self._database.read(lambda tx: turns.owns(tx, turn))
            except PersistenceUnavailable as fault:
                log.warning("turn.checkpoint_failed", turn=turn.id, code=fault.code)
            else:
                if not ours:
                    reply.stop_requested.set()
            written, written_at = len(text), loop.time()

    async def _finalise(self, turn: Turn, reply: LiveReply, ending: Ending) -> Message:
        """Store how the reply ended. Retried until it is stored: the text must not be lost."""
        content = with_mark(reply.text) if ending.marked else reply.text
        attempt = 0
        while True:
            try:
                failpoints.hit("before_finalise")
                message = await self._database.write(
                    lambda tx: store_ending(tx, turn, content, ending)
                )
                failpoints.hit("after_finalise")
                return message
            except PersistenceUnavailable as fault:
                log.warning("turn.end_not_stored", turn=turn.id, code=fault.code, attempt=attempt)
                if attempt == 0:
                    reply.say_status("streaming", fault.code, fault.sentence)
                wait = FINAL_RETRY_SECONDS[min(attempt, len(FINAL_RETRY_SECONDS) - 1)]
                attempt += 1
                await asyncio.sleep(wait)

    async def _read_reply(self, message: Message) -> None:
        assert self._reply_reader is not None
        try:
            await self._reply_reader.read_reply(message)
        except Fault as fault:
            # The answer itself is stored and shown; reading it again later is harmless.
            log.warning("turn.reply_not_read", message=message.id, code=fault.code)

    def _announce(self, message: Message) -> None:
        self._changes.announce(
            "conversation",
            {
                "id": message.conversation_id,
                "seq": message.seq,
                "tip_message_id": message.id,
                "status": message.status,
            },
        )


def _store_checkpoint(tx: Connection, turn: Turn, text: str) -> bool:
    """Write the text so far. False: another process has ended or taken over this turn."""
    if not turns.owns(tx, turn):
        return False
    messages.write_streaming(tx, turn.assistant_message_id, content=text, status="streaming")
    return True


def _stop_unstarted(tx: Connection, message_id: str, owner: str) -> bool:
    """Stop a turn that still waits, or that another process runs. False: it runs here, or ended."""
    turn = turns.find_turn(tx, message_id)
    if turn is None:
        messages.get_message(tx, message_id)
        return False
    if turn.state == "running" and turn.owner == owner:
        return False
    if not turns.end_turn(tx, turn, "stopped"):
        return False
    stored = messages.get_message(tx, message_id)
    return messages.write_streaming(tx, message_id, content=stored.content, status="stopped")
