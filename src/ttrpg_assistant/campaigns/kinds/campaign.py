"""A campaign: a world and the people playing in it."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes, tables
from ttrpg_assistant.campaigns.common_fields import GM_NOTES
from ttrpg_assistant.campaigns.declaration import EntityKind, Field
from ttrpg_assistant.campaigns.model import Campaign

KIND: EntityKind[Campaign] = EntityKind(
    name="campaign",
    noun="campaign",
    plural="Campaigns",
    icon="book-open",
    path="campaigns",
    rank=0,
    table=tables.campaigns,
    value=Campaign,
    proposals={
        "campaign_field": (
            "campaign",
            "campaign_field",
            "campaign_setting",
            "world",
            "world_state",
        ),
        "house_rule": ("house_rule", "house_rules", "rule"),
    },
    taught={
        "house_rule": "name, text",
        "campaign": "name, system, setting, description, world_state",
    },
    is_named_in_talk=False,
    is_thing=False,
    form_order=("name", "system", "setting", "description", "gm_notes"),
    fields={
        "name": Field(shapes.NAME, "Name", synonyms=("title",), is_first=True),
        "system": Field(
            shapes.LINE,
            "System",
            hint="The rules you play by",
            synonyms=("game_system",),
            is_first=True,
        ),
        "setting": Field(
            shapes.PROSE,
            "Setting",
            hint="Where and when it takes place",
            synonyms=("world",),
            is_first=True,
        ),
        "description": Field(shapes.PROSE, "What it is about", said_as="Description"),
        "world_state": Field(shapes.OBJECT, "World state"),
        "house_rules": Field(shapes.OBJECT, "House rules"),
        "gm_notes": GM_NOTES,
    },
)
