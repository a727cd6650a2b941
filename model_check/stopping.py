"""Stop: how soon llama.cpp's only slot is free again, and the next question is answered."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx2

from model_check.conversation import Application
from model_check.figures import Figure
from model_check.programs import application, llama_server
from model_check.recording import recording

MODEL = "openai-compatible:gemma"
FREE_SECONDS = 1.0
QUESTION = "Tell me everything about the city, street by street."
LONG_QUESTION = "What do you make of this? " + " ".join(
    f"In year {number} the sea came over bridge {number}." for number in range(60)
)
POLL_SECONDS = 0.02
STOPS = 3
PIECES_FIRST = 5
"""Pieces of text that must have come before the answer is stopped."""


async def measure(place: Path, tree: Path) -> list[Figure]:
    """Stop while it writes, which is judged, and while it reads, which is only reported."""
    async with (
        llama_server(8192) as origin,
        recording(origin, endless=True) as record,
        application(place, MODEL, {"TTRPG_COMPATIBLE_BASE_URL": record.base_url}, tree) as app,
        httpx2.AsyncClient(base_url=origin, timeout=60, trust_env=False) as slots,
    ):
        path = await app.open_chat(None)
        writing = []
        for _ in range(STOPS):
            reply = await app.start_turn(path, QUESTION)
            await _wait_for_text(app, reply)
            seconds = await _stop_and_wait(app, slots, reply)
            writing.append((record.calls[-1].ended - seconds.began, seconds.taken))
        reply = await app.start_turn(path, LONG_QUESTION)
        await _wait_until_busy(slots)
        reading = await _stop_and_wait(app, slots, reply)
        record.endless, record.answer_tokens = False, 8
        following = await app.take_turn(path, "And now in one word?")
    figures = [
        Figure(
            "stop while it writes: until the call is closed",
            ", ".join(f"{closed:.2f} s" for closed, _ in writing),
        ),
        Figure(
            "stop while it writes: until the slot is free",
            ", ".join(f"{free:.2f} s" for _, free in writing),
            f"≤ {FREE_SECONDS:.0f} s, the median",
            median([free for _, free in writing]) <= FREE_SECONDS,
        ),
        Figure(
            "stop while it reads a long question: until the slot is free", f"{reading.taken:.2f} s"
        ),
        Figure(
            "the next question is answered",
            f"{following.message['status']} after {following.seconds:.1f} s",
            "complete",
            following.message["status"] == "complete",
        ),
    ]
    for figure in figures:
        print(figure.spell(), flush=True)
    return figures


@dataclass(frozen=True, slots=True)
class Stopped:
    """When Stop was pressed (`time.perf_counter()`), and seconds until no slot was busy."""

    began: float
    taken: float


async def _wait_for_text(app: Application, reply: str) -> None:
    pieces = 0
    async for name, _ in app.follow(reply):
        pieces += name == "text"
        if pieces == PIECES_FIRST:
            return


async def _stop_and_wait(app: Application, slots: httpx2.AsyncClient, reply: str) -> Stopped:
    """Press Stop and wait until no slot is busy."""
    assert await _is_busy(slots), "the model had ended by itself"
    began = time.perf_counter()
    stopped = asyncio.create_task(app.stop(reply))
    while await _is_busy(slots):
        await asyncio.sleep(POLL_SECONDS)
    taken = time.perf_counter() - began
    await stopped
    return Stopped(began, taken)


async def _wait_until_busy(slots: httpx2.AsyncClient) -> None:
    while not await _is_busy(slots):
        await asyncio.sleep(POLL_SECONDS)


async def _is_busy(slots: httpx2.AsyncClient) -> bool:
    return any(slot["is_processing"] for slot in (await slots.get("/slots")).json())
