"""Of what stays open or contradicts itself at a made-up table: how much is found, and how much of
what is shown is right."""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.figures import Line
from bench.filled import make_empty
from bench.looking_mind import Looker
from bench.planted_canon import Measured, Score
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
    "voices": "texts in many voices the rules and weights were settled by",
    "further": "texts in further voices the weights were settled by",
    "fresh": "texts no rule was changed for",
}
OF_WORDS = frozenset({"voices", "further"})
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
        campaigns = OF_VOICES if part in OF_WORDS else CAMPAIGNS
        measured = await measure_planted(database, campaigns, part=part)
        lines.append(_line_of_threads(f"loose threads, {said}, {where}", measured))
        if part in OF_WORDS:
            # Nothing in it contradicts itself, and a model is measured with the other sets.
            continue
        lines.append(_line_of_pairs(f"contradictions, {said}, {where}", measured.pairs))
        looker = Looker(database, folder)
        measured = await measure_planted(database, CAMPAIGNS // 4, part=part, look=looker.look)
        by = f"a model that errs, {looker.calls} calls, {looker.left_out} inventions left out"
        if looker.unread:
            by += f", {looker.unread} lines not read"
        lines.append(_line_of_threads(f"loose threads, {said}, {by}, {where}", measured))
        lines.append(_line_of_pairs(f"contradictions, {said}, {by}, {where}", measured.pairs))
    return lines


def _line_of_threads(what: str, measured: Measured) -> Line:
    """What is shown as sure has to be right; what is found, sure or perhaps, has to be most of what
    there is."""
    sure, both = measured.sure, measured.both
    return Line(
        what,
        f"sure: {sure.recall():.2f} found, {sure.precision():.2f} of it right; "
        f"with what is perhaps open: {both.recall():.2f} found, {both.precision():.2f} right",
        f"{_count(sure):,} planted",
        "–",
        f"≥ {RECALL:.2f} found with both, {PRECISION:.2f} of what is sure right",
        both.recall() >= RECALL and sure.precision() >= PRECISION,
    )


def _count(score: Score) -> int:
    return sum(score.found.values()) + sum(map(len, score.missed.values()))


def _line_of_pairs(what: str, score: Score) -> Line:
    return Line(
        what,
        f"{score.recall():.2f} found, {score.precision():.2f} of what is shown right",
        f"{_count(score):,} planted",
        "–",
        f"≥ {OF_PAIRS:.2f} and {OF_PAIRS:.2f}",
        score.recall() >= OF_PAIRS and score.precision() >= OF_PAIRS,
    )
