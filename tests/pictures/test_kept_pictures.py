"""Pictures outlive what a database outlives: archives, backups, damage, a killed server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.databases import run_apart
from tests.faults.server import ServerProcess
from tests.pictures.samples import draw, make_jpeg, make_png, make_webp
from tests.pictures.table import FILE, Table, lay, list_files
from tests.running import running
from ttrpg_assistant.cli import cli
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.pictures.reading_process import read_picture
from ttrpg_assistant.storage import backup
from ttrpg_assistant.storage.backup_pictures import pictures_beside
from ttrpg_assistant.storage.content_files import Content, hash_of
from ttrpg_assistant.verification.verify import verify

DATABASE = "ttrpg_assistant.db"


async def fill(table: Table) -> dict[str, Any]:
    """A portrait, one that was removed, and a picture of a place."""
    shown = await table.upload(make_jpeg(), role="portrait", caption="Mira", audience="party")
    gone = await table.upload(make_webp())
    await table.app.client.delete(f"/api/pictures/{gone['id']}")
    place = await table.upload(make_png(), kind="location")
    return {"shown": shown, "gone": gone, "place": place}


async def archive(table: Table) -> bytes:
    answer = await table.app.client.get(f"/api/campaigns/{table.campaign}/archive")
    assert answer.status_code == 200, answer.text
    return answer.content


def unpack(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(whole)) as file:
        return {name: file.read(name) for name in file.namelist()}


def pack(entries: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return written.getvalue()


async def restore(app: Any, whole: bytes, status: int = 201) -> Any:
    answer = await app.client.post("/api/archives", content=whole, headers=FILE)
    assert answer.status_code == status, answer.text
    return answer.json()


@dataclass(frozen=True)
class Made:
    """A data folder as a server left it, what it holds, and an archive of it."""

    folder: Path
    campaign: str
    added: dict[str, Any]
    archive: bytes


async def make(folder: Path) -> Made:
    async with running(folder) as app:
        table = await lay(app)
        added = await fill(table)
        return Made(folder, table.campaign, added, await archive(table))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return run_apart(make(tmp_path_factory.mktemp("made")))


@pytest.fixture
def copied(made: Made, tmp_path: Path) -> Made:
    """The same in a folder of the test's own."""
    shutil.copytree(made.folder, tmp_path / "here")
    return replace(made, folder=tmp_path / "here")


async def test_an_archive_carries_pictures_and_nothing_that_was_beside_them(
    made: Made, tmp_path: Path
) -> None:
    """And nothing at all where one of them is not what the archive says."""
    entries, added = unpack(made.archive), made.added
    assert all(b"zebrafinch" not in content for content in entries.values())
    async with running(tmp_path) as app:
        for name, change in WRONG.items():
            refused = await restore(app, pack(change(entries)), 422)
            assert refused["code"] == "archive_unreadable", name
            assert "zebra" not in str(refused)
            assert (await app.get("/api/campaigns"))["campaigns"] == [], name
            assert list_files(tmp_path) == [], name
        restored = await restore(app, made.archive)
        there = Table(app, restored["campaign_id"], "", "")
        found = {one["id"]: one for one in (await there.list_page())["pictures"]}
        assert found == {one["id"]: one for one in (added["shown"], added["place"])}
        for one in (added["shown"], added["place"]):
            assert len((await there.show(one["id"])).content) == one["bytes"]
            assert (await there.show(one["id"], "thumb")).headers["content-type"] == "image/webp"
        await app.post(f"/api/pictures/{added['gone']['id']}/restore")
        await there.show(added["gone"]["id"])

        lost = added["place"]
        app.services.pictures.files.path_of(_content(lost)).unlink()
        whole = await archive(there)
        assert json.loads(unpack(whole)["manifest.json"])["missing_pictures"] == [lost["sha256"]]
        again = await restore(app, whole)
        assert again["is_copy"] and again["counts"]["pictures"] == 3
        page = await app.get(f"/api/campaigns/{again['campaign_id']}/pictures")
        assert again["holds"]["in_use"]["pictures"] == 3 == len(page["pictures"])
        assert len(list_files(tmp_path)) == 5, "the same bytes are kept once, and one is lost"


