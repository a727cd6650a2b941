"""What was read of a campaign as lines in their order. Pure."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.continuity.model import Evidence, Line
from ttrpg_assistant.continuity.store.evidence import Raw


def weigh(raw: Raw, index: NameIndex) -> Evidence:
    """What was read as lines in their order, each with whom it names."""
    ordered = sorted(raw.said, key=itemgetter(2, 3))
    lines = [
        Line(
            source,
            text,
            evening,
            place,
            list_named(text, index),
        )
        for place, (source, text, evening, _) in enumerate(ordered)
    ]
    facts = [replace(fact, about=list_named(fact.text, index)) for fact in raw.facts]
    return Evidence(lines, raw.things, facts, raw.debts, raw.evenings)


def list_named(text: str, index: NameIndex) -> tuple[EntityRef, ...]:
    """Whom a text names, each once."""
    return tuple(dict.fromkeys(ref for one in index.find_mentions(text) for ref in one.refs))
