"""An NPC: a character the game master plays."""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.campaigns import shapes, tables
from ttrpg_assistant.campaigns.common_fields import (
    ALIASES,
    AUDIENCE_OF_NAMED,
    IN_SCENE,
    LAST,
    NAME,
)
from ttrpg_assistant.campaigns.declaration import (
    BRIEF,
    NOWHERE,
    QUOTED,
    SEEN,
    SEEN_BRIEFLY,
    EntityKind,
    Field,
)
from ttrpg_assistant.campaigns.model import Npc

KIND: EntityKind[Npc] = EntityKind(
    name="npc",
    noun="NPC",
    plural="NPCs",
    icon="user",
    is_pictured=True,
    hint="Somebody you play: who they are, how they speak, what they know",
    rank=20,
    filed_under=(
        "character",
        "characters",
        "people",
        "person",
        "persons",
        "folk",
        "cast",
        "villain",
        "villains",
        "antagonist",
        "ally",
        "allies",
    ),
    table=tables.npcs,
    value=Npc,
    path="npcs",
    main_field="background",
    proposals={
        "npc": ("npc", "npcs", "new_npc", "create_npc"),
        "npc_trait": ("npc_trait", "npc_traits", "npc_field", "npc_update", "trait"),
    },
    taught={
        "npc": "role, background, personality, appearance, speaking_style, motivations,"
        " mannerisms, secrets"
    },
    most_in_prompts=20,
    form_order=(
        "name",
        "role",
        "voice_card",
        "personality",
        "speaking_style",
        "sample_lines",
        "mannerisms",
        "never_says",
        "appearance",
        "background",
        "motivations",
        "connections",
        "location_id",
        "status",
        "is_present",
        "groups",
        "aliases",
    ),
    empty_list="NPCs are the characters you play. A name is enough to start."
    " The voice card holds what you read before you speak as them.",
    fields={
        "name": replace(NAME, synonyms=()),
        "aliases": ALIASES,
        "role": Field(
            shapes.LINE,
            "Role",
            hint="Their part in the story",
            parts=SEEN_BRIEFLY,
            synonyms=("occupation", "title"),
            is_column=True,
            is_first=True,
            says_itself=True,
        ),
        "status": Field(
            shapes.LINE,
            "Status",
            hint="Alive, missing, imprisoned …",
            parts=BRIEF,
            is_column=True,
            is_filter=True,
        ),
        "location_id": Field(
            shapes.REFERENCE,
            "Location",
            points_to="location",
            is_searched=False,
            is_proposable=False,
            is_column=True,
            is_filter=True,
        ),
        "groups": Field(
            shapes.NAMES,
            "Groups",
            hint="The groups this NPC belongs to. What a group knows, the NPC knows.",
            synonyms=("faction", "factions"),
        ),
        "background": Field(
            shapes.PROSE,
            "Background",
            synonyms=("history", "backstory", "description", "bio"),
        ),
        "personality": Field(
            shapes.PROSE,
            "Personality",
            parts=BRIEF,
            synonyms=("traits", "personality_traits", "trait"),
            is_first=True,
        ),
        "appearance": Field(shapes.PROSE, "Appearance", parts=SEEN, synonyms=("looks",)),
        "motivations": Field(shapes.PROSE, "Motivations", synonyms=("motivation", "goals", "goal")),
        "speaking_style": Field(
            shapes.PROSE, "Speaking style", synonyms=("voice", "speech"), is_first=True
        ),
        "sample_lines": Field(
            shapes.LINES,
            "Sample lines",
            said_as="Says",
            parts=QUOTED,
            synonyms=("quotes", "catchphrases"),
        ),
        "mannerisms": Field(
            shapes.LINES,
            "Mannerisms",
            said_as="Mannerism",
            parts=QUOTED,
            synonyms=("mannerism", "quirks", "quirk"),
        ),
        "never_says": Field(shapes.JOINED_LINES, "Never says", parts=QUOTED),
        "voice_card": Field(
            shapes.VOICE_CARD,
            "Voice card",
            hint="At most three lines: what you read before you speak as this NPC",
            parts=NOWHERE,
            is_proposable=False,
        ),
        "connections": Field(
            shapes.CONNECTIONS, "Connections", synonyms=("relationships", "relations")
        ),
        "is_present": IN_SCENE,
        **LAST,
        "audience": AUDIENCE_OF_NAMED,
    },
)
