"""Where a thing came from: which import, which file, what the file said then.

Exports ask `find_source` for a thing's latest source and open the file by `kept_files.KeptFiles`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, delete, select, update

from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.import_tables import import_sources, imported_files

Outcome = Literal["new", "changed", "same"]
AT_ONCE = 500

_c, _f = import_sources.c, imported_files.c


@dataclass(frozen=True, slots=True)
class Source:
    """What a thing, fact, relation, picture or conversation (`kind`) came from.

    `base` are its values as the file had them, spelled as its kind keeps them; `before` those the
    import replaced; `kept` is what has no field here, word for word. `revision` is the one the
    import left behind. `file_name` and `sha256` name the file it came from, both "" where the
    file was not kept.
    """

    id: str
    import_id: str
    campaign_id: str | None
    kind: str
    entity_id: str
    outcome: Outcome
    format: str
    source_id: str
    base: dict[str, Any]
    before: dict[str, Any]
    kept: dict[str, Any]
    revision: int
    file_name: str
    sha256: str
    created_at: str


def find_source(tx: Connection, kind: str, entity_id: str) -> Source | None:
    """The latest source of a thing, fact, relation, picture or conversation; None where it was
    made here. Its file is opened by `kept_files.KeptFiles.open_file`."""
    query = _query().where(_c.entity_id == entity_id, _c.kind == kind)
    row = tx.execute(query.order_by(_c.created_at.desc(), _c.id.desc()).limit(1)).first()
    return None if row is None else _read(row)


def find_by_source_ids(
    tx: Connection, campaign_id: str, source_ids: Iterable[str]
) -> dict[str, list[Source]]:
    """The sources in the campaign that other programs call so, by that name, the latest first."""
    found: dict[str, list[Source]] = {}
    wanted = sorted({one for one in source_ids if one})
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        query = _query().where(_c.campaign_id == campaign_id, _c.source_id.in_(part))
        for row in tx.execute(query.order_by(_c.created_at.desc(), _c.id.desc())):
            found.setdefault(row.source_id, []).append(_read(row))
    return found


def find_of_entities(tx: Connection, ids: Sequence[str]) -> dict[str, Source]:
    """The latest source of each of these that has one, by its id."""
    found: dict[str, Source] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = _query().where(_c.entity_id.in_(ids[start : start + AT_ONCE]))
        for row in tx.execute(query.order_by(_c.created_at, _c.id)):
            found[row.entity_id] = _read(row)
    return found


def list_of_import(tx: Connection, import_id: str) -> list[Source]:
    """Everything that came with an import, the latest first: the order in which it is undone."""
    query = _query().where(_c.import_id == import_id)
    return [_read(row) for row in tx.execute(query.order_by(_c.created_at.desc(), _c.id.desc()))]


def add_source(
    tx: Connection,
    *,
    import_id: str,
    campaign_id: str | None,
    kind: str,
    entity_id: str,
    outcome: Outcome,
    format: str,
    source_id: str = "",
    base: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
    revision: int = 1,
    file_id: str | None = None,
) -> str:
    """Write down where something came from; its id."""
    id = new_id()
    tx.execute(
        import_sources.insert().values(
            id=id,
            import_id=import_id,
            campaign_id=campaign_id,
            kind=kind,
            entity_id=entity_id,
            outcome=outcome,
            format=format,
            source_id=source_id[:300],
            base=dict(base or {}),
            before=dict(before or {}),
            kept=dict(kept or {}),
            revision=revision,
            file_id=file_id,
            created_at=utc_now(),
        )
    )
    return id


def note_later_edit(
    tx: Connection,
    id: str,
    revision: int,
    was: Mapping[str, Any],
    became: Mapping[str, Any],
) -> None:
    """Note a second edit that the same import made of a thing, so that it is undone as well."""
    row = tx.execute(select(_c.before, _c.outcome).where(_c.id == id)).one()
    before = {**row.before, **{one: {"was": was[one], "became": became[one]} for one in became}}
    outcome = "changed" if row.outcome == "same" else row.outcome
    values = {"revision": revision, "before": before, "outcome": outcome}
    tx.execute(update(import_sources).where(_c.id == id).values(values))


def drop_sources(tx: Connection, ids: Sequence[str]) -> None:
    """Forget sources: what they speak of was undone."""
    for start in range(0, len(ids), AT_ONCE):
        tx.execute(delete(import_sources).where(_c.id.in_(ids[start : start + AT_ONCE])))


def _query() -> Select[Any]:
    file_name, sha256 = _f.name.label("file_name"), _f.sha256
    joined = import_sources.outerjoin(imported_files, _f.id == _c.file_id)
    return select(import_sources, file_name, sha256).select_from(joined)


def _read(row: Any) -> Source:
    named = {name: getattr(row, name) for name in Source.__dataclass_fields__}
    return Source(**{**named, "file_name": row.file_name or "", "sha256": row.sha256 or ""})
