"""Beginnings of words, in the index itself: `dr*` is looked up and not put together.

Without it SQLite merges everything that begins so, which is most of what was ever said. All talk
is indexed again, beside the server, and search says how much still waits.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index of talk anew, with beginnings of two and three characters."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for statement in (
        "DROP TABLE search_talk_words",
        "DROP TABLE search_talk",
        "CREATE VIRTUAL TABLE search_talk USING fts5(content, marks, content = '',"
        " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
        "CREATE VIRTUAL TABLE search_talk_words USING fts5vocab(search_talk, 'row')",
        "UPDATE search_progress SET through = 0",
    ):
        op.get_bind().exec_driver_sql(statement)
