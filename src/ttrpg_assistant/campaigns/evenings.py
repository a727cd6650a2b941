"""A game session as a recap is made from it: once for the game master, once for players.

The players' version is read apart: by queries that leave out notes for the game master alone
and events about plot points that players do not know of. Nothing is read first and hidden then.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.model import GameSession, SessionEvent, SessionNote
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.campaigns.store.kinds import CAMPAIGN, GAME_SESSION
from ttrpg_assistant.prompts.recaps import GmEvening, PlayersEvening, TableLine

MOST_LINES = 500
"""Notes, and events, of one game session that are read: the newest."""

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
        return GmEvening(
            game.id,
            campaign.name,
            game.session_number,
            game.title,
            game.plan,
            _in_order(notes, events),
            campaign.gm_notes,
        )

    def gather_for_players(self, tx: Connection, game_session_id: str) -> PlayersEvening:
        """What players may know; nothing else is even read. Raises `NotFound`."""
        game = get_entity(tx, GAME_SESSION, game_session_id)
        notes = table_log.list_newest_notes(tx, game.id, MOST_LINES, for_players=True)
        events = table_log.list_newest_events(tx, game.id, MOST_LINES, for_players=True)
        return PlayersEvening(
            game.id,
            _campaign_name(tx, game),
            game.session_number,
            game.title,
            _in_order(notes, events),
        )

    def find_span(self, tx: Connection, game_session_id: str) -> tuple[str, str | None, str | None]:
        """The campaign's id, and when the game session began and ended. Raises `NotFound`."""
        game = get_entity(tx, GAME_SESSION, game_session_id)
        return game.campaign_id, game.started_at, game.ended_at


def _campaign_name(tx: Connection, game: GameSession) -> str:
    return get_entity(tx, CAMPAIGN, game.campaign_id).name


def _in_order(
    notes: Sequence[SessionNote], events: Sequence[SessionEvent]
) -> tuple[TableLine, ...]:
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
