"""Chats: one is active for each campaign, and one, the quick chat, for none.

What was said in a chat stays with the campaign and game session it was said under: a chat that
goes on elsewhere leaves it behind, in an ended chat of its own.
"""

from __future__ import annotations

from sqlalchemy import Connection, column, exists, func, select, table, update
from sqlalchemy.sql.elements import ColumnElement

from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.store.conversations import (
    COLUMNS,
    add_conversation,
    get_conversation,
    lock_conversation,
    read_conversation,
    update_conversation,
)
from ttrpg_assistant.conversations.store.links import check_links
from ttrpg_assistant.conversations.store.turns import list_active_turns
from ttrpg_assistant.conversations.tables import conversations, messages, removals, summaries, turns
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.inserting import insert_into

_c = conversations.c
_game_sessions = table(
    "game_sessions",
    column("id"),
    column("campaign_id"),
    column("status"),
    column("removed_at"),
)
_suggestions = table("suggestions", column("conversation_id"))
_campaigns = table("campaigns", column("id"))

_QUICK_CHAT_LOCK = 7_201_842_120
"""PostgreSQL's advisory lock number for deciding which the quick chat is."""


def _is_active(campaign_id: str | None) -> tuple[ColumnElement[bool], ...]:
    return (
        _c.kind == "chat",
        _c.archived_at.is_(None),
        _c.removed_at.is_(None),
        _c.campaign_id.is_(None) if campaign_id is None else _c.campaign_id == campaign_id,
    )


def _hold_active(tx: Connection, campaign_id: str | None) -> None:
    """Let one transaction at a time decide which chat is active (SQLite has one writer anyway).

    Always before a chat's own row is locked, or two could wait for each other.
    """
    if campaign_id is not None:
        wanted = select(_campaigns.c.id).where(_campaigns.c.id == campaign_id)
        tx.execute(wanted.with_for_update())
    elif tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_QUICK_CHAT_LOCK)))


def find_active_chat(tx: Connection, campaign_id: str | None = None) -> Conversation | None:
    """The campaign's active chat, without a campaign the quick chat; None when there is none."""
    row = tx.execute(select(*COLUMNS).where(*_is_active(campaign_id))).first()
    return None if row is None else read_conversation(row)


def get_or_add_active_chat(
    tx: Connection, campaign_id: str | None = None, game_session_id: str | None = None
) -> Conversation:
    """The active chat, made now when there is none. Two callers at once get the same one.

    Made while a game session of the campaign runs, or still without a word, it belongs to that
    game session; `game_session_id` is where it belongs when none runs. Raises `NotFound` for a
    campaign that does not exist.
    """
    check_links(tx, {"campaign_id": campaign_id})
    running_id = find_running_game_session(tx, campaign_id)
    found = find_active_chat(tx, campaign_id)
    if found is not None:
        if running_id in (None, found.game_session_id) or has_talk(tx, found.id):
            return found
        return update_conversation(tx, found.id, game_session_id=running_id)
    links = {"campaign_id": campaign_id, "game_session_id": running_id or game_session_id}
    check_links(tx, links)
    _hold_active(tx, campaign_id)
    now = utc_now()
    tx.execute(
        insert_into(tx, conversations)
        .values(
            id=new_id(),
            kind="chat",
            next_seq=1,
            message_count=0,
            unread_count=0,
            created_at=now,
            updated_at=now,
            **links,
        )
        .on_conflict_do_nothing()
    )
    made = find_active_chat(tx, campaign_id)
    if made is None:
        raise NotFound("There is no active chat.", code="conversation_not_found")
    return made


def find_running_game_session(tx: Connection, campaign_id: str | None) -> str | None:
    """The id of the campaign's game session that runs now, or None."""
    if campaign_id is None:
        return None
    g = _game_sessions.c
    wanted = (g.campaign_id == campaign_id, g.status == "running", g.removed_at.is_(None))
    found: str | None = tx.execute(select(g.id).where(*wanted)).scalar()
    return found


def has_ended(tx: Connection, game_session_id: str) -> bool:
    """Whether this game session has ended or is gone."""
    g = _game_sessions.c
    status = tx.execute(select(g.status).where(g.id == game_session_id)).scalar()
    return status in (None, "ended")


def has_talk(tx: Connection, conversation_id: str) -> bool:
    """Whether anything was ever said in it, also what was cleared."""
    said = exists().where(messages.c.conversation_id == conversation_id)
    return bool(tx.execute(select(said)).scalar())


