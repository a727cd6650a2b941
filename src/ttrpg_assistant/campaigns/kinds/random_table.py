"""A random table: a list that dice choose from; `campaigns/random_rolls.py` rolls on it."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import ALIASES, LAST, NAME
from ttrpg_assistant.campaigns.declaration import BRIEF, EntityKind, Field
from ttrpg_assistant.campaigns.model import Thing

KIND: EntityKind[Thing] = EntityKind(
    name="random_table",
    noun="random table",
    plural="Random tables",
    icon="dices",
    hint="A list to roll on: rumours, encounters, names",
    rank=90,
    filed_under=(
        "tables",
        "roll_tables",
        "rolltable",
        "rolltables",
        "rollable_table",
        "rollable_tables",
    ),
    proposals={
        "random_table": ("random_table", "random_tables", "table", "roll_table", "new_random_table")
    },
    main_field="entries",
    is_rolled_on=True,
    fields={
        "name": NAME,
        "aliases": ALIASES,
        "dice": Field(
            shapes.LINE,
            "Dice",
            hint="d6, 2d6, d66, d100. Empty: one of the entries, all alike",
            parts=BRIEF,
            synonyms=("die", "roll"),
            is_column=True,
            is_first=True,
        ),
        "entries": Field(
            shapes.PROSE,
            "Entries",
            hint="One a line, numbered if you like: 1-3 Rain. [[Another table]] rolls on it",
            synonyms=("rows", "results", "list", "table"),
            is_first=True,
        ),
        **LAST,
    },
)
