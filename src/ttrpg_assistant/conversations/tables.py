"""The tables of all talk: conversations, messages, turns, removals.

Links to the campaign world are set null when the thing linked to is gone for good:
deleting a campaign never deletes talk. `tip_message_id` and `branched_from_id` point at
messages without a foreign key, because the two tables would otherwise need each other to
exist first; the store keeps them true.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ttrpg_assistant.storage.base import (
    id_column,
    metadata,
    moment,
    partial_index,
    reference,
    structured,
)

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    Column("kind", String(8), nullable=False),
    reference("campaign_id", "campaigns.id", on_delete="SET NULL"),
    reference("game_session_id", "game_sessions.id", on_delete="SET NULL"),
    reference("npc_id", "npcs.id", on_delete="SET NULL"),
    Column("wizard_id", String(36)),
    Column("purpose", String(32)),
    Column("title", String(200)),
    Column("personality", String(40)),
    Column("branched_from_id", String(36)),
    Column("tip_message_id", String(36)),
    Column("next_seq", Integer, nullable=False),
    Column("message_count", Integer, nullable=False),
    Column("unread_count", Integer, nullable=False),
    moment("last_message_at", nullable=True),
    moment("archived_at", nullable=True),
    moment("removed_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    Column("title_by", String(10)),
    CheckConstraint("kind IN ('chat', 'thread', 'npc')", name="kind_known"),
)
"""One row a conversation. `next_seq` is what the next message of it will be numbered, `title_by`
who wrote the title (`model.TitleBy`)."""

_ACTIVE_CHAT = "kind = 'chat' AND archived_at IS NULL AND removed_at IS NULL"
_QUICK_CHAT = f"{_ACTIVE_CHAT} AND campaign_id IS NULL"

partial_index(
    "uq_conversations_active_chat",
    conversations.c.campaign_id,
    unique=True,
    where=_ACTIVE_CHAT,
)
partial_index(
    "uq_conversations_quick_chat",
    conversations.c.kind,
    unique=True,
    where=_QUICK_CHAT,
)
Index("ix_conversations_kind_updated_at", conversations.c.kind, conversations.c.updated_at)
Index("ix_conversations_campaign_id", conversations.c.campaign_id)
Index("ix_conversations_game_session_id", conversations.c.game_session_id)
Index("ix_conversations_npc_id", conversations.c.npc_id)

messages = Table(
    "messages",
    metadata,
    id_column(),
    Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="RESTRICT"),
        nullable=False,
    ),
    Column("seq", Integer, nullable=False),
    Column("parent_id", String(36), ForeignKey("messages.id", ondelete="RESTRICT")),
    Column("role", String(9), nullable=False),
    Column("status", String(11), nullable=False),
    Column("mode", String(5)),
    Column("origin", String(12)),
    Column("model", String(120)),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("error_code", String(60)),
    # Plain ids: a whisper must stay one when the NPC it was meant for is gone.
    Column("speaker_npc_id", String(36)),
    Column("audience_npc_id", String(36)),
    moment("cleared_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    Column("content", Text, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    CheckConstraint("role IN ('user', 'assistant', 'system')", name="role_known"),
    CheckConstraint(
        "status IN ('complete', 'streaming', 'stopped', 'interrupted', 'failed')",
        name="status_known",
    ),
    CheckConstraint("mode IS NULL OR mode IN ('about', 'as')", name="mode_known"),
)
"""One row a message. `content` comes last so that walking a long history never reads it."""

Index("ix_messages_parent_id", messages.c.parent_id)
partial_index(
    "ix_messages_streaming",
    messages.c.status,
    where="status = 'streaming'",
)

scene_members = Table(
    "scene_members",
    metadata,
    Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("npc_id", String(36), ForeignKey("npcs.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
)
"""Who takes part in a scene, in the order in which they speak."""

asked_beside = Table(
    "asked_beside",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("model", String(120), primary_key=True),
    Column("answers", BigInteger, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_cached", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("cost_microcents", BigInteger),
    Column("unpriced", BigInteger, nullable=False),
)
"""What was asked beside the talk (recaps, summaries, clarifying questions) took and cost, summed
by month (`2026-11`) and model. Of what is said in a conversation `turns` holds each answer."""

turns = Table(
    "turns",
    metadata,
    id_column(),
    Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="RESTRICT"),
        nullable=False,
    ),
    Column("user_message_id", String(36)),
    Column("assistant_message_id", String(36), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("part", Integer, nullable=False, server_default="0"),
    Column("state", String(11), nullable=False),
    Column("model", String(120)),
    Column("finish_reason", String(12)),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("tokens_cached", Integer),
    Column("cost_microcents", BigInteger),
    Column("error_code", String(60)),
    Column("error_detail", Text),
    Column("error_cure", Text),
    structured("continues", nullable=True),
    structured("manifest", nullable=True),
    Column("owner", String(36)),
    Column("epoch", Integer, nullable=False),
    Column("lease_expires_at", Float),
    structured("asked_under", nullable=True),
    moment("created_at"),
    moment("started_at", nullable=True),
    moment("first_text_at", nullable=True),
    moment("ended_at", nullable=True),
    UniqueConstraint("assistant_message_id", "part"),
    UniqueConstraint("user_message_id", "attempt", "part"),
)
"""One row for each time a model answers. Attempt 0 is the first answer; regenerating counts up.

