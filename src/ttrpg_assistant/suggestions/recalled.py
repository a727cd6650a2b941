"""Which earlier message a citation rests on: only one that stood in the prompt of that answer.

A model cites talk by a few of its words, or by its date and place, as the prompt gave them. What
it was not told it cannot cite, so nothing else is looked at.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store.manifests import get_manifest
from ttrpg_assistant.conversations.store.messages import find_message
from ttrpg_assistant.suggestions.meaning import Cited

SHORTEST_EXCERPT = 8
"""Characters; less than this stands in too many messages."""


def find_cited_message(tx: Connection, answer: Message, cited: Cited) -> str | None:
    """The recalled message that holds the excerpt, or else the only one of that date."""
    recalled = _list_recalled(get_manifest(tx, answer.id))
    excerpt = _plain(cited.excerpt or "")
    if len(excerpt) >= SHORTEST_EXCERPT:
        for message_id, _ in recalled:
            message = find_message(tx, message_id)
            if message is not None and excerpt in _plain(message.content):
                return message_id
        return None
    named = f"{cited.source_name} {cited.location or ''}"
    dated = [id for id, name in recalled if (date := _date_of(name)) and date in named]
    return dated[0] if len(dated) == 1 else None


def _list_recalled(manifest: Any) -> list[tuple[str, str]]:
    """Ids and names ("thread The vault, 2026-01-03 (opal)") of what was recalled."""
    sections = manifest.get("sections") if isinstance(manifest, dict) else None
    return [
        (str(use["id"]), str(use.get("name", "")))
        for section in sections or ()
        if section.get("name") == "recalled"
        for use in section.get("entities", ())
        if use.get("kind") == "message"
    ]


def _date_of(name: str) -> str:
    for part in name.replace("(", ",").split(","):
        word = part.strip()
        if len(word) == 10 and word[4:5] == word[7:8] == "-":
            return word
    return ""


def _plain(text: str) -> str:
    return " ".join(fold(text).strip(" \"'.…“”").split())
