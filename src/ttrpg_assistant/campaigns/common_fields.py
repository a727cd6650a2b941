"""Fields that several kinds have, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.canon import SAID, SYNONYMS, WORDS
from ttrpg_assistant.campaigns.declaration import NOWHERE, QUOTED, SEEN, SHEET, Field

NAME = Field(shapes.NAME, "Name", synonyms=("title",), is_first=True, is_column=True, parts=SEEN)
ALIASES = Field(shapes.NAMES, "Also called", parts=SEEN, synonyms=("alias", "nicknames"))
TAGS = Field(
    shapes.NAMES,
    "Tags",
    hint="Your own words to sort by",
    parts=NOWHERE,
    is_proposable=False,
    is_column=True,
)
SECRETS = Field(
    shapes.SECRETS,
    "Secrets",
    said_as="Secret",
    is_gm_only=True,
    synonyms=("secret",),
    is_first=True,
)
GM_NOTES = Field(shapes.PROSE, "GM notes", is_gm_only=True, synonyms=("notes",), parts=SHEET)
AUDIENCE = Field(
    shapes.choice(
        {"gm": "GM only", "party": "The party", "some": "Those named", "public": "Everyone"}, "gm"
    ),
    "Who knows it",
    parts=NOWHERE,
    is_searched=False,
    is_proposable=False,
    is_filter=True,
    is_column=True,
)
KNOWN_TO = Field(
    shapes.KNOWN_TO,
    "Known to",
    hint="NPCs, player characters and groups who know it",
    parts=NOWHERE,
    is_searched=False,
    is_proposable=False,
    offers=("npc", "character"),
)
AUDIENCE_OF_NAMED = replace(
    AUDIENCE,
    shape=shapes.choice(
        {
            "gm": "GM only",
            "name": "Name only",
            "party": "The party",
            "some": "Those named",
            "public": "Everyone",
        },
        "name",
    ),
    hint="Name only: players and NPCs hear the name where something they know mentions it,"
    " and learn nothing else",
)
"""Of what the world has names for, an NPC or a location: others hear of it by name unless the game
master says otherwise."""
IN_SCENE = Field(
    shapes.flag("in the scene now"),
    "In the scene now",
    said_as="Present",
    parts=QUOTED,
    is_searched=False,
    is_proposable=False,
    is_filter=True,
)

CANON: Mapping[str, Field] = {
    "canon": Field(
        shapes.choice(dict(WORDS), "happened", dict(SYNONYMS), dict(SAID)),
        "Canon",
        hint="An idea, prepared, happened at the table, or taken back since",
        parts=NOWHERE,
        is_searched=False,
        is_proposable=False,
        is_filter=True,
        is_column=True,
    ),
    "game_session_id": Field(
        shapes.REFERENCE,
        "Game session",
        hint="Where it came up or is meant to",
        points_to="game_session",
        parts=NOWHERE,
        is_searched=False,
        is_proposable=False,
        is_filter=True,
    ),
    "source_message_id": Field(
        shapes.MESSAGE,
        "From the message",
        parts=NOWHERE,
        is_searched=False,
        is_proposable=False,
    ),
}
"""How far a thing is part of the story, the game session and the message it comes from: declared
once, and every kind of thing has it. Prompts tell it in `EntityKind.list_lines`."""

LAST: Mapping[str, Field] = {
    "secrets": SECRETS,
    "gm_notes": GM_NOTES,
    "tags": TAGS,
    "audience": AUDIENCE,
    "known_to": KNOWN_TO,
    **CANON,
}
"""What every kind of thing ends with whose audience the game master sets."""
