"""A game session as a recap is made from it: once for the game master, once for players.

The players' version is read apart: by queries that leave out notes for the game master alone
and events about things that players do not know of. Nothing is read first and hidden then.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.model import GameSession, SessionEvent, SessionNote
from ttrpg_assistant.campaigns.sheets import tell_rolls
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.prompts.audience import PARTY
from ttrpg_assistant.prompts.recaps import GmEvening, PlayersEvening, TableLine

MOST_LINES = 500
"""Notes, and events, of one game session that are read: the newest."""

MOST_ROLLS = 20
"""The newest rolls of dice of a game session that go into a prompt."""

_WORDS = {
    "enters": "{} came in.",
    "leaves": "{} left.",
    "arrives": "The party came to {}.",
    "moves_on": "The party left {}.",
    "happened": "It happened: {}.",
}
"""The events that the page writes down by itself, as sentences."""


class CampaignEvenings:
    """Reads game sessions for their recaps."""

    def gather_for_gm(self, tx: Connection, game_session_id: str) -> GmEvening:
        """All that was planned and noted. Raises `NotFound`."""
        game = get_entity(tx, GAME_SESSION, game_session_id)
        notes = table_log.list_newest_notes(tx, game.id, MOST_LINES)
        events = table_log.list_newest_events(tx, game.id, MOST_LINES)
        campaign = get_entity(tx, CAMPAIGN, game.campaign_id)
        lines = tell_in_order(notes, events)
        rolled = _rolled_during(tx, game) if lines else ()
        return GmEvening(
            game.id,
            campaign.name,
            game.session_number,
            game.title,
            game.plan,
            (*lines, *rolled),
            campaign.gm_notes,
        )

    def gather_for_players(self, tx: Connection, game_session_id: str) -> PlayersEvening:
        """What players may know; nothing else is even read. Raises `NotFound`."""
        game = get_entity(tx, GAME_SESSION, game_session_id)
        notes = table_log.list_newest_notes(tx, game.id, MOST_LINES, PARTY)
        events = table_log.list_newest_events(tx, game.id, MOST_LINES, PARTY)
        return PlayersEvening(
            game.id,
            _campaign_name(tx, game),
            game.session_number,
            game.title,
            tell_in_order(notes, events),
        )

    def find_span(self, tx: Connection, game_session_id: str) -> tuple[str, str | None, str | None]:
        """The campaign's id, and when the game session began and ended. Raises `NotFound`."""
        game = get_entity(tx, GAME_SESSION, game_session_id)
        return game.campaign_id, game.started_at, game.ended_at


def _rolled_during(tx: Connection, game: GameSession) -> tuple[TableLine, ...]:
    """What was rolled while it was played, as one line; rolls of the days after are left out."""
    rolls = [
        roll
        for roll in table_log.list_newest_rolls(tx, game.id, MOST_ROLLS)
        if game.started_at is not None
        and roll.at >= game.started_at
        and (game.ended_at is None or roll.at <= game.ended_at)
    ]
    return (TableLine(rolls[-1].id, f"Dice rolled: {tell_rolls(rolls)}."),) if rolls else ()


def _campaign_name(tx: Connection, game: GameSession) -> str:
    return get_entity(tx, CAMPAIGN, game.campaign_id).name


def tell_in_order(
    notes: Sequence[SessionNote], events: Sequence[SessionEvent]
) -> tuple[TableLine, ...]:
    """Notes and events as sentences, by their time."""
    lines = [(note.at, note.id, note.text) for note in notes]
    lines += [(event.at, event.id, _say(event)) for event in events]
    return tuple(TableLine(id, text) for _, id, text in sorted(lines))


def _say(event: SessionEvent) -> str:
    text = event.text.strip()
    if text.endswith((".", "!", "?", "…")):
        return text
    if event.kind in _WORDS:
        return _WORDS[event.kind].format(text)
    kind = event.kind.replace("_", " ")
    return f"{kind[:1].upper()}{kind[1:]}: {text}"
