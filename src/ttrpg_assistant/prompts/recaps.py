"""Recaps of one game session: one for the game master, one that players may hear.

What players may hear is decided by the shape of what it is made from: `PlayersEvening` has no
place for a plan, a note for the game master alone, or talk with the assistant, and
`compose_players_recap` takes nothing else (DESIGN, "What the model may see is decided by
construction").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.llm.types import Passage
from ttrpg_assistant.prompts.budget import Budget, Item, Section
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import History
from ttrpg_assistant.prompts.manifest import EntityUse
from ttrpg_assistant.prompts.sanitise import sanitise, sanitise_lines
from ttrpg_assistant.prompts.sections import NAME_LIMIT, NOTES_CHARACTERS, lines_section

ASK_GM = "Write the recap of this game session for me."
ASK_PLAYERS = "Write the recap of this game session for the players."

PLAN_LINES = 20


@dataclass(frozen=True, slots=True)
class TableLine:
    """Something written down at the table, as one sentence or a few."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PlayersEvening:
    """What players may know of a game session. `lines` are in the order of their time."""

    game_session_id: str
    campaign: str
    number: int
    title: str
    lines: tuple[TableLine, ...] = ()


@dataclass(frozen=True, slots=True)
class GmEvening:
    """All of a game session: also the plan, and every note. `lines` are in order."""

    game_session_id: str
    campaign: str
    number: int
    title: str
    plan: str = ""
    lines: tuple[TableLine, ...] = ()
    gm_notes: str = ""
    """The game master's notes on the campaign: what was agreed at the table is there."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Something said while the game session ran: by whom, and what."""

    id: str
    speaker: str
    text: str


def compose_gm_recap(
    evening: GmEvening, talk: Sequence[SpokenLine], budget: Budget, nonce: str
) -> Prompt:
    """A prompt for the recap that only the game master reads. Raises as `compose_chat`."""
    plan = [line for line in sanitise_lines(evening.plan) if line][:PLAN_LINES]
    sections = [
        _section("table", "Noted at the table, in order", _noted(evening.lines), evening),
        _head(evening),
        _section("gm_notes", "Game master's notes", _prose(evening.gm_notes), evening),
        _section("plan", "What was planned", plan, evening),
        _section("talk", "Said meanwhile, with the assistant and as NPCs", _spoken(talk), evening),
    ]
    return compose_task(
        "recap_gm",
        history=History(),
        request=ASK_GM,
        budget=budget,
        nonce=nonce,
        sections=[section for section in sections if section.count],
    )


def compose_players_recap(evening: PlayersEvening, budget: Budget, nonce: str) -> Prompt:
    """A prompt for the recap that players may hear. Raises as `compose_chat`."""
    return compose_task(
        "recap_players",
        history=History(),
        request=ASK_PLAYERS,
        budget=budget,
        nonce=nonce,
        sections=[
            _section("table", "What happened, in order", _noted(evening.lines), evening),
            _head(evening),
        ],
    )


def passages_of_evening(
    evening: GmEvening | PlayersEvening, talk: Sequence[SpokenLine] = ()
) -> tuple[Passage, ...]:
    """The same in the shape the built-in model quotes from."""
    noted = [Passage("note", line.id, "At the table", line.text) for line in evening.lines]
    said = [Passage("message", line.id, line.speaker, line.text) for line in talk]
    return (*noted, *said)


def _head(evening: GmEvening | PlayersEvening) -> Section:
    pairs = [
        ("Campaign", evening.campaign),
        ("Game session", str(evening.number)),
        ("Title", evening.title),
    ]
    return lines_section("evening", "", pairs, use=_use(evening))


def _section(
    name: str, title: str, lines: Sequence[str], evening: GmEvening | PlayersEvening
) -> Section:
    use = _use(evening)
    items = (Item(f"- {line}", use) for line in lines)
    return Section(name, f"{title}:", items, len(lines))


def _prose(text: str) -> list[str]:
    return list(sanitise_lines(cut_text(text, NOTES_CHARACTERS)))


def _noted(lines: Sequence[TableLine]) -> list[str]:
    return [part for line in lines for part in sanitise_lines(line.text)]


def _spoken(talk: Sequence[SpokenLine]) -> list[str]:
    return list(_cleaned(talk))


def _cleaned(talk: Sequence[SpokenLine]) -> Iterator[str]:
    for line in talk:
        said = sanitise(line.text)
        if said:
            yield f"{sanitise(line.speaker, NAME_LIMIT)}: {said}"


def _use(evening: GmEvening | PlayersEvening) -> EntityUse:
    name = sanitise(evening.title, NAME_LIMIT) or f"Session {evening.number}"
    return EntityUse("game_session", evening.game_session_id, name, "subject")
