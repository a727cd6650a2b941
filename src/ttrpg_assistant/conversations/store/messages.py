"""Rows of `messages`: adding, walking the active path, writing an answer down.

Every write of a message goes through `add_message`, which numbers it, makes it the tip
and counts it in the transaction that stores it. History only grows: the one update in
place is of an answer that is still being written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ttrpg_assistant.conversations.model import (
    Conversation,
    Message,
    MessagePage,
    MessageStatus,
    Mode,
    Role,
)
from ttrpg_assistant.conversations.store.conversations import lock_conversation
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import utc_now

_c = messages.c
_COLUMNS = [messages.c[name] for name in Message.__dataclass_fields__]
_GET = select(*_COLUMNS).where(_c.id == bindparam("message_id"))
_INSERT = {
    "sqlite": sqlite.insert(messages).on_conflict_do_nothing(index_elements=["id"]),
    "postgresql": postgresql.insert(messages).on_conflict_do_nothing(index_elements=["id"]),
}
_ADVANCE = (
    update(conversations)
    .where(conversations.c.id == bindparam("the_id"))
    .values(
        next_seq=conversations.c.next_seq + 1,
        message_count=conversations.c.message_count + 1,
        unread_count=conversations.c.unread_count + bindparam("unread"),
        tip_message_id=bindparam("tip"),
        last_message_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
)


def _read(row: Row[*tuple[Any, ...]]) -> Message:
    return Message(*row)


def find_message(tx: Connection, message_id: str) -> Message | None:
    """The message, or None."""
    row = tx.execute(_GET, {"message_id": message_id}).first()
    return None if row is None else _read(row)


def get_message(tx: Connection, message_id: str) -> Message:
    """The message; `NotFound` when there is none."""
    found = find_message(tx, message_id)
    if found is None:
        raise NotFound("This message does not exist.", code="message_not_found")
    return found


def find_posted(
    tx: Connection, message_id: str, conversation_id: str, role: str, content: str
) -> Message | None:
    """The message stored earlier under this id, if it is the same one.

    The same id with other content is a `Conflict`: the id is the idempotency key.
    """
    found = find_message(tx, message_id)
    if found is None:
        return None
    if (found.conversation_id, found.role) != (conversation_id, role) or (
        found.content != content and found.status != "streaming"
    ):
        raise Conflict(
            "Another message was already stored under this id; nothing was changed.",
            code="message_id_reused",
        )
    return found


def add_message(
    tx: Connection,
    conversation: Conversation,
    *,
    message_id: str,
    role: Role,
    content: str,
    parent_id: str | None,
    status: MessageStatus = "complete",
    mode: Mode | None = None,
    origin: str | None = None,
    model: str | None = None,
    tokens: tuple[int | None, int | None] = (None, None),
) -> Message:
    """Store a message as the new tip of a conversation that this transaction has locked.

    `conversation` must be fresh from `lock_conversation`, or from `advanced` after an
    earlier message of the same transaction.
    """
    now = utc_now()
    row = {
        "id": message_id,
        "conversation_id": conversation.id,
        "seq": conversation.next_seq,
        "parent_id": parent_id,
        "role": role,
        "content": content,
        "mode": mode,
        "status": status,
        "tokens_in": tokens[0],
        "tokens_out": tokens[1],
        "model": model,
        "error_code": None,
        "origin": origin,
        "created_at": now,
        "updated_at": now,
    }
    stored = tx.execute(_INSERT[tx.dialect.name], row)
    if stored.rowcount != 1:
        raise Conflict(
            "Another message was already stored under this id; nothing was changed.",
            code="message_id_reused",
        )
    unread = 1 if role == "assistant" and status != "streaming" else 0
    tx.execute(
        _ADVANCE, {"the_id": conversation.id, "tip": message_id, "now": now, "unread": unread}
    )
    return Message(**row)  # type: ignore[arg-type]


def advanced(conversation: Conversation, added: Message) -> Conversation:
    """The conversation as it stands after a message was added to it."""
    return Conversation(
        **{
            **{name: getattr(conversation, name) for name in Conversation.__dataclass_fields__},
            "tip_message_id": added.id,
            "next_seq": added.seq + 1,
        }
    )


def post_message(
    tx: Connection,
    conversation_id: str,
    *,
    message_id: str,
    role: Role,
    content: str,
    **values: Any,
) -> tuple[Message, bool]:
    """Add a message after the tip. Sending it again returns the first row and False."""
    conversation = lock_conversation(tx, conversation_id)
    earlier = find_posted(tx, message_id, conversation_id, role, content)
    if earlier is not None:
        return earlier, False
    check_open(conversation)
    added = add_message(
        tx,
        conversation,
        message_id=message_id,
        role=role,
        content=content,
        parent_id=conversation.tip_message_id,
        **values,
    )
    return added, True


def check_open(conversation: Conversation) -> None:
    """`Conflict` when the conversation is archived: it takes no new messages."""
    if conversation.archived_at is not None:
        raise Conflict(
            "This conversation is closed.",
            code="conversation_archived",
            cure="Resume it first, or write in the current one.",
        )


def _walk(tx: Connection, start_id: str, limit: int, above_seq: int = 0) -> list[Message]:
    """Up to `limit` messages from `start_id` towards the root, newest first."""
    first = select(_c.id, _c.parent_id, _c.seq, literal(1).label("n")).where(_c.id == start_id)
    path = first.cte("path", recursive=True)
    step = messages.alias("step")
    path = path.union_all(
        select(step.c.id, step.c.parent_id, step.c.seq, path.c.n + 1).where(
            step.c.id == path.c.parent_id, path.c.n < limit, step.c.seq > above_seq
        )
    )
    rows = tx.execute(
        select(*_COLUMNS)
        .where(_c.id.in_(select(path.c.id)), _c.seq > above_seq)
        .order_by(_c.seq.desc())
    ).all()
    return [_read(row) for row in rows]


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
    if after is not None:
        tip = conversation.tip_message_id
        found = [] if tip is None else _walk(tx, tip, conversation.next_seq, above_seq=after)
        found.reverse()
        page, has_more = found[:limit], len(found) > limit
        cursor = page[-1].seq if page and has_more else None
    else:
        start = (
            conversation.tip_message_id
            if before is None
            else _start_before(tx, conversation, before)
        )
        found = [] if start is None else _walk(tx, start, limit + 1)
        page, has_more = found[:limit], len(found) > limit
        page.reverse()
        cursor = page[0].seq if page and has_more else None
    return MessagePage(page, has_more, cursor, conversation.tip_message_id, _siblings(tx, page))


def list_newest(tx: Connection, message_id: str | None, limit: int) -> list[Message]:
    """Up to `limit` messages from this one towards the root, newest first."""
    return [] if message_id is None else _walk(tx, message_id, limit)


def _siblings(tx: Connection, page: Sequence[Message]) -> dict[str, list[str]]:
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
    current = message.id
    while True:
        child = tx.execute(
            select(_c.id)
            .where(
                _c.parent_id == current,
                _c.conversation_id == message.conversation_id,
                _c.cleared_at.is_(None),
            )
            .order_by(_c.seq.desc())
            .limit(1)
        ).scalar()
        if child is None:
            return current
        current = child


def write_streaming(
    tx: Connection,
    message_id: str,
    *,
    content: str,
    status: MessageStatus,
    model: str | None = None,
    tokens: tuple[int | None, int | None] = (None, None),
    error_code: str | None = None,
) -> bool:
    """Write an answer that is still `streaming`: a checkpoint, or its end. False: it is not."""
    values: dict[str, Any] = {"content": content, "status": status, "updated_at": utc_now()}
    if model is not None:
        values["model"] = model
    if status != "streaming":
        values |= {"tokens_in": tokens[0], "tokens_out": tokens[1], "error_code": error_code}
    changed = tx.execute(
        update(messages).where(_c.id == message_id, _c.status == "streaming").values(values)
    )
    return changed.rowcount == 1


def add_unread(tx: Connection, conversation_id: str) -> None:
    """An answer has arrived (FR-206: only the assistant's messages count as unread)."""
    now = utc_now()
    tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(unread_count=conversations.c.unread_count + 1, last_message_at=now, updated_at=now)
    )


