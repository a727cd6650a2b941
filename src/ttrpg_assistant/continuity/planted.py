"""What was planted or kept back in the records and never came out. Pure; English."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.model import LooseThread, make_key
from ttrpg_assistant.continuity.promises import MOST_AFTER, QUOTED
from ttrpg_assistant.continuity.reading import (
    EVERYWHERE,
    Said,
    is_beside,
    list_around,
    list_plain_roots,
    list_telling,
    spell_around,
)
from ttrpg_assistant.continuity.secrets_kept import comes_out, list_told


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What was kept back, and the words around it."""

    said: Said
    about: frozenset[EntityRef]
    roots: frozenset[str]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _CameOut:
    """A sentence that may tell that something came out; `is_told`: it has a word for that."""

    place: int
    evening: int
    about: frozenset[EntityRef]
    roots: frozenset[str]
    is_told: bool


def find_planted(read: Sequence[Said], kept: Mapping[int, bool]) -> Iterator[LooseThread]:
    """What was kept back in these sentences, by their places and whether that is sure, and did not
    come out on a later evening; in their order."""
    hidden = list(_list_hidden(read, kept))
    out = _AllOut(read, {place for place, is_sure in kept.items() if is_sure}, hidden)
    for one in hidden:
        said = one.said
        if not any(_is_same(one, other) for other in out.list_after(one)):
            yield LooseThread(
                make_key("planted", said.line.source.kind, said.line.source.id, fold(said.text)),
                "planted",
                cut_text(said.text, QUOTED),
                said.line.evening or None,
                said.line.source,
                tuple(one.about),
                is_sure=one.is_sure,
            )


def _list_hidden(read: Sequence[Said], kept: Mapping[int, bool]) -> Iterator[_Hidden]:
    last = None
    for place, is_sure in kept.items():
        said = read[place]
        if last is None or last.number + 1 != said.number or not is_beside(last, said):
            about = list_telling(list_around(said, read, place))
            yield _Hidden(said, about, list_plain_roots(spell_around(said, read, place)), is_sure)
        last = said


class _AllOut:
    """Sentences by which something may have come out, by whom they name."""

    def __init__(self, read: Sequence[Said], kept: set[int], hidden: Sequence[_Hidden]) -> None:
        self._of_all: list[_CameOut] = []
        self._of_each: dict[EntityRef, list[_CameOut]] = defaultdict(list)
        wanted = frozenset(ref for one in hidden for ref in one.about)
        for place, said in enumerate(read) if hidden else ():
            if place in kept or said.plain.endswith("?"):
                continue
            about = wanted.intersection(list_around(said, read, place))
            is_told = comes_out(said.plain)
            if not about and not is_told:
                continue
            roots = list_plain_roots(" ; ".join(list_told(said.plain)))
            out = _CameOut(said.line.place, said.line.evening, about, roots, is_told)
            if is_told:
                self._of_all.append(out)
            for ref in about:
                self._of_each[ref].append(out)

    def list_after(self, one: _Hidden) -> Iterator[_CameOut]:
        """Those that name one of the same, and those that tell of something as come out; the first
        `MOST_AFTER` of each."""
        for some in [*(self._of_each[ref] for ref in one.about), self._of_all]:
            start = bisect_right(some, one.said.line.place, key=lambda out: out.place)
            yield from some[start : start + MOST_AFTER]


def _is_same(hidden: _Hidden, out: _CameOut) -> bool:
    """Whether a line of a later evening lets out what was kept back, by the names and the words
    that both hold."""
    if out.evening <= hidden.said.line.evening:
        return False
    refs, roots = hidden.about & out.about, hidden.roots & out.roots
    is_telling = any(ref.kind not in EVERYWHERE for ref in refs)
    if not out.is_told:
        return is_telling and bool(roots)
    return bool(is_telling or (refs and roots) or len(roots) > (2 if hidden.about else 1))
