"""What the screen knew when a message was first sent, kept with its first turn."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, bindparam, select, update

from ttrpg_assistant.conversations.model import AskedUnder, Turn
from ttrpg_assistant.conversations.store.links import check_links
from ttrpg_assistant.conversations.tables import turns
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.storage.prepared import Prepared

_c = turns.c

_ASKED_UNDER = Prepared(
    select(_c.asked_under).where(
        _c.user_message_id == bindparam("message_id"), _c.attempt == 0, _c.part == 0
    )
)


def put_asked_under(tx: Connection, turn_id: str, asked_under: AskedUnder) -> None:
    """Keep what the screen knew when the message of this turn was sent."""
    links = asdict(keep_existing(tx, asked_under))
    tx.execute(update(turns).where(_c.id == turn_id).values(asked_under=links))


def keep_existing(tx: Connection, asked_under: AskedUnder) -> AskedUnder:
    """What the screen knew, and nothing where that was deleted in another window meanwhile: what
    was said is stored all the same."""
    try:
        check_links(tx, asdict(asked_under))
    except NotFound:
        return AskedUnder()
    return asked_under


def find_asked_under(tx: Connection, turn: Turn) -> AskedUnder | None:
    """What the screen knew when the message of this turn was first sent; None: it did not say."""
    if turn.user_message_id is None:
        return None
    rows = _ASKED_UNDER.run(tx, {"message_id": turn.user_message_id})
    kept = rows[0][0] if rows else None
    if not isinstance(kept, dict):
        return None
    return AskedUnder(kept.get("campaign_id"), kept.get("game_session_id"))
