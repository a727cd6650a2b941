"""A faction: a group with goals, means, and an attitude to the party."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import ALIASES, LAST, NAME
from ttrpg_assistant.campaigns.declaration import BRIEF, SEEN, SEEN_BRIEFLY, EntityKind, Field
from ttrpg_assistant.campaigns.model import Thing

KIND: EntityKind[Thing] = EntityKind(
    name="faction",
    noun="faction",
    plural="Factions",
    icon="flag",
    is_pictured=True,
    hint="A group with goals of its own: a guild, a court, a cult",
    rank=50,
    filed_under=(
        "group",
        "groups",
        "guilds",
        "organizations",
        "organisations",
        "religion",
        "religions",
        "order",
        "cult",
        "house",
        "family",
        "families",
    ),
    proposals={
        "faction": ("faction", "factions", "new_faction", "organization", "organisation", "guild")
    },
    most_in_prompts=12,
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "type": Field(
            shapes.LINE,
            "Kind",
            hint="Guild, noble house, cult …",
            parts=SEEN_BRIEFLY,
            synonyms=("kind",),
            is_column=True,
            is_first=True,
            says_itself=True,
        ),
        "description": Field(
            shapes.PROSE, "Description", parts=SEEN, synonyms=("summary",), is_first=True
        ),
        "goals": Field(
            shapes.PROSE,
            "Goals",
            hint="What it wants, and what it does next",
            parts=BRIEF,
            synonyms=("goal", "agenda", "motivation", "motivations"),
            is_first=True,
        ),
        "resources": Field(
            shapes.PROSE, "Resources", hint="Money, people, places", synonyms=("assets", "means")
        ),
        "attitude": Field(
            shapes.LINE,
            "Attitude to the party",
            hint="Friendly, wary, hostile …",
            parts=BRIEF,
            synonyms=("attitude_to_party", "disposition", "stance"),
            is_column=True,
            is_first=True,
        ),
        **LAST,
    },
)
