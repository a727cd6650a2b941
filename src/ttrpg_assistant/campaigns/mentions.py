"""Who is named in this text (FR-108): names and aliases found as whole words.

Case, diacritics and white space are folded (`folding`), so "MÍRA" is Mira. A possessive
("Mira's") names Mira; another apostrophe joins ("Kel'thas" does not name Kel). Where names
overlap the longest wins ("Mira Vale" over "Mira"); a name that two entities share names both.
Everything here is pure and works in the time of one pass over the text, however many names:
where names lie within names, no more than `MOST_FOUND` of them are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from copy import copy
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

import ahocorasick  # type: ignore[import-not-found]  # a C extension without stubs

from ttrpg_assistant.campaigns.folding import fold, fold_with_offsets
from ttrpg_assistant.campaigns.model import KindName

MOST_FOUND = 50_000
"""Names found in one text, those within others included. The longest message that is all names
has some 40,000; names nested in names in a script without spaces could come to millions."""

SHORTEST_NAME = 2
"""In folded characters. One letter is a word of ordinary language more often than a name."""

_UNSPACED = re.compile(
    r"[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf"
    r"\u3005-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts written without spaces, or with particles joined to a name: no word boundary there."""

_LETTER = re.compile(r"[^\W_]")
_ELISIONS = frozenset({"l", "d", "qu", "dell", "all", "nell", "sull"})
"""What French and Italian write before a name with an apostrophe ("d'Alba")."""


class EntityRef(NamedTuple):
    """An entity of a campaign, by kind and id."""

    kind: KindName
    id: str


class Mention(NamedTuple):
    """A name at `text[start:end]`, and whom it can mean: several when they share the name."""

    start: int
    end: int
    refs: tuple[EntityRef, ...]


Known = Callable[[Set[EntityRef]], Set[EntityRef]]
"""Of those that a text may name, the ones that whoever reads it has heard of."""


class NameIndex:
    """The names of one campaign, ready to be found. Immutable; safe to share between threads."""

    def __init__(self, names: Iterable[tuple[EntityRef, str]], *, folded: bool = False) -> None:
        """`names` are (entity, name or alias) pairs, in any spelling.

        `folded` says that they went through `fold` already, which saves half the time.
        """
        self._automaton = _build(names, folded)
        self._replaced: frozenset[EntityRef] = frozenset()
        self._over = _build((), True)

    def replaced(
        self, refs: Iterable[EntityRef], names: Iterable[tuple[EntityRef, str]]
    ) -> NameIndex:
        """The same index, but for these entities with these names (folded) instead of what was
        ever given for them. What it costs goes by them alone."""
        made = copy(self)
        made._replaced = frozenset(refs)
        made._over = _build(names, True)
        return made

    def find_mentions(self, text: str, known: Known | None = None) -> tuple[Mention, ...]:
        """Every mention in `text`, in order, none overlapping another; of those that are `known`
        only, as if the others had no names."""
        if not len(self._automaton) and not len(self._over):
            return ()
        folded, offsets = fold_with_offsets(text)
        whole = self._find(folded)
        if known is not None:
            whole = _only(whole, known({ref for refs in whole.values() for ref in refs}))
        taken = bytearray(len(folded))
        mentions = []
        for below, start in sorted(whole):
            refs, length = whole[below, start], -below
            end = start + length
            if taken.find(1, start, end) >= 0 or _cuts_a_character(offsets, start, end):
                continue
            taken[start:end] = b"\x01" * length
            stop = offsets[end] if end < len(offsets) else len(text)
            mentions.append(Mention(offsets[start], stop, refs))
        return tuple(sorted(mentions, key=itemgetter(0)))

    def _find(self, folded: str) -> dict[tuple[int, int], tuple[EntityRef, ...]]:
        """Whom each whole word or words can mean, by place: the longest first when sorted, which
        minus the length is for."""
        found: dict[tuple[int, int], tuple[EntityRef, ...]] = {}
        for automaton, hidden in ((self._automaton, self._replaced), (self._over, ())):
            if not len(automaton):
                continue
            for last, (length, refs) in islice(automaton.iter(folded), MOST_FOUND):
                start = last - length + 1
                if not (_starts_word(folded, start) and _ends_word(folded, last + 1)):
                    continue
                seen = tuple(ref for ref in refs if ref not in hidden) if hidden else refs
                if seen:
                    found[-length, start] = found.get((-length, start), ()) + seen
        return found


def _only(
    whole: dict[tuple[int, int], tuple[EntityRef, ...]], known: Set[EntityRef]
) -> dict[tuple[int, int], tuple[EntityRef, ...]]:
    kept = ((place, tuple(ref for ref in refs if ref in known)) for place, refs in whole.items())
    return {place: refs for place, refs in kept if refs}


def _build(names: Iterable[tuple[EntityRef, str]], folded: bool) -> Any:
    owners: dict[str, dict[EntityRef, None]] = {}
    for ref, name in names:
        owners.setdefault(name if folded else fold(name), {})[ref] = None
    automaton = ahocorasick.Automaton()
    for name, refs in owners.items():
        if _is_findable(name):
            automaton.add_word(name, (len(name), tuple(refs)))
    if len(automaton):
        automaton.make_automaton()
    return automaton


def _is_findable(folded: str) -> bool:
    if _LETTER.search(folded) is None:
        return False
    return len(folded) >= SHORTEST_NAME or _UNSPACED.match(folded) is not None


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@lru_cache(maxsize=16_384)
def _joined(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word."""
    if not (_is_word(left) and _is_word(right)):
        return False
    return _UNSPACED.match(left) is None and _UNSPACED.match(right) is None


def _starts_word(folded: str, start: int) -> bool:
    if start == 0:
        return True
    before = folded[start - 1]
    if before == "'" and start >= 2 and _joined(folded[start - 2], folded[start]):
        left = start - 1
        while left and _is_word(folded[left - 1]):
            left -= 1
        return folded[left : start - 1] in _ELISIONS
    return not _joined(before, folded[start])


def _ends_word(folded: str, end: int) -> bool:
    if end == len(folded):
        return True
    after = folded[end]
    if after == "'" and end + 1 < len(folded) and _joined(folded[end - 1], folded[end + 1]):
        is_possessive = folded[end + 1] == "s" and (
            end + 2 == len(folded) or not _joined("s", folded[end + 2])
        )
        return is_possessive
    return not _joined(folded[end - 1], after)


def _cuts_a_character(offsets: Sequence[int], start: int, end: int) -> bool:
    """Whether the match begins or ends inside the several letters one character folded to."""
    return (start > 0 and offsets[start] == offsets[start - 1]) or (
        end < len(offsets) and offsets[end] == offsets[end - 1]
    )
