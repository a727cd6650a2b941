"""Groups of NPCs are told apart by every mark of their names.

They were compared as names are searched for, with all marks dropped: ハード was ハート, бой was
бои, and whoever was in the one heard what was meant for the other.
"""

from __future__ import annotations

import json
import unicodedata

from alembic import op
from sqlalchemy import text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Spell every group anew."""
    connection = op.get_bind()
    heard = connection.execute(
        text("SELECT id, group_name FROM fact_audience WHERE group_name IS NOT NULL")
    ).all()
    for audience_id, name in heard:
        connection.execute(
            text("UPDATE fact_audience SET group_key = :key WHERE id = :id"),
            {"key": _fold(name), "id": audience_id},
        )
    for npc_id, groups in connection.execute(text('SELECT id, "groups" FROM npcs')).all():
        named = json.loads(groups) if isinstance(groups, str) else groups
        if named:
            connection.execute(
                text("UPDATE npcs SET group_keys = :keys WHERE id = :id"),
                {"keys": "\n".join(["", *map(_fold, named), ""]), "id": npc_id},
            )


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
