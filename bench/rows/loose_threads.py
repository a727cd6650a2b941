"""Of what stays open or contradicts itself at a made-up table: how much is found, and how much of
what is shown is right."""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.figures import Line
from bench.filled import make_empty
from bench.looking_mind import Looker
from bench.planted_canon import Score
from bench.planted_canon import measure as measure_planted
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

POSTGRESQL = "TTRPG_BENCH_POSTGRESQL"
"""The address of a database whose tables may be dropped."""

CAMPAIGNS = 12
OF_VOICES = 4
"""Of a set that fills many campaigns each time."""

PARTS = {
    "seen": "texts the rules were written by",
    "unseen": "texts tried afterwards",
    "last": "texts written last",
    "voices": "texts in many voices the rules were mended by",
    "fresh": "texts no rule was changed for",
}
RECALL, PRECISION = 0.85, 0.9
OF_PAIRS = 0.9


async def measure(place: Path) -> list[Line]:
    """Twelve campaigns of each set, without a model, and three with one that errs; also on
    PostgreSQL where there is one."""
    database = create_database(await make_empty(place))
    await database.open()
    try:
        lines = await _measure_sets(database, "SQLite", place)
    finally:
        await database.close()
    address = os.environ.get(POSTGRESQL)
    if address:
        raw = await asyncpg.connect(address)
        await raw.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await raw.close()
        there = create_database(address)
        await there.open()
        try:
            lines += await _measure_sets(there, "PostgreSQL", place)
        finally:
            await there.close()
    return lines


async def _measure_sets(database: Database, where: str, folder: Path) -> list[Line]:
    lines = []
    for part, said in PARTS.items():
        campaigns = OF_VOICES if part == "voices" else CAMPAIGNS
        threads, pairs = await measure_planted(database, campaigns, part=part)
        lines.append(_line(f"loose threads, {said}, {where}", threads, RECALL, PRECISION))
        if part == "voices":
            # Nothing in it contradicts itself, and a model is measured with the other sets.
            continue
        lines.append(_line(f"contradictions, {said}, {where}", pairs, OF_PAIRS, OF_PAIRS))
        looker = Looker(database, folder)
        threads, pairs = await measure_planted(
            database, CAMPAIGNS // 4, part=part, look=looker.look
        )
        by = f"a model that errs, {looker.calls} calls, {looker.left_out} inventions left out"
        if looker.unread:
            by += f", {looker.unread} lines not read"
        lines.append(_line(f"loose threads, {said}, {by}, {where}", threads, RECALL, PRECISION))
        lines.append(_line(f"contradictions, {said}, {by}, {where}", pairs, OF_PAIRS, OF_PAIRS))
    return lines


def _line(what: str, score: Score, recall: float, precision: float) -> Line:
    found = sum(score.found.values())
    planted = found + sum(map(len, score.missed.values()))
    return Line(
        what,
        f"{score.recall():.2f} found, {score.precision():.2f} of what is shown right",
        f"{planted:,} planted",
        "–",
        f"≥ {recall:.2f} and {precision:.2f}",
        score.recall() >= recall and score.precision() >= precision,
    )
