"""What was played and what is planned: each out of its own source, neither told as the other."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from ttrpg_assistant.builtin.citing import cite
from ttrpg_assistant.builtin.own_words import NOTHING, PLANNED, PLAYED
from ttrpg_assistant.builtin.quoting import Unit, quote_units
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.weighing import list_asked
from ttrpg_assistant.builtin.when import (
    asks_for_end,
    asks_for_plan,
    asks_what_happened,
    strip_when,
)
from ttrpg_assistant.llm.types import Passage, PassageSession

_MOST_ENTRIES = 24
_AT_THE_END = 3
_WHICH = re.compile(
    r"\b(?:what|which) (?:game )?session (?:number |no\.? )?(?:is|are|do)\b"
    r"|\b(?:what|which) number (?:is|of) (?:this|the|session)"
)
_SECRETS = re.compile(r"\bsecrets?\b|\bgm[- ]only\b|\bhidden\b|\bnot (?:yet )?revealed\b")
_TALK = re.compile(
    r"\b(?:this|our|the) (?:conversation|chat|talk|thread|discussion)\b|\bwhat we (?:said|talked"
    r"|discussed)\b"
)


def reply_from_sessions(reading: Reading, rng: random.Random) -> str | None:
    """What happened last time, tonight or in session 2; what is planned; which one runs."""
    said = reading.said
    if _TALK.search(said):
        return None
    if _WHICH.search(said):
        return _say_which(reading)
    scope, game = reading.scope
    if asks_for_plan(said):
        return _tell_plan(reading)
    if _SECRETS.search(said) and scope in ("tonight", "next", "numbered"):
        return _tell_secrets(reading, game)
    is_bare = not _asked_besides(reading) and not reading.spoken_of
    if asks_what_happened(said) and is_bare:
        return _tell_played(reading)
    if scope in ("last", "tonight", "next", "numbered") and is_bare:
        if scope == "next" or (game is not None and game.status == "planned"):
            return _tell_plan(reading)
        return _tell_played(reading)
    return None


def _asked_besides(reading: Reading) -> list[str]:
    """What is asked besides when and whether it was played."""
    game = reading.scope[1]
    return list_asked(strip_when(reading.said, [game] if game else []), _SAYS_LITTLE)


_LITTLE = """
    end ended ends stop stopped leave left off pls please quick quickly short brief briefly
    story far again them back best thing things went happening next
"""
_SAYS_LITTLE = frozenset(_LITTLE.split())


def _tell_played(reading: Reading) -> str | None:
    scope, game = reading.scope
    if not reading.evenings.game_sessions:
        return None
    if scope == "all":
        played = [one for one in reading.evenings.game_sessions if one.status != "planned"]
        each = [tell_session(reading, one, brief=True) for one in played]
        return "\n\n".join(filter(None, each)) or _nothing_played(reading)
    if scope == "none":
        running = reading.evenings.find_running()
        if running is not None and re.search(r"\bso far\b", reading.said):
            game = running
        else:
            game = reading.evenings.find_last() or running
    if scope == "tonight" and game is None:
        return "No game session is running. Ask what happened last time, or what is planned."
    if game is None:
        return _nothing_played(reading)
    told = tell_session(reading, game, only_end=asks_for_end(reading.said))
    return told or f"Nothing is recorded of {_link(game)} yet."


def _nothing_played(reading: Reading) -> str:
    if reading.scope[0] == "numbered":
        return NOTHING
    return "Nothing is recorded as played: no game session has ended yet."


def tell_session(
    reading: Reading, game: PassageSession, *, only_end: bool = False, brief: bool = False
) -> str:
    """What was played in it: its recaps, without one its events and notes in their order. Never
    its plan. Empty where nothing is recorded."""
    recaps = reading.units_of(game, "recap")
    units = recaps or _list_log(reading, game)
    if brief:
        public = [unit for unit in recaps if not unit.gm_only]
        units = public or units[:_AT_THE_END]
    elif only_end:
        units = _list_ends(recaps) if recaps else units[-_AT_THE_END:]
    if not units:
        return ""
    left_out = len(units) - _MOST_ENTRIES
    lead = f"{PLAYED}{_link(game)}" + (":" if recaps else ", as noted at the table:")
    if left_out > 0:
        lead = f"{PLAYED}{_link(game)}, the last {_MOST_ENTRIES} entries of its log:"
    return f"{lead}\n\n{quote_units(units[-_MOST_ENTRIES:])}"


def _list_ends(recaps: list[Unit]) -> list[Unit]:
    """The last sentence of each recap."""
    public = [unit for unit in recaps if not unit.gm_only]
    hidden = [unit for unit in recaps if unit.gm_only]
    return [*public[-1:], *hidden[-1:]]


def _list_log(reading: Reading, game: PassageSession) -> list[Unit]:
    """Events and notes; ids are made in the order of time."""
    log = reading.units_of(game, "event", "note")
    return sorted(log, key=lambda unit: unit.passage.ref)


def _tell_plan(reading: Reading) -> str | None:
    scope, game = reading.scope
    if not reading.evenings.game_sessions:
        return None
    if game is None and scope in ("none", "tonight", "all"):
        game = reading.evenings.find_running() or reading.evenings.find_next()
    if game is None:
        return f"{NOTHING} No game session is planned."
    units = reading.units_of(game, "plan")
    if not units:
        return f"Nothing is recorded as planned for {_link(game)}."
    return f"{PLANNED}{_link(game)}:\n\n{quote_units(units)}"


def _tell_secrets(reading: Reading, game: PassageSession | None) -> str | None:
    """The plan's secrets, and what is noted for the game master alone."""
    game = game or reading.evenings.find_running() or reading.evenings.find_next()
    if game is None:
        return None
    plan = reading.units_of(game, "plan")
    secret = [unit for unit in plan if "secret" in unit.text.lower()] or plan
    noted = [unit for unit in _list_log(reading, game) if unit.gm_only]
    units = [*noted, *secret]
    if not units:
        return f"Nothing is recorded for the GM only in {_link(game)}."
    return f"This is recorded:\n\n{quote_units(units)}"


def _say_which(reading: Reading) -> str:
    running = reading.evenings.find_running()
    if running is not None:
        return f"{PLAYED}{_link(running)}: it is running now."
    last, following = reading.evenings.find_last(), reading.evenings.find_next()
    parts = ["No game session is running."]
    parts += [f"{_link(last)} was the last that was played."] if last else []
    parts += [f"{_link(following)} is planned next."] if following else []
    return " ".join(parts)


def _link(game: PassageSession) -> str:
    title = f"Session {game.number}" + (f": {game.title}" if game.title else "")
    return cite(Passage("game_session", game.ref, title, ""))


def list_log_units(reading: Reading, games: Iterable[PassageSession]) -> list[Unit]:
    """Everything recorded as played in these, newest session first."""
    newest = sorted(games, key=lambda game: -game.number)
    return [
        unit
        for game in newest
        for unit in (*reading.units_of(game, "recap"), *_list_log(reading, game))
    ]
