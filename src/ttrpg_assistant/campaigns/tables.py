"""The tables of the campaign room (the seed's Part 2, "Database Tables"; FR-100..108, FR-200).

Every kind of thing shares one set of columns: `revision` (moves by one with every edit, so a
stale edit can be told), `archived_at` (out of the lists, still there) and `removed_at` (deleted,
undoable).
Nothing is deleted for real from here, and no table of talk is touched: conversations refer to
these rows and lose at most the link.

`search_names` holds the folded name and the folded aliases, one a line (`mentions.fold`). It
orders and searches lists alike on both databases and feeds the name index. `names_stamp` of a
campaign is a fresh id whenever any name in it changes; caches of names are keyed by it.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from ttrpg_assistant.campaigns.store.columns import (
    canon_columns,
    flag,
    kept,
    listed,
    loose_reference,
    more,
    named_audience,
    names_index,
    number,
    text_column,
    word,
)
from ttrpg_assistant.storage.base import (
    id_column,
    metadata,
    moment,
    partial_index,
    reference,
    structured,
)

campaigns = Table(
    "campaigns",
    metadata,
    id_column(),
    text_column("name"),
    text_column("system"),
    text_column("setting"),
    text_column("description"),
    structured("world_state"),
    structured("house_rules"),
    text_column("gm_notes"),
    text_column("search_names"),
    Column("names_stamp", String(36), nullable=False),
    *kept(),
    more(),
)

game_sessions = Table(
    "game_sessions",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    number("session_number"),
    text_column("title"),
    word("status"),
    text_column("plan"),
    text_column("recap_gm"),
    text_column("recap_players"),
    moment("started_at", nullable=True),
    moment("ended_at", nullable=True),
    Column("clock_seconds", Float, nullable=False),
    moment("running_since", nullable=True),
    text_column("search_names"),
    *kept(),
    more(),
    UniqueConstraint("campaign_id", "session_number"),
    CheckConstraint("status IN ('planned', 'running', 'ended')", name="status"),
    partial_index(
        "ix_game_sessions_one_running",
        "campaign_id",
        unique=True,
        where="status = 'running' AND removed_at IS NULL",
    ),
)

session_notes = Table(
    "session_notes",
    metadata,
    id_column(),
    reference("game_session_id", "game_sessions.id", on_delete="CASCADE", nullable=False),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    text_column("text"),
    moment("at"),
    flag("gm_only"),
    number("revision"),
    moment("removed_at", nullable=True),
    Index(None, "game_session_id", "at"),
    Index(None, "campaign_id"),
)

session_events = Table(
    "session_events",
    metadata,
    id_column(),
    reference("game_session_id", "game_sessions.id", on_delete="CASCADE", nullable=False),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    word("kind"),
    text_column("text"),
    word("entity_kind", nullable=True),
    loose_reference("entity_id"),
    moment("at"),
    moment("removed_at", nullable=True),
    Index(None, "game_session_id", "at"),
    Index(None, "campaign_id"),
    Index(None, "entity_id"),
)

locations = Table(
    "locations",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    text_column("name"),
    structured("aliases"),
    text_column("kind"),
    text_column("description"),
    structured("features"),
    reference("parent_id", "locations.id", on_delete="SET NULL"),
    flag("is_present"),
    structured("secrets"),
    text_column("gm_notes"),
    moment("last_used_at"),
    text_column("search_names"),
    *kept(),
    listed("tags"),
    more(),
    *canon_columns(),
    *named_audience(),
    Index(None, "game_session_id"),
    Index(None, "campaign_id", "last_used_at", "id"),
    Index(None, "campaign_id", "is_present", "last_used_at", "id"),
    Index(None, "parent_id"),
    names_index("locations"),
)

npcs = Table(
    "npcs",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    text_column("name"),
    structured("aliases"),
    text_column("role"),
    text_column("background"),
    text_column("personality"),
    text_column("appearance"),
    text_column("speaking_style"),
    structured("sample_lines"),
    structured("mannerisms"),
    structured("never_says"),
    structured("voice_card"),
    text_column("motivations"),
    structured("connections"),
    reference("location_id", "locations.id", on_delete="SET NULL"),
    text_column("status"),
    flag("is_present"),
    structured("groups"),
    text_column("group_keys"),
    structured("secrets"),
    text_column("gm_notes"),
    moment("last_used_at"),
    text_column("search_names"),
    *kept(),
    listed("tags"),
    more(),
    *canon_columns(),
    *named_audience(),
    Index(None, "game_session_id"),
    Index(None, "campaign_id", "last_used_at", "id"),
    Index(None, "campaign_id", "is_present", "last_used_at", "id"),
    Index(None, "location_id"),
    names_index("npcs"),
)

plot_points = Table(
    "plot_points",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    text_column("title"),
    text_column("description"),
    word("status"),
    flag("is_open"),
    word("audience"),
    text_column("gm_notes"),
    structured("related"),
    reference("game_session_id", "game_sessions.id", on_delete="SET NULL"),
    moment("last_used_at"),
    text_column("search_names"),
    *kept(),
    listed("tags"),
    more(),
    loose_reference("source_message_id"),
    CheckConstraint("status IN ('idea', 'prepped', 'happened', 'retconned')", name="status"),
    CheckConstraint("audience IN ('gm', 'public')", name="audience"),
    Index(None, "campaign_id", "is_open", "last_used_at", "id"),
    Index(None, "game_session_id"),
    names_index("plot_points"),
)

things = Table(
    "things",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    word("entity_kind"),
    text_column("name"),
    Column("aliases", JSON, nullable=False, default=list),
    Column("tags", JSON, nullable=False, default=list),
    Column("audience", String(40), nullable=False, default="gm"),
    Column("known_to", JSON, nullable=False, default=list),
    Column("is_present", Boolean, nullable=False, default=False),
    structured("more"),
    moment("last_used_at"),
    text_column("search_names"),
    text_column("search_text"),
    *kept(),
    *canon_columns(),
    CheckConstraint("audience IN ('gm', 'party', 'some', 'public')", name="audience"),
    Index(None, "game_session_id"),
    Index(None, "campaign_id", "entity_kind", "last_used_at", "id"),
    Index(None, "campaign_id", "entity_kind", "is_present", "last_used_at", "id"),
    Index(
        "ix_things_names",
        *("campaign_id", "entity_kind", "removed_at", "search_names", "archived_at", "id"),
        info={"only": "sqlite"},
    ).ddl_if(dialect="sqlite"),
)
"""Things of every kind that has no table of its own; `search_text` is what search reads."""

relations = Table(
    "relations",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    word("from_kind"),
    Column("from_id", String(36), nullable=False),
    word("to_kind"),
    Column("to_id", String(36), nullable=False),
    text_column("label"),
    Column("attitude", Integer, nullable=True),
    Column("audience", String(40), nullable=False, default="gm"),
    Column("known_to", JSON, nullable=False, default=list),
    text_column("note"),
    number("revision"),
    moment("removed_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("audience IN ('gm', 'party', 'some', 'public')", name="audience"),
    CheckConstraint("attitude BETWEEN -2 AND 2", name="attitude"),
    CheckConstraint("from_id <> to_id", name="two_ends"),
    Index(None, "campaign_id", "created_at", "id"),
    Index(None, "from_id", "to_id"),
    Index(None, "from_id", "updated_at", "id"),
    Index(None, "to_id", "updated_at", "id"),
)
"""How things are related. Both ends are things of the same campaign, of any kind: the store sees
to it, and `verify` looks after it."""

known_facts = Table(
    "known_facts",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    text_column("text"),
    text_column("search_text"),
    word("audience"),
    number("revision"),
    moment("removed_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    *canon_columns(),
    Column("is_false", Boolean, nullable=False, server_default=false()),
    Index(None, "game_session_id"),
    CheckConstraint(
        "audience IN ('gm', 'party', 'characters', 'npcs', 'group', 'public')", name="audience"
    ),
    Index(None, "campaign_id", "created_at", "id"),
    Index(None, "campaign_id", "audience", "created_at", "id"),
)

fact_audience = Table(
    "fact_audience",
    metadata,
    id_column(),
    reference("fact_id", "known_facts.id", on_delete="CASCADE", nullable=False),
    reference("npc_id", "npcs.id", on_delete="CASCADE"),
    reference("character_id", "things.id", on_delete="CASCADE"),
    Column("group_name", Text, nullable=True),
    Column("group_key", Text, nullable=True),
    reference("told_by_npc_id", "npcs.id", on_delete="SET NULL"),
    loose_reference("source_message_id"),
    moment("at"),
    UniqueConstraint("fact_id", "npc_id"),
    UniqueConstraint("fact_id", "character_id"),
    UniqueConstraint("fact_id", "group_key"),
    CheckConstraint(
        "CASE WHEN npc_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN character_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN group_key IS NULL THEN 0 ELSE 1 END = 1",
        name="one_listener",
    ),
    Index(None, "npc_id"),
    Index(None, "character_id"),
    Index(None, "group_key"),
    Index(None, "told_by_npc_id"),
)

entity_sources = Table(
    "entity_sources",
    metadata,
    id_column(),
    word("entity_kind"),
    Column("entity_id", String(36), nullable=False),
    word("field"),
    loose_reference("message_id"),
    loose_reference("suggestion_id"),
    moment("at"),
    Index(None, "entity_kind", "entity_id"),
)
"""Where a field's text came from: the message and suggestion a person accepted."""

entity_edits = Table(
    "entity_edits",
    metadata,
    id_column(),
    word("entity_kind"),
    Column("entity_id", String(36), nullable=False),
    number("revision"),
    structured("before"),
    moment("at"),
    UniqueConstraint("entity_kind", "entity_id", "revision"),
)
"""What the changed fields said before the edit that made `revision`: the base of a conflict."""
