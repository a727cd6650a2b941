"""The wizard's answers in words, for the talk beside it and for the notes of what comes of it.

Pure. What was agreed at the table comes first: whatever is cut, it is not that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.prompts.entity_facts import FactLine
from ttrpg_assistant.suggestions.wizard_steps import ENTITY_LISTS, OPEN_ENTRIES, Answers

LABELS: dict[str, str] = {
    "intent.avoid": "Must not appear at this table",
    "players.safety": "Agreed for everyone's comfort",
    "basics.name": "Name of the campaign",
    "basics.system": "System",
    "basics.setting": "Setting",
    "basics.description": "Description",
    "intent.fantasy": "What the players should feel",
    "intent.themes": "Themes",
    "intent.tone": "Tone",
    "scope.length": "Length",
    "scope.sessions": "Number of game sessions",
    "scope.hours": "Hours of one game session",
    "players.count": "Number of players",
    "players.names": "Players",
    "players.experience": "Experience of the players",
    "party_composition.characters": "Player characters",
    "party_composition.notes": "What holds the party together",
    "arc_structure.shape": "Shape of the story",
    "arc_structure.acts": "Acts",
    "arc_structure.ending": "Ending",
    "initial_content.first_session": "Plan of the first game session",
    "review.notes": "Notes",
}
"""What each answer is called, in the order in which answers are said."""

_NAMES = {"npcs": "NPC", "locations": "Location", "plot_points": "Plot point"}


def say(value: object) -> str:
    """An answer as one line of text; empty when nothing was answered."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(say, value)))
    if isinstance(value, Mapping):
        named = value.get("name") or value.get("title") or ""
        rest = [say(one) for key, one in value.items() if key not in ("name", "title")]
        return ": ".join(filter(None, [say(named), "; ".join(filter(None, rest))]))
    if isinstance(value, bool) or value is None:
        return ""
    return str(value).strip()


def list_filled(answers: Answers) -> Iterator[FactLine]:
    """Every answer that says something, as a labelled line."""
    for name, label in LABELS.items():
        step, _, field = name.partition(".")
        if text := say(answers.get(step, {}).get(field)):
            yield FactLine(label, text)
    content: Mapping[str, Any] = answers.get("initial_content", {})
    for field in ENTITY_LISTS:
        for entry in content.get(field, []):
            if text := say(entry):
                yield FactLine(_NAMES[field], text)
    for field, value in content.items():
        if field.startswith(OPEN_ENTRIES) and (text := say(value)):
            kind, _, name = field.partition(".")
            yield FactLine(f"{kind.replace('_', ' ').capitalize()}, {name}", text)
