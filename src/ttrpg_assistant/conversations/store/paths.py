"""The active path of a conversation: from its tip back to the root, a page at a time.

Talk mostly stands in the order in which it was said, so it is read by number, a stretch at a
time, and what is not on the path (earlier answers, abandoned branches) is passed over. No row
is read twice, so a page costs its own length and not that of the conversation; the first page
forward in time reads the numbers of what comes after it once (`whole_paths.py`). On a branch the
walk goes on into the conversation that it branched from; nothing was copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Integer, ScalarSelect, Select, bindparam, literal, select
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.conversations.left_out import find_left_out
from ttrpg_assistant.conversations.model import Conversation, Message, MessagePage
from ttrpg_assistant.conversations.store.damage import (
    find_newest_id,
    is_undecodable,
    message_columns_as_bytes,
    read_from_bytes,
)
from ttrpg_assistant.conversations.store.messages import (
    MESSAGE_COLUMNS,
    find_message,
    read_message,
)
from ttrpg_assistant.conversations.store.shown import show_messages
from ttrpg_assistant.conversations.store.whole_paths import Row, WholePaths
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.storage.prepared import Prepared

_c = messages.c
_ID, _CONVERSATION, _SEQ, _PARENT = map(
    list(Message.__struct_fields__).index, ("id", "conversation_id", "seq", "parent_id")
)


def _path_query(columns: Sequence[Any] = MESSAGE_COLUMNS) -> Select[Any]:
    """The path link by link, for rows that cannot all be decoded."""
    first = select(_c.id, _c.parent_id, _c.seq, literal(1).label("n"))
    path = first.where(_c.id == bindparam("start")).cte("path", recursive=True)
    step = messages.alias("step")
    path = path.union_all(
        select(step.c.id, step.c.parent_id, step.c.seq, path.c.n + 1).where(
            step.c.id == path.c.parent_id,
            path.c.n < bindparam("limit", type_=Integer),
            step.c.seq > bindparam("above", type_=Integer),
        )
    )
    return (
        select(*columns)
        .where(_c.id.in_(select(path.c.id)), _c.seq > bindparam("above", type_=Integer))
        .order_by(_c.seq.desc())
    )


MOST_ANSWERS = 8
"""More than the answers that one message can have in a row: a scene has up to five."""

_EVERY = 1_000_000
"""A limit for a walk that ends by itself: no conversation is as long."""


def _stretch_query(columns: Sequence[Any]) -> Select[Any]:
    start = messages.alias("start")

    def of_start(column: Any) -> ScalarSelect[Any]:
        # A value of its own: joined, PostgreSQL reads and sorts the whole conversation.
        return select(column).where(start.c.id == bindparam("start")).scalar_subquery()

    return (
        select(*columns)
        .where(
            _c.conversation_id == of_start(start.c.conversation_id),
            _c.seq <= of_start(start.c.seq),
            _c.seq > bindparam("above", type_=Integer),
        )
        .order_by(_c.seq.desc())
        .limit(bindparam("limit", type_=Integer))
    )


_WHOLE_PATHS = WholePaths()

_STRETCH = Prepared(_stretch_query(MESSAGE_COLUMNS))
_LINKS = Prepared(_stretch_query(MESSAGE_COLUMNS[: _PARENT + 1]))


def _walk(tx: Connection, start_id: str, limit: int, above_seq: int = 0) -> list[Message]:
    """Up to `limit` messages from `start_id` towards the root, newest first."""
    try:
        return [read_message(row) for row in _walk_rows(tx, _STRETCH, start_id, limit, above_seq)]
    except DBAPIError as error:
        if not is_undecodable(error):
            raise
        values = {"start": start_id, "limit": limit, "above": above_seq}
        found = tx.execute(_path_query(message_columns_as_bytes()), values).all()
        return [read_from_bytes(row) for row in found]


def _walk_rows(
    tx: Connection, stretch: Prepared, start_id: str, limit: int, above_seq: int
) -> Iterable[tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    wanted: str | None = start_id
    # A link that leads back to where the walk has been is damage, and its end.
    while wanted is not None and wanted not in found and len(found) < limit:
        values = {"start": wanted, "limit": limit - len(found), "above": above_seq}
        rows = stretch.run(tx, values)
        if not rows:
            break
        for row in rows:
            if row[_ID] == wanted:
                found[row[_ID]] = row
                wanted = row[_PARENT] if row[_SEQ] != above_seq + 1 else None
    return found.values()


def _walk_on(tx: Connection, start_id: str, limit: int) -> list[Message]:
    """The same walk, which a link to a row that is gone does not end: it goes on by number."""
    found = _walk(tx, start_id, limit)
    while found and found[-1].parent_id is not None and len(found) < limit:
        last = found[-1]
        next_id = find_newest_id(tx, last.conversation_id, below=last.seq)
        more = [] if next_id is None else _walk(tx, next_id, limit - len(found))
        if not more or more[0].seq >= last.seq:
            break  # two rows of one id: the walk would begin again above where it is
        found += more
    return found


def _tip(tx: Connection, conversation: Conversation) -> str | None:
    """The newest message of the path; the newest of all when the tip names none."""
    tip = conversation.tip_message_id
    if tip is None or find_message(tx, tip) is not None:
        return tip
    return find_newest_id(tx, conversation.id)


def _start_before(tx: Connection, conversation: Conversation, before: int) -> str | None:
    """Where the path goes on below `before`: the parent of the message numbered so."""
    owner: str | None = conversation.id
    branched_from = conversation.branched_from_id
    while owner is not None:
        row = tx.execute(
            select(_c.parent_id).where(_c.conversation_id == owner, _c.seq == before)
        ).first()
        if row is not None:
            parent: str | None = row[0]
            return parent
        if branched_from is None:
            break
        above = tx.execute(
            select(_c.conversation_id, conversations.c.branched_from_id)
            .join(conversations, conversations.c.id == _c.conversation_id)
            .where(_c.id == branched_from)
        ).first()
        owner, branched_from = (above[0], above[1]) if above is not None else (None, None)
    if conversation.tip_message_id is None:
        return None
    for message in _walk(tx, conversation.tip_message_id, conversation.next_seq):
        if message.seq < before:
            return message.id
    return None


def list_path(
    tx: Connection,
    conversation: Conversation,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
) -> MessagePage:
    """A page of the active path, oldest first: the newest, or those before or after a seq."""
    tip = _tip(tx, conversation)
    if after is not None:
        found = [] if tip is None else _list_after(tx, tip, after, limit + MOST_ANSWERS)
        page, has_more = found[:limit], len(found) > limit
        cursor = page[-1].seq if page and has_more else None
    else:
        start = tip if before is None else _start_before(tx, conversation, before)
        found = [] if start is None else _walk_on(tx, start, limit + 1)
        page, has_more = found[:limit], len(found) > limit
        page.reverse()
        cursor = page[0].seq if page and has_more else None
    later = found[limit:] if after is not None else _list_answers_from(tx, page, before)
    left_out = find_left_out([*page, *later])
    shown = [
        replace(message, left_out=True) if message.id in left_out else message
        for message in show_messages(tx, page)
    ]
    return MessagePage(shown, has_more, cursor, tip, list_siblings(tx, page))


def _list_after(tx: Connection, tip_id: str, after: int, limit: int) -> list[Message]:
    """The first messages of the path to this one that are numbered above `after`."""

    def walk(start_id: str, most: int) -> list[Row]:
        rows = _walk_rows(tx, _LINKS, start_id, most, 0)
        return [(row[_ID], row[_SEQ], row[_PARENT]) for row in rows]

    ids = _WHOLE_PATHS.get_path(tip_id, walk).list_after(after, limit)
    found = _walk(tx, ids[-1], len(ids)) if ids else []
    return found[::-1]


def _list_answers_from(
    tx: Connection, page: Sequence[Message], before: int | None
) -> list[Message]:
    """The answers that follow a page which ends with a question, or with failed answers to it:
    whether it is left out depends on them."""
    if before is None or not page:
        return []
    rows = tx.execute(
        select(*MESSAGE_COLUMNS)
        .where(_c.conversation_id == page[-1].conversation_id, _c.seq >= before)
        .order_by(_c.seq)
        .limit(MOST_ANSWERS)
    )
    found: list[Message] = []
    parent_id = page[-1].id
    for message in map(read_message, rows):
        if message.parent_id == parent_id and message.role == "assistant":
            found.append(message)
            parent_id = message.id
    return found


def list_newest(tx: Connection, message_id: str | None, limit: int) -> list[Message]:
    """Up to `limit` messages from this one towards the root, newest first."""
    return [] if message_id is None else _walk_on(tx, message_id, limit)


def list_links(
    tx: Connection, message_id: str, *, down_to: int, most: int = _EVERY
) -> list[tuple[str, int]]:
    """Ids and numbers of up to `most` messages from this one towards the root, newest first, as
    far as their numbers are not below `down_to`."""
    rows = _walk_rows(tx, _LINKS, message_id, most, down_to - 1)
    return [(row[_ID], row[_SEQ]) for row in rows]


def iterate_links(tx: Connection, message_id: str, most: int) -> Iterator[str]:
    """Ids of up to `most` messages from this one towards the root, newest first, read as far as
    they are wanted."""
    wanted: str | None = message_id
    stride, below = 64, None
    while wanted is not None and most > 0:
        rows = list(_walk_rows(tx, _LINKS, wanted, min(stride, most), 0))
        if not rows or (below is not None and rows[0][_SEQ] >= below):
            return  # a link to a row that is gone, or back to where the walk has been
        for row in rows:
            yield row[_ID]
        most -= len(rows)
        wanted, below = rows[-1][_PARENT], rows[-1][_SEQ]
        stride = min(2 * stride, 2_048)


@dataclass(frozen=True, slots=True)
class Link:
    """A message's place: its number, and the one before it."""

    id: str
    seq: int
    parent_id: str | None


