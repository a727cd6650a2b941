"""A location: a place of the campaign. `parent_id` says within which other place it lies."""

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
    QUOTED,
    SEEN,
    SEEN_BRIEFLY,
    EntityKind,
    Field,
)
from ttrpg_assistant.campaigns.model import Location

KIND: EntityKind[Location] = EntityKind(
    name="location",
    noun="location",
    plural="Locations",
    icon="map-pin",
    is_pictured=True,
    hint="A place, what is there to see, and what is hidden there",
    rank=30,
    filed_under=(
        "places",
        "town",
        "towns",
        "city",
        "cities",
        "village",
        "settlement",
        "settlements",
        "region",
        "regions",
        "country",
        "countries",
        "dungeon",
        "dungeons",
        "geography",
        "poi",
        "building",
        "shop",
        "tavern",
    ),
    table=tables.locations,
    value=Location,
    path="locations",
    proposals={"location": ("location", "locations", "new_location", "create_location", "place")},
    taught={"location": "location_type, description, features, secrets"},
    most_in_prompts=10,
    form_order=(
        "name",
        "kind",
        "description",
        "features",
        "parent_id",
        "is_present",
        "aliases",
    ),
    empty_list="Locations are where the story takes place. One can be part of another.",
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "kind": Field(
            shapes.LINE,
            "Kind",
            hint="Inn, forest, ruined keep …",
            parts=SEEN_BRIEFLY,
            synonyms=("type", "location_type"),
            is_column=True,
            is_first=True,
            says_itself=True,
        ),
        "description": Field(
            shapes.PROSE, "Description", parts=SEEN_BRIEFLY, synonyms=("summary",), is_first=True
        ),
        "features": Field(
            shapes.LINES, "Features", said_as="Feature", parts=SEEN, synonyms=("feature",)
        ),
        "parent_id": Field(
            shapes.REFERENCE,
            "Part of",
            said_as="In",
            points_to="location",
            parts=QUOTED,
            is_searched=False,
            is_proposable=False,
            is_column=True,
            is_filter=True,
        ),
        "is_present": replace(
            IN_SCENE, shape=shapes.flag("the party is here now"), label="The party is here now"
        ),
        **LAST,
        "audience": AUDIENCE_OF_NAMED,
    },
)
