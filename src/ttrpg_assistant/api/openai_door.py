"""Chat completions for programs that speak OpenAI's interface: NPCs and the assistant as models.

Stateless: the program's messages are the history. With the header `X-Store-Conversation` what was
said and answered is kept as well: `new` begins a conversation, its id goes on in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress

import structlog
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ttrpg_assistant.api.bodies import answer
from ttrpg_assistant.api.door_access import get_token
from ttrpg_assistant.api.errors import status_of
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.openai_request import DECLARED, ChatRequest, read_request
from ttrpg_assistant.api.openai_shape import (
    ERRORS,
    Completion,
    encode,
    spell_error,
    spell_models,
)
from ttrpg_assistant.doors.keeping import KeptTalk
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.model_names import Speaker
from ttrpg_assistant.doors.side_tasks import do_side_task, find_side_task
from ttrpg_assistant.doors.talking import End, OutsideTalk, Piece
from ttrpg_assistant.errors import CutOff, Fault
from ttrpg_assistant.ids import new_id

log = structlog.get_logger(__name__)

FIRST_WORD_SECONDS = 5.0
"""So long the first word is waited for before the stream begins: a refusal until then is an
answer with its own status."""

QUIET_SECONDS = 10.0
"""After so long without a word a comment keeps the connection alive."""

STORE = "x-store-conversation"
STORED = "X-Conversation-Id"

Events = AsyncGenerator[Piece | End]


def openai_routes(talk: OutsideTalk, kept: KeptTalk) -> Routes:
    """What clients of OpenAI's interface ask."""
    routes = Routes(tags=["models for other programs"], responses=dict(ERRORS))

    @routes.get("/v1/models", operation_id="list_talk_models")
    async def list_talk_models(request: Request) -> Response:
        """Who can be talked to with this token, as models."""
        token = get_token(request)
        found = await talk.list_models(token)
        return answer(spell_models([(one.model, _name(one, token)) for one in found]))

    @routes.post(
        "/v1/chat/completions", operation_id="create_chat_completion", openapi_extra=DECLARED
    )
    async def create_chat_completion(request: Request) -> Response:
        """An answer in the voice of an NPC, or of the assistant; whole or streamed."""
        token = get_token(request)
        asked = read_request(await request.body())
        speaker = await talk.find(token, asked.model)
        task = find_side_task(asked.asked)
        wanted = request.headers.get(STORE, "") if task is None else ""
        conversation = await kept.find(token, speaker, wanted)
        completion = Completion(new_id(), asked.model)
        if task is None:
            events = talk.answer(token, speaker, asked.asked)
        else:
            events = _say_at_once(do_side_task(task, _name(speaker, token)))
        source = _Source(kept.keep(conversation, asked.asked, events))
        headers = {} if conversation is None else {STORED: conversation.id}
        if not asked.is_streamed:
            whole = await source.read_whole(request)
            return Response(
                encode(completion.whole(whole)), media_type="application/json", headers=headers
            )
        await source.wait_for_first(FIRST_WORD_SECONDS)
        return _Streamed(source, _spell(source, completion, asked), headers)

    return routes


class _Source:
    """An answer as it is written, by a task of its own: whoever reads it may wait and may leave."""

    def __init__(self, events: Events) -> None:
        self._queue: asyncio.Queue[Piece | End | Fault] = asyncio.Queue()
        self._first = asyncio.Event()
        self._task = asyncio.create_task(self._write(events))

    async def read_whole(self, request: Request) -> End:
        """The answer, unless the program goes away first: then the model is not asked on. Raises
        the fault of the answer."""
        watching = asyncio.create_task(_wait_until_gone(request))
        try:
            await asyncio.wait({self._task, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
            await self.close()
        while not self._queue.empty():
            event = self._queue.get_nowait()
            if isinstance(event, Fault):
                raise event
            if isinstance(event, End):
                return event
        raise CutOff("The program that asked has gone.")

    async def wait_for_first(self, seconds: float) -> None:
        """Wait until something is there, so long at most. Raises the fault if it is one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._first.wait()
        if not self._queue.empty():
            event = self._queue.get_nowait()
            if isinstance(event, Fault):
                await self.close()
                raise event
            self._queue_first = event

    async def follow(self, quiet_seconds: float) -> AsyncIterator[Piece | End | Fault | None]:
        """What comes, to the end or the fault; None whenever nothing came for so long."""
        while True:
            event: Piece | End | Fault | None = None
            if self._queue_first is not None:
                event, self._queue_first = self._queue_first, None
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(quiet_seconds):
                        event = await self._queue.get()
            yield event
            if isinstance(event, End | Fault):
                return

    async def close(self) -> None:
        """The model is not asked on."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    _queue_first: Piece | End | None = None

    async def _write(self, events: Events) -> None:
        try:
            async with aclosing(events) as said:
                async for event in said:
                    self._queue.put_nowait(event)
                    self._first.set()
        except Fault as fault:
            self._queue.put_nowait(fault)
        except Exception:
            log.exception("answer.failed")
            self._queue.put_nowait(Fault("Something went wrong inside the assistant."))
        finally:
            self._first.set()


class _Streamed(StreamingResponse):
    """A stream whose answer is not written on when nobody reads it, even from the first moment."""

    def __init__(
        self, source: _Source, content: AsyncIterator[bytes], headers: Mapping[str, str]
    ) -> None:
        own = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, media_type="text/event-stream", headers={**headers, **own})
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._source.close()


async def _spell(
    source: _Source, completion: Completion, asked: ChatRequest
) -> AsyncIterator[bytes]:
    yield _event(completion.piece({"role": "assistant", "content": ""}))
    async for event in source.follow(QUIET_SECONDS):
        if event is None:
            yield b": the answer is on its way\n\n"
        elif isinstance(event, Piece):
            yield _event(completion.piece({"content": event.text}))
        elif isinstance(event, End):
            yield _event(completion.piece({}, event.reason))
            if asked.with_usage:
                yield _event(completion.usage(event))
            yield b"data: [DONE]\n\n"
        else:
            status = status_of(event)
            yield _event(spell_error(status, event.code, event.sentence, event.cure))


async def _say_at_once(end: End) -> Events:
    yield Piece(end.text)
    yield end


def _name(speaker: Speaker, token: Token) -> str:
    return token.campaign_name if speaker.npc is None else speaker.npc.name


def _event(value: object) -> bytes:
    return b"data: " + encode(value) + b"\n\n"


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
