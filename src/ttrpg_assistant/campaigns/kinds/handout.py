"""A handout: a text or picture that is given to the players."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes
from ttrpg_assistant.campaigns.common_fields import LAST, NAME
from ttrpg_assistant.campaigns.declaration import BRIEF, SEEN, EntityKind, Field
from ttrpg_assistant.campaigns.model import Thing

KIND: EntityKind[Thing] = EntityKind(
    name="handout",
    noun="handout",
    plural="Handouts",
    icon="scroll",
    is_pictured=True,
    is_shown_in_pictures=True,
    hint="A letter, map or clue that you give to the players",
    rank=80,
    filed_under=(
        "note",
        "lore",
        "letters",
        "documents",
        "clues",
        "book",
        "books",
        "rule",
        "rules",
        "history",
    ),
    proposals={"handout": ("handout", "handouts", "new_handout", "letter", "document", "clue")},
    main_field="text",
    fields={
        "name": NAME,
        "text": Field(
            shapes.PROSE,
            "Text",
            hint="What the players read",
            parts=SEEN,
            synonyms=("content", "body", "description"),
            is_first=True,
        ),
        "origin": Field(
            shapes.LINE,
            "Where it comes from",
            hint="Who wrote it, where it was found",
            parts=BRIEF,
            synonyms=("source", "author"),
            is_column=True,
        ),
        **LAST,
    },
)
