"""Building what the model is told, in a campaign that has been played for years."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bench.answerers import make_answerer
from bench.campaign import add_campaign, add_world
from bench.figures import Line, median, ms, times
from bench.filled import Filler, make_empty
from bench.postgresql import copy_rows, start_server
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.storage.engines import create_database

SMALL, LARGE = 10, 10_000
SIZES = (32_768, 200_000)
SAMPLES = 40
MODEL = "openai-compatible:stub"


async def measure(place: Path) -> list[Line]:
    """Prompts for a small and a large campaign, in turns, for two sizes of model: one of the first
    version's kinds alone, and one of all kinds with relations and facts."""
    lines = await _measure(place / "three_kinds", add_campaign, "entities")
    told = "things of all kinds, relations, facts each"
    lines += await _measure(place / "all_kinds", add_world, told)
    with start_server(place / "server") as address:
        on = f"{told} on PostgreSQL"
        return lines + await _measure(place / "postgresql", add_world, on, address)


async def _measure(
    place: Path,
    add: Callable[[Filler, int], tuple[str, list[str]]],
    what: str,
    address: str | None = None,
) -> list[Line]:
    path = await make_empty(place)
    filler = Filler(path)
    asked: dict[int, tuple[str, str]] = {}
    for size in (SMALL, LARGE):
        campaign_id, names = add(filler, size)
        [thread] = filler.add_talk([size], campaign_id=campaign_id)
        asked[size] = (thread, f"Where did {names[1]} hide what {names[-1]} is about?")
    filler.finish()
    database = create_database(address or path)
    await database.open()
    if address is not None:
        await copy_rows(path, address)
    lines = []
    try:
        said: dict[int, Turn] = {}
        for size, (thread, question) in asked.items():
            posted = await database.write(
                lambda tx, thread=thread, question=question: turns.post_turn(  # type: ignore[misc]
                    tx, thread, message_id=new_id(), content=question, owner=new_id()
                )
            )
            said[size] = posted.turn
        context = ConversationContext(database, CampaignFactSource(find_facts))
        for tokens in SIZES:
            taken: dict[int, list[float]] = {SMALL: [], LARGE: []}
            used = 0
            for number in range(SAMPLES + 3):
                for size, turn in said.items():
                    began = time.perf_counter()
                    built = await context.build(turn, make_answerer(MODEL, tokens))
                    if number >= 3:
                        taken[size].append(time.perf_counter() - began)
                    used = built.estimated_tokens
            large, small = median(taken[LARGE]), median(taken[SMALL])
            lines.append(
                Line(
                    f"prompt for {LARGE:,} {what} and {LARGE:,} messages, model of "
                    f"{tokens:,} tokens",
                    f"{ms(large)} for {used:,} tokens",
                    f"{ms(small)} for {SMALL} {what} and {SMALL} messages",
                    times(large, small),
                    "≤ 25 ms",
                    large <= 0.025,
                )
            )
    finally:
        await database.close()
    return lines
