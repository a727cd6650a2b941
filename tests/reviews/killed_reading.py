"""A review that is read by a server which is killed meanwhile."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from tests.faults.server import ServerProcess
from tests.reviews.review_table import Outside, ReviewTable

SEED = 20_261_130
Begin = Callable[[Outside], Awaitable[ReviewTable]]


def said(queue: list[dict[str, Any]]) -> list[str]:
    """What a queue proposes, with its lines, whatever the ids."""
    return [
        json.dumps(
            [
                one["kind"],
                one["title"],
                {name: value for name, value in one["fields"].items() if not name.endswith("_id")},
                [[line["seq"], line["quote"]] for line in one["lines"]],
            ]
        )
        for one in queue
    ]


def choose_moments(seconds: float) -> list[float]:
    """Ten random moments, in seconds after each start, of a reading that takes so long as a
    whole."""
    dice = random.Random(SEED)
    return [dice.uniform(0.05, seconds / 8) for _ in range(10)]


async def read_killed_twice(
    folder: Path, begin: Begin, environment: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """What is proposed after the server was killed within a part and behind another."""
    server = ServerProcess(folder, environment=dict(environment or {}))
    await server.start(TTRPG_FAILPOINT="amid_part:1")
    try:
        async with server.client(timeout=60) as client:
            table = await begin(Outside(client))
            await client.post(f"{table.path}/start", json={})
            await server.wait_killed()
            await server.start(TTRPG_FAILPOINT="after_part:2")
            await server.wait_killed()
            await server.start()
            done = await table.wait()
            assert (done["status"], done["progress"]["failed"]) == ("done", 0)
            assert done["progress"]["parts"] == done["progress"]["done"] > 2
            return await table.queue()
    finally:
        await server.kill()


async def read_killed(
    folder: Path, begin: Begin, environment: Mapping[str, str], kills: list[float]
) -> tuple[dict[str, Any], list[dict[str, Any]], float]:
    """Its progress at the end, what it proposes, and how long it took. Killed so many seconds
    after each start."""
    server = ServerProcess(folder, environment=dict(environment))
    await server.start()
    try:
        async with server.client(timeout=60) as client:
            table = await begin(Outside(client))
            began = time.monotonic()
            await client.post(f"{table.path}/start", json={})
            for seconds in kills:
                await asyncio.sleep(seconds)
                await server.restart()
            done = await table.wait()
            assert done["status"] == "done", done
            return done["progress"], await table.queue(), time.monotonic() - began
    finally:
        await server.kill()
