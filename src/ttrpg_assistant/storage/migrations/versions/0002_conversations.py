"""Conversations, messages, turns, removals, and the views with the names of the seed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ACTIVE_CHAT = sa.text("kind = 'chat' AND archived_at IS NULL AND removed_at IS NULL")
_STREAMING = sa.text("status = 'streaming'")
_RUNNING = sa.text("state = 'running'")
_ACTIVE = sa.text("state IN ('queued', 'running')")


def upgrade() -> None:
    """Make the tables of talk and the views over them."""
    _conversations()
    _messages()
    _turns()
    _removals()
    for name, body in _views(op.get_bind().dialect.name).items():
        op.execute(f"CREATE VIEW {name} AS {body}")


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("campaign_id", sa.String(36)),
        sa.Column("game_session_id", sa.String(36)),
        sa.Column("npc_id", sa.String(36)),
        sa.Column("wizard_id", sa.String(36)),
        sa.Column("purpose", sa.String(32)),
        sa.Column("title", sa.String(200)),
        sa.Column("personality", sa.String(40)),
        sa.Column("branched_from_id", sa.String(36)),
        sa.Column("tip_message_id", sa.String(36)),
        sa.Column("next_seq", sa.Integer, nullable=False),
        sa.Column("message_count", sa.Integer, nullable=False),
        sa.Column("unread_count", sa.Integer, nullable=False),
        sa.Column("last_message_at", sa.String(27)),
        sa.Column("archived_at", sa.String(27)),
        sa.Column("removed_at", sa.String(27)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.CheckConstraint(
            "kind IN ('chat', 'thread', 'npc')", name=op.f("ck_conversations_kind_known")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{target}.id"],
                name=f"fk_conversations_{column}_{target}",
                ondelete="SET NULL",
            )
            for column, target in (
                ("campaign_id", "campaigns"),
                ("game_session_id", "game_sessions"),
                ("npc_id", "npcs"),
            )
        ),
    )
    op.create_index(
        "uq_conversations_one_active_chat",
        "conversations",
        ["kind"],
        unique=True,
        sqlite_where=_ACTIVE_CHAT,
        postgresql_where=_ACTIVE_CHAT,
    )
    op.create_index("ix_conversations_kind_updated_at", "conversations", ["kind", "updated_at"])
    for column in ("campaign_id", "game_session_id", "npc_id"):
        op.create_index(f"ix_conversations_{column}", "conversations", [column])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("parent_id", sa.String(36)),
        sa.Column("role", sa.String(9), nullable=False),
        sa.Column("status", sa.String(11), nullable=False),
        sa.Column("mode", sa.String(5)),
        sa.Column("origin", sa.String(12)),
        sa.Column("model", sa.String(120)),
        sa.Column("tokens_in", sa.Integer),
        sa.Column("tokens_out", sa.Integer),
        sa.Column("error_code", sa.String(60)),
        sa.Column("cleared_at", sa.String(27)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_messages_conversation_id_seq"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_messages_conversation_id_conversations",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["messages.id"],
            name="fk_messages_parent_id_messages",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "role IN ('user', 'assistant', 'system')", name=op.f("ck_messages_role_known")
        ),
        sa.CheckConstraint(
            "status IN ('complete', 'streaming', 'stopped', 'interrupted', 'failed')",
            name=op.f("ck_messages_status_known"),
        ),
        sa.CheckConstraint(
            "mode IS NULL OR mode IN ('about', 'as')", name=op.f("ck_messages_mode_known")
        ),
    )
    op.create_index("ix_messages_parent_id", "messages", ["parent_id"])
    op.create_index(
        "ix_messages_streaming",
        "messages",
        ["status"],
        sqlite_where=_STREAMING,
        postgresql_where=_STREAMING,
    )


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("user_message_id", sa.String(36), nullable=False),
        sa.Column("assistant_message_id", sa.String(36), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("model", sa.String(120)),
        sa.Column("finish_reason", sa.String(12)),
        sa.Column("tokens_in", sa.Integer),
        sa.Column("tokens_out", sa.Integer),
        sa.Column("cost_microcents", sa.Integer),
        sa.Column("error_code", sa.String(60)),
        sa.Column("manifest", sa.JSON),
        sa.Column("owner", sa.String(36)),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_expires_at", sa.Float),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("started_at", sa.String(27)),
        sa.Column("first_text_at", sa.String(27)),
        sa.Column("ended_at", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("assistant_message_id", name="uq_turns_assistant_message_id"),
        sa.UniqueConstraint("user_message_id", "attempt", name="uq_turns_user_message_id_attempt"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_turns_conversation_id_conversations",
            ondelete="RESTRICT",
        ),
    )
    op.create_index(
        "uq_turns_one_running",
        "turns",
        ["conversation_id"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index(
        "ix_turns_active",
        "turns",
        ["conversation_id", "created_at"],
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )


def _removals() -> None:
    op.create_table(
        "removals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("undone_at", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_removals"),
    )
    op.create_index("ix_removals_created_at", "removals", ["created_at"])


def _views(dialect: str) -> dict[str, str]:
    """The seed's tables, as views, so that its own checks work as written."""
    if dialect == "postgresql":
        row = (
            "json_build_object('id', m.id, 'role', m.role, 'content', m.content,"
            " 'mode', m.mode, 'timestamp', m.created_at)"
        )
        blob = f"coalesce(json_agg({row} ORDER BY m.seq), '[]'::json)"
    else:
        row = (
            "json_object('id', m.id, 'role', m.role, 'content', m.content,"
            " 'mode', m.mode, 'timestamp', m.created_at)"
        )
        blob = f"json_group_array({row})"
    ordered = "SELECT * FROM messages WHERE cleared_at IS NULL ORDER BY seq"
    return {
        "global_chat_sessions": """
            SELECT id, CASE WHEN archived_at IS NULL THEN 'active' ELSE 'archived' END AS status,
                   game_session_id AS linked_game_session_id,
                   campaign_id AS linked_campaign_id, created_at, updated_at
            FROM conversations WHERE kind = 'chat' AND removed_at IS NULL""",
        "chat_messages": """
            SELECT m.id, m.conversation_id AS session_id, m.role, m.content,
                   m.tokens_in AS tokens_input, m.tokens_out AS tokens_output,
                   CASE WHEN m.status = 'streaming' THEN 1 ELSE 0 END AS is_streaming,
                   m.status, m.created_at
            FROM messages m JOIN conversations c ON c.id = m.conversation_id
            WHERE c.kind = 'chat' AND m.cleared_at IS NULL""",
        "conversation_threads": """
            SELECT id, campaign_id, game_session_id AS session_id, wizard_id, purpose, title,
                   personality AS active_personality, branched_from_id AS branched_from,
                   message_count, archived_at, created_at, updated_at
            FROM conversations WHERE kind = 'thread' AND removed_at IS NULL""",
        "conversation_messages": """
            SELECT m.id, m.conversation_id AS thread_id, m.role, m.content,
                   m.parent_id AS parent_message_id, m.status, m.created_at
            FROM messages m JOIN conversations c ON c.id = m.conversation_id
            WHERE c.kind = 'thread' AND m.cleared_at IS NULL""",
        "npc_conversations": f"""
            SELECT c.id, c.npc_id, c.campaign_id,
                   (SELECT {blob} FROM ({ordered}) m WHERE m.conversation_id = c.id)
                   AS messages_json,
                   c.unread_count, c.last_message_at, c.created_at, c.updated_at
            FROM conversations c WHERE c.kind = 'npc' AND c.removed_at IS NULL""",
    }
