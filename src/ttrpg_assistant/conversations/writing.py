"""Lets a model write one reply: builds its prompt, reads what it says, and counts the cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from ttrpg_assistant import failpoints
from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.answering import REPLY_CHARACTERS, AnsweringModel, storable
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt
from ttrpg_assistant.conversations.continuing import continue_prompt, leave_room
from ttrpg_assistant.conversations.endings import Ending
from ttrpg_assistant.conversations.gathered import Gathered
from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.ports import TurnContext
from ttrpg_assistant.conversations.read_ahead import ReadAhead
from ttrpg_assistant.conversations.seam import Seam
from ttrpg_assistant.conversations.speakers import speaker_filter
from ttrpg_assistant.errors import BadAnswer, ContextTooLong, CutOff, ModelRefused
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.replies import LiveReply
from ttrpg_assistant.llm.prices import cost_in_microcents
from ttrpg_assistant.llm.types import (
    Finished,
    ModelEvent,
    Prefilled,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
    Waiting,
)


class ReplyWriter:
    """Asks the model that answers now. What it says goes into a `LiveReply` as it comes."""

    def __init__(self, model: AnsweringModel, context: TurnContext) -> None:
        self._model = model
        self._context = context
        self.ahead = ReadAhead(model, context)

    async def write(
        self,
        turn: Turn,
        reply: LiveReply,
        ending: Ending,
        before_asking: Callable[[], Awaitable[None]],
    ) -> None:
        """Let the model answer until it ends or fails; raises the fault. `ending` says how it
        ended, as far as that is known whenever this is cancelled. `before_asking` is awaited when
        the prompt is ready, before each time it is sent.

        A prompt that turns out too long before the first word is built smaller and sent once
        more.
        """
        ending.model = self._model.choice
        reply.enter("reading")
        answerer, ahead = await self.ahead.take(turn) or (await self._model.get(), None)
        earlier = reply.text
        sent = _Sent()
        try:
            await self._ask(answerer, turn, reply, ending, earlier, before_asking, sent, ahead)
        except ContextTooLong as fault:
            if reply.added_length or reply.reasoning_length:
                raise
            smaller = await self._model.make_smaller(answerer, fault, sent.estimated_tokens)
            if smaller is None:
                raise
            reply.enter("reading")
            await self._ask(smaller, turn, reply, ending, earlier, before_asking, _Sent())

    async def _ask(
        self,
        answerer: Answerer,
        turn: Turn,
        reply: LiveReply,
        ending: Ending,
        earlier: str,
        before_asking: Callable[[], Awaitable[None]],
        sent: _Sent,
        ahead: Gathered | None = None,
    ) -> None:
        if earlier:
            reduced, kept = leave_room(answerer, earlier)
            built = continue_prompt(await self._context.build(turn, reduced), answerer, kept)
        else:
            built = await self._context.build(turn, answerer, ahead)
        sent.estimated_tokens = built.estimated_tokens
        ending.manifest = built.manifest
        await before_asking()
        try:
            events = self._model.stream(answerer, built.request, built.estimated_tokens)
            await _read(events, reply, ending, _Text(built, earlier))
        finally:
            if answerer.price is not None:
                ending.cost_microcents = cost_in_microcents(
                    answerer.price, ending.tokens_in, ending.tokens_cached, ending.tokens_out
                )
        self._model.learn(answerer.choice, built.estimated_tokens, ending.tokens_in)


@dataclass
class _Sent:
    """The estimate of the prompt that was sent last, None before there was one."""

    estimated_tokens: int | None = None


class _Text:
    """What of a model's text belongs into the reply."""

    def __init__(self, built: BuiltPrompt, earlier: str) -> None:
        self._built = built
        self._earlier = earlier
        self._is_prefilled = False
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what came so far: it was no part of the answer."""
        built, earlier = self._built, self._earlier
        self._speech = None if built.voice is None else speaker_filter(built.voice)
        self._seam: Seam | None = None
        if earlier:
            request = built.request
            # Without the answer so far: its last word may be half of one.
            said = (message.content for message in request.messages[:-1])
            self._seam = Seam(earlier, (request.system, *said))
            if self._is_prefilled:
                self._seam.trust_spaces()
        self._stages: list[Callable[[str], str]] = [
            stage.feed for stage in (self._speech, self._seam) if stage is not None
        ]

    def trust_spaces(self) -> None:
        """The model goes on from the last character of the answer so far."""
        self._is_prefilled = True
        if self._seam is not None:
            self._seam.trust_spaces()

    @property
    def has_ended(self) -> bool:
        """Whether the model has begun to speak for somebody else."""
        return self._speech is not None and self._speech.ended

    def feed(self, text: str) -> str:
        """What of the text so far is known to belong into the reply."""
        for stage in self._stages:
            if not text:
                break
            text = stage(text)
        return text

    def rest(self) -> str:
        """What is still held back."""
        text = "" if self._speech is None else self._speech.rest()
        if self._seam is None:
            return text
        return (self._seam.feed(text) if text else "") + self._seam.rest()


async def _read(
    answer: AsyncGenerator[ModelEvent], reply: LiveReply, ending: Ending, text: _Text
) -> None:
    retry: asyncio.TimerHandle | None = None
    try:
        async with aclosing(answer) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    if ending.first_text_at is None:
                        ending.first_text_at = utc_now()
                    failpoints.hit("reply_text")
                    if said := text.feed(storable(event.text)):
                        reply.append(said)
                        if reply.length > REPLY_CHARACTERS:
                            raise CutOff(
                                "The answer was too long and was cut.", code="reply_too_long"
                            )
                    if text.has_ended:
                        ending.finish_reason = "stop"
                        break
                elif isinstance(event, ThinkingDelta):
                    reply.think(storable(event.text))
                    if reply.reasoning_length > REPLY_CHARACTERS:
                        raise CutOff("The model did not stop thinking.", code="reply_too_long")
                elif isinstance(event, Reclassified):
                    held_back = text.rest()
                    text.begin_anew()
                    if event.now == "thinking":
                        reply.take_back_text(held_back)
                    elif said := text.feed(reply.take_back_thinking()):
                        reply.append(said)
                elif isinstance(event, Prefilled):
                    text.trust_spaces()
                elif isinstance(event, Waiting):
                    reply.wait(event.seconds, event.code, event.sentence)
                    loop = asyncio.get_running_loop()
                    retry = loop.call_later(event.seconds, reply.end_wait)
                elif isinstance(event, Usage):
                    ending.tokens_in = event.tokens_in
                    ending.tokens_out = event.tokens_out
                    ending.tokens_cached = event.tokens_cached
                elif isinstance(event, Finished):
                    ending.finish_reason = event.reason
    finally:
        if retry is not None:
            retry.cancel()
        # Also when it was stopped or failed: what was held back was said.
        if rest := text.rest():
            reply.append(rest)
    _judge(reply, ending, text)


def _judge(reply: LiveReply, ending: Ending, text: _Text) -> None:
    if ending.finish_reason is None:
        raise CutOff("The answer was cut off before its end.")
    if ending.finish_reason == "filtered":
        raise ModelRefused("The model's provider stopped this answer.")
    if text.has_ended and not reply.length:
        raise BadAnswer(
            "The model spoke for somebody else instead of answering.",
            code="spoke_for_others",
            cure="Ask again, or choose another model in Settings.",
        )
    ending.status = "complete"
