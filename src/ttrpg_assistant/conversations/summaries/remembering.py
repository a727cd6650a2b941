"""Which stored summaries stand for the talk that a prompt cannot hold. Nothing is made here."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import islice

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store import paths, summaries
from ttrpg_assistant.conversations.summaries.model import Listener, StoredSummary
from ttrpg_assistant.prompts.facts import Summary, SummaryPart

MOST_PARTS = 48
"""Summaries handed to one prompt; a whole cover of the longest talk is smaller."""

LOOKED_BACK = 4_000
"""Messages before those that were read in which the newest summary is looked for."""


def remember(
    tx: Connection, earlier: Sequence[Message], surely_read: Set[str], listener: Listener
) -> Summary | None:
    """What the talk came to that stands before what is surely read.

    `earlier` is the path before the new message, newest first, as far as it was read. Only
    summaries of that very path are used: their last message stands on it.
    """
    unread = [message for message in earlier if message.id not in surely_read]
    if not unread:
        return None
    end = _find_end(tx, unread, listener)
    cover = summaries.iterate_cover(tx, end, listener, only_current=True)
    parts = [part_of(one) for one in islice(cover, MOST_PARTS)]
    return Summary(tuple(reversed(parts)), listener.mode) if parts else None


def part_of(summary: StoredSummary) -> SummaryPart:
    """The summary as a prompt is told it, and as the manifest names it."""
    first, last = summary.first_at[:10], summary.last_at[:10]
    when = first if first == last else f"{first} to {last}"
    count = f"{summary.message_count} message{'' if summary.message_count == 1 else 's'}"
    return SummaryPart(summary.text, when, summary.id, f"{when}, {count}")


def _find_end(tx: Connection, unread: Sequence[Message], listener: Listener) -> str | None:
    """The newest message of the path at which a stretch ends."""
    on_path = {message.id for message in unread}
    spoken_in = {message.conversation_id for message in unread}
    newest, oldest = unread[0].seq, unread[-1].seq
    for end in summaries.list_ends(tx, spoken_in, listener, newest=newest, oldest=oldest):
        if end in on_path:
            return end
    return find_end_from(tx, unread[-1].parent_id, spoken_in, oldest - 1, listener, LOOKED_BACK)


def find_end_from(
    tx: Connection,
    start: str | None,
    spoken_in: Set[str],
    newest: int,
    listener: Listener,
    most: int,
) -> str | None:
    """The newest message at which a stretch ends, from `start` towards the root.

    `spoken_in` are the conversations of the path above it; nothing is walked unless there
    is something to be found.
    """
    if start is None:
        return None
    lineage = summaries.list_lineage(tx, spoken_in)
    ends = set(summaries.list_ends(tx, lineage, listener, newest=newest))
    if not ends:
        return None
    return next((id for id in paths.iterate_links(tx, start, most) if id in ends), None)
