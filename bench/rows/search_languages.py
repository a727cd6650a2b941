"""Words found in thirteen languages: 200 queries each, beside plain FTS5."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from re import findall

from sqlalchemy import Connection, text

from bench.figures import Line, median, ms, times
from bench.filled import SEED, make_empty
from bench.languages.asked import Case, make_cases
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.search.store.indexing import index_everything
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

SHOWN = 20
_SIZE = "SELECT coalesce(sum(length(block)), 0) FROM {}_data"
_KEPT = "SELECT coalesce(sum(length(CAST(content AS BLOB))), 0) FROM search_texts"


async def measure(place: Path) -> list[Line]:
    """Shares found, sizes and times; all languages lie in one database."""
    database = create_database(await make_empty(place))
    await database.open()
    try:
        return await measure_in(database, make_cases(SEED))
    finally:
        await database.close()


async def measure_in(database: Database, cases: Sequence[Case]) -> list[Line]:
    """The same in any empty database."""
    found, took, exact = await count_found(database, cases)
    plain, plain_took, plain_size = _ask_plainly(cases)
    asked = Counter(case.language for case in cases)
    lines = [
        Line(
            f"{language}: {count} queries, message found on the first page",
            f"{found[language] / count:.3f}",
            f"{plain[language] / count:.3f} by plain FTS5",
            times(found[language], max(1, plain[language])),
            "≥ 0.95",
            found[language] >= 0.95 * count,
        )
        for language, count in asked.items()
    ]
    beside = f"{ms(median(exact))} in quotes, without forms; {ms(median(plain_took))} by plain FTS5"
    ratio = times(median(took), median(exact))
    lines.append(Line("a query with its snippets", ms(median(took)), beside, ratio, "", True))
    if database.engine_name == "sqlite":
        size = await database.read(lambda tx: _read(tx, _SIZE.format("search_talk")))
        kept = await database.read(lambda tx: _read(tx, _KEPT))
        shown = f"{size / 1e3:,.0f} kB of index, {kept / 1e3:,.0f} kB of texts beside it"
        beside = f"{plain_size / 1e3:,.0f} kB of index by plain FTS5"
        lines.append(
            Line("size, marks included", shown, beside, times(size + kept, plain_size), "", True)
        )
    return lines


async def count_found(
    database: Database, cases: Sequence[Case]
) -> tuple[Counter[str], list[float], list[float]]:
    """How many queries of each language find their message on the first page, in either order;
    the seconds that each took, and those that it took in quotes."""

    def fill(tx: Connection) -> list[str]:
        thread = conversations.add_conversation(tx, "thread", purpose="general")
        return [
            messages.post_message(
                tx, thread.id, message_id=new_id(), role="user", content=case.said
            )[0].id
            for case in cases
        ]

    ids = await database.write(fill)
    await database.write(index_everything)
    search = Search(database, Indexing(database, Changes()))
    await search.search("warm")
    found: Counter[str] = Counter()
    took, exact = [], []
    for case, id in zip(cases, ids, strict=True):
        began = time.perf_counter()
        newest = await search.search(case.query, limit=SHOWN * 2)
        took.append(time.perf_counter() - began)
        began = time.perf_counter()
        await search.search(f'"{case.query}"', limit=SHOWN * 2)
        exact.append(time.perf_counter() - began)
        best = await search.search(case.query, order="best", limit=SHOWN * 2)
        found[case.language] += all(
            any(hit.message_id == id for hit in page.hits) for page in (newest, best)
        )
    return found, took, exact


def _ask_plainly(cases: Sequence[Case]) -> tuple[Counter[str], list[float], int]:
    """The same by FTS5's own tokenizer alone, as search was before."""
    found: Counter[str] = Counter()
    took = []
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute(
            "CREATE VIRTUAL TABLE plain USING fts5(content, content = '',"
            " tokenize = 'unicode61 remove_diacritics 2')"
        )
        texts = [(number, case.said) for number, case in enumerate(cases)]
        raw.executemany("INSERT INTO plain (rowid, content) VALUES (?, ?)", texts)
        raw.commit()
        ask = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rowid DESC LIMIT ?"
        for number, case in enumerate(cases):
            words = " ".join(findall(r"[^\W_]+", case.query))
            began = time.perf_counter()
            rows = raw.execute(ask, (f'"{words}"', SHOWN * 2)).fetchall()
            took.append(time.perf_counter() - began)
            found[case.language] += (number,) in rows
        size = int(raw.execute(_SIZE.format("plain")).fetchone()[0])
    return found, took, size


def _read(tx: Connection, statement: str) -> int:
    return int(tx.execute(text(statement)).scalar() or 0)
