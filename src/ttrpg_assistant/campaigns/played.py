"""How long a game session has been played, whatever is done to the clock of the machine."""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.campaigns.model import GameSession
from ttrpg_assistant.clock import DAY_SECONDS, elapsed_seconds

LONGEST_STRETCH_SECONDS = DAY_SECONDS
"""Played without a pause. A clock that ran for longer was forgotten, or the machine's was set."""


def played_seconds(game: GameSession) -> float:
    """The seconds on its clock now: those kept, and those of the stretch that runs."""
    if game.running_since is None:
        return game.clock_seconds
    try:
        running = elapsed_seconds(game.running_since, at_most=LONGEST_STRETCH_SECONDS)
    except (TypeError, ValueError):
        running = 0.0  # a damaged moment must not make the game session unreadable
    return game.clock_seconds + running


def with_played_seconds(game: GameSession) -> GameSession:
    """The game session with what its clock shows now."""
    return replace(game, played_seconds=played_seconds(game))
