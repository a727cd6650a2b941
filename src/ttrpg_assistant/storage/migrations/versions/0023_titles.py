"""Talk says who wrote its title, and talk without one gets its first line."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_conversations = sa.table(
    "conversations", *(sa.column(name) for name in ("id", "kind", "title", "title_by"))
)
_messages = sa.table(
    "messages",
    *(sa.column(name) for name in ("conversation_id", "seq", "role", "content", "cleared_at")),
)


def upgrade() -> None:
    """Add `title_by`; the titles that are there are a person's and stay."""
    op.add_column("conversations", sa.Column("title_by", sa.String(10)))
    _name_by_first_lines(op.get_bind())


def _name_by_first_lines(tx: sa.Connection) -> None:
    """Talk without a title gets the beginning of the first thing that was said in it."""
    c, m = _conversations.c, _messages.c
    nameless = sa.select(c.id).where(c.title.is_(None), c.kind.in_(("chat", "thread")))
    for id in list(tx.execute(nameless).scalars()):
        said = (m.conversation_id == id, m.role == "user", m.cleared_at.is_(None))
        first = sa.select(sa.func.substr(m.content, 1, 400)).where(*said).order_by(m.seq).limit(1)
        title = _first_line(tx.execute(first).scalar())
        if title:
            named = sa.update(_conversations).where(c.id == id)
            tx.execute(named.values(title=title, title_by="first_line"))


def _first_line(text: object, most: int = 48) -> str:
    lines = (line.strip(" \t#>*_-`") for line in str(text or "").splitlines())
    words = next((line for line in lines if line), "").split()
    title = ""
    for word in words:
        longer = f"{title} {word}".strip()
        if len(longer) > most:
            return f"{title.rstrip('.,;:!?–-') or _cut(word, most)}…"
        title = longer
    return title.rstrip(".,;:")


def _cut(word: str, most: int) -> str:
    """The beginning of a long word, never inside a character of several code points."""
    end = most
    while end > 1 and (_joins(word[end]) or word[end - 1] == "\u200d"):
        end -= 1
    return word[:end]


def _joins(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf", "Sk")
