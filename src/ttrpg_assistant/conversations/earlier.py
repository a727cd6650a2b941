"""The talk before a message, as far as a prompt can hold it, and what of it is sent.

It is walked from the newest message backwards and only as far as the budget can reach, so a
conversation of ten thousand messages costs no more than one of a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ttrpg_assistant.conversations.left_out import find_left_out
from ttrpg_assistant.conversations.model import Message, Mode
from ttrpg_assistant.conversations.store import paths
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.facts import History, HistoryMessage

WALK_MESSAGES = 100
"""Messages read at first, to learn how many the budget will hold."""

MOST_WALKED = 10_000
"""Messages read for one prompt, however little of them is of its mode."""

SURELY_READ_CHARACTERS = 1.5
"""Characters of recent talk for each token of the prompt that surely go in, and so need not be
recalled."""


def list_surely_read(earlier: Sequence[Message], budget: Budget, kept_from: int | None) -> set[str]:
    """The newest messages, those that stand in the prompt anyway: from where the prompt before
    began, or, where none did, those that surely fit."""
    if kept_from is not None and any(message.seq == kept_from for message in earlier):
        return {message.id for message in earlier if message.seq >= kept_from}
    left = budget.talk_tokens * SURELY_READ_CHARACTERS
    read: set[str] = set()
    for message in earlier:
        left -= len(message.content)
        if left < 0:
            break
        read.add(message.id)
    return read


def walk_back(
    tx: Connection, start_id: str | None, budget: Budget, mode: Mode | None = None
) -> list[Message]:
    """Messages from `start_id` towards the root, newest first, until they fill the budget.

    Only those of the prompt's own mode fill it: much talk about an NPC must not push out
    what the NPC said.
    """
    found: list[Message] = []
    tokens, limit = 0, WALK_MESSAGES
    while start_id is not None and len(found) < MOST_WALKED:
        page = paths.list_newest(tx, start_id, limit)
        found += page
        # Estimated as one text: that is never more than what its messages cost one by one.
        talk = "".join(m.content for m in page if _is_talk(m) and mode in (None, m.mode))
        tokens += budget.estimator.estimate(talk)
        left = budget.talk_tokens - tokens
        if len(page) < limit or left < 0:
            break
        # As many more as are likely to fill what is left, by what these took.
        likely = WALK_MESSAGES // 5 + len(found) * left // max(tokens, 1)
        limit = min(likely, 3 * len(found))
        start_id = page[-1].parent_id
    return found


def _is_talk(message: Message) -> bool:
    is_whole = message.status not in ("failed", "unreadable")
    return message.role != "system" and message.content != "" and is_whole


def history_of(earlier: Sequence[Message]) -> History:
    """What was really said, oldest first: no failed answers, no refused questions."""
    left_out = find_left_out(reversed(earlier))
    kept = [
        HistoryMessage(message.seq, message.role, message.content, message.mode)
        for message in reversed(earlier)
        if message.role != "system" and _is_talk(message) and message.id not in left_out
    ]
    older = max(0, earlier[-1].seq - 1) if earlier and earlier[-1].parent_id is not None else 0
    return History(kept, older_count=older)
