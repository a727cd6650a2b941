"""What pages follow: replies as they are written, and hints of change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ttrpg_assistant.api.bodies import PROBLEMS, PathId
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import wire_message
from ttrpg_assistant.api.proposals import NothingRead
from ttrpg_assistant.api.quick_routes import add_quick
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store import messages, shown, turns
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.live.replies import LiveReplies, LiveReply
from ttrpg_assistant.live.reply_events import (
    PhaseChanged,
    Position,
    ReplyEnded,
    ReplyEvent,
    Rewritten,
    StatusSaid,
    TextAdded,
    ThinkingAdded,
)
from ttrpg_assistant.live.sse import KEEP_ALIVE, KEEP_ALIVE_SECONDS, event
from ttrpg_assistant.other_servers import ASKED_BY, OtherServers
from ttrpg_assistant.storage.database import Database

FAR_POLL_SECONDS = 0.25
"""How often a reply that waits its turn, or that another server writes, is looked up."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class _Stream(StreamingResponse):
    """Events until there are no more, or nobody listens."""

    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them. Starlette's own has a group of tasks for it, which costs a first word more
        than the rest of this does."""
        streaming = asyncio.current_task()
        assert streaming is not None
        listening = asyncio.create_task(self.listen_for_disconnect(receive))
        is_over = was_left = False

        def stop(_: asyncio.Task[None]) -> None:
            nonlocal was_left
            if not is_over:
                was_left = streaming.cancel()

        listening.add_done_callback(stop)
        try:
            await self.stream_response(send)
        except asyncio.CancelledError:
            if not was_left or streaming.uncancel():
                raise  # It was cancelled by somebody else.
            listening.result()
        finally:
            is_over = True
            listening.cancel()


def stream_routes(
    database: Database,
    live: LiveReplies,
    changes: Changes,
    proposals: Proposals,
    others: OtherServers | None = None,
) -> Routes:
    """The two streams."""
    routes = Routes(tags=["streams"], responses=dict(PROBLEMS))

    @add_quick(
        routes,
        "GET",
        "/api/replies/{message_id}/stream",
        operation_id="follow_reply",
        response_class=_Stream,
    )
    async def follow_reply(
        message_id: PathId,
        request: Request,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """A reply as it is written, from where the caller left off."""
        found = live.find(message_id)
        if found is None:
            # Raised here rather than in the stream: an unknown reply is a plain 404.
            await database.read(lambda tx: messages.get_message(tx, message_id))
        return _Stream(
            _follow(
                database,
                live,
                proposals,
                # A server that is asked by another one asks no third.
                None if ASKED_BY in request.headers else others,
                message_id,
                _read_offset(last_event_id),
            ),
            headers=_HEADERS,
        )

    @routes.get("/api/changes", operation_id="follow_changes", response_class=_Stream)
    async def follow_changes() -> StreamingResponse:
        """Hints of what changed; a hint carries no content, the page pulls."""
        return _Stream(_hints(database, changes), headers=_HEADERS)

    return routes


def _read_offset(last_event_id: str | None) -> int | None:
    if last_event_id is None or not last_event_id.isascii() or not last_event_id.isdigit():
        return None
    return int(last_event_id[:12])


async def _follow(
    database: Database,
    live: LiveReplies,
    proposals: Proposals,
    others: OtherServers | None,
    message_id: str,
    offset: int | None,
) -> AsyncIterator[bytes]:
    """`snapshot` (or only what is missing), then `text`, `thinking`, `phase` and `status` as they
    come, and `done` when the end is stored."""
    far: LiveReply | None = None
    while True:
        reply = live.find(message_id)
        if reply is not None:
            async for said in _follow_live(reply, proposals, offset):
                yield said
            return
        stored = await database.read(lambda tx: shown.get_shown_message(tx, message_id))
        reply = live.find(message_id)
        if reply is not None:
            continue
        content = stored.content
        if stored.status != "streaming":
            told = await _tell(proposals, stored)
            parts = told["shown"] if isinstance(told, dict) else None
            yield _snapshot(content, stored.status, shown=parts)
            yield event("done", {"message": told}, len(content))
            return
        if others is not None:
            owner = await database.read(lambda tx: turns.find_owner(tx, message_id))
            if owner is not None:
                async for relayed in others.follow_reply(owner, message_id, offset):
                    yield relayed.spelled
                    if relayed.offset is not None:
                        offset = relayed.offset
                    if relayed.is_end:
                        return
        # It waits, or its server cannot be reached: its checkpoints are followed instead.
        if offset is None or offset > len(content):
            # Also when the text became shorter: it turned out to be thinking.
            far = live.new_reply()
            far.begin_after(content)
            yield _spell(far.everything)
        elif len(content) > offset:
            if far is None:
                far = live.new_reply()
                far.begin_after(content[:offset])
            known = far.position
            far.append(content[offset:])
            for spelled in spell_news(far, known):
                yield spelled
        offset = len(content)
        await asyncio.sleep(FAR_POLL_SECONDS)


async def _follow_live(
    reply: LiveReply, proposals: Proposals, offset: int | None
) -> AsyncIterator[bytes]:
    # Only text is numbered: who has missed some of the thinking is given everything.
    if offset is None or offset > reply.length or reply.reasoning_length:
        position = reply.position
        yield _spell(reply.everything)
    else:
        position = Position(offset)
    offset = position.text
    async with aclosing(reply.follow_or_wait(position, KEEP_ALIVE_SECONDS)) as events:
        async for said in events:
            if said is None:
                yield KEEP_ALIVE
                continue
            if isinstance(said, ReplyEnded):
                yield event("done", {"message": await _tell(proposals, said.message)}, offset)
                return
            if isinstance(said, TextAdded):
                offset = said.offset
            elif isinstance(said, Rewritten):
                offset = len(said.text)
            yield _spell(said)


async def _tell(proposals: Proposals, message: Message) -> Message | dict[str, Any]:
    """The message as its page has it. What was read of it comes with the page, where it cannot be
    looked up now."""
    try:
        return await wire_message(proposals, message)
    except Fault:
        return await wire_message(NothingRead(), message)


def spell_news(reply: LiveReply, known: Position) -> list[bytes]:
    """What a follower at this position is sent now."""
    return [_spell(said) for said in reply.news(known)]


def _spell(said: ReplyEvent) -> bytes:
    if isinstance(said, TextAdded):
        added: dict[str, Any] = {"text": said.text}
        if said.shown is not None:
            added["shown"] = said.shown
        return event("text", added, said.offset)
    if isinstance(said, ThinkingAdded):
        return event("thinking", {"text": said.text, "seconds": round(said.seconds, 1)})
    if isinstance(said, PhaseChanged):
        return event("phase", _spell_phase(said))
    if isinstance(said, Rewritten):
        phase = None if said.phase is None else _spell_phase(said.phase)
        return _snapshot(
            said.text,
            "streaming",
            shown=said.shown,
            reasoning=said.reasoning or None,
            phase=phase,
        )
    if isinstance(said, StatusSaid):
        told = {"code": said.code, "detail": said.sentence, "cure": said.cure}
        return event("status", {"status": said.status, **told})
    return event("done", {"message": said.message})


def _snapshot(content: str, status: str, **more: Any) -> bytes:
    known = {name: value for name, value in more.items() if value is not None}
    return event("snapshot", {"content": content, "status": status, **known}, len(content))


def _spell_phase(said: PhaseChanged) -> dict[str, Any]:
    spelled: dict[str, Any] = {"phase": said.phase, "seconds": round(said.seconds, 1)}
    if said.until_seconds is not None:
        spelled |= {
            "until_seconds": round(said.until_seconds, 1),
            "code": said.code,
            "detail": said.sentence,
        }
    return spelled


async def _hints(database: Database, changes: Changes) -> AsyncIterator[bytes]:
    health = database.health
    state: dict[str, Any] = {"state": health.state, "sentence": health.sentence}
    yield event("persistence", state)
    async for hint in changes.follow(KEEP_ALIVE_SECONDS):
        yield KEEP_ALIVE if hint is None else event(*hint)
