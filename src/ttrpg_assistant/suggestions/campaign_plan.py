"""What a wizard's answers become: a campaign, its first things, and notes that lose nothing.

Pure: the plan is made first, then stored in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.campaigns.checks import NAME_LENGTH
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.suggestions.wizard_form import LABELS, say
from ttrpg_assistant.suggestions.wizard_steps import ENTITY_LISTS, Answers

UNTITLED = "Untitled campaign"
_OWN_FIELDS = frozenset({"basics", "initial_content"})
"""Steps whose answers become fields and things of the campaign; the others become notes."""


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """Checked fields of the campaign and of everything to be made in it, in order."""

    campaign: dict[str, object]
    entities: tuple[tuple[KindName, dict[str, object]], ...]


def plan_campaign(answers: Answers) -> CampaignPlan:
    """The campaign of these answers, however few they are."""
    basics = answers.get("basics", {})
    content = answers.get("initial_content", {})
    state = _entries(content, "world_state.")
    intent = answers.get("intent", {})
    state.update({key: intent[key] for key in ("tone", "themes") if intent.get(key)})
    campaign = KINDS["campaign"].check_new(
        {
            "name": basics.get("name") or UNTITLED,
            "system": basics.get("system", ""),
            "setting": basics.get("setting", ""),
            "description": basics.get("description", ""),
            "world_state": state,
            "house_rules": _entries(content, "house_rules."),
            "gm_notes": _notes(answers),
        }
    )
    return CampaignPlan(campaign, tuple(_entities(answers)))


def _entries(content: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {key[len(prefix) :]: one for key, one in content.items() if key.startswith(prefix)}


def _notes(answers: Answers) -> str:
    """Everything answered that has no field of its own, a line each. What was agreed at the
    table comes first, where every prompt has room for it."""
    lines = []
    for name, label in LABELS.items():
        step, _, field = name.partition(".")
        if step not in _OWN_FIELDS and (text := say(answers.get(step, {}).get(field))):
            lines.append(f"{label}: {text}")
    return "\n".join(lines)


def _entities(answers: Answers) -> list[tuple[KindName, dict[str, object]]]:
    made: list[tuple[KindName, dict[str, object]]] = []
    content = answers.get("initial_content", {})
    for field, kind in ENTITY_LISTS.items():
        described = KINDS[kind]
        for number, entry in enumerate(content.get(field, []), 1):
            if entry:
                unnamed = {described.name_field: f"Unnamed {described.noun} {number}"}
                made.append((kind, described.check_new({**unnamed, **entry})))
    for number, act in enumerate(answers.get("arc_structure", {}).get("acts", []), 1):
        title = f"Act {number}: {act}"
        cut = title if len(title) <= NAME_LENGTH else cut_text(title, NAME_LENGTH - 1) + "…"
        made.append(
            ("plot_point", KINDS["plot_point"].check_new({"title": cut, "description": act}))
        )
    if content.get("first_session"):
        made.append(
            ("game_session", KINDS["game_session"].check_new({"plan": content["first_session"]}))
        )
    return made
