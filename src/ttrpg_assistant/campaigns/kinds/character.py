"""A player character: whose it is, what the party knows of it, and the player's own notes."""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import ALIASES, AUDIENCE, IN_SCENE, LAST, NAME
from ttrpg_assistant.campaigns.declaration import (
    BRIEF,
    PARTY_SHEET,
    SEEN,
    SEEN_BRIEFLY,
    SHEET,
    EntityKind,
    Field,
)
from ttrpg_assistant.campaigns.model import Thing

KIND: EntityKind[Thing] = EntityKind(
    name="character",
    noun="player character",
    plural="Player characters",
    icon="users-round",
    is_pictured=True,
    hint="One of the party: who plays them, what they want, what others see of them",
    rank=45,
    filed_under=(
        "pcs",
        "player",
        "players",
        "player_characters",
        "party",
        "hero",
        "heroes",
        "protagonist",
    ),
    proposals={
        "character": (
            "character",
            "player_character",
            "characters",
            "pc",
            "new_character",
            "party_member",
        )
    },
    most_in_prompts=12,
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "player": Field(
            shapes.LINE,
            "Player",
            hint="Who plays this character",
            parts=BRIEF,
            synonyms=("player_name", "played_by"),
            is_column=True,
            is_first=True,
        ),
        "role": Field(
            shapes.LINE,
            "Class or role",
            hint="Ranger, ship's doctor, thief …",
            parts=SEEN_BRIEFLY,
            synonyms=("class", "profession", "occupation", "race", "ancestry"),
            is_column=True,
            is_first=True,
            says_itself=True,
        ),
        "description": Field(
            shapes.PROSE,
            "What others see",
            hint="Looks and manner: what anybody who meets them knows",
            parts=SEEN,
            synonyms=("appearance", "looks", "personality"),
            is_first=True,
        ),
        "background": Field(
            shapes.PROSE, "Background", parts=SHEET, synonyms=("history", "backstory", "bio")
        ),
        "goals": Field(
            shapes.PROSE, "Goals", parts=BRIEF, synonyms=("goal", "motivation", "motivations")
        ),
        "party_knows": Field(
            shapes.PROSE,
            "What the party knows",
            parts=PARTY_SHEET,
            synonyms=("known_to_party",),
        ),
        "player_notes": Field(
            shapes.PROSE,
            "Player's notes",
            hint="What the player wrote or said about their character",
            parts=SHEET,
            is_proposable=False,
        ),
        "is_present": IN_SCENE,
        **LAST,
        "audience": replace(AUDIENCE, blank="public"),
    },
)
