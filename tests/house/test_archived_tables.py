"""Every table of the database goes into a campaign's archive, or is left out by name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ttrpg_assistant.archives.store.campaign_rows import LEFT_OUT, TABLES

MADE_ANEW = ("search_",)
"""Indexes: made by the database itself from what is in the other tables."""

OF_THE_DATABASE = {"alembic_version", "sqlite_sequence"}


def test_every_table_is_archived_or_left_out_by_name(sqlite_template: Path) -> None:
    with closing(sqlite3.connect(sqlite_template)) as raw:
        found = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    there = {name for (name,) in found if not name.startswith(MADE_ANEW)} - OF_THE_DATABASE
    archived = {table.name for table in TABLES}
    forgotten = sorted(there - archived - LEFT_OUT)
    assert not forgotten, (
        f"{', '.join(forgotten)}: put them into TABLES of archives/store/campaign_rows.py, where"
        " their parents stand before them, or into LEFT_OUT when they belong to no campaign"
    )
    assert not archived & LEFT_OUT
    assert archived | LEFT_OUT <= there, "what is named is there"


def test_a_table_stands_behind_those_it_points_at() -> None:
    place = {table.name: number for number, table in enumerate(TABLES)}
    wrong = [
        f"{table.name}.{key.parent.name}"
        for table in TABLES
        for key in table.foreign_keys
        if place[key.column.table.name] > place[table.name]
    ]
    assert not wrong, "An archive is read back in this order: " + ", ".join(wrong)