def restore_missing(tx: Connection, lost: Message) -> Message:
    """Store an answer whose placeholder has vanished, once, under its own id (seed, Strategy 3)."""
    conversation = lock_conversation(tx, lost.conversation_id)
    parent = find_message(tx, lost.parent_id) if lost.parent_id is not None else None
    return add_message(
        tx,
        conversation,
        message_id=lost.id,
        role=lost.role,
        content=lost.content,
        parent_id=parent.id if parent is not None else conversation.tip_message_id,
        status=lost.status,
        mode=lost.mode,
        model=lost.model,
        tokens=(lost.tokens_in, lost.tokens_out),
    )


def list_streaming(tx: Connection, updated_before: str | None = None) -> list[Message]:
    """Answers marked as being written, oldest first."""
    wanted = [_c.status == "streaming"]
    if updated_before is not None:
        wanted.append(_c.updated_at < updated_before)
    rows = tx.execute(select(*_COLUMNS).where(*wanted).order_by(_c.created_at, _c.seq)).all()
    return [_read(row) for row in rows]


def clear_messages(tx: Connection, conversation_id: str, now: str) -> int:
    """Put every message of the conversation out of sight; they stay stored."""
    cleared = tx.execute(
        update(messages)
        .where(_c.conversation_id == conversation_id, _c.cleared_at.is_(None))
        .values(cleared_at=now)
    )
    return cleared.rowcount


def unclear_messages(tx: Connection, conversation_id: str, cleared_at: str) -> int:
    """Bring back what was cleared at that moment."""
    restored = tx.execute(
        update(messages)
        .where(_c.conversation_id == conversation_id, _c.cleared_at == cleared_at)
        .values(cleared_at=None)
    )
    return restored.rowcount


def reparent_roots(tx: Connection, conversation_id: str, onto: str) -> None:
    """Let talk that began after a clear go on from what was brought back."""
    tx.execute(
        update(messages)
        .where(
            _c.conversation_id == conversation_id,
            _c.parent_id.is_(None),
            _c.cleared_at.is_(None),
            _c.id != onto,
        )
        .values(parent_id=onto)
    )


def list_matching(
    tx: Connection, words: Sequence[str], *, besides: str, limit: int
) -> list[Message]:
    """Complete messages of other conversations that hold any of the words, newest first."""
    if not words:
        return []
    hit = [func.lower(_c.content).contains(word, autoescape=True) for word in words]
    wanted = hit[0]
    for more in hit[1:]:
        wanted = wanted | more
    rows = tx.execute(
        select(*_COLUMNS)
        .where(
            _c.conversation_id != besides,
            _c.cleared_at.is_(None),
            _c.status == "complete",
            wanted,
        )
        .order_by(_c.created_at.desc())
        .limit(limit)
    ).all()
    return [_read(row) for row in rows]