def _content(picture: Any) -> Content:
    return Content(picture["sha256"], picture["media_type"])


def _change_rows(entries: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    rows = [{**json.loads(one), **changes} for one in entries["pictures.jsonl"].splitlines()]
    return {**entries, "pictures.jsonl": b"".join(json.dumps(one).encode() + b"\n" for one in rows)}


def _change_files(
    entries: dict[str, bytes], change: Callable[[bytes], bytes | None]
) -> dict[str, bytes]:
    changed: dict[str, bytes] = {}
    for name, content in entries.items():
        now = change(content) if name.startswith("pictures/") else content
        if now is not None:
            changed[name] = now
    return changed


def _as_other(entries: dict[str, bytes], content: bytes) -> dict[str, bytes]:
    """The rows name a file from elsewhere, by its right hash."""
    sha = hashlib.sha256(content).hexdigest()
    changed = _change_rows(
        entries, sha256=sha, media_type="image/png", bytes=len(content), role="picture"
    )
    texts = {name: one for name, one in changed.items() if not name.startswith("pictures/")}
    return {**texts, f"pictures/{sha}.png": content}


def read(content: bytes) -> bytes:
    return read_picture(content, must_be_clean=False)[0]


OTHER = read(make_png(draw((9, 9))))

WRONG: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "a file is missing": lambda it: _change_files(it, lambda _: None),
    "a file is another picture": lambda it: _change_files(
        it, lambda _: read(make_png(draw((9, 9))))
    ),
    "a file is cut off": lambda it: _change_files(it, lambda one: one[:-20]),
    "a file has more behind its end": lambda it: _change_files(it, lambda one: one + b"zebra"),
    "a file was not cleaned": lambda it: _as_other(it, make_png()),
    "a file is no picture": lambda it: _as_other(it, b"<svg/>"),
    "a row says another width": lambda it: _change_rows(it, width=61),
    "a row says another size": lambda it: _change_rows(it, bytes=1),
    "a row names no hash": lambda it: _change_rows(it, sha256="../../../../etc/passwd"),
    "a row is of no thing": lambda it: _change_rows(it, thing_id=new_id()),
}


def path_of(folder: Path, picture: Any) -> Path:
    ending = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
    name = f"{picture['sha256']}.{ending[picture['media_type']]}"
    return folder / "pictures" / picture["sha256"][:2] / name


async def test_a_backup_has_its_pictures_beside_it_and_brings_them_back(
    copied: Made, tmp_path: Path
) -> None:
    folder, away, added = copied.folder, tmp_path / "away", copied.added
    made = backup.back_up(folder / DATABASE, away / "kept.db")
    assert (made.pictures, made.missing_pictures) == (3, 0)
    assert {path.name for path in away.iterdir()} == {"kept.db", "kept.db.pictures"}
    inside = [one for one in pictures_beside(made.path).folder.rglob("*") if one.is_file()]
    assert {one.stem for one in inside} == {one["sha256"] for one in added.values()}
    path_of(folder, added["shown"]).unlink()
    path_of(folder, added["place"]).write_bytes(b"damaged")
    backup.restore(away / "kept.db", folder / DATABASE)
    assert await verify(folder / DATABASE) == []
    [replaced] = folder.glob(f"{DATABASE}.replaced-*.pictures")
    assert any(replaced.rglob("*.webp")), "what was replaced keeps its pictures, too"
    other = tmp_path / "other"
    other.mkdir()
    backup.restore(away / "kept.db", other / DATABASE)
    assert await verify(other / DATABASE) == []
    assert hash_of(path_of(other, added["gone"])) == added["gone"]["sha256"]


