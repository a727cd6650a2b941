"""Turns: the server's own tasks that answer what was said.

A turn belongs to the server, not to the connection that asked for it (DESIGN, promise 2):
it goes on when every page is closed, and only `stop` ends it early. Its text lives in
`live` while it grows and in the database up to the last checkpoint; its end is stored
before anyone is told of it, and storing it is retried for as long as the process lives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Literal

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.asking import CLAIM_RETRY_SECONDS, Asking
from ttrpg_assistant.conversations.checkpoints import Checkpoints
from ttrpg_assistant.conversations.endings import Ending, end_unwritten
from ttrpg_assistant.conversations.finishing import Finisher
from ttrpg_assistant.conversations.model import (
    AskedUnder,
    ConversationKind,
    Message,
    Mode,
    PostedTurn,
    Question,
    Turn,
)
from ttrpg_assistant.conversations.ports import ReplyReader, TurnContext
from ttrpg_assistant.conversations.store import messages, shown, turns
from ttrpg_assistant.conversations.store.continuing import continue_answer
from ttrpg_assistant.conversations.writing import ReplyWriter
from ttrpg_assistant.errors import (
    Fault,
    ModelFault,
    NotFound,
    PersistenceUnavailable,
)
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.live.replies import LiveReplies, LiveReply
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

WATCH_SECONDS = 0.5
"""How often a reply that another process writes is looked at for its end."""

Found = Literal["stopped", "ours", "over"]
"""What a turn turned out to be that was to be stopped: stopped now, run here, or ended before."""


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
        self._writer = ReplyWriter(model, context)
        self._owner = owner
        self._reply_reader = reply_reader
        self._checkpoints = Checkpoints(database)
        self._finisher = Finisher(database, changes, _hint_of)
        self._tasks: set[asyncio.Task[None]] = set()
        self._places: dict[str, Message] = {}
        self._closing = False
        self.stop_elsewhere: Callable[[str, str], Awaitable[bool]] | None = None
        """Asks a server by its name to stop a reply; whether it did. None where there is one."""

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
        kind: ConversationKind | None = None,
        only_here: bool = True,
    ) -> PostedTurn:
        """Store what was said, and answer it. Returns when it is stored; raises as `post_turn`."""
        asked = Question(conversation_id, message_id, new_id(), content, mode, asked_under)

        def work(tx: Connection) -> PostedTurn:
            return turns.post_turn(
                tx,
                conversation_id,
                message_id=message_id,
                content=content,
                owner=self._owner,
                mode=mode,
                replaces=replaces,
                asked_under=asked_under,
                answer_id=asked.answer_id,
                kind=kind,
                only_here=only_here,
            )

        if replaces is not None:
            return await self._post(work)
        return await self._writer.ahead.read_during(
            asked, lambda about_to_commit: self._post(lambda tx: about_to_commit(work(tx)))
        )

    async def run_posted(
        self, post: Callable[[Connection, str], Sequence[PostedTurn]]
    ) -> Sequence[PostedTurn]:
        """Answer what `post` stores; it is given this server's name as the owner."""
        posted = await self._changes.write(
            self._database,
            lambda tx: post(tx, self._owner),
            lambda posted: [_hint_of(one.assistant_message) for one in posted if one.created],
            tell_here=False,
        )
        for one in posted:
            self._take_up(one)
        return posted

    async def regenerate(self, message_id: str, answer_id: str | None = None) -> PostedTurn:
        """Answer again, beside the answer there is. Returns as soon as the place is stored."""
        answer = answer_id or new_id()
        return await self._post(
            lambda tx: turns.regenerate(tx, message_id, answer_id=answer, owner=self._owner)
        )

    async def continue_reply(self, message_id: str, turn_id: str | None = None) -> PostedTurn:
        """Let an answer that was cut off go on in the same message. Returns as soon as that is
        stored; repeating with the same `turn_id` is harmless. Raises as `continue_answer`."""
        turn = turn_id or new_id()
        return await self._post(
            lambda tx: continue_answer(tx, message_id, turn_id=turn, owner=self._owner)
        )

    async def _post(self, work: Callable[[Connection], PostedTurn]) -> PostedTurn:
        posted = await self._changes.write(
            self._database,
            work,
            lambda posted: [_hint_of(posted.assistant_message)] if posted.created else [],
            tell_here=False,
        )
        self._take_up(posted)
        return posted

    async def stop(self, message_id: str) -> Message:
        """End a reply early and return it as stored. One that has ended stays as it is."""
        live = self._live.find(message_id)
        if live is None or not live.started:
            if await self._stop_elsewhere(message_id):
                return await self.wait_for_end(message_id)
            owner = None if self._finisher.gave_up(message_id) else self._owner
            found, _ = await self._changes.write(
                self._database,
                lambda tx: _stop_unstarted(tx, message_id, owner),
                lambda done: [("conversation", {"id": done[1]})] if done[0] == "stopped" else [],
                tell_here=False,
            )
            if found == "stopped":
                return await self._tell_stopped(message_id)
            # It may have started here while that was looked up, and be about to open its side.
            starts = found == "ours" and not self._closing
            live = self._live.open(message_id) if starts else self._live.find(message_id)
        if live is not None:
            live.stop_requested.set()
            return await self.wait_for_end(message_id)
        return await self._database.read(lambda tx: shown.get_shown_message(tx, message_id))

    async def _stop_elsewhere(self, message_id: str) -> bool:
        """Let the server that writes it stop it: it alone has all of its text."""
        if self.stop_elsewhere is None:
            return False
        owner = await self._database.read(lambda tx: turns.find_owner(tx, message_id))
        if owner in (None, self._owner):
            return False
        return await self.stop_elsewhere(str(owner), message_id)

    async def _tell_stopped(self, message_id: str) -> Message:
        stored = await self._database.read(lambda tx: shown.get_shown_message(tx, message_id))
        live = self._live.find(message_id)
        if live is not None:
            live.end(stored)
            self._live.close(message_id)
        self._announce(stored)
        # Whoever ran it may be dead: nobody else would start what waits behind it.
        if not self._closing:
            self._keep(asyncio.create_task(self.resume_queue(stored.conversation_id)))
        return stored

    async def wait_for_end(self, message_id: str) -> Message:
        """The answer as stored when it has ended, however that was."""
        live = self._live.find(message_id)
        if live is not None:
            await live.wait_for_end()
        while True:
            stored = await self._database.read(lambda tx: shown.get_shown_message(tx, message_id))
            if stored.status != "streaming":
                return stored
            await asyncio.sleep(WATCH_SECONDS)  # another process writes it

    def begin_closing(self) -> None:
        """Start ending every running reply as interrupted, keeping its text."""
        self._closing = True
        self._finisher.begin_closing()
        for task in list(self._tasks):
            if not self._finisher.is_at_work(task):
                task.cancel()

    async def close(self, deadline_seconds: float = 4.0) -> None:
        """Wait for every running reply to be stored as interrupted, within the deadline."""
        if not self._closing:
            self.begin_closing()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=deadline_seconds)
            for task in late:
                task.cancel()

    async def resume_queue(self, conversation_id: str) -> None:
        """Start the next waiting turn of a conversation, if there is one and nothing runs."""
        turn = await self._claim(conversation_id)
        if turn is not None:
            self._start(turn, waited=True)

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
            reply = self._live.open(posted.assistant_message.id)
            if posted.turn.continues is not None:
                reply.begin_after(posted.assistant_message.content)
            self._places[posted.turn.id] = posted.assistant_message
            self._start(posted.turn)
        self._announce(posted.assistant_message)

    def _start(self, turn: Turn, *, waited: bool = False) -> None:
        self._keep(asyncio.create_task(self._work(turn, waited), name=f"turn {turn.id}"))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, turn: Turn | None, waited: bool) -> None:
        """Run a turn, then whatever waits behind it in the same conversation."""
        while turn is not None:
            await self._run(turn, Asking(self._database, turn) if waited else None)
            turn = None if self._closing else await self._claim(turn.conversation_id)
            waited = True

    async def _claim(self, conversation_id: str) -> Turn | None:
        while True:
            try:
                return await self._database.write(
                    lambda tx: turns.claim_next_turn(tx, conversation_id, self._owner)
                )
            except PersistenceUnavailable:
                await asyncio.sleep(CLAIM_RETRY_SECONDS)
            except NotFound:
                return None  # the conversation was removed meanwhile
            except Exception:
                # A bug of ours must not end the heartbeat or the recovery that asked for this.
                log.exception("turn.not_claimed", conversation=conversation_id)
                return None

    async def _run(self, turn: Turn, asking: Asking | None) -> None:
        reply = self._live.open(turn.assistant_message_id)
        reply.started = True
        ending = Ending(place=self._places.pop(turn.id, None))
        try:
            if turn.continues is not None and not reply.length:
                reply.begin_after(await self._read_beginning(turn))
            await self._answer(turn, reply, ending, asking)
        except asyncio.CancelledError:
            # Only `close` cancels: the server is going down with the reply unfinished.
            if asking is not None and not asking.began and not reply.stop_requested.is_set():
                self._live.close(turn.assistant_message_id)
                return  # The next server asks: it waits, as before.
            ending.status, ending.marked = "interrupted", True
        except Fault as fault:
            ending.fault = fault
            ending.status = "interrupted" if reply.added_length else "failed"
        except Exception:
            # A bug of ours: loud in the log, honest on the page, and the turn is not stuck.
            log.exception("turn.broke", turn=turn.id)
            ending.fault = ModelFault("Something went wrong while answering.", code="unexpected")
            ending.status = "interrupted" if reply.added_length else "failed"
        message = await self._finisher.finish(turn, reply, ending)
        try:
            if self._reply_reader is not None and message.status in ("complete", "stopped"):
                await self._read_reply(message)
        finally:
            if ending.fault is not None:
                told = ending.fault
                reply.say_status(message.status, told.code, told.sentence, told.cure)
            reply.end(message)
            self._live.close(turn.assistant_message_id)
            self._announce(message)

    async def _answer(
        self, turn: Turn, reply: LiveReply, ending: Ending, asking: Asking | None
    ) -> None:
        """Let the model answer until it ends, fails or is stopped."""
        ending.model = self._model.choice

        async def before_asking() -> None:
            if asking is not None and not await asking.begin():
                reply.stop_requested.set()
                await asyncio.get_running_loop().create_future()  # Until that cancels this.

        writing = asyncio.create_task(self._writer.write(turn, reply, ending, before_asking))
        # Read while the model thinks: the row may be gone when its end is stored.
        looking = asyncio.create_task(self._look_at_place(turn, ending))
        stopping = asyncio.create_task(reply.stop_requested.wait())
        try:
            with self._checkpoints.keep(turn, reply):
                await asyncio.wait({writing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await looking
            if not writing.done():
                ending.status = "stopped"
                return
            await writing
        finally:
            for task in (writing, stopping, looking):
                task.cancel()
            await asyncio.gather(writing, stopping, looking, return_exceptions=True)
            self._writer.ahead.drop(turn.assistant_message_id)

    async def _read_beginning(self, turn: Turn) -> str:
        stored = await self._database.read(
            lambda tx: messages.get_message(tx, turn.assistant_message_id)
        )
        return stored.content

    async def _look_at_place(self, turn: Turn, ending: Ending) -> None:
        with suppress(PersistenceUnavailable):
            ending.place = ending.place or await self._database.read(
                lambda tx: messages.find_message(tx, turn.assistant_message_id)
            )

    async def _read_reply(self, message: Message) -> None:
        assert self._reply_reader is not None
        try:
            await self._reply_reader.read_reply(message)
        except Fault as fault:
            # The answer itself is stored and shown; reading it again later is harmless.
            log.warning("turn.reply_not_read", message=message.id, code=fault.code)
        except Exception:
            # A bug of ours must not keep a stored answer from being shown as ended.
            log.exception("turn.reply_not_read", message=message.id)

    def _announce(self, message: Message) -> None:
        # Other servers know it from the write that stored it.
        self._changes.announce_here(*_hint_of(message))


def _hint_of(message: Message) -> Hint:
    return (
        "conversation",
        {
            "id": message.conversation_id,
            "seq": message.seq,
            "tip_message_id": message.id,
            "status": message.status,
        },
    )


def _stop_unstarted(tx: Connection, message_id: str, owner: str | None) -> tuple[Found, str]:
    """Stop a turn that still waits, or that another process runs. Also the conversation's id."""
    turn = turns.find_turn(tx, message_id)
    if turn is None:
        return "over", messages.get_message(tx, message_id).conversation_id
    if turn.state == "running" and turn.owner == owner:
        return "ours", turn.conversation_id
    stopped = end_unwritten(tx, turn, "stopped")
    return "stopped" if stopped else "over", turn.conversation_id
