"""Campaigns, game sessions, NPCs, locations, plot points, and who knows what."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = "0000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("world_state", sa.JSON(), nullable=False),
        sa.Column("house_rules", sa.JSON(), nullable=False),
        sa.Column("gm_notes", sa.Text(), nullable=False),
        sa.Column("search_names", sa.Text(), nullable=False),
        sa.Column("names_stamp", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.String(length=27), nullable=True),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("updated_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "entity_edits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entity_kind", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_edits")),
        sa.UniqueConstraint(
            "entity_kind",
            "entity_id",
            "revision",
            name=op.f("uq_entity_edits_entity_kind_entity_id_revision"),
        ),
    )
    op.create_table(
        "entity_sources",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entity_kind", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("suggestion_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_sources")),
    )
    op.create_index(
        op.f("ix_entity_sources_entity_kind_entity_id"),
        "entity_sources",
        ["entity_kind", "entity_id"],
    )
    op.create_table(
        "game_sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("recap_gm", sa.Text(), nullable=False),
        sa.Column("recap_players", sa.Text(), nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("clock_seconds", sa.Float(), nullable=False),
        sa.Column("running_since", sa.String(length=27), nullable=True),
        sa.Column("search_names", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.String(length=27), nullable=True),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("updated_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'ended')", name=op.f("ck_game_sessions_status")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_game_sessions_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_game_sessions")),
        sa.UniqueConstraint(
            "campaign_id",
            "session_number",
            name=op.f("uq_game_sessions_campaign_id_session_number"),
        ),
    )
    op.create_index(
        "ix_game_sessions_one_running",
        "game_sessions",
        ["campaign_id"],
        unique=True,
        sqlite_where=sa.text("status = 'running' AND removed_at IS NULL"),
        postgresql_where=sa.text("status = 'running' AND removed_at IS NULL"),
    )
    op.create_table(
        "known_facts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("source_message_id", sa.String(length=36), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("updated_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "audience IN ('gm', 'npcs', 'group', 'public')", name=op.f("ck_known_facts_audience")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_known_facts_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_facts")),
    )
    op.create_index(
        op.f("ix_known_facts_campaign_id_created_at_id"),
        "known_facts",
        ["campaign_id", "created_at", "id"],
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("gm_notes", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.String(length=27), nullable=False),
        sa.Column("search_names", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.String(length=27), nullable=True),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("updated_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_locations_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["locations.id"],
            name=op.f("fk_locations_parent_id_locations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    op.create_index(
        op.f("ix_locations_campaign_id_is_present_last_used_at_id"),
        "locations",
        ["campaign_id", "is_present", "last_used_at", "id"],
    )
    op.create_index(
        op.f("ix_locations_campaign_id_last_used_at_id"),
        "locations",
        ["campaign_id", "last_used_at", "id"],
    )
    op.create_index(op.f("ix_locations_parent_id"), "locations", ["parent_id"])
    op.create_table(
        "npcs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("personality", sa.Text(), nullable=False),
        sa.Column("appearance", sa.Text(), nullable=False),
        sa.Column("speaking_style", sa.Text(), nullable=False),
        sa.Column("sample_lines", sa.JSON(), nullable=False),
        sa.Column("mannerisms", sa.JSON(), nullable=False),
        sa.Column("never_says", sa.JSON(), nullable=False),
        sa.Column("voice_card", sa.JSON(), nullable=False),
        sa.Column("motivations", sa.Text(), nullable=False),
        sa.Column("connections", sa.JSON(), nullable=False),
        sa.Column("location_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("group_keys", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("gm_notes", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.String(length=27), nullable=False),
        sa.Column("search_names", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.String(length=27), nullable=True),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("updated_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_npcs_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("fk_npcs_location_id_locations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_npcs")),
    )
    op.create_index(
        op.f("ix_npcs_campaign_id_is_present_last_used_at_id"),
        "npcs",
        ["campaign_id", "is_present", "last_used_at", "id"],
    )
    op.create_index(
        op.f("ix_npcs_campaign_id_last_used_at_id"), "npcs", ["campaign_id", "last_used_at", "id"]
    )
    op.create_index(op.f("ix_npcs_location_id"), "npcs", ["location_id"])
    op.create_table(
        "plot_points",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("gm_notes", sa.Text(), nullable=False),
        sa.Column("related", sa.JSON(), nullable=False),
        sa.Column("game_session_id", sa.String(length=36), nullable=True),
        sa.Column("last_used_at", sa.String(length=27), nullable=False),
        sa.Column("search_names", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.String(length=27), nullable=True),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("updated_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("audience IN ('gm', 'public')", name=op.f("ck_plot_points_audience")),
        sa.CheckConstraint(
            "status IN ('idea', 'prepped', 'happened', 'retconned')",
            name=op.f("ck_plot_points_status"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_plot_points_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["game_session_id"],
            ["game_sessions.id"],
            name=op.f("fk_plot_points_game_session_id_game_sessions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot_points")),
    )
    op.create_index(
        op.f("ix_plot_points_campaign_id_is_open_last_used_at_id"),
        "plot_points",
        ["campaign_id", "is_open", "last_used_at", "id"],
    )
    op.create_index(op.f("ix_plot_points_game_session_id"), "plot_points", ["game_session_id"])
    op.create_table(
        "session_events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("game_session_id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entity_kind", sa.String(length=40), nullable=True),
        sa.Column("entity_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_session_events_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["game_session_id"],
            ["game_sessions.id"],
            name=op.f("fk_session_events_game_session_id_game_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_events")),
    )
    op.create_index(op.f("ix_session_events_campaign_id"), "session_events", ["campaign_id"])
    op.create_index(op.f("ix_session_events_entity_id"), "session_events", ["entity_id"])
    op.create_index(
        op.f("ix_session_events_game_session_id_at"), "session_events", ["game_session_id", "at"]
    )
    op.create_table(
        "session_notes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("game_session_id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("gm_only", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_session_notes_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["game_session_id"],
            ["game_sessions.id"],
            name=op.f("fk_session_notes_game_session_id_game_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_notes")),
    )
    op.create_index(op.f("ix_session_notes_campaign_id"), "session_notes", ["campaign_id"])
    op.create_index(
        op.f("ix_session_notes_game_session_id_at"), "session_notes", ["game_session_id", "at"]
    )
    op.create_table(
        "fact_audience",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("npc_id", sa.String(length=36), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("group_key", sa.Text(), nullable=True),
        sa.Column("told_by_npc_id", sa.String(length=36), nullable=True),
        sa.Column("source_message_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "(npc_id IS NULL) <> (group_key IS NULL)", name=op.f("ck_fact_audience_one_listener")
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"],
            ["known_facts.id"],
            name=op.f("fk_fact_audience_fact_id_known_facts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["npc_id"], ["npcs.id"], name=op.f("fk_fact_audience_npc_id_npcs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["told_by_npc_id"],
            ["npcs.id"],
            name=op.f("fk_fact_audience_told_by_npc_id_npcs"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_audience")),
        sa.UniqueConstraint(
            "fact_id", "group_key", name=op.f("uq_fact_audience_fact_id_group_key")
        ),
        sa.UniqueConstraint("fact_id", "npc_id", name=op.f("uq_fact_audience_fact_id_npc_id")),
    )
    op.create_index(op.f("ix_fact_audience_group_key"), "fact_audience", ["group_key"])
    op.create_index(op.f("ix_fact_audience_npc_id"), "fact_audience", ["npc_id"])
    op.create_index(op.f("ix_fact_audience_told_by_npc_id"), "fact_audience", ["told_by_npc_id"])


def downgrade() -> None:
    op.drop_table("fact_audience")
    op.drop_table("known_facts")
    op.drop_table("entity_sources")
    op.drop_table("entity_edits")
    op.drop_table("session_events")
    op.drop_table("session_notes")
    op.drop_table("plot_points")
    op.drop_table("npcs")
    op.drop_table("locations")
    op.drop_table("game_sessions")
    op.drop_table("campaigns")
