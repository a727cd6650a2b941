"""From a provider's bytes to `ModelEvent`s: the part all dialects share.

A dialect says what one payload means (a `Reader`); this says what the stream means: when
it is complete, cut off, stalled or empty, and that the call is closed on every way out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Protocol

import httpx2

from ttrpg_assistant.errors import BadAnswer, CutOff, ModelFault, ModelRefused, Stalled
from ttrpg_assistant.llm.types import Finished, FinishReason, ModelEvent, TextDelta, Usage
from ttrpg_assistant.llm.wire import Wire
from ttrpg_assistant.llm.wire_decoding import Decoder, HalfCharacters

TAIL_SECONDS = 5.0
"""How long to wait, once the answer is known to be whole, for usage and the last marker."""

GOODBYE_SECONDS = 0.05
"""How long to wait for the end of the HTTP message, to keep the connection for next time."""

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""No answer is this long; a server that never stops is."""


class Reader(Protocol):
    """What the payloads of one answer have said so far."""

    reason: FinishReason | None
    """Set once the provider has said that the answer is whole, and how it ended."""

    closed: bool
    """Set once the provider has said its last word; nothing more is waited for."""

    tokens_in: int | None
    tokens_out: int | None

    def read(self, payload: bytes) -> str:
        """The text in a payload, possibly empty. Raises a `ModelFault` if it says so."""
        ...


async def relay(
    wire: Wire,
    open_answer: Callable[[], Awaitable[httpx2.Response]],
    decoder: Decoder,
    reader: Reader,
) -> AsyncGenerator[ModelEvent, None]:
    """Everything one answer says, in order, ended by `Finished` or a fault.

    Text that arrived before a fault is always said before the fault is raised. What
    arrived together is said together.
    """
    response = await open_answer()
    halves = HalfCharacters()
    wrote = False
    fault: ModelFault | None = None
    body = wire.read(response)
    try:
        taken = 0
        while reader.reason is None and fault is None:
            data, fault = await _next(body, wire.label)
            if fault is None:
                taken += len(data)
                text, fault = _read_payloads(data, decoder, reader, wire.label)
                if text and (text := halves.join(text)):
                    wrote = True
                    yield TextDelta(text)
                if taken > MAX_ANSWER_BYTES:
                    fault = fault or BadAnswer(f"{wire.label} does not stop talking.")
                if not data:
                    break
        if fault is None and reader.reason is not None and not reader.closed:
            # No yield happens inside the time limit: it would limit our reader instead.
            text = halves.join(await _read_tail(body, decoder, reader, wire.label))
            if text:
                wrote = True
                yield TextDelta(text)
        if last := halves.rest():
            wrote = True
            yield TextDelta(last)
        if fault is None:
            fault = _judge(reader, wrote, wire.label)
        if reader.tokens_in is not None or reader.tokens_out is not None:
            yield Usage(reader.tokens_in, reader.tokens_out)
        data = b""
        if fault is not None:
            raise fault
        assert reader.reason is not None
        yield Finished(reader.reason)
        await _see_off(body)
    finally:
        await body.aclose()
        await response.aclose()


def _judge(reader: Reader, wrote: bool, label: str) -> ModelFault | None:
    if reader.reason is None:
        return CutOff(f"{label} stopped in the middle of its answer.")
    if wrote:
        return None
    if reader.reason == "filtered":
        return ModelRefused(f"{label}'s own filter stopped the answer before its first word.")
    if reader.reason == "length":
        return BadAnswer(
            f"{label} used up its allowance of words before saying anything.",
            cure="Allow longer answers, or choose another model in Settings.",
        )
    return BadAnswer(f"{label} answered with nothing.")


async def _next(body: AsyncIterator[bytes], label: str) -> tuple[bytes, ModelFault | None]:
    """The next bytes, empty at the end of the stream."""
    try:
        return await anext(body), None
    except StopAsyncIteration:
        return b"", None
    except httpx2.ReadTimeout:
        return b"", Stalled(f"{label} went silent.")
    except (httpx2.TransportError, httpx2.DecodingError, httpx2.StreamError):
        return b"", CutOff(f"The connection to {label} broke in the middle of the answer.")


def _read_payloads(
    data: bytes, decoder: Decoder, reader: Reader, label: str
) -> tuple[str, ModelFault | None]:
    texts: list[str] = []
    try:
        if data:
            for payload in decoder.feed(data):
                if text := reader.read(payload):
                    texts.append(text)
            if decoder.broken:
                sentence = f"{label} sent a single piece that is far too long."
                return "".join(texts), BadAnswer(sentence)
        else:
            # The last payload may lack its line end, or may have been cut in two.
            left = decoder.rest()
            if left and reader.reason is None:
                texts.append(_read_last(left, reader))
    except ModelFault as fault:
        # Without its frames: their variables hold what the provider sent, and some repeat
        # the key they were given.
        return "".join(texts), fault.with_traceback(None)
    return (texts[0] if len(texts) == 1 else "".join(texts)), None


def _read_last(payload: bytes, reader: Reader) -> str:
    try:
        return reader.read(payload)
    except BadAnswer:
        return ""


async def _read_tail(
    body: AsyncIterator[bytes], decoder: Decoder, reader: Reader, label: str
) -> str:
    """What comes after the answer is whole: usage, rarely text. Its faults do not matter."""
    texts: list[str] = []
    try:
        async with asyncio.timeout(TAIL_SECONDS):
            while not reader.closed:
                data, fault = await _next(body, label)
                if fault is not None:
                    break
                text, fault = _read_payloads(data, decoder, reader, label)
                texts.append(text)
                if fault is not None or not data:
                    break
    except TimeoutError:
        pass
    return "".join(texts)


async def _see_off(body: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(GOODBYE_SECONDS):
            async for _ in body:
                pass
    except (TimeoutError, httpx2.TransportError, httpx2.DecodingError, httpx2.StreamError):
        pass
