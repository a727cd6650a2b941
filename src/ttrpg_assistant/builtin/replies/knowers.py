"""Who knows of something: facts with those they are known to, and secrets that nobody knows."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.own_words import NOTHING, WRITTEN
from ttrpg_assistant.builtin.quoting import quote_units
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.weighing import ENOUGH_TO_DOUBT, Weighing, list_asked

_WHO_KNOWS = re.compile(r"\bwho (?:else |all )?(?:knows?|has heard|was told|learned)\b")
_MOST = 4


def reply_with_knowers(reading: Reading, rng: random.Random) -> str | None:
    """Each fact that bears on it with its audience; what is the game master's alone says so."""
    if _WHO_KNOWS.search(reading.said) is None:
        return None
    said = _WHO_KNOWS.sub(" ", reading.said)
    asked = [key for key in list_asked(said) if key in reading.asked]
    units = [
        unit
        for unit in reading.units
        if unit.passage.kind == "fact" or (unit.gm_only and not unit.passage.is_planned)
    ]
    if not asked:
        return None
    weighing = Weighing(units)
    named = reading.named
    finds = weighing.find(asked, named) or weighing.find(asked, named, enough=ENOUGH_TO_DOUBT)
    facts = [find for find in finds if find.unit.passage.kind == "fact"]
    best = (facts or finds)[:_MOST]
    if not best:
        return NOTHING
    return f"{WRITTEN}\n\n{quote_units([find.unit for find in best])}"
