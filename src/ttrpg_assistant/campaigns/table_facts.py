"""What a prompt tells of the table: the game session that runs, and the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.evenings import MOST_ROLLS
from ttrpg_assistant.campaigns.last_played import find_last_game_session
from ttrpg_assistant.campaigns.model import GameSession
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.prompts.facts import LAST_TIME, GameSessionFacts, Moment

MOST_ENTRIES = 32
"""Notes, and events, of the running game session: the newest."""
ENTRIES_AT_ONCE = 8
"""So many notes, or events, join what stays the same at once; till then they are the latest."""

L = TypeVar("L")


def describe_game_session(tx: Connection, game: GameSession) -> GameSessionFacts:
    notes = table_log.list_newest_notes(tx, game.id, MOST_ENTRIES)
    events = table_log.list_newest_events(tx, game.id, MOST_ENTRIES)
    counts = (len(notes), len(events))
    if MOST_ENTRIES in counts:
        counts = table_log.count_entries(tx, game.id)
    new_notes, new_events = (count % ENTRIES_AT_ONCE for count in counts)
    settled_notes, latest_notes = _settle(notes, new_notes)
    settled_events, latest_events = _settle(events, new_events)
    timed = [(note.at, note.id, sheets.note_fact(note)) for note in latest_notes]
    timed += [(event.at, event.id, sheets.event_fact(event)) for event in latest_events]
    return GameSessionFacts(
        id=game.id,
        number=game.session_number,
        title=game.title,
        status=game.status,
        plan=game.plan,
        notes=tuple(map(sheets.note_fact, settled_notes)),
        events=tuple(map(sheets.event_fact, settled_events)),
        rolls=sheets.rolls_fact(table_log.list_newest_rolls(tx, game.id, MOST_ROLLS)),
        latest=tuple(fact for _, _, fact in sorted(timed, key=lambda one: one[:2])),
    )


def _settle(entries: Sequence[L], newest: int) -> tuple[Sequence[L], Sequence[L]]:
    """The entries that stay as they are until so many more are there, and the newest ones."""
    at = len(entries) - newest
    return entries[max(0, at - (MOST_ENTRIES - ENTRIES_AT_ONCE)) : at], entries[at:]


def find_recap(tx: Connection, campaign_id: str, before: int | None) -> tuple[str, str]:
    """The text and its title."""
    last = find_last_game_session(tx, campaign_id, before)
    if last is None or (not last.text and not last.is_running):
        return "", LAST_TIME
    if last.source == "recap":
        return last.text, LAST_TIME
    return last.text or "There are no notes yet.", last.title


def find_moment(game: GameSession | None) -> Moment:
    if game is None or game.status == "ended":
        return "between"
    return "at_table" if game.status == "running" else "preparing"
