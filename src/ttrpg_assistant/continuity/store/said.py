"""What a game master wrote in the chat of a game session, and what those named in it are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.tables import game_sessions, npcs
from ttrpg_assistant.continuity.dead_sheets import DeadSheet
from ttrpg_assistant.continuity.life import is_dead_state
from ttrpg_assistant.conversations.tables import conversations, messages

_m, _v, _g = messages.c, conversations.c, game_sessions.c

_PLAIN = re.compile(r"[a-z0-9]+", re.IGNORECASE)
LEAST = 3
"""Letters of a piece of a name that is looked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `is_running`: when it was written the game session had not ended."""

    id: str
    text: str
    is_running: bool


def list_said(tx: Connection, campaign_id: str, message_ids: Iterable[str]) -> list[Said]:
    """Those of these messages that the game master wrote in the chat of one of this campaign's
    game sessions that has begun."""
    query = (
        select(_m.id, _m.content, _m.created_at, _g.status, _g.ended_at)
        .join(conversations, _v.id == _m.conversation_id)
        .join(game_sessions, _g.id == _v.game_session_id)
        .where(
            _m.id.in_(list(message_ids)),
            _m.role == "user",
            _m.cleared_at.is_(None),
            _v.kind == "chat",
            _v.campaign_id == campaign_id,
            _v.removed_at.is_(None),
            _g.removed_at.is_(None),
            _g.status != "planned",
        )
    )
    return [
        Said(id, text, status != "ended" or (ended_at is not None and at <= ended_at))
        for id, text, at, status, ended_at in tx.execute(query)
    ]


def list_pieces(tx: Connection, refs: Iterable[EntityRef]) -> list[str]:
    """For each name of these things a piece that every spelling of it has, accents or not."""
    names: list[str] = []
    for ref in refs:
        kind = KINDS[ref.kind]
        c = kind.table.c
        row = tx.execute(select(c[kind.name_field], c.aliases).where(c.id == ref.id)).first()
        if row is not None:
            names += [row[0], *(one for one in row[1] or () if isinstance(one, str))]
    return sorted({_find_piece(name) for name in names if name.strip()})


def list_dead_sheets(tx: Connection, refs: Iterable[EntityRef]) -> dict[EntityRef, DeadSheet]:
    """The sheets of those of these NPCs whose status says that they are dead."""
    c = npcs.c
    ids = [ref.id for ref in refs if ref.kind == "npc"]
    query = select(c.id, c.name, c.status, c.updated_at, c.canon).where(
        c.id.in_(ids), c.removed_at.is_(None)
    )
    return {
        EntityRef("npc", id): DeadSheet(name, state, changed_at)
        for id, name, state, changed_at, canon in tx.execute(query)
        if is_dead_state(state or "") and canon != "retconned"
    }


def _find_piece(name: str) -> str:
    plain = max(_PLAIN.findall(name), key=len, default="")
    return plain if len(plain) >= LEAST else name.strip()
