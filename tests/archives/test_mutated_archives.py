"""A damaged archive is refused with one named fault, or what came in can be read again."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.archives.reading import list_readable, read_everything
from tests.archives.test_campaign_archive import archives_of, make_campaign
from tests.archives.whole_campaign import LEFT_EMPTY
from tests.databases import run_apart
from tests.running import running
from ttrpg_assistant.archives.row_checks import RowChecks, Unfit
from ttrpg_assistant.archives.store.campaign_rows import TABLE_NAMES
from ttrpg_assistant.archives.store.columns import list_columns
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.verification.row_checks import ROW_CHECKS

FILE = {"Content-Type": "application/octet-stream"}
WORD = "zebrafinch"
"""Stands in everything the file says; it may be in no log and in no fault."""

DEEP: Any = json.loads("[" * 60 + "]" * 60)
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    2**70,
    1e308,
    "",
    WORD,
    WORD * 120_000,
    f"{WORD}\0",
    f"{WORD}\ud800",
    "2026-13-01T00:00:00.000000Z",
    "019a0000-0000-7000-8000-000000000000",
    [WORD],
    {WORD: 1},
    {WORD: -(2**70)},
    DEEP,
)
REFUSALS = {"archive_unreadable", "archive_too_large", "archive_too_new", "too_many_voices"}
QUICK = 20
PARTS = 10
"""The deep test is run in so many parts, each on a server of its own."""

Entries = dict[str, bytes]
Mutated = tuple[str, Callable[[], bytes]]
"""What was changed, and what makes the file: made only when it is sent."""


async def _make(folder: Path) -> Path:
    database = create_database(folder / "source.db")
    await database.open()
    try:
        campaign_id = await make_campaign(database, [f"{WORD} one", f"{WORD} two"])
        await archives_of(database).write(campaign_id, folder / "whole.zip")
    finally:
        await database.close()
    return folder / "whole.zip"


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    """The texts of a whole archive, by the names of its entries."""
    made = run_apart(_make(tmp_path_factory.mktemp("whole")))
    with zipfile.ZipFile(made) as file:
        return {name: file.read(name) for name in file.namelist()}


def read_rows(entries: Entries, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in entries[f"{table}.jsonl"].splitlines()]


def with_rows(entries: Entries, table: str, rows: list[Any]) -> Entries:
    manifest = json.loads(entries["manifest.json"])
    manifest["rows"][table] = len(rows)
    text = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    return {**entries, "manifest.json": json.dumps(manifest).encode(), f"{table}.jsonl": text}


def pack(entries: Entries) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in entries.items():
            file.writestr(name, text)
    return target.getvalue()


def pack_rows(entries: Entries, table: str, rows: list[Any]) -> bytes:
    return pack(with_rows(entries, table, rows))


def change_columns(entries: Entries) -> Iterator[Mutated]:
    """Every column with every kind of value."""
    for table in TABLE_NAMES:
        rows = read_rows(entries, table)
        for column in list_columns(table):
            for number, value in enumerate(VALUES):
                changed = [{**rows[0], column.name: value}, *rows[1:]]
                name = f"{table}.{column.name} value {number}"
                yield name, partial(pack_rows, entries, table, changed)


def change_rows(entries: Entries) -> Iterator[Mutated]:
    """Rows dropped, doubled, emptied; columns dropped and added."""
    for table in TABLE_NAMES:
        rows = read_rows(entries, table)
        yield f"{table} row dropped", partial(pack_rows, entries, table, rows[1:])
        yield f"{table} row doubled", partial(pack_rows, entries, table, [rows[0], *rows])
        yield f"{table} row of nothing", partial(pack_rows, entries, table, [{}, *rows[1:]])
        yield f"{table} row that is text", partial(pack_rows, entries, table, [WORD])
        more = {**rows[0], WORD: 1}
        yield f"{table} column added", partial(pack_rows, entries, table, [more, *rows[1:]])
        fresh = {**rows[0], "id": new_id()}
        yield f"{table} row copied", partial(pack_rows, entries, table, [*rows, fresh])
        for column in list_columns(table):
            less = [{k: v for k, v in row.items() if k != column.name} for row in rows]
            yield f"{table}.{column.name} dropped", partial(pack_rows, entries, table, less)


def change_bytes(entries: Entries, count: int) -> Iterator[Mutated]:
    """Bytes flipped in the file and in its texts, and files that are cut off."""
    chance, whole = random.Random(7), pack(entries)
    for number in range(count):
        place = chance.randrange(len(whole))
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        yield f"byte {number} flipped", partial(bytes, flipped)
        yield f"file cut {number}", partial(bytes, whole[: chance.randrange(len(whole))])
        name = chance.choice([one for one in entries if entries[one]])
        text = bytearray(entries[name])
        text[chance.randrange(len(text))] = chance.randrange(256)
        yield f"text {number} of {name} changed", partial(pack, {**entries, name: bytes(text)})


async def restore_all(folder: Path, mutated: Iterator[Mutated], capture: Any) -> dict[str, int]:
    """Send every file to one server; what became of them."""
    figures = {"refused": 0, "accepted": 0, "500s": 0, "unreadable afterwards": 0}
    wrong: list[str] = []
    async with running(folder) as app:
        paths = await list_readable(app)
        for name, make in mutated:
            answer = await app.client.post("/api/archives", content=make(), headers=FILE)
            if answer.status_code == 201:
                figures["accepted"] += 1
                restored = answer.json()["campaign_id"]
                failed = await read_everything(app, restored, paths, unless=WORD)
                figures["unreadable afterwards"] += bool(failed)
                wrong += [f"{name}: {one}" for one in failed]
            elif answer.status_code >= 500:
                figures["500s"] += 1
                wrong.append(f"{name}: {answer.status_code} {answer.text[:200]}")
            else:
                figures["refused"] += 1
                if answer.json()["code"] not in REFUSALS or WORD in answer.text:
                    wrong.append(f"{name}: {answer.text[:200]}")
        problems = await app.services.database.write(
            lambda tx: [problem for check in ROW_CHECKS for problem in check.find(tx)]
        )
    said = capture.readouterr()
    figures["words in the log"] = (said.out + said.err).count(WORD)
    print(figures)
    assert not wrong, "\n".join(wrong[:20])
    assert problems == []
    assert figures["words in the log"] == 0
    return figures


async def test_a_sample_of_damaged_archives_is_refused_or_can_be_read(
    entries: Entries, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    everything = [*change_columns(entries), *change_rows(entries), *change_bytes(entries, 30)]
    sample = random.Random(12).sample(everything, QUICK - 1)
    whole: Mutated = ("nothing is changed", partial(pack, entries))
    figures = await restore_all(tmp_path, iter([whole, *sample]), capfd)
    assert figures["refused"] > figures["accepted"] > 0


async def test_a_link_to_what_is_not_in_the_file_is_never_a_fault_of_the_program(
    entries: Entries, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stranger = f" value {VALUES.index('019a0000-0000-7000-8000-000000000000')}"
    links = [
        (name, make)
        for name, make in change_columns(entries)
        if name.endswith(f"_id{stranger}") and name.startswith("fact_audience.")
    ]
    assert len(links) == 5
    await restore_all(tmp_path, iter(links), capfd)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(PARTS))
async def test_every_damaged_archive_is_refused_or_can_be_read(
    entries: Entries, tmp_path: Path, capfd: pytest.CaptureFixture[str], part: int
) -> None:
    everything = [*change_columns(entries), *change_rows(entries), *change_bytes(entries, 200)]
    assert len(everything) >= 5_000
    await restore_all(tmp_path, iter(everything[part::PARTS]), capfd)


def test_no_column_can_be_forgotten_when_an_archive_is_written(entries: Entries) -> None:
    unseen = []
    for table in TABLE_NAMES:
        checks, rows = RowChecks(table), read_rows(entries, table)
        for column in list_columns(table):
            if not any(_is_missed(checks, row, column.name) for row in rows):
                unseen.append(f"{table}.{column.name}")
    # These are empty in every archive, or follow from another column and are made anew.
    empty = {f"{table}.{column}" for table, column in LEFT_EMPTY}
    assert set(unseen) == empty | {"fact_audience.group_key"}


def _is_missed(checks: RowChecks, row: dict[str, Any], column: str) -> bool:
    try:
        return checks.check({k: v for k, v in row.items() if k != column})[column] != row[column]
    except Unfit:
        return True
