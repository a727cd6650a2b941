"""Talk as it is at a table: what is recalled of it, and that both databases recall the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.table_talk.making import make_talk
from bench.table_talk.measuring import fill, list_recalled, measure_plain, measure_recall
from tests.databases import PostgresServer
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database


@pytest.fixture
async def sqlite_database(sqlite_file: Path) -> Database:
    made = create_database(sqlite_file)
    await made.open()
    return made


async def test_far_more_is_recalled_than_plain_full_text_search_finds(
    sqlite_database: Database,
) -> None:
    talk = make_talk(1, 6, 20)
    plain = measure_plain(talk)
    ours = await measure_recall(sqlite_database, talk, TalkRecall())
    await sqlite_database.close()
    assert ours.whole >= plain.whole + 0.1, (plain, ours)


@pytest.mark.postgres
async def test_both_databases_recall_the_same_lines_in_the_same_order(
    sqlite_database: Database, postgres_server: PostgresServer
) -> None:
    talk = make_talk(2, 4, 12)
    talk = replace(talk, questions=talk.questions[:8])
    name = await postgres_server.make_database()
    other = create_database(postgres_server.address_of(name))
    await other.open()
    orders = []
    for database in (sqlite_database, other):
        campaign_id = await fill(database, talk)
        recall = TalkRecall()
        orders.append(
            [await list_recalled(database, recall, campaign_id, one.text) for one in talk.questions]
        )
        await database.close()
    await postgres_server.drop_database(name)
    assert orders[0] == orders[1]
    assert all(len(order) > 10 for order in orders[0])
