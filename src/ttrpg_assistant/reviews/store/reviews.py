"""Rows of `transcript_reviews` and `transcript_parts`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, case, delete, func, insert, select, update

from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.reviews.model import Part, PartKind, Progress, Review, ReviewStatus, Speaker
from ttrpg_assistant.reviews.tables import transcript_parts, transcript_reviews
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.suggestions.model import OPEN_STATUSES
from ttrpg_assistant.suggestions.tables import suggestions

Place = tuple[PartKind, int, int, int, int]
"""Kind, first seq, first character, last seq, last character."""

NO_FAULT = {"error_code": None, "error_detail": None, "error_cure": None}

_r, _p, _s = transcript_reviews.c, transcript_parts.c, suggestions.c
_REVIEW: list[Any] = [_r[name] for name in Review.__dataclass_fields__]
_PART: list[Any] = [_p[name] for name in Part.__dataclass_fields__]
_IN_ORDER = (case((_p.kind == "whole", 1), else_=0), _p.first_seq, _p.first_at, _p.id)


def add_review(
    tx: Connection,
    id: str,
    campaign_id: str,
    conversation_id: str,
    game_session_id: str | None,
    speakers: Sequence[Speaker],
    places: Sequence[Place],
) -> Review:
    """A new review with its parts; the one that is there when the conversation has one."""
    now = utc_now()
    made = insert_into(tx, transcript_reviews).values(
        id=id,
        campaign_id=campaign_id,
        conversation_id=conversation_id,
        game_session_id=game_session_id,
        status="ready",
        speakers=msgspec.to_builtins(list(speakers)),
        created_at=now,
        updated_at=now,
        **NO_FAULT,
    )
    if tx.execute(made.on_conflict_do_nothing()).rowcount == 1:
        add_parts(tx, id, places)
        if game_session_id is not None:
            link_transcript(tx, conversation_id, game_session_id)
    row = tx.execute(select(*_REVIEW).where(_r.conversation_id == conversation_id)).mappings()
    return read_row(Review, row.one())


def link_transcript(tx: Connection, conversation_id: str, game_session_id: str) -> None:
    """The conversation is of this game session from now on: what it opens happened there."""
    wanted = conversations.c.id == conversation_id
    tx.execute(update(conversations).where(wanted).values(game_session_id=game_session_id))


def add_parts(tx: Connection, review_id: str, places: Sequence[Place]) -> None:
    """Parts that wait to be read."""
    now = utc_now()
    rows = [
        {
            "id": new_id(),
            "review_id": review_id,
            "kind": kind,
            "first_seq": first_seq,
            "first_at": first_at,
            "last_seq": last_seq,
            "last_at": last_at,
            "status": "waiting",
            "summary": "",
            "made_by": None,
            "proposed": 0,
            "left_out": 0,
            "repeated": 0,
            "updated_at": now,
            **NO_FAULT,
        }
        for kind, first_seq, first_at, last_seq, last_at in places
    ]
    if rows:
        tx.execute(insert(transcript_parts), rows)


def get_review(tx: Connection, id: str, *, lock: bool = False) -> Review:
    """The review; with `lock` held to the end. Raises `NotFound`."""
    query = select(*_REVIEW).where(_r.id == id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("There is no such review.", code="review_not_found")
    return read_row(Review, row)


def list_reviews(
    tx: Connection, campaign_id: str | None = None, conversation_id: str | None = None
) -> list[Review]:
    """The reviews of a campaign or a conversation, newest first; not of removed conversations."""
    there = select(conversations.c.id).where(
        conversations.c.id == _r.conversation_id, conversations.c.removed_at.is_(None)
    )
    query = select(*_REVIEW).where(there.exists())
    query = query.order_by(_r.created_at.desc(), _r.id.desc()).limit(200)
    if campaign_id is not None:
        query = query.where(_r.campaign_id == campaign_id)
    if conversation_id is not None:
        query = query.where(_r.conversation_id == conversation_id)
    return [read_row(Review, row) for row in tx.execute(query).mappings()]


def list_being_read(tx: Connection, idle_seconds: float) -> list[str]:
    """Reviews that are to be read and that nobody has worked on for so long."""
    rows = tx.execute(select(_r.id, _r.updated_at).where(_r.status == "reading"))
    return [row[0] for row in rows if has_passed(row[1], idle_seconds)]


def update_review(tx: Connection, id: str, **values: object) -> Review:
    """Change columns and give the review as it is now. Raises `NotFound`."""
    tx.execute(update(transcript_reviews).where(_r.id == id).values(**values, updated_at=utc_now()))
    return get_review(tx, id)


def set_status(tx: Connection, id: str, now: ReviewStatus, *, only_from: ReviewStatus) -> bool:
    """Change the status if it still is what it was; False when it was not."""
    done = tx.execute(
        update(transcript_reviews)
        .where(_r.id == id, _r.status == only_from)
        .values(status=now, updated_at=utc_now())
    )
    return done.rowcount == 1


def list_parts(tx: Connection, review_id: str) -> list[Part]:
    """All parts in the order of the lines, the whole last."""
    rows = tx.execute(select(*_PART).where(_p.review_id == review_id).order_by(*_IN_ORDER))
    return [read_row(Part, row) for row in rows.mappings()]


def list_failed(tx: Connection, review_id: str) -> list[Part]:
    """The parts that could not be read, in their order."""
    query = select(*_PART).where(_p.review_id == review_id, _p.status == "failed")
    rows = tx.execute(query.order_by(*_IN_ORDER).limit(50)).mappings()
    return [read_row(Part, row) for row in rows]


def list_seqs(tx: Connection, conversation_id: str, message_ids: Collection[str]) -> dict[str, int]:
    """The numbers of these messages of a conversation."""
    found: dict[str, int] = {}
    wanted = sorted(message_ids)
    for start in range(0, len(wanted), 500):
        query = select(messages.c.id, messages.c.seq).where(
            messages.c.conversation_id == conversation_id,
            messages.c.id.in_(wanted[start : start + 500]),
        )
        found.update({row[0]: row[1] for row in tx.execute(query)})
    return found


def count_characters(tx: Connection, conversation_id: str) -> int:
    """How long the messages of a conversation are together."""
    wanted = messages.c.conversation_id == conversation_id, messages.c.cleared_at.is_(None)
    query = select(func.coalesce(func.sum(func.length(messages.c.content)), 0)).where(*wanted)
    return int(tx.execute(query).scalar_one())


def find_next_part(tx: Connection, review_id: str) -> Part | None:
    """The first part that waits. That over all lines waits until no other one does."""
    query = select(*_PART).where(_p.review_id == review_id, _p.status == "waiting")
    row = tx.execute(query.order_by(*_IN_ORDER).limit(1)).mappings().first()
    return None if row is None else read_row(Part, row)


def end_part(tx: Connection, part_id: str, **values: object) -> bool:
    """Say what came of a part that waits; False when it does not wait any more."""
    done = tx.execute(
        update(transcript_parts)
        .where(_p.id == part_id, _p.status == "waiting")
        .values(**values, updated_at=utc_now())
    )
    return done.rowcount == 1


def count_found(tx: Connection, part_id: str, *, proposed: int, repeated: int) -> None:
    """Say how much a part has brought."""
    counts = {"proposed": proposed, "repeated": repeated}
    tx.execute(update(transcript_parts).where(_p.id == part_id).values(**counts))


def replace_part(tx: Connection, part: Part, places: Sequence[Place]) -> bool:
    """Put smaller parts in its place; False when it does not wait any more."""
    gone = delete(transcript_parts).where(_p.id == part.id, _p.status == "waiting")
    if tx.execute(gone).rowcount != 1:
        return False
    add_parts(tx, part.review_id, places)
    return True


def read_failed_again(tx: Connection, review_id: str) -> int:
    """Let the parts that failed wait again; how many those are."""
    done = tx.execute(
        update(transcript_parts)
        .where(_p.review_id == review_id, _p.status == "failed")
        .values(status="waiting", updated_at=utc_now(), **NO_FAULT)
    )
    return int(done.rowcount)


def replace_parts(tx: Connection, review_id: str, places: Sequence[Place]) -> None:
    """Read everything again, in these parts."""
    tx.execute(delete(transcript_parts).where(_p.review_id == review_id))
    add_parts(tx, review_id, places)


def let_whole_wait(tx: Connection, review_id: str) -> None:
    """The part over all lines is read again: what it is made from has changed."""
    tx.execute(
        update(transcript_parts)
        .where(_p.review_id == review_id, _p.kind == "whole")
        .values(status="waiting", updated_at=utc_now(), **NO_FAULT)
    )


def get_progress(tx: Connection, review: Review) -> Progress:
    """How far the review is."""
    counted = select(
        func.count(),
        func.coalesce(func.sum(case((_p.status == "done", 1), else_=0)), 0),
        func.coalesce(func.sum(case((_p.status == "failed", 1), else_=0)), 0),
        func.coalesce(func.sum(_p.proposed), 0),
        func.coalesce(func.sum(_p.left_out), 0),
        func.coalesce(func.sum(_p.repeated), 0),
    ).where(_p.review_id == review.id)
    waiting = select(func.count()).where(
        _s.conversation_id == review.conversation_id,
        _s.lines.is_not(None),
        _s.status.in_(OPEN_STATUSES),
    )
    parts, done, failed, proposed, left_out, repeated = map(int, tx.execute(counted).one())
    undecided = int(tx.execute(waiting).scalar_one())
    return Progress(parts, done, failed, proposed, left_out, repeated, undecided)
