"""A message that moves to another conversation is indexed again, under its new name."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the trigger that keeps the index look at the conversation too."""
    tx = op.get_bind()
    if tx.dialect.name == "sqlite":
        found = "SELECT sql FROM sqlite_master WHERE name = 'search_talk_changed'"
        made = str(tx.exec_driver_sql(found).scalar())
        made = made.replace(
            "UPDATE OF content, status ON", "UPDATE OF content, status, conversation_id ON"
        ).replace(
            "(NEW.content IS NOT OLD.content OR",
            "(NEW.content IS NOT OLD.content OR NEW.conversation_id <> OLD.conversation_id OR",
        )
        tx.exec_driver_sql("DROP TRIGGER search_talk_changed")
        tx.exec_driver_sql(made)
        return
    tx.exec_driver_sql("DROP TRIGGER search_talk_changed ON messages")
    tx.exec_driver_sql(
        "CREATE TRIGGER search_talk_changed AFTER UPDATE ON messages FOR EACH ROW"
        " WHEN (NEW.status <> 'streaming' AND OLD.status = 'streaming'"
        " OR OLD.status <> 'streaming' AND"
        " (NEW.content IS DISTINCT FROM OLD.content OR NEW.conversation_id <> OLD.conversation_id"
        " OR NEW.status = 'streaming'))"
        " EXECUTE FUNCTION search_keep_talk()"
    )
