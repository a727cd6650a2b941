"""A backup a day that can be trusted: made, rotated, refused in words, and brought back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.databases import PostgresServer
from tests.pictures.samples import make_png
from tests.pictures.table import lay
from tests.running import Running, running
from ttrpg_assistant import daily_backups, doctor
from ttrpg_assistant.daily_backups import DailyBackups
from ttrpg_assistant.errors import BackupImpossible, InvalidInput, StartupRefused
from ttrpg_assistant.ids import spell_epoch
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.settings import load_settings
from ttrpg_assistant.storage import backup, backup_folder, postgresql_backup, postgresql_tools
from ttrpg_assistant.verification.verify import verify


@pytest.fixture
async def postgres_name(postgres_server: PostgresServer) -> AsyncIterator[str]:
    name = await postgres_server.make_database()
    yield name
    await postgres_server.drop_database(name)


async def speak(app: Running, chat_id: str, words: str) -> None:
    await app.post(f"/api/chat-sessions/{chat_id}/messages", {"role": "user", "content": words})


async def make_world(app: Running) -> tuple[str, str]:
    """A chat with words and a campaign with a picture; their ids."""
    chat_id = await app.open_chat()
    await speak(app, chat_id, "The mill stands by the river.")
    picture = await (await lay(app)).upload(make_png())
    return chat_id, picture["id"]


async def check_world(app: Running, chat_id: str, picture_id: str) -> None:
    assert [one["content"] for one in await app.history(chat_id)] == [
        "The mill stands by the river."
    ]
    shown = await app.client.get(f"/api/pictures/{picture_id}", params={"size": "full"})
    assert shown.status_code == 200


async def test_what_a_backup_holds_outlives_the_loss_of_the_data_folder(tmp_path: Path) -> None:
    lost, folder = tmp_path / "data", tmp_path / "backups"
    async with running(lost, backup_folder=folder) as app:
        chat_id, picture_id = await make_world(app)
        assert (await app.get("/api/backups"))["last"] is None
        made = await app.post("/api/backups", status=201)
        await speak(app, chat_id, "Said after the backup.")
        said = await app.get("/api/backups")
    assert said["last"] == made and (made["pictures"], said["failure"]) == (1, None)
    assert (folder / made["name"]).stat().st_mode & 0o077 == 0
    shutil.rmtree(lost)
    lost.mkdir()
    assert backup.restore(folder / made["name"], lost / "ttrpg_assistant.db") is None
    assert await verify(lost / "ttrpg_assistant.db", data_dir=lost) == []
    async with running(lost) as app:
        await check_world(app, chat_id, picture_id)


@pytest.mark.postgres
async def test_postgresql_is_backed_up_and_brought_back_with_its_pictures(
    tmp_path: Path, postgres_server: PostgresServer, postgres_name: str
) -> None:
    address, folder = postgres_server.address_of(postgres_name), tmp_path / "backups"
    data = tmp_path / "data"
    async with running(data, database_url=address, backup_folder=folder) as app:
        chat_id, picture_id = await make_world(app)
        made = await app.post("/api/backups", status=201)
        await speak(app, chat_id, "Said after the backup.")
        path = folder / made["name"]
        with pytest.raises(StartupRefused) as caught:
            await postgresql_backup.restore(path, address, data)
        assert caught.value.code == "database_in_use"
    damaged = folder / "damaged.dump"
    damaged.write_bytes(path.read_bytes()[: made["bytes"] // 2])
    with pytest.raises(InvalidInput):
        await postgresql_backup.restore(damaged, address, data)

    # The data folder is lost; the database has words that the backup does not know.
    shutil.rmtree(data)
    kept = await postgresql_backup.restore(path, address, data)
    connection = await asyncpg.connect(address)
    try:
        in_kept = await connection.fetchval(f'SELECT count(*) FROM "{kept}".messages')
        restored = await connection.fetchval("SELECT count(*) FROM messages")
    finally:
        await connection.close()
    assert (in_kept, restored) == (2, 1), "what was replaced is kept whole"
    assert await verify(address, data_dir=data) == []
    assert len(list((data / "pictures").rglob("*.png"))) == 1

    # An empty database, on a machine that never had it.
    empty = await postgres_server.make_database(migrated=False)
    try:
        new = tmp_path / "new machine"
        assert await postgresql_backup.restore(path, postgres_server.address_of(empty), new) is None
        async with running(new, database_url=postgres_server.address_of(empty)) as app:
            await check_world(app, chat_id, picture_id)
    finally:
        await postgres_server.drop_database(empty)


def make_backups(sqlite_file: Path, folder: Path, kept: int = 2) -> DailyBackups:
    return DailyBackups(sqlite_file, sqlite_file.parent, folder, kept, Changes())


async def test_the_oldest_go_and_no_half_one_stays(sqlite_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    by_hand = folder / backup_folder.name_daily(folder, "db").name.replace(
        "daily", "ttrpg_assistant"
    )
    backup.back_up(sqlite_file, by_hand)
    killed = folder / "daily-20260101-000000000000Z.db.part"
    killed.write_bytes(b"half")
    orphaned = folder / "daily-20260101-000000000000Z.db.pictures"
    orphaned.mkdir()
    other = folder / "daily-notes.txt"
    other.write_text("not ours")
    backups = make_backups(sqlite_file, folder)
    made = [await backups.make() for _ in range(3)]
    assert [one.path for one in await backups.list()] == [made[2].path, made[1].path, by_hand]
    assert not killed.exists() and not orphaned.exists() and other.exists()


async def test_an_old_backup_that_cannot_be_deleted_does_not_stop_the_next(
    sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = make_backups(sqlite_file, tmp_path / "backups", kept=1)
    first = await backups.make()
    delete = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == first.path:
            raise PermissionError(13, "It is open in another program")
        delete(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    second = await backups.make()
    assert {one.path for one in await backups.list()} == {first.path, second.path}
    monkeypatch.undo()
    third = await backups.make()
    assert [one.path for one in await backups.list()] == [third.path]


async def test_pictures_outside_the_data_folder_are_copied_once(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    async with running(tmp_path / "data", backup_folder=folder) as app:
        await make_world(app)
        names = [(await app.post("/api/backups", status=201))["name"] for _ in range(2)]
    first, second = (
        next(path for path in (folder / f"{name}.pictures").rglob("*.png")) for name in names
    )
    assert first.samefile(second)
    first.parent.parent.rename(folder / "moved away")
    assert second.is_file()


async def test_a_full_disk_stops_the_next_backup_in_words_and_spares_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, backups_kept=1) as app:
        made = await app.post("/api/backups", status=201)
        full = shutil.disk_usage(tmp_path)._replace(free=backup_folder.RESERVE_BYTES)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        refused = await app.post("/api/backups", status=409)
        assert refused["code"] == "no_room_for_backup" and "TTRPG_BACKUP_FOLDER" in refused["cure"]
        said = await app.get("/api/backups")
        assert (said["last"], said["failure"]["code"]) == (made, "no_room_for_backup")
        assert (await app.get("/readyz"))["status"] == "ready"
        monkeypatch.undo()
        await app.post("/api/backups", status=201)
        said = await app.get("/api/backups")
        assert said["failure"] is None and said["count"] == 1


async def test_the_daily_task_makes_one_when_it_is_due_and_outlives_what_fails(
    sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_backups, "FIRST_SECONDS", 0)
    monkeypatch.setattr(daily_backups, "RETRY_SECONDS", 0)
    changes, folder = Changes(), tmp_path / "backups"
    backups = DailyBackups(sqlite_file, sqlite_file.parent, folder, 2, changes)
    folder.write_text("a file is in the way")
    hints = changes.follow(60)
    task = asyncio.create_task(backups.run())

    async def wait_until(wanted: Any) -> None:
        while not await wanted():
            await anext(hints)

    async def has_failed() -> bool:
        return backups.failure is not None

    async def has_one() -> bool:
        return bool(await backups.list()) and not backups.is_making

    await asyncio.wait_for(wait_until(has_failed), 30)
    assert backups.failure is not None and backups.failure.fault.code == "backup_folder_unusable"
    folder.unlink()
    await asyncio.wait_for(wait_until(has_one), 30)
    assert not task.done() and backups.failure is None
    assert not await backups._is_due()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    [made] = await backups.list()
    two_days_ago = backup_folder.name_daily(folder, "db").with_name(
        "daily-20261127-100000000000Z.db"
    )
    made.path.rename(two_days_ago)
    assert await backups._is_due()


async def test_without_pg_dump_the_backup_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgresql_tools, "_DEBIAN", tmp_path)
    monkeypatch.setattr(postgresql_tools, "_BUNDLED", "no_such_package")
    with pytest.raises(BackupImpossible) as caught:
        postgresql_tools.find_tool("pg_dump")
    assert caught.value.code == "pg_dump_missing" and "postgresql-client" in str(caught.value.cure)


def test_the_password_of_the_database_is_in_no_command_line() -> None:
    address = "postgresql://gm:s%3Acret@db.test:5433/ttrpg?sslmode=require"
    assert postgresql_tools.spell_environment(address) == {
        "PGAPPNAME": "ttrpg-assistant backup",
        "PGCONNECT_TIMEOUT": "30",
        "PGHOST": "db.test",
        "PGPORT": "5433",
        "PGUSER": "gm",
        "PGPASSWORD": "s:cret",
        "PGDATABASE": "ttrpg",
        "PGSSLMODE": "require",
    }


def test_the_doctor_says_how_old_the_last_good_backup_is(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings({"TTRPG_DATA_DIR": str(sqlite_file.parent)})
    assert doctor._examine_backups(settings).said == "none yet"
    made = backup.back_up(sqlite_file, backup_folder.name_daily(settings.backups_path, "db"))
    found = doctor._examine_backups(settings)
    assert not found.is_bad and "less than an hour old" in found.said
    nine_days = spell_epoch(made.path.stat().st_mtime - 9 * 86_400)
    stamp = nine_days.translate(str.maketrans("", "", ":-.")).replace("T", "-")
    made.path.rename(made.path.with_name(f"daily-{stamp}.db"))
    found = doctor._examine_backups(settings)
    assert found.is_bad and "9 days old" in found.said and found.notes
