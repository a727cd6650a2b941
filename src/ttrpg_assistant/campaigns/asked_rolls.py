"""Rolls on random tables that a message asks for: "roll on Rumours of the Marsh", "/roll weather".

The server rolls, whatever model answers, so that no result is ever invented. What is asked for is
read by words, and only from a short message; a few names are looked up, no more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.random_rolls import RandomTable, RolledResult, TableRoll, roll_on
from ttrpg_assistant.campaigns.random_tables import find_table, find_table_by_part
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.prompts.audience import GM_ONLY
from ttrpg_assistant.prompts.entity_facts import EntityFact, FactLine

MOST_READ = 300
"""Characters of a message that asks for a roll; a longer one tells something."""
MOST_TABLES = 3
"""Tables that one message may ask for."""

_COMMANDS = frozenset({"/roll", "/r", "/table"})
_VERBS = frozenset({"roll", "reroll", "rolls"})
_BEFORE = frozenset({"please", "can", "could", "would", "will", "you", "we", "i", "let's", "lets"})
_BEFORE |= {"let", "us", "want", "to", "need", "now", "ok", "okay", "and", "then", "so", "hey"}
_BEFORE |= {"just", "again"}
_BETWEEN = frozenset({"me", "us", "again", "once", "something", "for"})
_ON = frozenset({"on", "from", "in", "using", "upon"})
_ARTICLES = frozenset({"the", "my", "our", "a", "an"})
_AFTER = frozenset({"please", "now", "again", "table", "tables", "once", "me", "for", "us"})


def roll_asked(
    tx: Connection, campaign_id: str, text: str, chance: random.Random
) -> list[tuple[RandomTable, RolledResult | InvalidInput]]:
    """The rolls on tables of this campaign that a message asks for; none where it asks for none
    or names no table. A table that cannot be rolled on has its fault instead."""
    rolled: list[tuple[RandomTable, RolledResult | InvalidInput]] = []
    for table in _find_asked(tx, campaign_id, text):
        try:
            result = roll_on(table, lambda name: find_table(tx, campaign_id, name), chance)
        except InvalidInput as fault:
            rolled.append((table, fault))
        else:
            rolled.append((table, result))
    return rolled


def _find_asked(tx: Connection, campaign_id: str, text: str) -> list[RandomTable]:
    asked = _read_asked(text)
    if asked is None:
        return []
    name, is_sure = asked
    whole = _find(tx, campaign_id, name, by_part=is_sure)
    if whole is not None:
        return [whole]
    parts = [part for piece in name.split(",") for part in piece.split(" and ") if part.strip()]
    if not 1 < len(parts) <= MOST_TABLES:
        return []
    found = [_find(tx, campaign_id, part.strip(), by_part=is_sure) for part in parts]
    tables = [table for table in found if table is not None]
    return tables if len(tables) == len(parts) else []


def _read_asked(text: str) -> tuple[str, bool] | None:
    """What a message asks to roll on, and whether that must be a table: "roll on …"."""
    if len(text) > MOST_READ:
        return None
    words = text.split()
    at = 0
    while at < len(words) and words[at].lower().strip(",") in _BEFORE:
        at += 1
    if at == len(words) or words[at].lower() not in _COMMANDS | _VERBS:
        return None
    is_sure = words[at].lower() in _COMMANDS
    at += 1
    while at < len(words) and words[at].lower() in _BETWEEN:
        at += 1
    if at < len(words) and words[at].lower() in _ON:
        is_sure = True
        at += 1
    rest = " ".join(words[at:]).rstrip(" .!?")
    return (rest, is_sure) if rest else None


def _find(tx: Connection, campaign_id: str, name: str, *, by_part: bool) -> RandomTable | None:
    """The table that is meant: by its name as it is said, else without the words around it."""
    spellings = list(dict.fromkeys(_list_spellings(name)))
    for spelling in spellings:
        found = find_table(tx, campaign_id, spelling)
        if found is not None:
            return found
    return find_table_by_part(tx, campaign_id, spellings[-1]) if by_part else None


def _list_spellings(name: str) -> Iterator[str]:
    yield name
    words = name.replace(",", " ").split()
    end = len(words)
    while end > 1 and words[end - 1].lower() in _AFTER:
        end -= 1
    yield " ".join(words[:end])
    if end > 1 and words[0].lower() in _ARTICLES:
        yield " ".join(words[1:end])


def tell_roll(table: RandomTable, rolled: RolledResult | InvalidInput) -> EntityFact:
    """A roll that was just made, as a prompt says it."""
    if isinstance(rolled, InvalidInput):
        lines = [FactLine("Not rolled", rolled.sentence)]
    else:
        lines = [
            FactLine("Rolled", " · ".join(map(_spell, rolled.rolls))),
            FactLine("Result, told as it is", rolled.text),
        ]
    name = f"Roll on {table.name}, made just now"
    return EntityFact("event", table.id, name, tuple(lines), GM_ONLY, "mentioned", False)


def _spell(roll: TableRoll) -> str:
    return f"{roll.table} {roll.dice}: {roll.total}".strip()


class TableRoller:
    """Rolls that messages ask for, as facts of a prompt."""

    def roll_asked(
        self, tx: Connection, campaign_id: str, text: str, chance: random.Random
    ) -> tuple[EntityFact, ...]:
        """What the message asked to roll on, each rolled once; nothing where it asks for none."""
        return tuple(tell_roll(*one) for one in roll_asked(tx, campaign_id, text, chance))
