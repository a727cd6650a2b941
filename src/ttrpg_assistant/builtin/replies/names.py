"""Names of people, by culture, mood or trade."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.tables import draw, list_words

CULTURES = (
    "northern", "river", "courtly", "dwarvish", "woodland", "desert", "harbour", "village",
)  # fmt: skip

_SIGNS = {
    "northern": r"north\w*|norse|viking|fjord|clans?|clansman|winter\w*|barbarian|raider|jarl"
    r"|giants?",
    "river": r"river\w*|halfling|hobb\w*|barge\w*|boat\w*|ferry\w*|marsh\w*|gnom\w+|fisher\w*",
    "courtly": r"court\w*|noble\w*|knight\w*|duke|duchess|lord|lady|count|countess|baron\w*"
    r"|prince\w*"
    r"|king|queen|elegant|royal|herald|paladin|aristocrat\w*",
    "dwarvish": r"dwar[fv]\w*|smith|blacksmith|miner|mountain\w*|stone\w*|forge\w*",
    "woodland": r"wood\w*|forest\w*|el[fv]\w*|fey|fae|fairy|druid\w*|ranger|dryad",
    "desert": r"desert\w*|sand\w*|nomad\w*|caravan\w*|dunes?|oasis|southern|sultan\w*|genie"
    r"|djinn\w*",
    "harbour": r"harbou?r\w*|smuggl\w*|pirate\w*|sailor\w*|captain|thie[fv]\w*|rogue|dock\w*|port"
    r"|city|urchin|cutpurse|sea\w*|spy|assassin|criminal|street\w*",
    "village": r"village\w*|peasant\w*|farm\w*|miller|commoner|innkeeper|shepherd\w*|rural|plain"
    r"|bak(?:er|ery)|servant|townsfolk|villager",
}
_CULTURES = tuple((name, re.compile(rf"\b(?:{signs})\b")) for name, signs in _SIGNS.items())


_NAMED_LAST = r"(?<!from )(?<!from the )(?<!in the )(?<!of the )\b(?:{})(?= names?\b|[.!? ]*$)"
_THINGS = (
    ("settlements", "towns?|city|cities|villages?|settlements?|hamlets?|places?|ports?|ruins?"),
    ("ships", "ships?|boats?|vessels?|sloops?|galleys?|barges?|airships?|starships?"),
)
_THING_WORDS = tuple((section, re.compile(_NAMED_LAST.format(words))) for section, words in _THINGS)


def draw_thing_names(said: str, count: int, rng: random.Random) -> list[str]:
    """Names for a town or a ship, when the text speaks of one; else none."""
    for section, words in _THING_WORDS:
        if words.search(said):
            return draw(list_words("names", section), count, rng)
    return []


def find_culture(said: str) -> str | None:
    """The culture a folded text speaks of, or None."""
    return next((name for name, signs in _CULTURES if signs.search(said)), None)


def draw_names(culture: str | None, count: int, rng: random.Random) -> list[str]:
    """`count` different full names; from every culture in turn when none is given."""
    cultures = [culture] * count if culture else rng.choices(CULTURES, k=count)
    names: list[str] = []
    for one in dict.fromkeys(cultures):
        wanted = cultures.count(one)
        given = draw(list_words("names", one), wanted, rng)
        bynames = draw(list_words("names", f"{one} bynames"), wanted, rng)
        names.extend(f"{first} {last}" for first, last in zip(given, bynames, strict=True))
    return names
