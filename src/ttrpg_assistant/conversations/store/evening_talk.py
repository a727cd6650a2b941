"""What was said while a game session ran: read for the game master's recap, never for players."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from ttrpg_assistant.conversations.model import REHEARSAL, Mode, Role
from ttrpg_assistant.conversations.tables import conversations, messages

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


def list_said_during(tx: Connection, campaign_id: str, since: str, until: str | None) -> list[Said]:
    """What was said in this campaign's conversations between two moments, oldest first; `until`
    None: up to the newest message. Of several answers to one message the newest counts."""
    rows = tx.execute(
        select(
            *(_m.id, _m.parent_id, _m.role, _m.content, _m.mode, _m.speaker_npc_id),
            *(_m.conversation_id, _c.npc_id),
        )
        .join(conversations, _c.id == _m.conversation_id)
        .where(
            _c.campaign_id == campaign_id,
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
    return [
        Said(row.id, row.role, row.content, row.mode, row.speaker_npc_id or row.npc_id)
        for row in reversed(_newest_siblings(rows))
        if row.content.strip()
    ]


def _newest_siblings(rows: Sequence[Any]) -> list[Any]:
    """Without answers and wordings that a newer one stands beside; newest first, as given."""
    seen: set[tuple[str, str | None, str, str | None]] = set()
    kept: list[Any] = []
    for row in rows:
        place = (row.conversation_id, row.parent_id, row.role, row.speaker_npc_id)
        if place not in seen:
            seen.add(place)
            kept.append(row)
    return kept
