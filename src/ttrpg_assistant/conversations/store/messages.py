"""Rows of `messages`: adding, walking the active path, writing an answer down.

Every write of a message goes through `add_message`, which numbers it, makes it the tip
and counts it in the transaction that stores it. History only grows: the one update in
place is of an answer that is still being written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec.structs import replace
from sqlalchemy import (
    Connection,
    Insert,
    Row,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from ttrpg_assistant.conversations.model import (
    MESSAGE_STATUSES,
    Conversation,
    Message,
    MessageStatus,
    Mode,
    Role,
)
from ttrpg_assistant.conversations.store import path_length
from ttrpg_assistant.conversations.store.conversations import lock_conversation
from ttrpg_assistant.conversations.store.damage import (
    MESSAGE_FIELDS,
    find_highest_seq,
    find_newest_id,
    is_undecodable,
    is_whole,
    message_columns_as_bytes,
    read_damaged,
    read_from_bytes,
)
from ttrpg_assistant.conversations.store.model_names import fit_model
from ttrpg_assistant.conversations.store.titles import name_by_first_line
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.prepared import Prepared

_c = messages.c
MESSAGE_COLUMNS = [messages.c[name] for name in MESSAGE_FIELDS]
_GET = Prepared(select(*MESSAGE_COLUMNS).where(_c.id == bindparam("message_id")))


def _insert_on_postgresql() -> Insert:
    from sqlalchemy.dialects import postgresql

    insert = postgresql.insert(messages).on_conflict_do_nothing(index_elements=["id"])
    return insert.returning(_c.id)


_INSERT = Prepared(
    sqlite.insert(messages).on_conflict_do_nothing(index_elements=["id"]).returning(_c.id),
    postgresql=_insert_on_postgresql,
)
_ADVANCE = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("the_id"))
    .values(
        next_seq=conversations.c.next_seq + 1,
        message_count=bindparam("messages"),
        unread_count=conversations.c.unread_count + bindparam("unread"),
        tip_message_id=bindparam("tip"),
        last_message_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
)


def read_message(row: Row[*tuple[Any, ...]] | tuple[Any, ...]) -> Message:
    """A row of `MESSAGE_COLUMNS` as the value, `unreadable` when it is damaged."""
    return Message(*row) if is_whole(row) else read_damaged(row)


def find_message(tx: Connection, message_id: str) -> Message | None:
    """The message, or None."""
    try:
        rows = _GET.run(tx, {"message_id": message_id})
    except DBAPIError as error:
        if not is_undecodable(error):
            raise
        query = select(*message_columns_as_bytes()).where(_c.id == message_id)
        return read_from_bytes(tx.execute(query).one())
    return read_message(rows[0]) if rows else None


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
    speaker_npc_id: str | None = None,
    audience_npc_id: str | None = None,
) -> Message:
    """Store a message as the new tip of a conversation that this transaction has locked.

    `conversation` must be fresh from `lock_conversation`, or from `advanced` after an
    earlier message of the same transaction.
    """
    now = utc_now()
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        seq=conversation.next_seq,
        parent_id=parent_id,
        role=role,
        content=content,
        mode=mode,
        status=status,
        tokens_in=tokens[0],
        tokens_out=tokens[1],
        model=fit_model(model),
        error_code=None,
        origin=origin,
        created_at=now,
        updated_at=now,
        speaker_npc_id=speaker_npc_id,
        audience_npc_id=audience_npc_id,
    )
    try:
        inserted = _INSERT.run(tx, _row_of(message))
    except IntegrityError:
        if tx.dialect.name != "sqlite":  # there the transaction is over, and nothing is loose
            raise
        message = _mend(tx, conversation, message)
        inserted = _INSERT.run(tx, _row_of(message))
    if not inserted:
        raise Conflict(
            "Another message was already stored under this id; nothing was changed.",
            code="message_id_reused",
        )
    if role == "user" and conversation.title is None:
        name_by_first_line(tx, conversation, content)
    unread = 1 if role == "assistant" and status != "streaming" else 0
    shown = path_length.count_with(tx, conversation, message)
    values = {"tip": message_id, "now": now, "unread": unread, "messages": shown}
    _ADVANCE.run(tx, {"the_id": conversation.id, **values})
    return message


def _row_of(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in MESSAGE_FIELDS} | {"cleared_at": None}


def _mend(tx: Connection, conversation: Conversation, message: Message) -> Message:
    """The message in another place, when the conversation's row names one that does not exist:
    talk goes on after the newest message there is."""
    seq = find_highest_seq(tx, conversation.id) + 1
    tx.execute(
        update(conversations).where(conversations.c.id == conversation.id).values(next_seq=seq)
    )
    parent_id = message.parent_id
    if parent_id is not None and find_message(tx, parent_id) is None:
        parent_id = find_newest_id(tx, conversation.id)
    return replace(message, seq=seq, parent_id=parent_id)


def advanced(tx: Connection, conversation: Conversation, added: Message) -> Conversation:
    """The conversation as it stands after a message was added to it."""
    shown = path_length.count_with(tx, conversation, added)
    return replace(
        conversation, tip_message_id=added.id, next_seq=added.seq + 1, message_count=shown
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


def get_replaced(tx: Connection, conversation_id: str, message_id: str) -> Message:
    """The message that an edit replaces. Raises `NotFound`, `InvalidInput` for one that the user
    did not write in this conversation."""
    earlier = get_message(tx, message_id)
    if earlier.role != "user" or earlier.conversation_id != conversation_id:
        raise InvalidInput(
            "Only a message of your own in this conversation can be edited.",
            code="cannot_replace",
        )
    return earlier


def check_open(conversation: Conversation) -> None:
    """`Conflict` when the conversation is archived: it takes no new messages."""
    if conversation.archived_at is not None:
        raise Conflict(
            "This conversation is closed.",
            code="conversation_archived",
            cure="Resume it first, or write in another one.",
        )


def write_streaming(
    tx: Connection,
    message_id: str,
    *,
    content: str,
    status: MessageStatus,
    model: str | None = None,
    tokens: tuple[int | None, int | None] = (None, None),
    error_code: str | None = None,
    even_broken: bool = False,
) -> bool:
    """Write an answer that is still `streaming`: a checkpoint, or its end. False: it is not.

    `even_broken` also writes one whose status is unknown.
    """
    values: dict[str, Any] = {"new_content": content, "new_status": status, "now": utc_now()}
    is_end = status != "streaming"
    if is_end:
        values |= {"new_in": tokens[0], "new_out": tokens[1], "new_error": error_code}
    named = None if model is None else fit_model(model)
    written = _prepare_writing(is_end, even_broken).run(
        tx, {**values, "message_id": message_id, "new_model": named}
    )
    return bool(written)


@lru_cache
def _prepare_writing(is_end: bool, even_broken: bool) -> Prepared:
    ended = sorted(MESSAGE_STATUSES - {"streaming"})
    values: dict[str, Any] = {
        "content": bindparam("new_content"),
        "status": bindparam("new_status"),
        "updated_at": bindparam("now"),
        "model": func.coalesce(bindparam("new_model", type_=Text), _c.model),
    }
    if is_end:
        values |= {
            "tokens_in": bindparam("new_in"),
            "tokens_out": bindparam("new_out"),
            "error_code": bindparam("new_error"),
        }
    return Prepared(
        update(messages)
        .where(
            _c.id == bindparam("message_id"),
            _c.status.not_in([literal_column(f"'{one}'") for one in ended])
            if even_broken
            else _c.status == literal_column("'streaming'"),
        )
        .values(values)
        .returning(_c.id)
    )


_ADD_UNREAD = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation_id"))
    .values(
        unread_count=conversations.c.unread_count + 1,
        last_message_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
)


def add_unread(tx: Connection, conversation_id: str) -> None:
    """An answer has arrived (FR-206: only the assistant's messages count as unread)."""
    _ADD_UNREAD.run(tx, {"conversation_id": conversation_id, "now": utc_now()})


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
        status="interrupted" if lost.status == "unreadable" else lost.status,
        mode=lost.mode,
        model=lost.model,
        tokens=(lost.tokens_in, lost.tokens_out),
        speaker_npc_id=lost.speaker_npc_id,
        audience_npc_id=lost.audience_npc_id,
    )


def list_streaming(tx: Connection) -> list[Message]:
    """Answers marked as being written, oldest first."""
    query = select(*MESSAGE_COLUMNS).where(_c.status == "streaming")
    rows = tx.execute(query.order_by(_c.created_at, _c.seq)).all()
    return [read_message(row) for row in rows]
