"""What was decided about what was found."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from ttrpg_assistant.continuity.model import MarkState
from ttrpg_assistant.continuity.tables import continuity_marks
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.inserting import insert_into

_c = continuity_marks.c


@dataclass(frozen=True, slots=True)
class Mark:
    """A decision, and the game session whose plan it is in."""

    key: str
    state: MarkState
    game_session_id: str | None


def list_marks(tx: Connection, campaign_id: str) -> dict[str, Mark]:
    """Every decision of the campaign, by the key of what it is about."""
    query = select(_c.key, _c.state, _c.game_session_id).where(_c.campaign_id == campaign_id)
    return {row[0]: Mark(*row) for row in tx.execute(query)}


def put_mark(
    tx: Connection, campaign_id: str, key: str, state: MarkState, game_session_id: str | None = None
) -> None:
    """Write a decision down; it takes the place of the one before."""
    row = {"state": state, "game_session_id": game_session_id, "at": utc_now()}
    made = insert_into(tx, continuity_marks).values(
        id=new_id(), campaign_id=campaign_id, key=key, **row
    )
    tx.execute(made.on_conflict_do_update(index_elements=["campaign_id", "key"], set_=row))


def drop_mark(tx: Connection, campaign_id: str, key: str) -> None:
    """Take a decision back."""
    tx.execute(delete(continuity_marks).where(_c.campaign_id == campaign_id, _c.key == key))
