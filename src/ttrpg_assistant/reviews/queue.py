"""The queue of a review: what it proposes, each with the lines that say it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.conversations.store.messages import find_message
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.reviews.ports import SpeakerFinder
from ttrpg_assistant.reviews.store import reviews
from ttrpg_assistant.reviews.store.proposals import list_reviewed
from ttrpg_assistant.reviews.texts import text_of
from ttrpg_assistant.suggestions.model import Suggestion, SuggestionView
from ttrpg_assistant.suggestions.viewing import view_suggestion

SHOWN_CHARACTERS = 1_200
"""Of a line in the queue; the rest is in the transcript."""

_ORDER = ("recap", "npc", "location", "plot_point", "fact", "relation")
"""How the queue is grouped; other kinds stand before the facts."""


@dataclass(frozen=True, slots=True)
class QueuedLine:
    """A line as the queue shows it: who said it, all of it, and the words that were proposed from.
    `seq` is None where the message is gone."""

    message_id: str
    seq: int | None
    speaker: str
    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A proposal of the queue with its lines."""

    view: SuggestionView
    lines: list[QueuedLine]


def list_queue(
    tx: Connection, id: str, after: str | None, limit: int
) -> tuple[list[Queued], str | None]:
    """The proposals of a review by kind and in the order of the lines, and the cursor of the next
    page. Raises `NotFound`, `InvalidInput`."""
    review = reviews.get_review(tx, id)
    text = text_of(get_conversation(tx, review.conversation_id))
    known = text.find_speakers(review.speakers)
    found = list_reviewed(tx, review.conversation_id)
    seqs = reviews.list_seqs(tx, review.conversation_id, {one.message_id for one in found})
    found.sort(key=lambda one: (_rank(one), seqs.get(one.message_id, 0), one.ordinal))
    start = 0
    if after is not None:
        places = [at for at, one in enumerate(found) if one.id == after]
        if not places:
            raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
        start = places[0] + 1
    page = found[start : start + limit]
    queued = [Queued(view_suggestion(tx, one), _list_lines(tx, one, known)) for one in page]
    return queued, page[-1].id if len(found) > start + limit else None


def _rank(one: Suggestion) -> int:
    return 2 * _ORDER.index(one.kind) if one.kind in _ORDER else 2 * _ORDER.index("fact") - 1


def _list_lines(tx: Connection, one: Suggestion, known: SpeakerFinder) -> list[QueuedLine]:
    lines: list[QueuedLine] = []
    for kept in one.lines or ():
        message_id, quote = kept.get("message_id", ""), kept.get("quote", "")
        message = find_message(tx, message_id)
        if message is None or message.conversation_id != one.conversation_id:
            lines.append(QueuedLine(message_id, None, "", quote, quote))
            continue
        speaker, start = known.find(message)
        text = _around(message, start, quote)
        called = speaker.label or ("GM" if speaker.role == "gm" else "")
        lines.append(QueuedLine(message_id, message.seq, called, text, quote))
    return lines


def _around(message: Message, start: int, quote: str) -> str:
    """The words of a message; of a long one those around the quote."""
    text = message.content[start:]
    if len(text) <= SHOWN_CHARACTERS:
        return text
    place = max(0, text.find(quote))
    first = max(0, place - SHOWN_CHARACTERS // 3)
    return cut_text(text[first:], SHOWN_CHARACTERS)
