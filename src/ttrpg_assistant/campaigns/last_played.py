"""What the game session before was about: its recap, or what was noted until there is one.

Prompts, the built-in model and the page all ask here, so that a recap left for later is missed
nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.evenings import tell_in_order
from ttrpg_assistant.campaigns.store import prompt_reading, table_log
from ttrpg_assistant.characters import cut_text

MOST_LINES = 60
"""Notes, and events, that stand in for a recap: the newest."""

MOST_CHARACTERS = 3_600
"""Of all of them together; a prompt keeps 4,000 of a recap."""

LINE_CHARACTERS = 400

Source = Literal["recap", "notes"]


@dataclass(frozen=True, slots=True)
class LastGameSession:
    """The game session played last, for the game master alone.

    `text` is the recap, else a line for each note and event, in order; it may be empty. `title`
    says which of them it is.
    """

    game_session_id: str
    number: int
    name: str
    is_running: bool
    source: Source
    title: str
    text: str


def find_last_game_session(
    tx: Connection, campaign_id: str, before: int | None
) -> LastGameSession | None:
    """The last game session below number `before` (None: of all) that was played or runs now."""
    played = prompt_reading.find_last_played(tx, campaign_id, before)
    if played is None:
        return None
    which = f"Game session {played.number}"
    if played.recap:
        source: Source = "recap"
        title, text = f"{which}, its recap", played.recap
    else:
        source = "notes"
        state = "is being played now" if played.is_running else "has no recap yet"
        title, text = f"{which} {state}; noted at the table, in order", _noted(tx, played.id)
    return LastGameSession(
        played.id, played.number, played.title, played.is_running, source, title, text
    )


def _noted(tx: Connection, game_session_id: str) -> str:
    """The newest lines that fit, oldest first. What was rolled tells nothing without its why."""
    notes = table_log.list_newest_notes(tx, game_session_id, MOST_LINES)
    events = table_log.list_newest_events(tx, game_session_id, MOST_LINES)
    kept: list[str] = []
    left = MOST_CHARACTERS
    for line in reversed(tell_in_order(notes, events)):
        said = " ".join(cut_text(line.text, LINE_CHARACTERS).split())
        if len(said) >= left:
            break
        kept.append(said)
        left -= len(said) + 1
    return "\n".join(reversed(kept))
