"""Messages put out of sight and brought back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from sqlalchemy import Connection, update

from ttrpg_assistant.conversations.store.paths import list_own_links
from ttrpg_assistant.conversations.tables import messages

_c = messages.c


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


def join_talk(tx: Connection, conversation_id: str, tips: Iterable[str]) -> str | None:
    """Make one path of the talk that ends at these messages, in the order in which it was said;
    returns its end.

    Each part keeps its own order, for `seq` grows along every path; nothing is ever hung below
    what was said after it. Other answers go where the one they stand beside goes.
    """
    parts = (list_own_links(tx, tip, conversation_id) for tip in tips)
    links = {link.id: link for part in parts for link in part}
    joined = sorted(links.values(), key=lambda link: link.seq)
    # The latest first: what is hung anew must not be taken for what hung there before.
    for before, after in reversed(list(pairwise(joined))):
        if after.parent_id == before.id:
            continue
        elsewhere = [one.id for one in joined if one.parent_id == after.parent_id and one != after]
        tx.execute(
            update(messages)
            .where(
                _c.conversation_id == conversation_id,
                _c.parent_id.is_not_distinct_from(after.parent_id),
                _c.seq > before.seq,
                _c.cleared_at.is_(None),
                _c.id.not_in(elsewhere),
            )
            .values(parent_id=before.id)
        )
    return joined[-1].id if joined else None
