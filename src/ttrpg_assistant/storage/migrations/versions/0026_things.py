"""Things of kinds that have no table of their own, tags, and room for new fields.

Every kind of thing gets `more`, a JSON column for the fields that its declaration adds, and the
kinds with tables of their own get tags. `things` holds all other kinds. Search reads what is new.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_Texts = tuple[str, ...]

_SEARCHED: dict[str, tuple[str, str, _Texts, _Texts]] = {
    # table: kind (SQL), name column, prose columns, JSON columns whose texts are prose
    "campaigns": (
        "'campaign'",
        "name",
        ("system", "setting", "description", "gm_notes"),
        ("world_state", "house_rules", "more"),
    ),
    "game_sessions": (
        "'game_session'",
        "title",
        ("plan", "recap_gm", "recap_players"),
        ("more",),
    ),
    "locations": (
        "'location'",
        "name",
        ("kind", "description", "gm_notes"),
        ("aliases", "features", "secrets", "tags", "more"),
    ),
    "npcs": (
        "'npc'",
        "name",
        (
            *("role", "background", "personality", "appearance", "speaking_style"),
            *("motivations", "status", "gm_notes"),
        ),
        (
            *("aliases", "sample_lines", "mannerisms", "connections", "groups", "secrets"),
            *("tags", "more"),
        ),
    ),
    "plot_points": ("'plot_point'", "title", ("description", "gm_notes"), ("tags", "more")),
    "things": ("{row}.entity_kind", "name", ("search_text",), ()),
}
_COLUMNS = "kind, thing_id, campaign_id, name, prose, is_archived, is_removed"


def upgrade() -> None:
    """Add the columns and the table, and have search read them."""
    for table in ("npcs", "locations", "plot_points"):
        op.add_column(table, sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
    for table in ("campaigns", "game_sessions", "npcs", "locations", "plot_points"):
        op.add_column(table, sa.Column("more", sa.JSON(), nullable=False, server_default="{}"))
    _add_things()
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in _sqlite() if is_sqlite else _postgresql():
        connection.exec_driver_sql(statement)


def _add_things() -> None:
    op.create_table(
        "things",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("entity_kind", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("known_to", sa.JSON(), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column("last_used_at", sa.String(27), nullable=False),
        sa.Column("search_names", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.String(27)),
        sa.Column("removed_at", sa.String(27)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.CheckConstraint(
            "audience IN ('gm', 'party', 'some', 'public')", name=op.f("ck_things_audience")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_things_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_things")),
    )
    op.create_index(
        "ix_things_campaign_id_entity_kind_last_used_at_id",
        "things",
        ["campaign_id", "entity_kind", "last_used_at", "id"],
    )
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(
            "ix_things_names",
            "things",
            ["campaign_id", "entity_kind", "removed_at", "search_names", "archived_at", "id"],
        )


def _sqlite() -> list[str]:
    made = []
    for table, (kind, name, prose, structured) in _SEARCHED.items():
        values = _values(table, kind, name, prose, structured, "NEW", is_sqlite=True)
        watched = _watched(name, prose, structured)
        new_kind, old_kind = kind.format(row="NEW"), kind.format(row="OLD")
        if table != "things":
            made += [f"DROP TRIGGER search_{table}_{when}" for when in ("added", "changed", "gone")]
        made += [
            f"CREATE TRIGGER search_{table}_added AFTER INSERT ON {table} BEGIN"
            f" INSERT INTO search_things ({_COLUMNS}) VALUES ({values}); END",
            f"CREATE TRIGGER search_{table}_changed AFTER UPDATE OF {watched} ON {table} BEGIN"
            f" UPDATE search_things SET ({_COLUMNS}) = ({values})"
            f" WHERE thing_id = NEW.id AND kind = {new_kind}; END",
            f"CREATE TRIGGER search_{table}_gone AFTER DELETE ON {table} BEGIN"
            f" DELETE FROM search_things WHERE thing_id = OLD.id AND kind = {old_kind}; END",
        ]
    return made


def _postgresql() -> list[str]:
    made = []
    for table, (kind, name, prose, structured) in _SEARCHED.items():
        values = _values(table, kind, name, prose, structured, "NEW", is_sqlite=False)
        watched = _watched(name, prose, structured)
        old_kind = kind.format(row="OLD")
        if table != "things":
            made += [
                f"DROP TRIGGER search_{table}_said ON {table}",
                f"DROP TRIGGER search_{table}_changed ON {table}",
                f"DROP FUNCTION search_keep_{table}()",
            ]
        made += [
            f"CREATE FUNCTION search_keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF TG_OP = 'DELETE' THEN DELETE FROM search_things"
            f" WHERE thing_id = OLD.id AND kind = {old_kind};"
            f" ELSE INSERT INTO search_things ({_COLUMNS}) VALUES ({values})"
            " ON CONFLICT (thing_id, kind) DO UPDATE SET name = excluded.name,"
            " prose = excluded.prose, is_archived = excluded.is_archived,"
            " is_removed = excluded.is_removed; END IF; RETURN NULL; END $$",
            f"CREATE TRIGGER search_{table}_said AFTER INSERT OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION search_keep_{table}()",
            f"CREATE TRIGGER search_{table}_changed AFTER UPDATE OF {watched} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION search_keep_{table}()",
        ]
    return made


def _watched(name: str, prose: _Texts, structured: _Texts) -> str:
    columns = (name, *prose, *structured, "removed_at", "archived_at")
    return ", ".join(f'"{column}"' for column in columns)


def _values(
    table: str,
    kind: str,
    name: str,
    prose: _Texts,
    structured: _Texts,
    row: str,
    *,
    is_sqlite: bool,
) -> str:
    """The values of a row of `search_things`, read from `row`."""
    texts = _texts_sqlite if is_sqlite else _texts_postgresql
    line_end = "char(10)" if is_sqlite else "chr(10)"
    pieces = [f'{row}."{column}"' for column in prose]
    pieces += [texts(f'{row}."{column}"') for column in structured]
    return ", ".join(
        [
            kind.format(row=row),
            f"{row}.id",
            f"{row}.id" if table == "campaigns" else f"{row}.campaign_id",
            f'{row}."{name}"',
            f" || {line_end} || ".join(pieces),
            f"{row}.archived_at IS NOT NULL",
            f"{row}.removed_at IS NOT NULL",
        ]
    )


def _texts_sqlite(column: str) -> str:
    """Every text inside a JSON value."""
    return (
        "coalesce((SELECT group_concat(atom, char(10))"
        f" FROM json_tree({column}) WHERE type = 'text'), '')"
    )


def _texts_postgresql(column: str) -> str:
    return (
        "coalesce((SELECT string_agg(texts.found #>> '{}', chr(10)) FROM jsonb_path_query("
        f"{column}::jsonb, 'strict $.** ? (@.type() == \"string\")') AS texts(found)), '')"
    )
