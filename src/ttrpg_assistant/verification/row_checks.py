"""What is asked of the rows of a database, whether of the real one or of an archive's."""

from __future__ import annotations

from ttrpg_assistant.verification.model import Check
from ttrpg_assistant.verification.store.listeners import LISTENERS
from ttrpg_assistant.verification.store.references import CAMPAIGNS, REFERENCES
from ttrpg_assistant.verification.store.relations import RELATIONS
from ttrpg_assistant.verification.store.shapes import SHAPES
from ttrpg_assistant.verification.store.talk import ORDER, TIPS, TURNS
from ttrpg_assistant.verification.store.things import THINGS

ROW_CHECKS: tuple[Check, ...] = (
    SHAPES,
    REFERENCES,
    CAMPAIGNS,
    THINGS,
    RELATIONS,
    LISTENERS,
    ORDER,
    TIPS,
    TURNS,
)
"""In their order. What is about the index for search is asked of the real database alone."""