def begin_game_session(
    tx: Connection, campaign_id: str, game_session_id: str
) -> list[Conversation]:
    """The campaign's chat belongs to this game session from now on; the chats that were changed.

    One that holds talk of another game session is ended. A game session that was held before
    goes on in the chat it had.
    """
    _hold_active(tx, campaign_id)
    active = find_active_chat(tx, campaign_id)
    if active is not None and active.game_session_id == game_session_id:
        return []
    if active is not None and (active.game_session_id is None or not has_talk(tx, active.id)):
        return [update_conversation(tx, active.id, game_session_id=game_session_id)]
    changed = []
    if active is not None:
        changed.append(update_conversation(tx, active.id, archived_at=utc_now()))
    own = tx.execute(
        select(_c.id)
        .where(
            _c.kind == "chat",
            _c.campaign_id == campaign_id,
            _c.game_session_id == game_session_id,
            _c.removed_at.is_(None),
        )
        .order_by(_c.updated_at.desc(), _c.id.desc())
        .limit(1)
    ).scalar()
    if own is not None:
        changed.append(update_conversation(tx, own, archived_at=None))
    elif active is not None:
        changed.append(get_or_add_active_chat(tx, campaign_id, game_session_id))
    return changed


def end_chat(tx: Connection, chat_session_id: str) -> Conversation:
    """End this chat and open a new one in the same place. Ended already: the one active now."""
    _hold_active(tx, get_conversation(tx, chat_session_id, "chat").campaign_id)
    ended = lock_conversation(tx, chat_session_id)
    if ended.archived_at is None:
        update_conversation(tx, ended.id, archived_at=utc_now())
    game_session_id = ended.game_session_id
    if game_session_id is not None and has_ended(tx, game_session_id):
        game_session_id = None
    return get_or_add_active_chat(tx, ended.campaign_id, game_session_id)


def resume_chat(tx: Connection, chat_session_id: str) -> Conversation:
    """Make an ended chat the active one of its campaign; the one active until now is ended."""
    chat = get_conversation(tx, chat_session_id, "chat")
    _hold_active(tx, chat.campaign_id)
    _end_other(tx, chat.id, chat.campaign_id)
    return update_conversation(tx, chat.id, archived_at=None)


def _end_other(tx: Connection, chat_session_id: str, campaign_id: str | None) -> None:
    active = find_active_chat(tx, campaign_id)
    if active is not None and active.id != chat_session_id:
        update_conversation(tx, active.id, archived_at=utc_now())


def link_chat(
    tx: Connection, chat_session_id: str, campaign_id: str | None, game_session_id: str | None
) -> tuple[Conversation, Conversation | None]:
    """Let this chat belong to a campaign and game session, or to none, from now on.

    Returns it, and the ended chat that holds what had been said in it elsewhere, if anything
    had. A game session alone implies its campaign. Raises `NotFound`, `InvalidInput` for a game
    session of another campaign, `Conflict` while an answer is being written to what was said.
    """
    get_conversation(tx, chat_session_id, "chat")
    check_links(tx, {"campaign_id": campaign_id, "game_session_id": game_session_id})
    if campaign_id is None and game_session_id is not None:
        g = _game_sessions.c
        campaign_id = tx.execute(select(g.campaign_id).where(g.id == game_session_id)).scalar()
    _hold_active(tx, campaign_id)
    chat = lock_conversation(tx, chat_session_id)
    before, now = (chat.campaign_id, chat.game_session_id), (campaign_id, game_session_id)
    left = None
    if now not in (before, (chat.campaign_id, chat.game_session_id or game_session_id)) and (
        has_talk(tx, chat.id)
    ):
        left = _leave_talk(tx, chat)
    if chat.archived_at is None:
        _end_other(tx, chat.id, campaign_id)
    links = {"campaign_id": campaign_id, "game_session_id": game_session_id}
    return update_conversation(tx, chat.id, **links), left


def _leave_talk(tx: Connection, chat: Conversation) -> Conversation:
    """Move everything that was said in this chat into an ended chat with the same links."""
    if list_active_turns(tx, chat.id):
        raise Conflict(
            "An answer is still being written in this chat, so it was not moved.",
            code="answer_under_way",
            cure="Wait until it is finished, or stop it, then try again.",
        )
    kept = {
        name: getattr(chat, name)
        for name in (
            *("campaign_id", "game_session_id", "title", "tip_message_id"),
            *("next_seq", "message_count", "unread_count", "last_message_at", "created_at"),
        )
    }
    left = add_conversation(tx, "chat", archived_at=chat.archived_at or utc_now(), **kept)
    for rows in (messages, turns, summaries, _suggestions):
        tx.execute(
            update(rows)
            .where(rows.c.conversation_id == chat.id)
            .values({"conversation_id": left.id})
        )
    tx.execute(update(removals).where(removals.c.subject_id == chat.id).values(subject_id=left.id))
    update_conversation(
        tx,
        chat.id,
        title=None,
        title_by=None,
        tip_message_id=None,
        message_count=0,
        unread_count=0,
        last_message_at=None,
        created_at=utc_now(),
    )
    return get_conversation(tx, left.id)
