"""Rows of a model's looks through campaigns, of what they have read and what they found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, delete, func, select, update

from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.continuity.findings import Finding, Look, LookStatus
from ttrpg_assistant.continuity.model import Source
from ttrpg_assistant.continuity.tables import (
    continuity_findings,
    continuity_looks,
    continuity_parts,
)
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.inserting import insert_into

NO_FAULT: dict[str, str | None] = {
    "error_code": None,
    "error_detail": None,
    "error_cure": None,
}
MOST_FINDINGS = 2_000
"""Of one campaign that are kept; no game master looks at more."""

_l, _p, _f = continuity_looks.c, continuity_parts.c, continuity_findings.c
_LOOK = [_l[name] for name in Look.__dataclass_fields__]


def find_look(tx: Connection, campaign_id: str) -> Look | None:
    """The look through a campaign, or None where no model ever looked."""
    row = tx.execute(select(*_LOOK).where(_l.campaign_id == campaign_id)).mappings().first()
    return None if row is None else read_row(Look, row)


def get_look(tx: Connection, id: str) -> Look:
    """Raises `NotFound`: its campaign was deleted."""
    row = tx.execute(select(*_LOOK).where(_l.id == id)).mappings().first()
    if row is None:
        raise NotFound("This look through the campaign is gone.", facts={"id": id})
    return read_row(Look, row)


def begin_look(tx: Connection, campaign_id: str, made_by: str) -> Look:
    """Begin a look. If the campaign already has one, it starts again and keeps what it has read."""
    now = utc_now()
    row: dict[str, Any] = {
        "status": "reading",
        "made_by": made_by[:120],
        "parts": 0,
        "done": 0,
        "failed": 0,
        "left_out": 0,
        "lines_read": 0,
        "lines_all": 0,
        "updated_at": now,
        **NO_FAULT,
    }
    made = insert_into(tx, continuity_looks).values(
        id=new_id(), campaign_id=campaign_id, created_at=now, **row
    )
    tx.execute(made.on_conflict_do_update(index_elements=["campaign_id"], set_=row))
    found = find_look(tx, campaign_id)
    assert found is not None
    return found


def update_look(tx: Connection, id: str, **values: object) -> None:
    """Change columns."""
    tx.execute(update(continuity_looks).where(_l.id == id).values(**values, updated_at=utc_now()))


def end_look(tx: Connection, id: str, status: LookStatus, **values: object) -> bool:
    """Change the status of a look that is still being read; False where it was not."""
    ended = tx.execute(
        update(continuity_looks)
        .where(_l.id == id, _l.status == "reading")
        .values(status=status, **values, updated_at=utc_now())
    )
    return ended.rowcount == 1


def list_being_read(tx: Connection, idle_seconds: float) -> list[str]:
    """Looks that are to be read and that nobody has worked on for so long."""
    rows = tx.execute(select(_l.id, _l.updated_at).where(_l.status == "reading"))
    return [row[0] for row in rows if has_passed(row[1], idle_seconds)]


def list_read_keys(tx: Connection, look_id: str) -> set[str]:
    """The keys of the parts that were read."""
    return set(tx.execute(select(_p.key).where(_p.look_id == look_id)).scalars())


def note_read(tx: Connection, look_id: str, key: str, left_out: int) -> bool:
    """A part was read; False where somebody else had read it."""
    made = insert_into(tx, continuity_parts).values(
        id=new_id(), look_id=look_id, key=key, at=utc_now()
    )
    row = tx.execute(
        made.on_conflict_do_nothing(index_elements=["look_id", "key"]).returning(_p.id)
    ).first()
    if row is None:
        return False
    update_look(tx, look_id, done=_l.done + 1, left_out=_l.left_out + left_out, **NO_FAULT)
    return True


def forget_all(tx: Connection, campaign_id: str) -> None:
    """Forget what a model has read and found in a campaign; what was decided of it stays."""
    looks = select(_l.id).where(_l.campaign_id == campaign_id)
    tx.execute(delete(continuity_parts).where(_p.look_id.in_(looks)))
    tx.execute(delete(continuity_findings).where(_f.campaign_id == campaign_id))


def list_findings(tx: Connection, campaign_id: str) -> dict[str, Finding]:
    """A model's words on a campaign, by the key of what each speaks of."""
    query = select(continuity_findings).where(_f.campaign_id == campaign_id)
    return {row.key: _read(row) for row in tx.execute(query.order_by(_f.at, _f.id))}


def _read(row: Any) -> Finding:
    old = None
    if row.old_source_kind is not None and row.old_source_id is not None:
        old = Source(row.old_source_kind, row.old_source_id)
    return Finding(
        row.key,
        row.kind,
        row.says,
        row.text,
        Source(row.source_kind, row.source_id),
        row.quote,
        old,
        row.old_quote,
        row.made_by,
    )


def put_findings(tx: Connection, campaign_id: str, findings: Sequence[Finding]) -> None:
    """Keep what was found; a verdict on what a model found stands with it."""
    count = select(func.count()).where(_f.campaign_id == campaign_id)
    room = MOST_FINDINGS - int(tx.execute(count).scalar_one())
    for one in findings:
        if one.kind == "verdict" and _judge_found(tx, campaign_id, one):
            continue
        if room <= 0:
            return
        room -= _put(tx, campaign_id, one)


def _judge_found(tx: Connection, campaign_id: str, one: Finding) -> bool:
    """Whether the verdict is on what a model itself had found."""
    is_settled = one.says == "settled"
    is_thread = _f.kind != "contradiction"
    values: dict[str, Any] = {"says": one.says}
    if is_settled:
        for name, value in (
            ("old_source_kind", one.source.kind),
            ("old_source_id", one.source.id),
            ("old_quote", one.quote),
        ):
            values[name] = case((is_thread, value), else_=_f[name])
    done = tx.execute(
        update(continuity_findings)
        .where(_f.campaign_id == campaign_id, _f.key == one.key, _f.kind != "verdict")
        .values(**values)
    )
    return done.rowcount > 0


def _put(tx: Connection, campaign_id: str, one: Finding) -> int:
    row: dict[str, Any] = {
        "kind": one.kind,
        "says": one.says,
        "text": one.text,
        "source_kind": one.source.kind,
        "source_id": one.source.id,
        "quote": one.quote,
        "old_source_kind": None if one.old is None else one.old.kind,
        "old_source_id": None if one.old is None else one.old.id,
        "old_quote": one.old_quote,
        "made_by": one.made_by[:120],
        "at": utc_now(),
    }
    made = insert_into(tx, continuity_findings).values(
        id=new_id(), campaign_id=campaign_id, key=one.key, **row
    )
    # The latest verdict counts; what was found before keeps what was said of it since.
    if one.kind == "verdict":
        made = made.on_conflict_do_update(
            index_elements=["campaign_id", "key"], set_=row, where=_f.kind == "verdict"
        )
    else:
        made = made.on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    return max(0, tx.execute(made).rowcount)
