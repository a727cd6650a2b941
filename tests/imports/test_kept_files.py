"""The files that were imported go where the database goes: backups, archives, `verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.imports.card_samples import card, png, text_chunk
from tests.imports.import_table import ImportTable, lay
from tests.running import running
from ttrpg_assistant.imports.store import sources
from ttrpg_assistant.imports.store.sources import Source
from ttrpg_assistant.storage import backup
from ttrpg_assistant.verification.verify import verify

CARD = png(text_chunk(b"chara", card(2)))


async def find_source(table: ImportTable, kind: str = "npc") -> Source:
    """Where the one thing of a kind came from."""
    (thing,) = await table.things(kind)
    found = await table.app.services.database.read(
        lambda tx: sources.find_source(tx, kind, thing["id"])
    )
    assert found is not None
    return found


def list_kept(folder: Path) -> list[Path]:
    """The imported files in a data folder."""
    return sorted(path for path in (folder / "imported").rglob("*") if path.is_file())


async def test_a_kept_file_is_in_backups_and_verify_mends_it_from_there(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with running(data) as app:
        await (await lay(app)).bring(CARD, "mira.png")
    (kept,) = list_kept(data)
    database = data / "ttrpg_assistant.db"
    made = backup.back_up(database, data / "backups" / "one.db")
    kept.unlink()  # A copy in the data folder is a link to the same bytes.
    kept.write_bytes(b"damaged")
    stray = data / "imported" / "00" / f"{'0' * 64}.bin"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    found = {(one.sentence, one.can_mend) for one in await verify(database)}
    assert found == {("Its file is damaged.", True), ("No row names this file.", True)}
    assert await verify(database, mending=True) == []
    assert kept.read_bytes() == CARD and not stray.exists()

    other = tmp_path / "other"
    other.mkdir()
    backup.restore(made.path, other / "ttrpg_assistant.db")
    assert [path.read_bytes() for path in list_kept(other)] == [CARD]


async def test_an_archive_takes_what_was_imported_along(tmp_path: Path) -> None:
    async with running(tmp_path / "here") as app:
        table = await lay(app)
        await table.bring(CARD, "mira.png")
        await table.send(CARD, "only-looked-at.png")
        file = tmp_path / "marsh.zip"
        await app.services.archives.write(table.campaign, file)
        seen = await table.send(file.read_bytes(), "marsh.zip", campaign_id=None)
        assert (seen["format"], seen["things"]) == ("campaign_archive", [])
        copied = await table.accept(seen)
        copy = ImportTable(app, copied["restored"]["campaign_id"])
        assert app.services.kept_files.open_file(await find_source(copy)).read_bytes() == CARD
        assert (await copy.send(CARD, "mira.png"))["things"][0]["action"] == "same"
    async with running(tmp_path / "there") as app:
        restored: Any = await app.services.archives.restore(file)
        table = ImportTable(app, restored.campaign_id)
        source = await find_source(table)
        assert app.services.kept_files.open_file(source).read_bytes() == CARD
        (one,) = (await app.get("/api/imports", campaign_id=table.campaign))["imports"]
        assert (await table.undo(one))["left"] == []
        assert await table.things("npc") == []
    assert list_kept(tmp_path / "there") == []


async def test_an_import_never_reaches_into_another_campaign(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        own, other = await lay(app), await lay(app)
        done = await own.bring(CARD, "mira.png")
        await other.bring(CARD, "mira.png")
        (theirs,) = await other.things("npc")
        foreign: dict[str, Any] = {"import_id": done["id"], "campaign_id": own.campaign}
        for kind, id in (("npc", theirs["id"]), ("fact", (await other.facts())[0]["id"])):
            await app.services.database.write(
                lambda tx, kind=kind, id=id: sources.add_source(
                    tx,
                    **foreign,
                    kind=kind,
                    entity_id=id,
                    outcome="new",
                    format="character_card",
                    source_id="character_card:Mira Vale",
                )
            )
        (seen,) = (await own.send(CARD, "mira.png"))["things"]
        assert seen["entity_id"] != theirs["id"]
        await own.undo(done)
        assert len(await other.things("npc")) == 1 and len(await other.facts()) == 2
