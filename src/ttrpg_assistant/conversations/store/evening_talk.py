"""What was said while a game session ran: read for the game master's recap, never for players."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from ttrpg_assistant.conversations.model import REHEARSAL, Mode, Role
from ttrpg_assistant.conversations.tables import conversations, messages, turns

MOST_SAID = 400
"""Messages, the newest: more fit into no prompt."""

_BESIDE_THE_TABLE = (REHEARSAL, "session_planning", "campaign_creation")
"""What such talk is about did not happen at the table."""

_c, _m = conversations.c, messages.c


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said. `npc_id` is who spoke, or was spoken to, as an NPC."""

    id: str
    role: Role
    content: str
    mode: Mode | None
    npc_id: str | None


def list_said_during(
    tx: Connection, campaign_id: str, game_session_id: str, since: str, until: str | None
) -> list[Said]:
    """What was said about this campaign between two moments, oldest first; `until` None: up to
    the newest message.

    A chat may belong to another campaign by now: what was on the screen when a message was
    sent decides, where that is known. Of several answers to one message the newest counts.
    """
    ours = or_(_c.campaign_id == campaign_id, _c.game_session_id == game_session_id)
    rows = tx.execute(
        select(
            *(_m.id, _m.parent_id, _m.role, _m.content, _m.mode, _m.speaker_npc_id),
            *(_m.conversation_id, _c.npc_id, _c.kind, ours.label("is_ours")),
        )
        .join(conversations, _c.id == _m.conversation_id)
        .where(
            or_(ours, _c.kind == "chat"),
            _c.removed_at.is_(None),
            _c.updated_at >= since,
            or_(_c.purpose.is_(None), _c.purpose.not_in(_BESIDE_THE_TABLE)),
            _m.created_at >= since,
            *([] if until is None else [_m.created_at <= until]),
            _m.cleared_at.is_(None),
            _m.role.in_(("user", "assistant")),
            _m.status.in_(("complete", "stopped", "interrupted")),
        )
        .order_by(_m.created_at.desc(), _m.seq.desc())
        .limit(MOST_SAID)
    ).all()
    asked_in = _list_asked_in(tx, [row.id for row in rows if row.kind == "chat"])
    kept = [row for row in _newest_siblings(rows) if _is_about(row, campaign_id, asked_in)]
    return [
        Said(row.id, row.role, row.content, row.mode, row.speaker_npc_id or row.npc_id)
        for row in reversed(kept)
        if row.content.strip()
    ]


def _newest_siblings(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Without answers and wordings that a newer one stands beside; newest first, as given."""
    seen: set[tuple[str, str | None, str, str | None]] = set()
    kept: list[Row[Any]] = []
    for row in rows:
        place = (row.conversation_id, row.parent_id, row.role, row.speaker_npc_id)
        if place not in seen:
            seen.add(place)
            kept.append(row)
    return kept


def _list_asked_in(tx: Connection, message_ids: Sequence[str]) -> dict[str, str | None]:
    """Which campaign was on the screen, by message and by answer, where it is known."""
    found: dict[str, str | None] = {}
    if not message_ids:
        return found
    t = turns.c
    query = select(t.user_message_id, t.assistant_message_id, t.asked_under).where(
        or_(t.user_message_id.in_(message_ids), t.assistant_message_id.in_(message_ids))
    )
    for user_id, answer_id, under in tx.execute(query):
        if isinstance(under, dict):
            found[user_id] = found[answer_id] = under.get("campaign_id")
    return found


def _is_about(row: Row[Any], campaign_id: str, asked_in: dict[str, str | None]) -> bool:
    if row.id in asked_in:
        return asked_in[row.id] == campaign_id
    return bool(row.is_ours)
