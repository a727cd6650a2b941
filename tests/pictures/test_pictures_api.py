"""Pictures over HTTP: added, shown, changed, removed and brought back; faults change nothing."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.machine_clock import MachineClock
from tests.pictures.samples import ALL, CANARY, draw, make_bomb, make_jpeg, make_png, open_picture
from tests.pictures.table import FILE, Table, lay, list_files
from tests.running import Running, running
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.clock import DAY_SECONDS
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.pictures.limits import THUMBNAIL_SIDE, UPLOAD_BYTES
from ttrpg_assistant.pictures.store import count_pictures

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(folder: Path) -> AsyncIterator[Running]:
    """One server for all of them: starting one takes longer than most of these tests."""
    async with running(folder) as app:
        yield app


@pytest_asyncio.fixture(loop_scope="module")
async def table(app: Running) -> Table:
    """A campaign of its own for each."""
    return await lay(app)


async def test_a_picture_is_added_and_shown_without_what_was_beside_it(
    table: Table, folder: Path
) -> None:
    for name, make in ALL.items():
        added = await table.upload(make(), caption=f"From {name}")
        shown = await table.show(added["id"])
        small = await table.show(added["id"], "thumb")
        assert added["thing_kind"] == "npc" and added["thing_id"] == table.npc
        assert added["audience"] == "gm" and added["role"] == "picture"
        assert shown.headers["content-type"] == added["media_type"]
        assert (open_picture(shown.content).size) == (added["width"], added["height"]) == (60, 40)
        assert len(shown.content) == added["bytes"]
        assert small.headers["content-type"] == "image/webp"
        for sent in (shown, small):
            assert b"zebrafinch" not in sent.content
            assert sent.headers["x-content-type-options"] == "nosniff"
            assert "immutable" in sent.headers["cache-control"]
            assert "private" in sent.headers["cache-control"]
    places = [one["place"] for one in (await table.list_page())["pictures"]]
    assert places == [0, 1, 2, 3]
    for path in (folder / "pictures").rglob("*"):
        assert path.is_dir() or b"zebrafinch" not in path.read_bytes()
        assert os.name == "nt" or not path.stat().st_mode & 0o077
    assert not list((folder / "arriving").rglob("*.picture"))


async def test_a_thing_of_any_kind_has_pictures(table: Table) -> None:
    things = {"campaign": table.campaign}
    for kind in list_things():
        path = f"/api/campaigns/{table.campaign}/things/{kind.name}"
        made = await table.app.post(path, {"fields": {kind.name_field: f"Some {kind.noun}"}})
        things[kind.name] = made["id"]
    for name, thing in things.items():
        added = await table.upload(make_png(), kind=name, thing_id=thing, role="portrait")
        assert await table.list_ids(kind=name, thing_id=thing) == [added["id"]]
    assert len(await table.list_ids(role="portrait")) == len(things) > 5
    removed = (await table.app.client.delete(f"/api/pictures/{added['id']}")).json()
    [last] = [
        one["title"]
        for one in (await table.app.get("/api/removals"))["removals"]
        if one["id"] == removed["removal_id"]
    ]
    assert last == f"Some {kind.noun}", "a picture without a caption is called by its thing"


async def test_a_browser_keeps_a_picture_and_a_stranger_gets_none(table: Table) -> None:
    added = await table.upload(make_png(draw((900, 600))))
    path = f"/api/pictures/{added['id']}"
    for size in ("full", "thumb"):
        first = await table.show(added["id"], size)
        known = {"If-None-Match": f'"other", {first.headers["etag"]}'}
        again = await table.app.client.get(path, params={"size": size}, headers=known)
        assert again.status_code == 304 and not again.content
        assert again.headers["etag"] == first.headers["etag"]
    assert open_picture(first.content).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE * 2 // 3)
    stranger = await table.app.client.get(path, headers={"Authorization": ""})
    assert stranger.status_code == 401


async def test_repeating_an_upload_is_harmless_and_the_same_bytes_are_kept_once(
    table: Table, folder: Path
) -> None:
    own, before = new_id(), list_files(folder)
    first, again = await asyncio.gather(*(table.upload(make_jpeg(), id=own) for _ in range(2)))
    assert first == again and await table.list_ids() == [own]
    other = await table.upload(make_jpeg(), kind="location")
    assert other["sha256"] == first["sha256"]
    assert {name[3:67] for name in set(list_files(folder)) - set(before)} <= {first["sha256"]}
    taken = await table.upload(make_png(), id=own, status=409)
    assert taken["code"] == "conflict"
    await table.upload(make_jpeg(), id=own, kind="location", status=409)


async def test_another_portrait_takes_the_place_of_the_first_which_can_be_brought_back(
    table: Table,
) -> None:
    first = await table.upload(make_png(), role="portrait", caption="Young Mira")
    beside = await table.upload(make_jpeg())
    second = await table.upload(make_jpeg(), role="portrait")
    assert await table.list_ids(role="portrait") == [second["id"]]
    assert await table.list_ids(thing_id=table.npc) == [second["id"], beside["id"]]
    removed = (await table.app.get("/api/removals"))["removals"][0]
    assert (removed["kind"], removed["title"]) == ("picture_removed", "Young Mira")
    await table.app.post(f"/api/removals/{removed['id']}/undo")
    assert await table.list_ids(role="portrait") == [first["id"]]
    replaced = (await table.app.get("/api/removals"))["removals"][0]
    assert (replaced["subject_id"], replaced["title"]) == (second["id"], "Mira")
    await table.app.post(f"/api/pictures/{second['id']}/restore")
    assert await table.list_ids(role="portrait") == [second["id"]]
    assert (await table.show(second["id"])).status_code == 200


async def test_a_removed_picture_is_gone_until_it_is_brought_back(table: Table) -> None:
    added = await table.upload(make_png(), caption="The ferry")
    removed = (await table.app.client.delete(f"/api/pictures/{added['id']}")).json()
    assert removed["count"] == 1
    assert await table.list_ids() == []
    gone = await table.show(added["id"], status=404)
    assert gone.json()["code"] == "not_found"
    repeated = (await table.app.client.delete(f"/api/pictures/{added['id']}")).json()
    assert repeated == {"id": added["id"], "count": 0, "removal_id": None}
    await table.upload(make_png(), id=added["id"], status=404)
    undone = await table.app.post(f"/api/removals/{removed['removal_id']}/undo")
    assert undone == {"restored": 1} and await table.list_ids() == [added["id"]]


async def test_caption_audience_and_order_are_changed_once(table: Table) -> None:
    ids = [(await table.upload(make_png(draw((30 + n, 20)))))["id"] for n in range(4)]
    path = f"/api/pictures/{ids[3]}"

    async def change(revision: int, changes: Any, status: int = 200) -> Any:
        body = {"revision": revision, "changes": changes}
        answer = await table.app.client.patch(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    changed = await change(1, {"caption": "  Mira \n at dusk ", "audience": "party"})
    assert (changed["caption"], changed["audience"]) == ("Mira at dusk", "party")
    assert changed["revision"] == 2
    assert (await change(1, {"caption": "Other"}, 409))["code"] == "stale_revision"
    assert (await change(1, {"caption": "Mira at dusk"}))["revision"] == 2
    await change(2, {"place": 1})
    assert await table.list_ids() == [ids[0], ids[3], ids[1], ids[2]]
    await change(3, {"audience": "strangers"}, 422)
    await change(3, {"place": 100}, 422)
    await change(3, {"sha256": "0" * 64}, 422)
    first = await table.list_page(limit=3)
    rest = await table.list_page(after=first["next_cursor"])
    assert first["has_more"] and [one["id"] for one in rest["pictures"]] == [ids[2]]


REFUSED: dict[str, tuple[bytes, dict[str, Any], int, str]] = {
    "no picture": (b"<svg/>", {}, 422, "picture_unreadable"),
    "nothing": (b"", {}, 422, "picture_unreadable"),
    "half a picture": (make_png(draw((300, 300)))[:400], {}, 422, "picture_unreadable"),
    "a bomb": (make_bomb(60_000, 60_000, rows=1), {}, 413, "picture_too_large"),
    "too large a file": (bytes(UPLOAD_BYTES + 1), {}, 413, "too_large"),
    "no such thing": (make_png(), {"thing_id": new_id()}, 404, "not_found"),
    "no such kind": (make_png(), {"kind": "dragon"}, 422, "unknown_kind"),
    "no such role": (make_png(), {"role": "poster"}, 422, "invalid_input"),
    "no such audience": (make_png(), {"audience": "all"}, 422, "invalid_input"),
    "a caption without end": (make_png(), {"caption": "a" * 2001}, 422, "invalid_input"),
}


async def test_what_cannot_be_added_is_refused_with_its_reason_and_changes_nothing(
    table: Table, folder: Path
) -> None:
    before = list_files(folder)
    for name, (content, said, status, code) in REFUSED.items():
        refused = await table.upload(content, status=status, **said)
        assert refused["code"] == code, name
        assert "zebrafinch" not in str(refused)
    assert await table.list_ids() == [] and list_files(folder) == before
    assert not list((folder / "arriving").rglob("*.picture"))
    other = (await table.app.post("/api/campaigns", {"name": "Other"}))["id"]
    path = f"/api/campaigns/{other}/pictures"
    said = {"kind": "npc", "thing_id": table.npc}
    answer = await table.app.client.post(path, params=said, content=make_png(), headers=FILE)
    assert answer.status_code == 404, "a thing of another campaign"
    as_json = {"Content-Type": "application/json"}
    answer = await table.app.client.post(path, params=said, content=b"{}", headers=as_json)
    assert answer.json()["code"] == "file_only"


async def test_an_upload_that_is_cut_off_leaves_nothing(table: Table, folder: Path) -> None:
    _reader, writer = await asyncio.open_connection(*table.app.address[7:].split(":"))
    whole = make_png(draw((800, 800)))
    path = f"/api/campaigns/{table.campaign}/pictures?kind=npc&thing_id={table.npc}"
    said = (
        f"POST {path} HTTP/1.1\r\nHost: {table.app.address[7:]}\r\n"
        f"Authorization: {table.app.client.headers['Authorization']}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {len(whole)}\r\n\r\n"
    )
    writer.write(said.encode() + whole[: len(whole) // 2])
    await writer.drain()
    arriving, before = folder / "arriving", list_files(folder)
    while not list(arriving.rglob("*.picture")):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    writer.close()
    while list(arriving.rglob("*.picture")):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    assert await table.list_ids() == [] and list_files(folder) == before


async def test_a_full_disk_is_said_and_leaves_nothing(
    table: Table, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = list_files(folder)
    for place in ("storage.content_files.sync_file", "storage.content_files.make_private_folder"):
        with monkeypatch.context() as patched:
            patched.setattr(f"ttrpg_assistant.{place}", full)
            refused = await table.upload(make_png(), status=507)
            assert refused["code"] == "disk_full" and "picture" in refused["detail"]
        assert list_files(folder) == before and await table.list_ids() == []
    await table.upload(make_png())


async def test_a_missing_or_damaged_file_is_said_and_its_small_version_made_again(
    table: Table, folder: Path
) -> None:
    added = await table.upload(make_png(draw((50, 30))))
    own = folder / "pictures" / added["sha256"][:2]
    small = own / f"{added['sha256']}.thumb.webp"
    before = small.read_bytes()
    small.unlink()
    assert (await table.show(added["id"], "thumb")).content == before == small.read_bytes()
    whole = own / f"{added['sha256']}.png"
    content = whole.read_bytes()
    whole.write_bytes(content + CANARY.encode())
    for damage in (lambda: None, whole.unlink):
        damage()
        said = (await table.show(added["id"], status=404)).json()
        assert said["code"] == "picture_file_missing" and "again" in said["cure"]
    small.unlink()
    await table.show(added["id"], "thumb", status=404)
    assert (await table.upload(make_png(draw((50, 30)))))["sha256"] == added["sha256"]
    assert (await table.show(added["id"])).content == content, "the same bytes mend it"


async def test_what_nothing_names_is_deleted_after_30_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as app:
        table, pictures = await lay(app), app.services.pictures
        clock = MachineClock(monkeypatch)
        kept = await table.upload(make_png())
        gone = await table.upload(make_jpeg(), kind="location")
        shared = await table.upload(make_png(), kind="location")
        for one in (gone, shared):
            await app.client.delete(f"/api/pictures/{one['id']}")
        (tmp_path / "pictures" / "half.part").write_bytes(b"half")
        clock.set_forward(29 * DAY_SECONDS)
        assert await pictures.sweep() == 0 and len(list_files(tmp_path)) == 4
        counted = await app.services.database.read(count_pictures)
        assert counted == (3, total_of(kept, gone))
        clock.set_forward(2 * DAY_SECONDS)
        assert await pictures.sweep() == 1
        assert [name[3:7] for name in list_files(tmp_path)] == [kept["sha256"][:4]] * 2
        assert await table.list_ids() == [kept["id"]]
        answer = await app.client.post(f"/api/pictures/{gone['id']}/restore")
        assert answer.status_code == 404
        assert (await table.show(kept["id"])).status_code == 200


def total_of(*pictures: Any) -> int:
    return sum(one["bytes"] for one in pictures)


async def test_bytes_that_are_cleaned_up_while_they_are_added_are_kept_again(
    table: Table, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = table.app.services.pictures
    keep, times = pictures.keep, 0

    async def keep_and_lose(*given: Any, **named: Any) -> Any:
        nonlocal times
        kept = await keep(*given, **named)
        times += 1
        if times == 1:
            pictures.files.remove(kept.content)
        return kept

    monkeypatch.setattr(pictures, "keep", keep_and_lose)
    added = await table.upload(make_png())
    assert times == 2 and (await table.show(added["id"])).status_code == 200
