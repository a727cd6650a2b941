"""What is left of a reply when the server is killed in the middle of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench import programs
from bench.figures import Line, median
from bench.filled import Filler, make_empty
from bench.talk import QUESTION, read_reply
from ttrpg_assistant.ids import new_id

CHUNKS, PACE = 2000, 50
KILLED_AFTER = (200, 263, 331)
"""Words the client had heard when the server was killed."""

MARK = "[Stream interrupted]"


async def measure(place: Path) -> list[Line]:
    """SIGKILL in mid-reply, then a start, then what the store says."""
    filler = Filler(await make_empty(place))
    [thread] = filler.add_talk([2])
    filler.finish()
    lost: list[float] = []
    heard_words: list[int] = []
    async with programs.provider(CHUNKS, PACE) as url:
        for words in KILLED_AFTER:
            server = await asyncio.to_thread(programs.start, place, url)
            client = server.connect()
            posted = await client.ask(
                "POST",
                f"/api/threads/{thread}/turns",
                {"message_id": new_id(), "content": QUESTION},
            )
            answer = posted.json()["assistant_message"]["id"]
            heard = await client.ask(
                "GET", f"/api/replies/{answer}/stream", until=f"word{words} ".encode()
            )
            server.kill()
            client.close()
            told, _ = read_reply(heard)
            async with programs.serving(place, url) as again:
                found, stored = read_reply(
                    await again.connect().ask("GET", f"/api/replies/{answer}/stream")
                )
            assert stored is not None and stored["status"] == "interrupted"
            assert found.count(MARK) == 1, found[-200:]
            kept = found.removesuffix(MARK).rstrip("\n")
            assert told.startswith(kept), "what is kept is what was said"
            heard_words.append(len(told.split()))
            lost.append((heard_words[-1] - len(kept.split())) / PACE)
    share = 1 - sum(lost) * PACE / sum(heard_words)
    return [
        Line(
            f"killed with -9 in mid-reply ({PACE} chunks/s), started again",
            f"{median(lost):.2f} s of text lost, at most {max(lost):.2f} s",
            f"{median([n / PACE for n in heard_words]):.1f} s had been told",
            f"{share:.0%} kept",
            "≤ 1 s lost",
            max(lost) <= 1.0,
        )
    ]
