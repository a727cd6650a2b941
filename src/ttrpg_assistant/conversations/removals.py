"""Bringing back what was cleared or deleted by mistake, for 30 days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Removal
from ttrpg_assistant.conversations.store import clearing, conversations, removals, titles
from ttrpg_assistant.conversations.store.path_length import recount_branches
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database

Restore = Callable[[Connection, str, dict[str, Any]], int]
"""Brings one kind of removed thing back, given its subject and the removal's details;
returns how many things came back."""


class Removals:
    """Everything that was cleared or deleted and can still be undone.

    `restorers` name, for each kind of removal, who brings it back; `app.py` adds the
    campaign room's kinds to the one this room knows.
    """

    def __init__(
        self, database: Database, changes: Changes, restorers: Mapping[str, Restore] | None = None
    ) -> None:
        self._database = database
        self._changes = changes
        self._restorers: dict[str, Restore] = {
            "messages_cleared": restore_messages,
            **(restorers or {}),
        }

    async def list_all(self) -> list[Removal]:
        """What can still be brought back, newest first."""
        return await self._database.read(removals.list_removals)

    async def undo(self, removal_id: str) -> int:
        """Bring it back; `Conflict` when that was done already."""

        def work(tx: Connection) -> tuple[str, int]:
            kind, subject_id, details = removals.take_removal(tx, removal_id)
            restore = self._restorers.get(kind)
            if restore is None:
                raise InvalidInput("This cannot be restored.", code="removal_unknown")
            return subject_id, restore(tx, subject_id, details)

        def hints(undone: tuple[str, int]) -> list[Hint]:
            # What came back may stand anywhere above what a page has loaded.
            return [
                ("removal", {"id": removal_id}),
                ("conversation", {"id": undone[0], "restored": True}),
            ]

        _, restored = await self._changes.write(self._database, work, hints)
        return restored


def restore_messages(tx: Connection, conversation_id: str, details: dict[str, Any]) -> int:
    """Bring back cleared messages; what was said since then goes on after them. Returns how many
    more are shown."""
    conversation = conversations.lock_conversation(tx, conversation_id)
    old_tip: str = details["tip_message_id"]
    clearing.unclear_messages(tx, conversation_id, details["cleared_at"])
    tips = [tip for tip in (conversation.tip_message_id, old_tip) if tip is not None]
    end = clearing.join_talk(tx, conversation_id, tips)
    joined = conversations.update_conversation(tx, conversation_id, tip_message_id=end or old_tip)
    titles.name_again(tx, joined)
    recount_branches(tx, conversation_id)
    return joined.message_count - conversation.message_count
