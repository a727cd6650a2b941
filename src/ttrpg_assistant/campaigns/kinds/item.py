"""An item: something that can be held, and who holds it."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import ALIASES, LAST, NAME
from ttrpg_assistant.campaigns.declaration import BRIEF, SEEN, SEEN_BRIEFLY, EntityKind, Field
from ttrpg_assistant.campaigns.model import Thing

KIND: EntityKind[Thing] = EntityKind(
    name="item",
    noun="item",
    plural="Items",
    icon="package",
    is_pictured=True,
    hint="A thing worth remembering: a sword, a letter, a key",
    rank=60,
    filed_under=(
        "treasures",
        "artifacts",
        "artefact",
        "artefacts",
        "equipment",
        "gear",
        "weapon",
        "weapons",
        "magic_items",
        "loot",
        "object",
        "objects",
    ),
    proposals={"item": ("item", "items", "new_item", "treasure", "artifact", "magic_item")},
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "type": Field(
            shapes.LINE,
            "Kind",
            hint="Weapon, letter, key …",
            parts=SEEN_BRIEFLY,
            synonyms=("kind", "rarity"),
            is_column=True,
            is_first=True,
            says_itself=True,
        ),
        "description": Field(
            shapes.PROSE,
            "Description",
            parts=SEEN,
            synonyms=("summary", "appearance"),
            is_first=True,
        ),
        "properties": Field(
            shapes.PROSE,
            "What it does",
            synonyms=("effects", "effect", "powers", "abilities"),
            is_first=True,
        ),
        "holder": Field(
            shapes.LINE,
            "Where it is",
            hint="Who has it, or where it lies",
            parts=BRIEF,
            synonyms=("owner", "held_by", "location"),
            is_column=True,
        ),
        **LAST,
    },
)
