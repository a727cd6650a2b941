"""How much of what was said at a table, by people who answer the line before, is recalled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.figures import Line, times
from bench.filled import make_empty
from bench.postgresql import start_server
from bench.table_talk.making import make_large, make_talks
from bench.table_talk.measuring import Share, measure_plain, measure_recall
from bench.table_talk.model import TalkOfCampaign
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.meaning.encoder import INSTALL, find_folder
from ttrpg_assistant.search.meaning.meaning import Meaning
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

ABOVE_PLAIN = 0.10
TIMES_PLAIN = 2.0
ASKED_OF_LARGE = 60


async def measure(place: Path) -> list[Line]:
    """Four made-up campaigns on both databases, also by category, and one of 98,000 lines."""
    talks = make_talks()
    plain = [measure_plain(talk) for talk in talks]
    folders = [place / str(number) for number in range(len(talks) + 1)]
    for folder in folders:
        folder.mkdir()
    ours = [await _measure(folder, talk) for folder, talk in zip(folders, talks, strict=False)]
    lines = [_line("talk of four campaigns, words, SQLite", plain, ours)]
    has_meaning = find_folder() is not None
    if has_meaning:
        meant = []
        for folder, talk in zip(folders, talks, strict=False):
            (folder / "meant").mkdir()
            meant.append(await _measure(folder / "meant", talk, by_meaning=True))
        lines.append(_line("the same, words + meaning, SQLite", plain, meant))
    else:
        lines.append(_not_installed())
    for category in sorted({name for one in plain for name in one.by_category}):
        lines.append(_line_of(category, plain, ours))
    with start_server(place / "postgresql") as address:
        there = [await _measure_at(address, talk) for talk in talks]
        lines.append(_line("the same talk, words, PostgreSQL", plain, there))
        if has_meaning:
            meant = [await _measure_at(address, talk, by_meaning=True) for talk in talks]
            lines.append(_line("the same, words + meaning, PostgreSQL", plain, meant))
    large = make_large()
    large = replace(large, questions=large.questions[:ASKED_OF_LARGE])
    line = _line(
        f"one campaign of {large.count:,} lines, SQLite",
        [measure_plain(large)],
        [await _measure(folders[-1], large)],
        within=TIMES_PLAIN,
    )
    return [*lines, line]


def _not_installed() -> Line:
    what = "the same, words + meaning"
    return Line(what, "not measured", "", "", f"needs: {INSTALL}", True)


async def _measure(folder: Path, talk: TalkOfCampaign, *, by_meaning: bool = False) -> Share:
    return await _recall(create_database(await make_empty(folder)), talk, by_meaning)


async def _recall(database: Database, talk: TalkOfCampaign, by_meaning: bool) -> Share:
    await database.open()
    try:
        meaning = Meaning(database, Changes()) if by_meaning else None
        return await measure_recall(database, talk, TalkRecall(meaning), meaning=meaning)
    finally:
        await database.close()


async def _measure_at(address: str, talk: TalkOfCampaign, *, by_meaning: bool = False) -> Share:
    """In the schema `public`, made anew."""
    connection = await asyncpg.connect(address)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    return await _recall(create_database(address), talk, by_meaning)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _line(
    what: str, plain: Sequence[Share], ours: Sequence[Share], within: float | None = None
) -> Line:
    share, beside = _mean([one.whole for one in ours]), _mean([one.whole for one in plain])
    took, least = _mean([one.took_ms for one in ours]), _mean([one.took_ms for one in plain])
    is_quick = within is None or took <= within * least
    return Line(
        what,
        f"{share:.3f} of the evidence in 2,000 tokens, {took:.1f} ms a question",
        f"{beside:.3f}, {least:.1f} ms with plain FTS5",
        times(took, least),
        f"≥ {ABOVE_PLAIN:.2f} above plain" + (f", ≤ {within:.0f} × its time" if within else ""),
        share >= beside + ABOVE_PLAIN and is_quick,
    )


def _line_of(category: str, plain: Sequence[Share], ours: Sequence[Share]) -> Line:
    shares: dict[str, list[float]] = defaultdict(list)
    for name, some in (("plain", plain), ("ours", ours)):
        shares[name] = [x.by_category[category] for x in some if category in x.by_category]
    share, beside = _mean(shares["ours"]), _mean(shares["plain"])
    return Line(category, f"{share:.3f}", f"{beside:.3f}", "", "", True)