`user_message_id` is empty when the question is not here: it was said in other talk, and only
this conversation came in with an archive.

Part 0 begins an answer. Each higher part continues the same answer where it was cut off;
`continues` is what the answer was before (see `model.Beginning`). `error_detail` and
`error_cure` are the words of the fault as they were shown. A cost is in millionths of a cent.
`asked_under` is the campaign and game session on the screen when the message was sent, for
callers that say; the conversation's links may have moved on by the time it is answered.
The unique keys make starting a reply idempotent; the partial index below allows one
running turn a conversation, also across processes (the seed's per-NPC lock).
`lease_expires_at` is in seconds since 1970 by the database's clock.
"""

partial_index(
    "uq_turns_one_running",
    turns.c.conversation_id,
    unique=True,
    where="state = 'running'",
)
partial_index(
    "ix_turns_active",
    turns.c.conversation_id,
    turns.c.created_at,
    where="state IN ('queued', 'running')",
)

reasonings = Table(
    "reasonings",
    metadata,
    Column("turn_id", String(36), ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("seconds", Float),
    Column("content", Text, nullable=False),
)
"""What a model thought before it answered. Only pages read it; no prompt and no search does."""

voices = Table(
    "voices",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False),
    Column("words", Text, nullable=False),
    Column("instruction", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    moment("removed_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    moment("waiting_since", nullable=True),
)
"""How the assistant may sound: a game master's own voices, and what became of built-in ones.

`waiting_since` is set for a voice that came in a file and that nobody has accepted yet: its
instruction is in no prompt until then.

A built-in voice has a row, under its own id, only once it was changed; removed, it is again
as it came. `conversations.personality` names a voice by its id.
"""

removals = Table(
    "removals",
    metadata,
    id_column(),
    Column("kind", String(32), nullable=False),
    Column("subject_id", String(36), nullable=False),
    Column("title", String(200), nullable=False),
    Column("count", Integer, nullable=False),
    structured("details"),
    moment("created_at"),
    moment("undone_at", nullable=True),
)
"""What a person cleared or deleted, and how to bring it back (30 days)."""

Index("ix_removals_created_at", removals.c.created_at)

summaries = Table(
    "summaries",
    metadata,
    id_column(),
    reference("conversation_id", "conversations.id", on_delete="CASCADE", nullable=False),
    Column("mode", String(5)),
    Column("hearer_npc_id", String(36)),
    Column("level", Integer, nullable=False),
    Column("after_message_id", String(36)),
    Column("first_message_id", String(36), nullable=False),
    reference("last_message_id", "messages.id", on_delete="CASCADE", nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("message_count", Integer, nullable=False),
    moment("first_at"),
    moment("last_at"),
    Column("made_by", String(120), nullable=False),
    moment("made_at"),
    moment("edited_at", nullable=True),
    moment("outdated_at", nullable=True),
    Column("made_text", Text, nullable=False),
    Column("own_text", Text),
    CheckConstraint("mode IS NULL OR mode IN ('about', 'as')", name="mode_known"),
)
"""What stretches of older talk came to, for prompts that cannot hold the talk itself.

The path from a message to its root is only one, so the last message of a stretch says which
talk it is: every branch that goes on from that message shares the summary, and none that left
before has it. `after_message_id` is where the stretch before ends, `level` 1 is made of
messages, each higher one of several of the level below. `mode` is the only mode it was made
from, `hearer_npc_id` the NPC of a scene who heard it all. `own_text` is a person's and stands
before `made_text`. `outdated_at`: what it was made from reads otherwise now.
"""

Index(
    "uq_summaries_last_message_id",
    summaries.c.last_message_id,
    summaries.c.level,
    text("coalesce(mode, '')"),
    text("coalesce(hearer_npc_id, '')"),
    unique=True,
)
Index("ix_summaries_conversation_id", summaries.c.conversation_id, summaries.c.last_seq)
