"""Queries in thirteen languages find the message that holds another form of their words."""

from __future__ import annotations

import random

import pytest

from bench.filled import SEED
from bench.languages.asked import make_cases, read_languages
from bench.rows.search_languages import count_found
from ttrpg_assistant.storage.database import Database

LEAST = 0.9
"""What the whole set finds is between 0.94 and 1; `python -m bench search_languages`."""


async def test_a_sample_of_every_language_is_found(database: Database) -> None:
    cases = random.Random(SEED).sample(make_cases(SEED), 104)
    found, _, _ = await count_found(database, cases)
    assert sum(found.values()) >= LEAST * len(cases), found


@pytest.mark.deep
async def test_two_hundred_queries_of_every_language_are_found(database: Database) -> None:
    found, _, _ = await count_found(database, make_cases(SEED))
    print(database.engine_name, dict(found))
    assert len(found) == len(read_languages())
    assert min(found.values()) >= LEAST * 200, found
