"""Servers that send far more than an answer needs: nobody else waits, and every excess ends."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.llm.dialect_cases import NAMES, Heard, hear, make_provider, talking
from tests.llm.loopback import RawServer
from tests.llm.raw_answers import DONE, chunk, event, hear_bytes, hear_raw
from tests.providers import Script
from ttrpg_assistant.errors import CutOff
from ttrpg_assistant.llm.answers import STEP_BYTES
from ttrpg_assistant.llm.connection import MAX_HEAD_BYTES
from ttrpg_assistant.llm.reading import MAX_COUNT

CHUNKED = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)


async def count_turns(listening: asyncio.Task[Heard]) -> int:
    """How often anybody else came to run while an answer was read."""
    turns = 0
    while not listening.done():
        turns += 1
        await asyncio.sleep(0)
    return turns


@pytest.mark.parametrize("events", [1, 4_000])
async def test_others_come_to_run_between_the_steps_of_a_large_piece(events: int) -> None:
    word = "mill " * (400_000 // events)
    piece = (chunk(word) * events + chunk(finish="stop") + DONE).encode()
    listening = asyncio.create_task(hear_bytes("openai", [piece]))
    turns = await count_turns(listening)
    heard = listening.result()
    assert heard.text == word * events
    assert heard.ended == "stop"
    assert turns > len(piece) // STEP_BYTES


async def test_trailers_without_end_are_not_read_without_end() -> None:
    body = chunk("Hi").encode()
    trailers = b"x-a: b\r\n" * 400_000
    sent = CHUNKED + b"%x\r\n%s\r\n0\r\n" % (len(body), body) + trailers
    async with RawServer(sent, close=False) as server:
        provider = make_provider("openai", f"http://127.0.0.1:{server.port}/v1")
        async with asyncio.timeout(60):
            heard = await hear(provider)
        await provider.aclose()
    assert heard.text == "Hi"
    assert isinstance(heard.fault, CutOff)


async def test_remarks_beside_the_chunks_of_a_long_answer_add_up_to_nothing() -> None:
    """Each chunk's size line may carry an extension; over a long answer that is a lot."""
    remark = b";" + b"x" * 1_000
    words = [chunk("mill ").encode()] * (3 * MAX_HEAD_BYTES // 1_000)
    words += [(chunk(finish="stop") + DONE).encode()]
    body = b"".join(b"%x%s\r\n%s\r\n" % (len(one), remark, one) for one in words)
    async with RawServer(CHUNKED + body + b"0\r\n\r\n") as server:
        provider = make_provider("openai", f"http://127.0.0.1:{server.port}/v1")
        heard = await hear(provider)
        await provider.aclose()
    assert heard.fault is None
    assert heard.text == "mill " * (len(words) - 1)


@pytest.mark.parametrize("name", NAMES)
async def test_counts_beyond_all_sense_never_leave_the_database_without_room(name: str) -> None:
    script = Script(tokens_in=MAX_COUNT, tokens_out=MAX_COUNT)
    async with talking(name, script) as (provider, _):
        heard = await hear(provider)
    assert heard.usage is not None
    assert heard.usage.tokens_in in (None, MAX_COUNT)
    assert heard.usage.tokens_out in (None, MAX_COUNT)


async def test_counts_that_are_summed_stay_within_bounds() -> None:
    usage = dict.fromkeys(
        ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"], MAX_COUNT
    )
    said = [
        event({"type": "message_start", "message": {"usage": usage}}),
        event({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hi"}}),
        event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}}),
        event({"type": "message_stop"}),
    ]
    heard = await hear_raw("anthropic", *said)
    assert heard.usage is not None
    assert heard.usage.tokens_in == MAX_COUNT
    counts = {"candidatesTokenCount": MAX_COUNT, "thoughtsTokenCount": MAX_COUNT}
    part = {"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}
    heard = await hear_raw("google", event({"candidates": [part], "usageMetadata": counts}))
    assert heard.usage is not None
    assert heard.usage.tokens_out == MAX_COUNT, json.dumps(counts)
