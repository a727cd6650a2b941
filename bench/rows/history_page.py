"""The last fifty messages of a conversation, in a small database and in a large one."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench.figures import Line, median, ms
from bench.filled import SEED, Filler, make_empty
from ttrpg_assistant.conversations.store import conversations, paths
from ttrpg_assistant.storage.engines import create_database

SMALL, LARGE = (100,) * 10, (1_000,) * 1_000
PAGE, SAMPLES = 50, 300


async def measure(place: Path) -> list[Line]:
    """Pages of random conversations: from the small and the large database, in turns."""
    talks, files = {}, {}
    for lengths in (SMALL, LARGE):
        files[lengths] = await make_empty(place / str(len(lengths)))
        filler = Filler(files[lengths])
        talks[lengths] = filler.add_talk(lengths)
        filler.finish()
    stores = {lengths: create_database(path) for lengths, path in files.items()}
    taken: dict[tuple[int, ...], list[float]] = {SMALL: [], LARGE: []}
    bare: dict[tuple[int, ...], list[float]] = {SMALL: [], LARGE: []}
    chosen = random.Random(SEED)
    for database in stores.values():
        await database.open()
    try:
        with closing(_open(files[SMALL])) as small, closing(_open(files[LARGE])) as large:
            for number in range(SAMPLES + 20):
                for lengths, raw in ((SMALL, small), (LARGE, large)):
                    conversation = chosen.choice(talks[lengths])
                    began = time.perf_counter()
                    page = await stores[lengths].read(
                        lambda tx, id=conversation: paths.list_path(  # type: ignore[misc]
                            tx, conversations.get_conversation(tx, id), limit=PAGE
                        )
                    )
                    ended = time.perf_counter()
                    rows = raw.execute(BARE, (conversation, PAGE)).fetchall()
                    again = time.perf_counter()
                    assert [row[0] for row in rows][::-1] == [m.id for m in page.messages]
                    if number >= 20:
                        taken[lengths].append(ended - began)
                        bare[lengths].append(again - ended)
    finally:
        for database in stores.values():
            await database.close()
    small_p50, large_p50 = median(taken[SMALL]), median(taken[LARGE])
    ratio = large_p50 / small_p50
    return [
        Line(
            f"last {PAGE} messages of a conversation, database of {sum(LARGE):,} messages",
            f"{ms(large_p50)} in the store",
            f"{ms(small_p50)} with {sum(SMALL):,} messages; bare statement "
            f"{ms(median(bare[LARGE]))}",
            f"{ratio:.2f} × the small one",
            "≤ 3 ms, ≤ 1.5 × the small one",
            large_p50 <= 0.003 and ratio <= 1.5,
        )
    ]


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


BARE = (
    "SELECT id, conversation_id, seq, parent_id, role, content, mode, status, tokens_in, "
    "tokens_out, model, error_code, origin, created_at, updated_at FROM messages "
    "WHERE conversation_id = ? ORDER BY seq DESC LIMIT ?"
)
