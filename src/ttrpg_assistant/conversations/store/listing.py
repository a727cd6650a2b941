"""Conversations as a person looks for them: by what they are called, where and when."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    cast,
    column,
    func,
    or_,
    select,
    table,
)

from ttrpg_assistant.conversations.model import Conversation, ConversationKind
from ttrpg_assistant.conversations.store.conversations import COLUMNS, is_talk, read_conversation
from ttrpg_assistant.conversations.store.titles import first_line
from ttrpg_assistant.conversations.tables import conversations, messages

_campaigns = table("campaigns", column("id"), column("name"))
_game_sessions = table(
    "game_sessions", column("id"), column("session_number", Integer), column("title")
)
_c, _m = conversations.c, messages.c
_touched: ColumnElement[str] = func.coalesce(_c.last_message_at, _c.created_at)
_READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation with the names of where it belongs. `first_line` is what was said first."""

    conversation: Conversation
    campaign_name: str | None
    game_session_number: int | None
    game_session_title: str | None
    first_line: str

    @property
    def cursor(self) -> str:
        """What to give as `before` for the page after the one that this ends."""
        one = self.conversation
        return f"{one.last_message_at or one.created_at}|{one.id}"


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations are listed: of all in which something was said, those of a kind, a
    campaign, a game session; `unlinked`: of no campaign; `include_open`: chats that are active too,
    before the first word. `query` is in the title or the first line, in any case.
    """

    kind: ConversationKind | None = None
    campaign_id: str | None = None
    game_session_id: str | None = None
    unlinked: bool = False
    include_open: bool = False
    query: str = ""


def list_by_last_message(
    tx: Connection, only: ConversationFilter, *, limit: int, before: str | None = None
) -> tuple[list[Listed], bool]:
    """The conversations of a filter, the latest first, and whether there are more."""
    wanted: list[ColumnElement[bool]] = [
        _c.removed_at.is_(None),
        is_talk(),
        _has_talk(only.include_open),
    ]
    wanted += [_c.kind == only.kind] if only.kind is not None else []
    wanted += [_c.campaign_id == only.campaign_id] if only.campaign_id is not None else []
    if only.game_session_id is not None:
        wanted.append(_c.game_session_id == only.game_session_id)
    wanted += [_c.campaign_id.is_(None)] if only.unlinked else []
    words = only.query.casefold().split()
    found: list[Listed] = []
    while len(found) <= limit:
        at_once = _READ_AT_ONCE if words else limit + 1
        page = _read(tx, [*wanted, *_after(before)], at_once)
        found += [one for one in page if _matches(one, words)]
        if len(page) < at_once:
            break
        before = page[-1].cursor
    return found[:limit], len(found) > limit


def _has_talk(include_open: bool) -> ColumnElement[bool]:
    said = _c.tip_message_id.is_not(None)
    return or_(said, and_(_c.kind == "chat", _c.archived_at.is_(None))) if include_open else said


def _after(before: str | None) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    moment, _, last_id = before.partition("|")
    return [or_(_touched < moment, and_(_touched <= moment, _c.id < last_id))]


def _read(tx: Connection, wanted: list[ColumnElement[bool]], limit: int) -> list[Listed]:
    first = (
        select(func.substr(_m.content, 1, 400))
        .where(_m.conversation_id == _c.id, _m.role == "user", _m.cleared_at.is_(None))
        .order_by(_m.seq)
        .limit(1)
        .scalar_subquery()
    )
    game = _game_sessions.c
    names = (_campaigns.c.name, cast(game.session_number, Integer), game.title)
    rows = tx.execute(
        select(*COLUMNS, *names, first)
        .outerjoin(_campaigns, _campaigns.c.id == _c.campaign_id)
        .outerjoin(_game_sessions, game.id == _c.game_session_id)
        .where(*wanted)
        .order_by(_touched.desc(), _c.id.desc())
        .limit(limit)
    ).all()
    own = len(COLUMNS)
    return [
        Listed(
            read_conversation(tuple(row[:own])),
            row[own],
            row[own + 1],
            row[own + 2],
            first_line(row[own + 3] or ""),
        )
        for row in rows
    ]


def _matches(one: Listed, words: list[str]) -> bool:
    said = f"{one.conversation.title or ''}\n{one.first_line}".casefold()
    return all(word in said for word in words)
