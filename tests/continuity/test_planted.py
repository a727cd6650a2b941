"""What stays open and what contradicts itself is found in made-up campaigns, and little else is."""

from __future__ import annotations

from bench.planted_canon import list_missed, measure
from ttrpg_assistant.storage.database import Database


async def test_most_of_what_was_planted_is_found_and_nearly_all_that_is_shown_is_right(
    database: Database,
) -> None:
    for part in ("seen", "unseen"):
        measured = await measure(database, 1, part=part)
        sure, pairs = measured.sure, measured.pairs
        told = [*list_missed(sure), *list_missed(pairs)]
        assert sure.recall() >= 0.85 and sure.precision() >= 0.9, told
        assert measured.both.recall() >= sure.recall()
        assert pairs.recall() >= 0.9 and pairs.precision() >= 0.9, told
