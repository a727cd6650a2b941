"""What was planted or kept back in the records and never came out. Pure; English."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.model import LooseThread, make_key
from ttrpg_assistant.continuity.promises import MOST, MOST_AFTER, QUOTED, find_word_at
from ttrpg_assistant.continuity.reading import (
    EVERYWHERE,
    Said,
    is_beside,
    list_around,
    list_plain_roots,
    list_telling,
    spell_around,
)
from ttrpg_assistant.continuity.secrets_kept import comes_out, is_secret, list_told
from ttrpg_assistant.continuity.sentences import is_table_talk


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What was kept back, and the words around it."""

    said: Said
    about: frozenset[EntityRef]
    roots: frozenset[str]


@dataclass(frozen=True, slots=True)
class _CameOut:
    """A sentence that may tell that something came out; `is_told`: it has a word for that."""

    place: int
    evening: int
    about: frozenset[EntityRef]
    roots: frozenset[str]
    is_told: bool


def find_planted(read: Sequence[Said]) -> Iterator[LooseThread]:
    """Everything that was kept back and did not come out on a later evening."""
    places = [place for place in range(len(read)) if _is_planted(read, place)]
    hidden = list(_list_hidden(read, places[-MOST:]))
    out = _AllOut(read, set(places), hidden)
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
            )


def _is_planted(read: Sequence[Said], place: int) -> bool:
    """Whether it is written down, or told by whoever narrates, and kept back. Who owes an answer
    has promised it."""
    said = read[place]
    if said.speaker and not said.is_noted:
        return False
    return (
        is_secret(said.plain, names_anybody=said.is_noted and said.is_of_story)
        and not is_table_talk(said.text, is_of_story=said.is_of_story)
        and find_word_at(read, place) is None
    )


def _list_hidden(read: Sequence[Said], places: Sequence[int]) -> Iterator[_Hidden]:
    last = None
    for place in places:
        said = read[place]
        if last is None or last.number + 1 != said.number or not is_beside(last, said):
            about = list_telling(list_around(said, read, place))
            yield _Hidden(said, about, list_plain_roots(spell_around(said, read, place)))
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
