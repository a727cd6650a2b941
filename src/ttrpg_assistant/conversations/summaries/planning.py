"""What is to be summarised next. Only outlines are read: lengths and places, never texts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.store import summaries
from ttrpg_assistant.conversations.summaries.model import (
    Listener,
    Outline,
    StoredSummary,
    cut_stretches,
    find_group,
)
from ttrpg_assistant.conversations.summaries.remembering import find_end_from

SURELY_READ_CHARACTERS = 1.5
"""Characters of the newest talk, for each token of a prompt, that stand in it anyway."""

OUTGROWN_CHARACTERS = 2.5
"""Talk of more characters than this for each token of a prompt soon fits it no more."""

MOST_WALKED = 300_000
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What one conversation still needs for one listener. `after_id` is where the newest
    summary there is ends; `stretches` are oldest first."""

    listener: Listener
    after_id: str | None
    stretches: list[list[Outline]]


def plan_stretches(
    tx: Connection, conversation: Conversation, listener: Listener, prompt_tokens: int
) -> Plan:
    """The stretches of the active path that prompts of so many tokens cannot hold.

    Nothing, as long as all of the talk fits. Where the path was summarised before, it is
    walked no further than there.
    """
    kept, outgrown = (
        int(prompt_tokens * share) for share in (SURELY_READ_CHARACTERS, OUTGROWN_CHARACTERS)
    )
    waiting: list[Outline] = []
    characters, walked = 0, 0
    end: str | None = None
    start = conversation.tip_message_id
    spoken_in = {conversation.id}
    while start is not None and walked < MOST_WALKED and (end is None or characters <= outgrown):
        outline = summaries.list_outline(tx, start, _PAGE)
        if not outline:
            break
        if end is None:
            spoken_in |= {message.conversation_id for message in outline}
            seqs = {"newest": outline[0].seq, "oldest": outline[-1].seq}
            ends = set(summaries.list_ends(tx, spoken_in, listener, **seqs, limit=2 * _PAGE))
        for message in outline:
            if end is None and message.id in ends:
                end = message.id
            if message.is_heard_by(listener):
                characters += message.length
                if end is None and characters > kept:
                    waiting.append(message)
        walked += len(outline)
        start = outline[-1].parent_id
    if characters <= outgrown:
        return Plan(listener, end, [])
    return Plan(listener, end, list(cut_stretches(reversed(waiting))))


def find_newest_end(tx: Connection, conversation: Conversation, listener: Listener) -> str | None:
    """The message of the active path at which its newest summary ends."""
    return find_end_from(
        tx,
        conversation.tip_message_id,
        {conversation.id},
        conversation.next_seq,
        listener,
        MOST_WALKED,
    )


def plan_group(tx: Connection, end_id: str | None, listener: Listener) -> list[StoredSummary]:
    """Summaries that are enough for one of the next level, oldest first, or none."""
    cover = list(summaries.iterate_cover(tx, end_id, listener, only_current=False))
    return find_group(reversed(cover)) or []


def list_stretch(tx: Connection, summary: StoredSummary) -> list[Outline]:
    """The messages that a summary of the first level is made of, oldest first."""
    found: list[Outline] = []
    start: str | None = summary.last_message_id
    while start is not None and start != summary.after_message_id and len(found) < MOST_WALKED:
        for message in summaries.list_outline(tx, start, 200):
            if message.id == summary.after_message_id:
                return found[::-1]
            if message.is_heard_by(summary.listener):
                found.append(message)
            start = message.parent_id
            if message.id == summary.first_message_id:
                return found[::-1]
    return found[::-1]
