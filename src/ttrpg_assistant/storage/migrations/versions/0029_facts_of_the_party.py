"""Facts that the party or named player characters know.

SQLite changes no check of a table: both tables are made anew and copied, and what search hangs on
the first is made again as it was.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INDEXES = {
    "known_facts": (
        ("campaign_id", "created_at", "id"),
        ("campaign_id", "audience", "created_at", "id"),
    ),
    "fact_audience": (("group_key",), ("npc_id",), ("told_by_npc_id",), ("character_id",)),
}
_NEW_INDEXES = {"known_facts": _INDEXES["known_facts"][1:], "fact_audience": (("character_id",),)}
_AUDIENCES = "audience IN ('gm', 'party', 'characters', 'npcs', 'group', 'public')"
_ONE_LISTENER = (
    "CASE WHEN npc_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN character_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN group_key IS NULL THEN 0 ELSE 1 END = 1"
)
_TABLES = {
    "known_facts": f"""CREATE TABLE {{name}} (
    id VARCHAR(36) NOT NULL,
    campaign_id VARCHAR(36) NOT NULL,
    text TEXT NOT NULL,
    search_text TEXT NOT NULL,
    audience VARCHAR(40) NOT NULL,
    source_message_id VARCHAR(36),
    revision INTEGER NOT NULL,
    removed_at VARCHAR(27),
    created_at VARCHAR(27) NOT NULL,
    updated_at VARCHAR(27) NOT NULL,
    CONSTRAINT pk_known_facts PRIMARY KEY (id),
    CONSTRAINT ck_known_facts_audience CHECK ({_AUDIENCES}),
    CONSTRAINT fk_known_facts_campaign_id_campaigns
        FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
)""",
    "fact_audience": f"""CREATE TABLE {{name}} (
    id VARCHAR(36) NOT NULL,
    fact_id VARCHAR(36) NOT NULL,
    npc_id VARCHAR(36),
    group_name TEXT,
    group_key TEXT,
    told_by_npc_id VARCHAR(36),
    source_message_id VARCHAR(36),
    at VARCHAR(27) NOT NULL,
    character_id VARCHAR(36),
    CONSTRAINT pk_fact_audience PRIMARY KEY (id),
    CONSTRAINT ck_fact_audience_one_listener CHECK ({_ONE_LISTENER}),
    CONSTRAINT fk_fact_audience_fact_id_known_facts
        FOREIGN KEY(fact_id) REFERENCES known_facts (id) ON DELETE CASCADE,
    CONSTRAINT fk_fact_audience_npc_id_npcs
        FOREIGN KEY(npc_id) REFERENCES npcs (id) ON DELETE CASCADE,
    CONSTRAINT fk_fact_audience_character_id_things
        FOREIGN KEY(character_id) REFERENCES things (id) ON DELETE CASCADE,
    CONSTRAINT fk_fact_audience_told_by_npc_id_npcs
        FOREIGN KEY(told_by_npc_id) REFERENCES npcs (id) ON DELETE SET NULL,
    CONSTRAINT uq_fact_audience_fact_id_group_key UNIQUE (fact_id, group_key),
    CONSTRAINT uq_fact_audience_fact_id_npc_id UNIQUE (fact_id, npc_id),
    CONSTRAINT uq_fact_audience_fact_id_character_id UNIQUE (fact_id, character_id)
)""",
}
_COPIED = {
    "known_facts": "id, campaign_id, text, search_text, audience, source_message_id, revision,"
    " removed_at, created_at, updated_at",
    "fact_audience": "id, fact_id, npc_id, group_name, group_key, told_by_npc_id,"
    " source_message_id, at",
}
_FOUND = "kind, thing_id, campaign_id, name, prose, is_archived, is_removed"
_FOUND_VALUES = (
    "'fact', NEW.id, NEW.campaign_id, '', NEW.\"text\", FALSE, NEW.removed_at IS NOT NULL"
)
_SEARCH = (
    "CREATE TRIGGER search_known_facts_added AFTER INSERT ON known_facts BEGIN"
    f" INSERT INTO search_things ({_FOUND}) VALUES ({_FOUND_VALUES}); END",
    'CREATE TRIGGER search_known_facts_changed AFTER UPDATE OF "text", "removed_at"'
    f" ON known_facts BEGIN UPDATE search_things SET ({_FOUND}) = ({_FOUND_VALUES})"
    " WHERE thing_id = NEW.id AND kind = 'fact'; END",
    "CREATE TRIGGER search_known_facts_gone AFTER DELETE ON known_facts BEGIN"
    " DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'fact'; END",
)


def upgrade() -> None:
    """Let facts have the new audiences, and player characters know them."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in _copy_tables():
            connection.exec_driver_sql(statement)
        _add_indexes(_INDEXES)
        for statement in _SEARCH:
            connection.exec_driver_sql(statement)
    else:
        _alter_tables()
        _add_indexes(_NEW_INDEXES)


def _copy_tables() -> list[str]:
    made = []
    for table, text in _TABLES.items():
        columns, new = _COPIED[table], f"new_{table}"
        made += [
            text.format(name=new),
            f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {new} RENAME TO {table}",
        ]
    return made


def _alter_tables() -> None:
    op.drop_constraint("ck_known_facts_audience", "known_facts", type_="check")
    op.create_check_constraint(op.f("ck_known_facts_audience"), "known_facts", _AUDIENCES)
    op.add_column("fact_audience", sa.Column("character_id", sa.String(36)))
    op.drop_constraint("ck_fact_audience_one_listener", "fact_audience", type_="check")
    op.create_check_constraint(
        op.f("ck_fact_audience_one_listener"), "fact_audience", _ONE_LISTENER
    )
    op.create_unique_constraint(
        "uq_fact_audience_fact_id_character_id", "fact_audience", ["fact_id", "character_id"]
    )
    op.create_foreign_key(
        "fk_fact_audience_character_id_things",
        "fact_audience",
        "things",
        ["character_id"],
        ["id"],
        ondelete="CASCADE",
    )


def _add_indexes(indexes: Mapping[str, tuple[tuple[str, ...], ...]]) -> None:
    for table, listed in indexes.items():
        for columns in listed:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
