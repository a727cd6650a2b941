"""Rows that somebody's hand, or a failing disk, has changed: shown as damaged, never as gone.

What can still be read of a message is shown with the status `unreadable`; it enters no prompt.
Nothing here writes: the row stays as it was found, for whoever comes to repair it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Label, LargeBinary, Select, String, cast, func, select
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.conversations.model import MESSAGE_STATUSES, MODES, ROLES, Message
from ttrpg_assistant.conversations.tables import messages

_c = messages.c
MESSAGE_FIELDS = tuple(name for name in Message.__struct_fields__ if name in messages.c)
"""The fields of a message that its own row holds; they come first, in this order."""

_NAMES = MESSAGE_FIELDS
_SEQ, _ROLE, _CONTENT, _MODE, _STATUS = map(
    _NAMES.index, ("seq", "role", "content", "mode", "status")
)
_WORDS = frozenset({"created_at", "updated_at", "id", "conversation_id"})
_COUNTS = frozenset({"tokens_in", "tokens_out"})


def is_whole(row: Sequence[Any]) -> bool:
    """Whether a row of `Message` holds what the application writes into one."""
    return (
        row[_STATUS] in MESSAGE_STATUSES
        and row[_ROLE] in ROLES
        and row[_MODE] in MODES
        and type(row[_CONTENT]) is str
        and type(row[_SEQ]) is int
    )


def read_damaged(row: Sequence[Any]) -> Message:
    """What can be made of a damaged row."""
    values = {name: _plain(value) for name, value in zip(_NAMES, row, strict=True)}
    for name, value in values.items():
        if isinstance(value, int | float) and name not in (*_COUNTS, "seq"):
            values[name] = str(value)
        elif name in _COUNTS and type(value) is not int:
            values[name] = None
        elif name in _WORDS and value is None:
            values[name] = ""
    values["seq"] = values["seq"] if type(values["seq"]) is int else 0
    values["role"] = values["role"] if values["role"] in ROLES else "system"
    values["mode"] = None
    values["status"] = "unreadable"
    values["content"] = values["content"] or ""
    return Message(**values)


def is_undecodable(error: DBAPIError) -> bool:
    """Whether a text in the answer is not UTF-8, which SQLite stores without a word."""
    return "decode to UTF-8" in str(error.orig)


def message_columns_as_bytes() -> list[Label[Any]]:
    """The columns of `Message` in a spelling that can always be fetched."""
    columns = [_c[name] for name in _NAMES]
    return [
        (cast(one, LargeBinary) if isinstance(one.type, String) else one).label(one.name)
        for one in columns
    ]


def read_from_bytes(row: Sequence[Any]) -> Message:
    """A row of `message_columns_as_bytes`; damaged where its bytes are no text."""
    decoded = [_plain(value) for value in row]
    is_text = all(not isinstance(value, bytes) or _is_text(value) for value in row)
    return Message(*decoded) if is_text and is_whole(decoded) else read_damaged(decoded)


def find_newest_id(tx: Connection, conversation_id: str, *, below: int | None = None) -> str | None:
    """The message with the highest number (below another): where the talk goes on when what
    should name it names nothing."""
    query: Select[Any] = select(_c.id).where(
        _c.conversation_id == conversation_id, _c.cleared_at.is_(None)
    )
    if below is not None:
        query = query.where(_c.seq < below)
    found: str | None = tx.execute(query.order_by(_c.seq.desc()).limit(1)).scalar()
    return found


def find_highest_seq(tx: Connection, conversation_id: str) -> int:
    """The highest number given in a conversation; 0 when there is none."""
    highest = tx.execute(
        select(func.max(_c.seq)).where(_c.conversation_id == conversation_id)
    ).scalar()
    return highest if isinstance(highest, int) else 0


def _plain(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
