"""A creature: a stat block in the words of any game, and what the numbers in it say."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import ALIASES, IN_SCENE, LAST, NAME
from ttrpg_assistant.campaigns.declaration import BRIEF, SEEN, EntityKind, Field
from ttrpg_assistant.campaigns.model import Thing

KIND: EntityKind[Thing] = EntityKind(
    name="creature",
    noun="creature",
    plural="Creatures",
    icon="paw-print",
    is_pictured=True,
    hint="A monster or animal with its stat block, in the words of your game",
    rank=70,
    filed_under=(
        "monsters",
        "bestiary",
        "beasts",
        "stat_blocks",
        "statblocks",
        "animal",
        "animals",
        "enemies",
        "race",
        "races",
        "species",
    ),
    proposals={
        "creature": (
            "creature",
            "creatures",
            "monster",
            "new_creature",
            "stat_block",
            "enemy",
            "beast",
        )
    },
    left_over_field="stat_block",
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "type": Field(
            shapes.LINE,
            "Kind",
            hint="Undead, beast, machine …",
            parts=BRIEF,
            synonyms=("kind", "size"),
            is_column=True,
            is_first=True,
            says_itself=True,
        ),
        "description": Field(
            shapes.PROSE,
            "Description",
            parts=SEEN,
            synonyms=("summary", "appearance", "looks"),
            is_first=True,
        ),
        "stat_block": Field(
            shapes.PROSE,
            "Stat block",
            hint="One value or ability a line, as your game writes it: AC 15, HP 52 (7d8+21)",
            is_gm_only=True,
            synonyms=("stats", "statistics", "abilities", "actions"),
            has_numbers=True,
            is_first=True,
        ),
        "tactics": Field(shapes.PROSE, "Tactics", is_gm_only=True, synonyms=("behavior",)),
        "is_present": IN_SCENE,
        **LAST,
    },
)
