"""Which kind of thing a word means: a folder, a tag, a heading, a type. Pure.

All words are in the declarations of the kinds (`campaigns/kinds/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS

MOST_READ = 200
"""Characters of a word that are looked at."""

_GAP = re.compile(r"[^\w]+|_+")
_LEADING_NUMBER = re.compile(r"\d{1,4}[\s._)-]+")


def find_kind(word: str) -> KindName | None:
    """The kind that a word means, in one or many: "NPCs", "02 - Places", "npc/villain"."""
    plain = _LEADING_NUMBER.sub("", word[:MOST_READ].strip(), count=1)
    words = _words()
    for one in (plain, *reversed(plain.split("/"))):
        snake = spell_snake(one)
        found = words.get(snake) or words.get(snake.removesuffix("s"))
        if found is not None:
            return found
    return None


def find_first_kind(words: Iterable[str]) -> KindName | None:
    """The kind that the first of these words means that means one."""
    return next((kind for word in words if (kind := find_kind(word)) is not None), None)


def spell_snake(word: str) -> str:
    """The word as declarations spell words: `player_characters`."""
    return _GAP.sub("_", fold(word[:MOST_READ])).strip("_")


@lru_cache(maxsize=1)
def _words() -> dict[str, KindName]:
    """Every word, with the kind it means. What people file things under comes first: a folder of
    characters holds everybody, and most of those are NPCs."""
    found: dict[str, KindName] = {}
    usable = [kind for kind in KINDS.values() if kind.name != "campaign"]
    for kind in usable:
        for word in kind.filed_under:
            found.setdefault(word, kind.name)
    for kind in usable:
        own = (kind.name, spell_snake(kind.noun), spell_snake(kind.plural))
        proposed = (word for words in kind.proposals.values() for word in words)
        for word in (*own, *proposed):
            found.setdefault(word, kind.name)
    return found