def test_old_backups_go_with_their_pictures_and_a_missing_one_is_counted(copied: Made) -> None:
    folder, added = copied.folder, copied.added
    backups = folder / "backups"
    path_of(folder, added["place"]).unlink()
    for number in range(backup.KEPT + 2):
        made = backup.back_up(folder / DATABASE, backups / f"before-migration-{number:02}.db")
        assert (made.pictures, made.missing_pictures) == (3, 1)
        backup.keep_newest(backups, made.path)
    names = {path.name for path in backups.iterdir()}
    assert names == {
        f"before-migration-{number:02}.db{ending}"
        for number in range(2, backup.KEPT + 2)
        for ending in ("", ".pictures")
    }


async def test_verify_finds_what_is_wrong_with_files_and_mends_it_from_a_backup(
    copied: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path, added = copied.folder, copied.added
    backup.back_up(tmp_path / DATABASE, tmp_path / "backups" / "kept.db")
    path_of(tmp_path, added["shown"]).unlink()
    damaged = path_of(tmp_path, added["place"])
    damaged.unlink()  # The backup is a link to the same bytes.
    damaged.write_bytes(b"damaged")
    stray = tmp_path / "pictures" / "ab" / f"{'ab' * 32}.png"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    (tmp_path / "pictures" / "half.part").write_bytes(b"half")
    found = {one.place: one.sentence for one in await verify(tmp_path / DATABASE)}
    assert found == {
        f"pictures {added['shown']['id']}": "Its file is missing.",
        f"pictures {added['place']['id']}": "Its file is damaged.",
        f"pictures/{'ab' * 32}.png": "No row names this file.",
        "pictures/half.part": "It was left half written.",
    }
    assert await verify(tmp_path / DATABASE, mending=True) == []
    assert not stray.exists() and hash_of(damaged) == added["place"]["sha256"]
    shutil.rmtree(tmp_path / "backups")
    damaged.unlink()
    [left] = await verify(tmp_path / DATABASE, mending=True)
    assert left.sentence == "Its file is missing." and not left.can_mend
    assert await asyncio.to_thread(_run, "doctor", tmp_path) == 1
    assert "1 of 3 files are missing" in capsys.readouterr().out


def _run(command: str, folder: Path) -> int:
    arguments = [command, "--data-dir", str(folder)]
    answer = cli(args=arguments, prog_name="ttrpg-assistant", standalone_mode=False)
    return int(answer or 0)


@pytest.mark.fault
@pytest.mark.skipif(os.name == "nt", reason="a process is killed as on Unix")
async def test_killed_between_file_and_row_there_is_no_picture_and_repeating_makes_it_one(
    copied: Made,
) -> None:
    tmp_path, added = copied.folder, copied.added
    server = ServerProcess(tmp_path)
    own, content = new_id(), make_png(draw((64, 32)))
    where = {"kind": "npc", "thing_id": added["shown"]["thing_id"], "id": own}
    path = f"/api/campaigns/{added['shown']['campaign_id']}/pictures"
    try:
        for place in ("picture_before_rename:1", "picture_before_row:1"):
            await server.start(TTRPG_FAILPOINT=place)
            async with server.client() as client:
                with pytest.raises(Exception):  # noqa: B017
                    await client.post(path, params=where, content=content, headers=FILE)
            await server.wait_killed()
            left = await verify(tmp_path / DATABASE)
            assert {one.can_mend for one in left} == {True}, "only files without a row"
        await server.start()
        async with server.client() as client:
            answer = await client.post(path, params=where, content=content, headers=FILE)
            assert answer.status_code == 201, answer.text
            shown = await client.get(f"/api/pictures/{own}")
            assert shown.status_code == 200
        await server.stop()
    finally:
        await server.kill()
    left = await verify(tmp_path / DATABASE)
    assert {one.sentence for one in left} == {"It was left half written."}
    assert await verify(tmp_path / DATABASE, mending=True) == []
