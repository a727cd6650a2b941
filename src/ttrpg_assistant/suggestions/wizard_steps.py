"""The eight steps of making a campaign: their fields, their questions, and what comes of them.

Pure. Every field of every step may be left empty and every step skipped; a campaign comes out
of any answers. Answers are kept by step, and named with a dot: `basics.name`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ttrpg_assistant.campaigns import checks
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.errors import InvalidInput, TooLarge

Step = Literal[
    "basics",
    "intent",
    "scope",
    "players",
    "party_composition",
    "arc_structure",
    "initial_content",
    "review",
]
STEPS: tuple[Step, ...] = get_args(Step)
"""In the order of the requirements, "The wizard"."""

Answers = dict[str, Any]
"""`{step: {field: value}}`."""

ENTITY_LISTS: dict[str, KindName] = {
    "npcs": "npc",
    "locations": "location",
    "plot_points": "plot_point",
}
_MOST_ENTITIES = 100


def _entities(kind: KindName) -> checks.Check:
    def check(field: str, value: object) -> list[object]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise InvalidInput(f"The field {field} must be a list.", facts={"field": field})
        if len(value) > _MOST_ENTITIES:
            raise TooLarge(f"The field {field} is too long.", facts={"limit": _MOST_ENTITIES})
        return [_check_unfinished(kind, one) for one in value]

    return check


def _check_unfinished(kind: KindName, entry: Mapping[str, object]) -> dict[str, object]:
    """An entity as it is while somebody is still typing: its name may be missing yet."""
    described = KINDS[kind]
    filled = {name: one for name, one in entry.items() if one not in ("", None)}
    return described.check_changes(filled)


FIELDS: dict[Step, dict[str, checks.Check]] = {
    "basics": {
        "name": checks.check_title,
        "system": checks.check_line,
        "setting": checks.check_prose,
        "description": checks.check_prose,
    },
    "intent": {
        "fantasy": checks.check_prose,
        "themes": checks.check_names,
        "tone": checks.check_line,
        "avoid": checks.check_lines,
    },
    "scope": {
        "length": checks.check_line,
        "sessions": checks.check_line,
        "hours": checks.check_line,
    },
    "players": {
        "count": checks.check_line,
        "names": checks.check_names,
        "experience": checks.check_line,
        "safety": checks.check_prose,
    },
    "party_composition": {"characters": checks.check_lines, "notes": checks.check_prose},
    "arc_structure": {
        "shape": checks.check_line,
        "acts": checks.check_lines,
        "ending": checks.check_prose,
    },
    "initial_content": {
        **{field: _entities(kind) for field, kind in ENTITY_LISTS.items()},
        "first_session": checks.check_prose,
    },
    "review": {"notes": checks.check_prose},
}

OPEN_ENTRIES = ("world_state.", "house_rules.")
"""Entries of `initial_content` with names of their own: `initial_content.house_rules.Flanking`."""


def check_answers(changes: Mapping[str, object]) -> dict[str, object]:
    """Answers named with dots, as they are kept. Raises `InvalidInput`, `TooLarge`."""
    return {name: _check_answer(name, value) for name, value in changes.items()}


def _check_answer(name: str, value: object) -> object:
    step, _, field = name.partition(".")
    if step == "initial_content" and field.startswith(OPEN_ENTRIES):
        checks.check_object(name, {checks.check_name(name, field.partition(".")[2]): value})
        return value
    check = FIELDS[check_step(step)].get(field)
    if check is None:
        raise InvalidInput(f"The step {step} has no field {field}.", code="unknown_field")
    return check(name, str(value) if isinstance(value, int) else value)


def check_step(step: str) -> Step:
    """The step of this name; `InvalidInput` when there is none."""
    for known in STEPS:
        if known == step:
            return known
    raise InvalidInput(f"The wizard has no step {step}.", code="unknown_step")


@dataclass(frozen=True, slots=True)
class ClarifyingQuestion:
    """Something worth deciding. `field` is the answer it is about, `importance` how much it
    matters to what follows."""

    question: str
    field: str
    importance: Literal["high", "medium", "low"]


_ASKED: dict[str, tuple[Literal["high", "medium", "low"], str]] = {
    "basics.name": ("high", "What is the campaign called?"),
    "basics.system": ("high", "Which game do you play?"),
    "basics.setting": ("high", "Where does it take place, in two sentences?"),
    "basics.description": ("medium", "What is it about, for someone who hears of it?"),
    "intent.fantasy": ("high", "What should the players feel that they are doing?"),
    "intent.tone": ("medium", "What does it sound like: grim, light, strange?"),
    "intent.themes": ("medium", "Which three words will come back?"),
    "intent.avoid": ("high", "What should not appear at this table?"),
    "scope.length": ("high", "One game session, a few, or a long campaign?"),
    "scope.sessions": ("low", "About how many game sessions?"),
    "scope.hours": ("low", "How long is one game session?"),
    "players.count": ("high", "How many play?"),
    "players.experience": ("medium", "How well do they know the game?"),
    "players.safety": ("high", "What do you agree on for everyone's comfort?"),
    "party_composition.characters": ("medium", "Who are the characters, one line each?"),
    "party_composition.notes": ("medium", "What holds the party together?"),
    "arc_structure.ending": ("low", "Does it have an end you already see?"),
    "arc_structure.acts": ("medium", "What are its acts, one line each?"),
    "initial_content.npcs": ("high", "Whom do they meet first?"),
    "initial_content.locations": ("high", "Where does the first game session begin?"),
    "initial_content.plot_points": ("high", "What is already going wrong?"),
    "initial_content.first_session": ("medium", "How does the first game session open?"),
}
QUESTIONS = tuple(
    ClarifyingQuestion(question, name, importance)
    for name, (importance, question) in _ASKED.items()
)
"""What is asked with no model at hand."""


def list_open_questions(answers: Answers, step: Step | None = None) -> list[ClarifyingQuestion]:
    """The questions not answered yet, of one step or of all."""
    found = []
    for one in QUESTIONS:
        of_step, _, field = one.field.partition(".")
        if step in (None, of_step) and not answers.get(of_step, {}).get(field):
            found.append(one)
    return found
