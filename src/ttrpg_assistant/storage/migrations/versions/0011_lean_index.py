"""The index of talk without beginnings of its own: they took more room than the words.

Two lists of beginnings were as much again as half of all that was said. Without them the
commonest beginning of two letters takes a third of a second over a million messages instead of a
thousandth, and all others take what they took. All talk is indexed again, beside the server, and
search says how much still waits.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index of talk anew, with whole words only."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for statement in (
        "DROP TABLE search_talk_words",
        "DROP TABLE search_talk",
        "CREATE VIRTUAL TABLE search_talk USING fts5(content, marks, content = '',"
        " tokenize = 'unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE search_talk_words USING fts5vocab(search_talk, 'row')",
        "UPDATE search_progress SET through = 0",
    ):
        op.get_bind().exec_driver_sql(statement)
