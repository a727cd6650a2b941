"""From a provider's bytes to `ModelEvent`s: the part all dialects share.

A dialect says what one payload means (a `Reading`); this says what the stream means: when
it is complete, cut off, stalled or empty, and that the call is closed on every way out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence

import httpx2

from ttrpg_assistant.errors import BadAnswer, CutOff, ModelFault, ModelRefused, Stalled
from ttrpg_assistant.llm.answer_text import AnswerText, Habit
from ttrpg_assistant.llm.endings import TAIL_SECONDS, EndOfAnswer
from ttrpg_assistant.llm.key_in_text import keep_out
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import (
    Finished,
    FinishReason,
    ModelEvent,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
)
from ttrpg_assistant.llm.wire import Wire
from ttrpg_assistant.llm.wire_decoding import HalfCharacters, SseDecoder
from ttrpg_assistant.llm.wire_faults import within_sentence

GOODBYE_SECONDS = 0.05
"""How long to wait for the end of the HTTP message, to keep the connection for next time."""

KEEP_ALIVE_SECONDS = 1800.0
"""How long a provider may send nothing but signs that it is still there."""

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""No answer is this long; a server that never stops is."""

STEP_BYTES = 32 * 1024
"""So much is read at once, with a pause for everybody else after it: a server that sends megabytes
together must not hold up the answers of others."""

STEP_CHARACTERS = 1024
"""So much text is looked through at once, with the same pause: it is looked at line by line."""


async def relay(
    wire: Wire,
    open_answer: Callable[[], Awaitable[httpx2.Response]],
    decoder: SseDecoder,
    reader: Reading,
    habit: Habit | None = None,
) -> AsyncGenerator[ModelEvent, None]:
    """Everything one answer says, in order, ended by `Finished` or a fault.

    Text that arrived before a fault is always said before the fault is raised. What
    arrived together is said together. `habit` is what is known of how the model thinks.
    """
    response = await open_answer()
    heard = _Heard(habit, wire.secret)
    events = heard.answer.events
    end = EndOfAnswer(reader)
    clock = asyncio.get_running_loop().time
    fault: ModelFault | None = None
    deadline: float | None = None
    quiet_since: float | None = None
    torn = False
    taken = 0
    waiting = b""
    body = wire.read(response)
    try:
        while True:
            if waiting:
                await asyncio.sleep(0)
                data = waiting
            else:
                if reader.reason is not None:
                    # Late text takes the deadline back: the reason was not the end.
                    deadline = (deadline or clock() + TAIL_SECONDS) if end.believable else None
                data, fault = await _next(body, wire.label, deadline)
            data, waiting = data[:STEP_BYTES], data[STEP_BYTES:]
            if data:
                text = end.read(decoder.feed(data))
                taken += len(data)
            else:
                # The last payload may lack its line end, or may have been cut in two.
                text, torn = _read_last(decoder, reader, end)
            if text or reader.thoughts:
                quiet_since = None
                if reader.thoughts and (thinking := heard.read_thoughts(reader.thoughts)):
                    yield ThinkingDelta(thinking)
                for at in range(0, len(text), STEP_CHARACTERS):
                    if at:
                        await asyncio.sleep(0)
                    said = heard.read_text(text[at : at + STEP_CHARACTERS])
                    if events:
                        for event in heard.take_events():
                            yield event
                    if said:
                        yield TextDelta(said)
            elif quiet_since is None:
                quiet_since = clock()
            elif clock() - quiet_since > KEEP_ALIVE_SECONDS:
                fault = Stalled(f"{wire.label} has sent no words for too long.")
            if not data or reader.closed or reader.fault or fault or heard.answer.ran_on:
                break
            if decoder.broken:
                fault = BadAnswer(f"{wire.label} sent a single piece that is far too long.")
                break
            if taken > MAX_ANSWER_BYTES:
                fault = BadAnswer(f"{wire.label} does not stop writing.")
                break
        reason = reader.reason
        if heard.answer.ended and reason != "filtered":
            reason = "stop"  # the model's own mark of its end, whatever came after it
        elif fault is not None and end.believable:
            fault = None
        elif fault is None and not end.is_whole(delimited=_is_delimited(response) and not torn):
            reason = None
        whole = fault is None and reader.fault is None
        for event in heard.rest(reason if whole else None):
            yield event
        if heard.answer.ended or (end.believable and not reader.closed):
            fault = None
        else:
            fault = reader.fault or fault
        if fault is None:
            fault = _judge(reason, reader, heard, decoder.unknown, wire.label)
        reader.settle()
        if reader.tokens_in is not None or reader.tokens_out is not None:
            yield Usage(reader.tokens_in, reader.tokens_out, _cached(reader))
        data = b""
        if fault is not None:
            # Without its frames: their variables hold what the provider sent, and some repeat
            # the key they were given.
            raise fault.with_traceback(None)
        assert reason is not None
        yield Finished(reason)
        if not heard.answer.ran_on:
            await _read_to_end(body)
    finally:
        await body.aclose()
        await response.aclose()


def _read_last(decoder: SseDecoder, reader: Reading, end: EndOfAnswer) -> tuple[str, bool]:
    """The text of what is left when the body has ended, and whether it was torn off there."""
    left = b"" if reader.closed else decoder.rest()
    if not left:
        return "", False
    gap = reader.gap
    text = end.read((left,))
    torn = reader.gap and not gap
    reader.gap = gap  # how the answer ended is known from elsewhere
    return text, torn


