"""Rows of `conversations`: reading, creating, linking, archiving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, or_, select

from ttrpg_assistant.conversations.model import NOTES, Conversation, ConversationKind
from ttrpg_assistant.conversations.store.links import LINKS, check_links
from ttrpg_assistant.conversations.store.path_length import count_path
from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.prepared import Prepared

COLUMNS = [
    conversations.c[name]
    for name in Conversation.__struct_fields__  # the table holds every field of the value
]
"""What `read_conversation` reads."""
_c = conversations.c
_BY_ID = select(*COLUMNS).where(_c.id == bindparam("conversation_id"), _c.removed_at.is_(None))
_FIND = Prepared(_BY_ID)
_LOCK = Prepared(_BY_ID.with_for_update())


def read_conversation(row: Row[*tuple[Any, ...]] | tuple[Any, ...]) -> Conversation:
    """A row of `COLUMNS` as the value."""
    return Conversation(*row)


def find_conversation(tx: Connection, conversation_id: str) -> Conversation | None:
    """The conversation, or None when there is none or it was removed."""
    rows = _FIND.run(tx, {"conversation_id": conversation_id})
    return read_conversation(rows[0]) if rows else None


def get_conversation(
    tx: Connection, conversation_id: str, kind: ConversationKind | None = None
) -> Conversation:
    """The conversation; `NotFound` when there is none of that kind."""
    found = find_conversation(tx, conversation_id)
    if found is None or (kind is not None and found.kind != kind):
        raise NotFound("This conversation does not exist.", code="conversation_not_found")
    return found


def lock_conversation(
    tx: Connection, conversation_id: str, kind: ConversationKind | None = None
) -> Conversation:
    """The conversation, held against other writers until the transaction ends; `NotFound` when
    there is none of that kind."""
    rows = _LOCK.run(tx, {"conversation_id": conversation_id})
    found = read_conversation(rows[0]) if rows else None
    if found is None or (kind is not None and found.kind != kind):
        raise NotFound("This conversation does not exist.", code="conversation_not_found")
    return found


def add_conversation(tx: Connection, kind: ConversationKind, **values: Any) -> Conversation:
    """A new conversation: empty, or one that goes on from the message named as its tip. A second
    active chat is a `Conflict` of the index."""
    now = utc_now()
    row: dict[str, Any] = {
        "id": new_id(),
        "kind": kind,
        "next_seq": 1,
        "message_count": count_path(tx, values.get("tip_message_id")),
        "unread_count": 0,
        "created_at": now,
        "updated_at": now,
        **values,
    }
    check_links(tx, _links_of(values))
    tx.execute(conversations.insert().values(row))
    return get_conversation(tx, row["id"])


def _links_of(values: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: value for name, value in values.items() if name in LINKS}


def update_conversation(tx: Connection, conversation_id: str, **values: Any) -> Conversation:
    """Change fields of one conversation and return it as it is now. With another tip it also
    gets the number of messages that it shows then.

    Raises `NotFound` for a link to what does not exist, `InvalidInput` for links into two
    campaigns.
    """
    if links := _links_of(values):
        now = get_conversation(tx, conversation_id)
        check_links(tx, {name: getattr(now, name) for name in LINKS} | links)
    if "tip_message_id" in values:
        values["message_count"] = count_path(tx, values["tip_message_id"])
    tx.execute(
        conversations.update()
        .where(_c.id == conversation_id)
        .values(updated_at=utc_now(), **values)
    )
    return get_conversation(tx, conversation_id)


def hide_conversation(tx: Connection, conversation_id: str, now: str) -> None:
    """Take a conversation out of every list; its messages stay stored."""
    tx.execute(conversations.update().where(_c.id == conversation_id).values(removed_at=now))


def show_conversation(tx: Connection, conversation_id: str) -> bool:
    """Bring a hidden conversation back. False: there is none of this id, hidden or not."""
    tx.execute(conversations.update().where(_c.id == conversation_id).values(removed_at=None))
    return find_conversation(tx, conversation_id) is not None


def list_conversations(
    tx: Connection,
    *,
    limit: int,
    before: str | None = None,
    include_archived: bool = True,
    with_talk_only: bool = False,
    equal: Mapping[str, str | None],
) -> tuple[list[Conversation], bool]:
    """Conversations, the latest touched first, and whether there are more.

    `before` is the `cursor_of` the last one listed. `equal` names the values that columns
    must have; a None does not filter.
    """
    wanted: list[ColumnElement[bool]] = [_c.removed_at.is_(None), is_talk()]
    wanted += [_c[name] == value for name, value in equal.items() if value is not None]
    if not include_archived:
        wanted.append(_c.archived_at.is_(None))
    if with_talk_only:
        wanted.append(_c.message_count > 0)
    if before is not None:
        moment, _, last_id = before.partition("|")
        wanted.append(or_(_c.updated_at < moment, and_(_c.updated_at == moment, _c.id < last_id)))
    rows = tx.execute(
        select(*COLUMNS)
        .where(*wanted)
        .order_by(_c.updated_at.desc(), _c.id.desc())
        .limit(limit + 1)
    ).all()
    return [read_conversation(row) for row in rows[:limit]], len(rows) > limit


def is_talk() -> ColumnElement[bool]:
    """The condition that a conversation is listed as one: not the text of a campaign's notes."""
    return or_(_c.purpose.is_distinct_from(NOTES), _c.campaign_id.is_(None))


def cursor_of(conversation: Conversation) -> str:
    """What to give as `before` for the page after the one this conversation ends."""
    return f"{conversation.updated_at}|{conversation.id}"
