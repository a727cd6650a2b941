"""What a chat or a thread is for: declared once for every room.

A purpose is a word here, with what its talk is about and the questions that are asked without a
model, and a template of the same name in `templates/`. The page has its name and texts in
`web/app/models/purposes.js`.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Purpose = Literal[
    "general",
    "campaign_creation",
    "session_planning",
    "npc_generation",
    "world_building",
    "character_background",
]
"""What a chat or a thread is for (seed, "ConversationPurpose Enum"; FR-104)."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

ABOUT: Final[dict[Purpose, str]] = {
    "general": "about whatever comes up at the table and before it",
    "campaign_creation": "about starting a new campaign",
    "session_planning": "about planning one game session",
    "npc_generation": "about creating NPCs",
    "world_building": "about building the world",
    "character_background": "about a character's background",
}
"""What its talk is about, as tasks that read it are told."""

QUESTIONS: Final[dict[Purpose, tuple[tuple[str, str], ...]]] = {
    "campaign_creation": (
        ("What should the players feel when they think back to this campaign?", "intent"),
        ("What is wrong in the world that will not mend itself?", "setting"),
        ("Who wants something that the party will stand in the way of?", "arc"),
        ("What must never happen at this table?", "house_rules"),
    ),
    "session_planning": (
        ("What did the party leave unfinished last time?", "recap"),
        ("What happens if the party does nothing?", "plan"),
        ("Which NPC has not been seen for too long?", "npc"),
        ("What is the first thing the players hear or see?", "strong_start"),
    ),
    "npc_generation": (
        ("What does this person want tonight?", "motivations"),
        ("What would they never tell the party?", "secrets"),
        ("How would the players imitate them afterwards?", "mannerisms"),
    ),
    "world_building": (
        ("Who profits from things being as they are?", "factions"),
        ("What do people here fear that is true?", "rumours"),
        ("What can be smelled, heard and touched in this place?", "features"),
    ),
    "character_background": (
        ("Who would come if this character called?", "connections"),
        ("What did they leave behind, and who found it?", "background"),
        ("What would make them break their word?", "personality"),
    ),
    "general": (
        ("What would make the next hour easier for you?", "general"),
        ("What do the players expect, and what will surprise them?", "general"),
    ),
}
"""Questions that would help a game master go on, and the field each answer belongs to."""