class _Heard:
    """Turns what the payloads said into events, and knows whether any of it was an answer."""

    def __init__(self, habit: Habit | None, secret: str | None) -> None:
        self.answer = AnswerText(habit)
        self.wrote = False
        self.thought = False
        self._text_halves = HalfCharacters()
        self._thought_halves = HalfCharacters()
        self._text_key = keep_out(secret)
        self._thought_key = keep_out(secret)

    def read_thoughts(self, thoughts: list[str]) -> str:
        """Thinking that came apart from the text; the list is emptied."""
        thinking = self._thought_halves.join("".join(thoughts))
        if self._thought_key is not None:
            thinking = self._thought_key.feed(thinking)
        thoughts.clear()
        self.answer.separate()
        self.thought = self.thought or bool(thinking)
        return thinking

    def read_text(self, text: str) -> str:
        """The part of it to say now, after the events that it caused."""
        text = self._text_halves.join(text)
        if self._text_key is not None:
            text = self._text_key.feed(text)
        text = self.answer.feed(text)
        if self.answer.events:
            self._note_events()
        if not self.wrote and text and not text.isspace():
            self.wrote = True
        return text

    def rest(self, reason: FinishReason | None) -> Iterator[ModelEvent]:
        """What was held back, once it is known how the answer ended (None: it was cut)."""
        left = "" if self._thought_key is None else self._thought_key.rest()
        if left := left + self._thought_halves.rest():
            yield ThinkingDelta(left)
        left = "" if self._text_key is None else self._text_key.rest()
        left += self._text_halves.rest()
        text = (self.answer.feed(left) if left else "") + self.answer.rest(reason)
        self._note_events()
        self.wrote = self.wrote or bool(text and not text.isspace())
        yield from self.take_events()
        if text:
            yield TextDelta(text)

    def take_events(self) -> Sequence[ModelEvent]:
        """What the text turned out to be besides text, to be said before the text."""
        taken = tuple(self.answer.events)
        self.answer.events.clear()
        return taken

    def _note_events(self) -> None:
        for event in self.answer.events:
            if isinstance(event, ThinkingDelta):
                self.thought = True
            elif isinstance(event, Reclassified):
                self.wrote, self.thought = event.now == "text", event.now == "thinking"


def _judge(
    reason: FinishReason | None, reader: Reading, heard: _Heard, unknown: bytes, label: str
) -> ModelFault | None:
    if reason is None:
        if reader.complaint is not None:
            return reader.complaint
        if unknown and not heard.wrote and not heard.thought:
            return BadAnswer(
                f"{label}'s address answered with something that is not an answer.",
                cure="Check the address in Settings.",
            )
        return CutOff(f"{label} stopped in the middle of its answer.")
    if reader.gap and not heard.answer.ended:
        return BadAnswer(f"{label} sent a piece that cannot be read; the answer has a gap there.")
    if heard.wrote:
        return None
    if reason == "filtered":
        return ModelRefused(f"{label}'s own filter stopped the answer before its first word.")
    if heard.thought and reason == "length":
        return BadAnswer(
            f"{label} used the whole answer length for thinking and wrote no answer.",
            code="model_only_thought",
            cure="Set a longer answer length or less thinking effort for this model in Settings.",
        )
    if heard.thought:
        return BadAnswer(
            f"{label} only thought, and wrote no answer.",
            code="model_only_thought",
            cure="Try again, or set less thinking effort for this model in Settings.",
        )
    if reason == "length":
        return BadAnswer(
            f"{label} reached the answer length before its first word.",
            cure="Set a longer answer length for this model in Settings.",
        )
    return reader.complaint or BadAnswer(f"{label} answered with nothing.")


def _cached(reader: Reading) -> int | None:
    """Cached tokens are part of the prompt: more of them than all is no count."""
    cached, whole = reader.tokens_cached, reader.tokens_in
    return None if cached is not None and whole is not None and cached > whole else cached


def _is_delimited(response: httpx2.Response) -> bool:
    """Whether HTTP itself says where the body ends; else a cut looks like an end."""
    headers = response.headers
    return "content-length" in headers or "chunked" in headers.get("transfer-encoding", "")


async def _next(
    body: AsyncIterator[bytes], label: str, deadline: float | None
) -> tuple[bytes, ModelFault | None]:
    """The next bytes, empty at the end of the stream or at the deadline."""
    try:
        if deadline is None:
            return await anext(body), None
        # No yield happens inside the time limit: it would limit our reader instead.
        async with asyncio.timeout_at(deadline):
            return await anext(body), None
    except (StopAsyncIteration, TimeoutError):
        return b"", None
    except httpx2.ReadTimeout:
        return b"", Stalled(f"{label} stopped responding.")
    except (httpx2.TransportError, httpx2.DecodingError, httpx2.StreamError):
        return b"", CutOff(
            f"The connection to {within_sentence(label)} broke in the middle of the answer."
        )


async def _read_to_end(body: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(GOODBYE_SECONDS):
            async for _ in body:
                pass
    except (TimeoutError, httpx2.TransportError, httpx2.DecodingError, httpx2.StreamError):
        pass
