"""Who names a conversation: its first line, then perhaps a model, and for good a person."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import Conversation, Role
from ttrpg_assistant.conversations.store.conversations import get_conversation, update_conversation
from ttrpg_assistant.conversations.store.model_names import fit_model
from ttrpg_assistant.conversations.tables import conversations, messages

FIRST_LINE_CHARACTERS = 48
"""As long as fits on a tab and can still be told apart."""

_READ_CHARACTERS = 400
"""Of a long message, so much is looked at for its first line."""

_MARKS = " \t#>*_-`"
"""What Markdown begins and ends a line with."""

_ENDS = ".,;:!?–-"
"""What a cut line does not end with."""

_c, _m = conversations.c, messages.c


def first_line(text: str) -> str:
    """The first line of a text that says something, cut at a word; empty when none does."""
    lines = (line.strip(_MARKS) for line in cut_text(text, _READ_CHARACTERS).splitlines())
    words = next((line for line in lines if line), "").split()
    title = ""
    for word in words:
        longer = f"{title} {word}".lstrip()
        if len(longer) > FIRST_LINE_CHARACTERS:
            return f"{title.rstrip(_ENDS) or cut_text(word, FIRST_LINE_CHARACTERS)}…"
        title = longer
    return title.rstrip(".,;:")


def name_by_first_line(tx: Connection, conversation: Conversation, said: str) -> None:
    """Call a chat or thread that has no title by the beginning of what a person says in it."""
    if conversation.title is not None or conversation.kind == "npc":
        return
    title = first_line(said)
    if title:
        tx.execute(
            update(conversations)
            .where(_c.id == conversation.id, _c.title.is_(None))
            .values(title=title, title_by="first_line")
        )


def name_again(tx: Connection, conversation: Conversation) -> None:
    """The same for talk that was brought back."""
    said = select(_m.content).where(
        _m.conversation_id == conversation.id, _m.role == "user", _m.cleared_at.is_(None)
    )
    first: str | None = tx.execute(said.order_by(_m.seq).limit(1)).scalar()
    name_by_first_line(tx, conversation, first or "")


def forget_given_title(tx: Connection, conversation: Conversation) -> None:
    """Take away a title that came from what was said, because that is out of sight now."""
    if conversation.title_by in ("first_line", "model"):
        update_conversation(tx, conversation.id, title=None, title_by=None)


def rename(tx: Connection, conversation_id: str, title: str) -> Conversation:
    """Let a person name a conversation of any kind, for good. Raises `NotFound`."""
    get_conversation(tx, conversation_id)
    return update_conversation(tx, conversation_id, title=title, title_by="person")


def propose(tx: Connection, conversation_id: str, title: str) -> bool:
    """Put a model's title in the place of the first line. False: somebody has named it since."""
    changed = tx.execute(
        update(conversations)
        .where(_c.id == conversation_id, _c.title_by == "first_line", _c.removed_at.is_(None))
        .values(title=title, title_by="model")
    )
    return bool(changed.rowcount)


def list_first_exchange(tx: Connection, conversation_id: str, model: str) -> list[tuple[Role, str]]:
    """Role and text of the only question and its whole answer by this model, where nothing else
    was said yet and the title is still the first line; else nothing."""
    wanted = select(_c.id).where(
        _c.id == conversation_id, _c.title_by == "first_line", _c.removed_at.is_(None)
    )
    if tx.execute(wanted).first() is None:
        return []
    rows = tx.execute(
        select(_m.role, _m.status, _m.content, _m.model)
        .where(_m.conversation_id == conversation_id, _m.cleared_at.is_(None))
        .order_by(_m.seq)
        .limit(3)
    ).all()
    are_complete = all(row.status == "complete" for row in rows)
    if not are_complete or [row.role for row in rows] != ["user", "assistant"]:
        return []
    if rows[1].model != fit_model(model):
        return []
    return [(row.role, row.content) for row in rows]
