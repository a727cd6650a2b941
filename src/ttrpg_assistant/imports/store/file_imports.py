"""Imports of files, and the files that were sent for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, select, update

from ttrpg_assistant.campaigns.store.entities import check_campaign
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.import_tables import file_imports, import_sources, imported_files

State = Literal["open", "running", "done", "cancelled", "failed", "undone"]
"""`open`: looked at, and nothing of it is stored in the campaign."""

TITLE_LENGTH = 200
NAME_LENGTH = 500

_i, _f = file_imports.c, imported_files.c


@dataclass(frozen=True, slots=True)
class FileImport:
    """One import of files. `report` says what became of every part of them; `campaign_id` is None
    for what needs no campaign."""

    id: str
    campaign_id: str | None
    title: str
    format: str
    state: State
    report: dict[str, Any]
    created_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was sent: its name, with its folders, and what names its bytes."""

    id: str
    name: str
    sha256: str
    bytes: int


def add_import(tx: Connection, campaign_id: str | None, title: str) -> FileImport:
    """A new import that waits for its files. Raises `NotFound` without such a campaign."""
    if campaign_id is not None:
        check_campaign(tx, campaign_id)
    made = FileImport(
        new_id(), campaign_id, cut_text(title, TITLE_LENGTH), "", "open", {}, utc_now(), None
    )
    row = {name: getattr(made, name) for name in FileImport.__dataclass_fields__}
    tx.execute(file_imports.insert().values(row))
    return made


def get_import(tx: Connection, id: str) -> FileImport:
    """Raises `NotFound`."""
    row = tx.execute(select(file_imports).where(_i.id == id)).mappings().first()
    if row is None:
        raise NotFound("There is no such import.", code="import_not_found")
    return FileImport(**row)


def list_imports(tx: Connection, campaign_id: str, limit: int = 100) -> list[FileImport]:
    """The imports into a campaign, the latest first, but for those that only were looked at.
    Raises `NotFound` without such a campaign."""
    check_campaign(tx, campaign_id)
    query = select(file_imports).where(_i.campaign_id == campaign_id, _i.state != "open")
    rows = tx.execute(query.order_by(_i.created_at.desc(), _i.id.desc()).limit(limit)).mappings()
    return [FileImport(**row) for row in rows]


def set_state(
    tx: Connection, id: str, state: State, *, expected: Sequence[State], **values: Any
) -> FileImport:
    """Bring an import from one of the expected states to another. Raises `NotFound`, and
    `Conflict` where it is in a state that was not expected."""
    if state not in ("open", "running"):
        values = {"ended_at": utc_now(), **values}
    wanted = (_i.id == id, _i.state.in_(expected))
    done = tx.execute(update(file_imports).where(*wanted).values(state=state, **values))
    found = get_import(tx, id)
    if done.rowcount != 1:
        raise not_open(found)
    return found


def not_open(found: FileImport) -> Conflict:
    """The conflict of an import that is in another state than it would have to be."""
    facts: dict[str, object] = {"id": found.id, "state": found.state}
    return Conflict(_SAID[found.state], code="import_not_open", facts=facts)


def set_campaign(tx: Connection, found: FileImport, campaign_id: str) -> None:
    """Say which campaign an import goes to. Raises `NotFound` without such a campaign."""
    check_campaign(tx, campaign_id)
    tx.execute(update(file_imports).where(_i.id == found.id).values(campaign_id=campaign_id))
    files = update(imported_files).where(_f.import_id == found.id)
    tx.execute(files.values(campaign_id=campaign_id))


_SAID: Mapping[State, str] = {
    "open": "This import has not been accepted yet.",
    "running": "This import is running.",
    "done": "This import was accepted already.",
    "cancelled": "This import was cancelled.",
    "failed": "This import has failed.",
    "undone": "This import was undone already.",
}


def add_file(tx: Connection, found: FileImport, name: str, sha256: str, size: int) -> ImportedFile:
    """Note a file that was sent for an import; one of the same name takes its place."""
    cut = cut_text(name, NAME_LENGTH)
    tx.execute(delete(imported_files).where(_f.import_id == found.id, _f.name == cut))
    made = ImportedFile(new_id(), cut, sha256, size)
    tx.execute(
        imported_files.insert().values(
            id=made.id,
            import_id=found.id,
            campaign_id=found.campaign_id,
            name=made.name,
            sha256=sha256,
            bytes=size,
            created_at=utc_now(),
        )
    )
    return made


def list_files(tx: Connection, import_id: str) -> list[ImportedFile]:
    """The files of an import, in the order of their names."""
    columns = [_f[name] for name in ImportedFile.__dataclass_fields__]
    query = select(*columns).where(_f.import_id == import_id).order_by(_f.name, _f.id)
    return [ImportedFile(**row) for row in tx.execute(query).mappings()]


def measure_files(tx: Connection, import_id: str) -> tuple[int, int]:
    """How many files an import has, and their bytes together."""
    query = select(func.count(), func.sum(_f.bytes)).where(_f.import_id == import_id)
    row = tx.execute(query).one()
    return int(row[0]), int(row[1] or 0)


def drop_files(tx: Connection, import_id: str, keep: Sequence[str] = ()) -> list[str]:
    """Forget the files of an import but for those to keep, by id; the hashes of the others."""
    gone = [one for one in list_files(tx, import_id) if one.id not in set(keep)]
    for start in range(0, len(gone), 500):
        ids = [one.id for one in gone[start : start + 500]]
        tx.execute(delete(imported_files).where(_f.id.in_(ids)))
    return [one.sha256 for one in gone]


def drop_unused_files(tx: Connection, import_id: str) -> list[str]:
    """Forget the files of an import that nothing came from any more; their hashes."""
    query = select(import_sources.c.file_id).where(import_sources.c.import_id == import_id)
    used = [id for id in tx.execute(query.distinct()).scalars() if id is not None]
    return drop_files(tx, import_id, keep=used)


def is_named(tx: Connection, sha256: str) -> bool:
    """Whether any import names a file with these bytes."""
    query = select(_f.id).where(_f.sha256 == sha256).limit(1)
    return tx.execute(query).first() is not None


def list_left(tx: Connection, state: State, seconds: float) -> list[FileImport]:
    """Imports that have been in this state for more than so many seconds."""
    rows = tx.execute(select(file_imports).where(_i.state == state)).mappings()
    return [
        one for one in (FileImport(**row) for row in rows) if has_passed(one.created_at, seconds)
    ]


def drop_import(tx: Connection, id: str) -> None:
    """Forget an import that only was looked at, with its files."""
    tx.execute(delete(imported_files).where(_f.import_id == id))
    tx.execute(delete(file_imports).where(_i.id == id, _i.state == "open"))
