"""Things in SQLite's index are marked with their campaign and kind.

What a campaign's facts hold is found without looking at other campaigns and other kinds.
PostgreSQL filters by columns beside its index.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_TOKENS = (
    "tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Mn Mc'"
    " separators '\ufe0e\ufe0f'\""
)


def _spell_marks(row: str) -> str:
    return f"'c' || replace({row}.campaign_id, '-', '') || ' k' || replace({row}.kind, '_', '')"


_FORGET_THING = (
    "INSERT INTO search_world (search_world, rowid, name, prose, marks)"
    " SELECT 'delete', OLD.number,"
    " coalesce((SELECT t.name FROM search_thing_texts t WHERE t.number = OLD.number), OLD.name),"
    " coalesce((SELECT t.prose FROM search_thing_texts t WHERE t.number = OLD.number),"
    " OLD.prose),"
    f" {_spell_marks('OLD')};"
    " DELETE FROM search_thing_texts WHERE number = OLD.number;"
)
_INDEX_THING = (
    "INSERT INTO search_world (rowid, name, prose, marks)"
    f" VALUES (NEW.number, NEW.name, NEW.prose, {_spell_marks('NEW')});"
)
_SQLITE = (
    "DROP TRIGGER search_world_added",
    "DROP TRIGGER search_world_changed",
    "DROP TRIGGER search_world_gone",
    "DROP TABLE search_world",
    "DROP VIEW search_indexed_things",
    "CREATE VIEW search_indexed_things AS SELECT s.number, coalesce(t.name, s.name) AS name,"
    f" coalesce(t.prose, s.prose) AS prose, {_spell_marks('s')} AS marks FROM search_things s"
    " LEFT JOIN search_thing_texts t ON t.number = s.number",
    "CREATE VIRTUAL TABLE search_world USING fts5(name, prose, marks,"
    f" content = 'search_indexed_things', content_rowid = 'number', {_TOKENS})",
    "INSERT INTO search_world (rowid, name, prose, marks)"
    " SELECT number, name, prose, marks FROM search_indexed_things",
    f"CREATE TRIGGER search_world_added AFTER INSERT ON search_things BEGIN {_INDEX_THING} END",
    "CREATE TRIGGER search_world_changed"
    " AFTER UPDATE OF name, prose, campaign_id, kind ON search_things"
    " WHEN NEW.name IS NOT OLD.name OR NEW.prose IS NOT OLD.prose"
    " OR NEW.campaign_id IS NOT OLD.campaign_id OR NEW.kind IS NOT OLD.kind"
    f" BEGIN {_FORGET_THING} {_INDEX_THING}"
    " UPDATE search_things SET is_folded = FALSE WHERE number = NEW.number; END",
    f"CREATE TRIGGER search_world_gone AFTER DELETE ON search_things BEGIN {_FORGET_THING} END",
)


def upgrade() -> None:
    """Make the index of things anew."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE:
            connection.exec_driver_sql(statement)