def list_own_links(tx: Connection, message_id: str, conversation_id: str) -> list[Link]:
    """The path from this message towards the root, newest first, as far as it stands in the
    conversation itself and not in one that it branched from."""
    rows = _walk_rows(tx, _LINKS, message_id, _EVERY, 0)
    own = takewhile(lambda row: row[_CONVERSATION] == conversation_id, rows)
    return [Link(row[_ID], row[_SEQ], row[_PARENT]) for row in own]


def list_siblings(tx: Connection, page: Sequence[Message]) -> dict[str, list[str]]:
    """For each message of a page that has alternatives, all of them, oldest first."""
    parents = {message.parent_id for message in page if message.parent_id is not None}
    rows = list(
        tx.execute(
            select(_c.parent_id, _c.id, _c.conversation_id, _c.role)
            .where(_c.parent_id.in_(parents), _c.cleared_at.is_(None))
            .order_by(_c.seq)
        ).all()
        if parents
        else ()
    )
    if any(message.parent_id is None for message in page):
        roots = {m.conversation_id for m in page if m.parent_id is None}
        rows += tx.execute(
            select(_c.parent_id, _c.id, _c.conversation_id, _c.role)
            .where(_c.conversation_id.in_(roots), _c.parent_id.is_(None), _c.cleared_at.is_(None))
            .order_by(_c.seq)
        ).all()
    # A branch's own first message shares its parent with the source's next one, but it
    # is another conversation's talk, not an alternative answer.
    families: dict[tuple[str | None, str, str], list[str]] = {}
    for parent_id, message_id, conversation_id, role in rows:
        families.setdefault((parent_id, conversation_id, role), []).append(message_id)
    found: dict[str, list[str]] = {}
    for message in page:
        family = families.get((message.parent_id, message.conversation_id, message.role), [])
        if len(family) > 1:
            found[message.id] = family
    return found


def find_newest_descendant(tx: Connection, message: Message) -> str:
    """The end of the talk that goes on from this message, following the newest answers."""
    current, seq = message.id, message.seq
    while True:
        child = tx.execute(
            select(_c.id, _c.seq)
            .where(
                _c.parent_id == current,
                _c.conversation_id == message.conversation_id,
                _c.seq > seq,  # a link that leads back is damage, and must not be followed for ever
                _c.cleared_at.is_(None),
            )
            .order_by(_c.seq.desc())
            .limit(1)
        ).first()
        if child is None:
            return current
        current, seq = child
