"""The server with one kind of thing more, declared as a file of `campaigns/kinds/` declares one."""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import ALIASES, AUDIENCE, LAST, NAME
from ttrpg_assistant.campaigns.declaration import BRIEF, EntityKind, Field
from ttrpg_assistant.campaigns.model import Thing
from ttrpg_assistant.campaigns.registry import add_kind

KIND: EntityKind[Thing] = EntityKind(
    name="vehicle",
    noun="vehicle",
    plural="Vehicles",
    icon="box",
    hint="A ship or a wagon, and what it can carry",
    rank=200,
    proposals={"vehicle": ("vehicle", "new_vehicle", "ship")},
    most_in_prompts=5,
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "hull": Field(
            shapes.choice({"wood": "Wooden", "iron": "Iron"}, "wood"),
            "Hull",
            is_column=True,
            is_filter=True,
            is_first=True,
        ),
        "description": Field(shapes.PROSE, "Description", parts=BRIEF, is_first=True),
        "captain_id": Field(shapes.REFERENCE, "Captain", points_to="npc", is_proposable=False),
        **LAST,
        "audience": replace(AUDIENCE, blank="public"),
    },
)

if __name__ == "__main__":
    add_kind(KIND)
    from ttrpg_assistant.cli import main

    main()
