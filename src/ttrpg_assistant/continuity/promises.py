"""What was promised and what is owed, and whether a later sentence settles it. Pure; English."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.assents import asks_for_bond, assents
from ttrpg_assistant.continuity.commitments import has_bond, is_promise, is_taken_back
from ttrpg_assistant.continuity.debts import is_debt
from ttrpg_assistant.continuity.deeds import LATER
from ttrpg_assistant.continuity.model import Evidence, LooseThread, make_key
from ttrpg_assistant.continuity.plain_words import spell_plainly
from ttrpg_assistant.continuity.reading import (
    EVERYWHERE,
    Said,
    is_beside,
    list_around,
    list_near,
    list_plain_roots,
    list_telling,
    spell_around,
)
from ttrpg_assistant.continuity.sentences import is_table_talk
from ttrpg_assistant.continuity.settling import (
    closes,
    list_deeds,
    list_done,
    tells_of_deed,
    tells_of_payment,
)

Word = Literal["promised", "owed"]

MOST = 200
"""Promises and debts that are shown."""

MOST_AFTER = 2_000
"""Later sentences that are looked at for one thing that is open; promises that are looked at."""

FEW_WORDS = 3
"""Blanks of a sentence that only adds a time to the one before it."""

QUOTED = 300
"""Characters of a sentence that are quoted."""


def find_word(sentence: str) -> Word | None:
    """Whether the sentence gives a promise or says that something is owed."""
    return _find_word(sentence, spell_plainly(sentence), is_noted=False)


def _find_word(
    sentence: str,
    plain: str,
    *,
    is_noted: bool,
    is_of_story: bool = False,
    is_player: bool = False,
) -> Word | None:
    if plain.rstrip(" \"'”").endswith("?"):
        return None
    word: Word | None = None
    if is_debt(plain):
        word = "owed"
    elif is_promise(plain, is_noted=is_noted, is_player=is_player):
        word = "promised"
    if word is None or closes(plain) or is_table_talk(sentence, is_of_story=is_of_story):
        return None
    return word


def names_bond(plain: str) -> bool:
    """Whether there is a word for the promise or the debt itself."""
    return is_debt(plain) or has_bond(plain)


def is_open_to_doubt(plain: str) -> bool:
    """Whether something in the sentence speaks against its being open: it is denied, told as a
    tale, or done."""
    return is_taken_back(plain) or closes(plain)


def find_word_at(read: Sequence[Said], place: int) -> Word | None:
    """The same of a sentence where it stands: who narrates writes down what is so, and "I swear"
    is an oath where somebody was asked for one."""
    said = read[place]
    is_noted = said.is_noted or not said.speaker
    word = _find_word(
        said.text,
        _with_time(read, place),
        is_noted=is_noted,
        is_of_story=said.is_of_story,
        is_player=bool(said.speaker) and not said.is_known,
    )
    if word is None and assents(said.plain) and place:
        before = read[place - 1]
        if is_beside(before, said) and asks_for_bond(before.plain):
            return "promised"
    return word


def _with_time(read: Sequence[Said], place: int) -> str:
    """The sentence, with the next where that is a few words more: "I'll fix it. Come Tuesday." """
    said = read[place]
    if place + 1 < len(read) and is_beside(read[place + 1], said):
        after = read[place + 1].plain
        if after.count(" ") < FEW_WORDS and LATER.is_at(after, 0) and not said.plain.endswith("?"):
            return f"{said.plain} {after}"
    return said.plain


@dataclass(frozen=True, slots=True)
class Given:
    """A promise or a debt, by the place of its sentence."""

    place: int
    word: Word
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """A later sentence that may settle something: what it tells of as done, in words and in
    classes of deeds."""

    place: int
    about: frozenset[EntityRef]
    roots: frozenset[str]
    deeds: frozenset[str]
    is_end: bool
    is_deed: bool
    is_payment: bool


@dataclass(frozen=True, slots=True)
class _Open:
    """What was promised or is owed, as it is looked for later."""

    word: Word
    about: tuple[EntityRef, ...]
    own: frozenset[EntityRef]
    named: frozenset[EntityRef]
    roots: frozenset[str]
    deeds: frozenset[str]


class _AllDone:
    """Every such sentence, by whom it names: looked through once, however much is open. `wanted`
    are those of whom something is open."""

    def __init__(
        self, read: Sequence[Said], given: set[int], wanted: frozenset[EntityRef], *, has_any: bool
    ) -> None:
        self._of_all: list[_Done] = []
        self._of_each: dict[EntityRef, list[_Done]] = defaultdict(list)
        for place, said in enumerate(read):
            if place in given or (wanted.isdisjoint(said.line.about) and not has_any):
                continue
            about = frozenset(list_around(said, read, place))
            done = None
            if has_any or not wanted.isdisjoint(about):
                done = _read_done(said, about)
            if done is not None:
                self._of_all.append(done)
                for ref in done.about:
                    self._of_each[ref].append(done)

    def list_after(self, place: int, about: frozenset[EntityRef]) -> Iterator[_Done]:
        """Those after this place that name one of these, or any; the first `MOST_AFTER` of each."""
        for of_one in [self._of_each[ref] for ref in about] if about else [self._of_all]:
            start = bisect_right(of_one, place, key=lambda done: done.place)
            yield from of_one[start : start + MOST_AFTER]


def _read_done(said: Said, about: frozenset[EntityRef]) -> _Done | None:
    is_end, clauses = closes(said.plain), list_done(said.plain)
    if not is_end and not clauses:
        return None
    whole = " ; ".join(clauses)
    return _Done(
        said.line.place,
        about,
        list_plain_roots(said.plain if is_end else whole),
        list_deeds(whole),
        is_end,
        tells_of_deed(whole),
        tells_of_payment(whole),
    )


def find_promises(
    evidence: Evidence, read: Sequence[Said], given: Sequence[Given]
) -> Iterator[LooseThread]:
    """Every promise and debt of these that no later sentence settles, in their order."""
    opened = list(_list_opened(evidence, read, given))
    wanted = frozenset(ref for _, _, open_ in opened for ref in open_.own)
    has_any = any(not open_.own for _, _, open_ in opened)
    sure = {one.place for one in given if one.is_sure}
    done = _AllDone(read, sure, wanted, has_any=has_any)
    for said, one, open_ in opened:
        if not any(_settles(each, open_) for each in done.list_after(said.line.place, open_.own)):
            yield LooseThread(
                make_key(open_.word, said.line.source.kind, said.line.source.id, fold(said.text)),
                open_.word,
                cut_text(said.text, QUOTED),
                said.line.evening or None,
                said.line.source,
                open_.about,
                is_sure=one.is_sure,
            )


def _list_opened(
    evidence: Evidence, read: Sequence[Said], given: Sequence[Given]
) -> Iterator[tuple[Said, Given, _Open]]:
    """What is promised or owed, each matter once."""
    seen: list[_Open] = []
    last = None
    for one in given:
        place, word = one.place, one.word
        said = read[place]
        is_next = last is not None and last.number + 1 == said.number and is_beside(last, said)
        if is_next:
            # The sentence before it has said so already.
            last = said
            continue
        about = _find_about(evidence, read, place)
        if not about and not said.is_noted:
            continue
        roots, deeds = list_plain_roots(spell_around(said, read, place)), list_deeds(said.plain)
        named = frozenset(said.line.about)
        open_ = _Open(word, about, list_telling(about), named, roots, deeds)
        if len(seen) == MOST:
            return
        if not any(_is_said_again(before, open_) for before in seen):
            seen.append(open_)
            last = said
            yield said, one, open_


def _find_about(evidence: Evidence, read: Sequence[Said], place: int) -> tuple[EntityRef, ...]:
    """Whom it is about. Who speaks without being of the campaign sits at the table: what they say
    is of the story only where it names somebody of it."""
    said = read[place]
    around = said.about
    if all(ref.kind in EVERYWHERE for ref in said.about):
        around = list_around(said, read, place)
    if around or (said.speaker and not said.is_known):
        return around
    return list_near(evidence.lines, said.at)


def _is_said_again(before: _Open, now: _Open) -> bool:
    alike = len(now.roots & before.roots) >= max(2, len(now.roots) // 2)
    return alike and (not now.own or not now.own.isdisjoint(before.own))


def _settles(done: _Done, open_: _Open) -> bool:
    """Whether a later sentence settles what was open: the same people, like words or deeds."""
    shared, named = open_.roots & done.roots, open_.own & done.about
    if not (named or shared) or (open_.own and not named and len(shared) < 2):
        return False
    if done.is_end:
        return True
    if open_.own and not named:
        return done.is_deed and len(shared) > 2
    if all(ref.kind in EVERYWHERE for ref in named):
        # The players' characters do something in every line.
        return done.is_deed and len(shared) > 1
    if open_.word == "owed" and done.is_payment:
        return True
    # "We will see this done. The keep will be hers again": the same two names say which matter.
    both = {ref for ref in open_.named & done.about if ref.kind != "character"}
    is_thing = any(ref.kind == "item" for ref in named)
    alike = bool(shared or is_thing or len(both) > 1 or open_.deeds & done.deeds)
    return len(shared) > 1 or (done.is_deed and alike)
