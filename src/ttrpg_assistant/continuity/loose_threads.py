"""What is still open in a campaign: promised, owed, planted, not seen for long, believed falsely.

Precise rather than eager: what names nobody of the campaign, is asked, denied or about the evening
itself is left out, and so is what a later line shows to be done. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in, stem
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.life import is_dead_state, read_all_lives
from ttrpg_assistant.continuity.model import Evidence, Line, LooseThread, Source, make_key
from ttrpg_assistant.continuity.promises import Word, does, find_word, keeps_any
from ttrpg_assistant.continuity.sentences import find_speaker, split_sentences

LONG = 5
"""Evenings after which somebody has not been seen for long."""

OFTEN = 2
"""Evenings in which somebody came up before being missed."""

NEAR = 3
"""Lines before a promise among which those are looked for whom it is given to."""

MOST = 200
"""Loose threads of a campaign; the newest evenings first."""

MOST_AFTER = 2_000
"""Later sentences that are looked at for one thing that is open; promises that are looked at."""

QUOTED = 300
"""Characters of a sentence that are quoted."""

_SEEN_KINDS = frozenset({"npc", "faction"})
_EVERYWHERE = frozenset({"character", "location"})
_NOTED = frozenset({"note", "event", "recap"})
_PLANTED = re.compile(
    r"\b(?:clue|hint|mystery):"
    r"|\b(?:plant(?:ed|s)? (?:a |the |some )?(?:clues?|hints?|seeds?|rumou?rs?)|foreshadow\w*"
    r"|left (?:a |the )?(?:clue|hint)|left unexplained|unexplained"
    r"|nobody (?:knows|knew|asked|noticed) (?:why|what|who|how)|they (?:did not"
    r"|didn't) (?:notice|ask))\b",
    re.IGNORECASE,
)
_SAME_TEXT = """
    found find, brought bring, told tell, gave give, given give, taught teach, paid pay, kept keep,
    made make, slew slay, slain slay, went go, gone go, came come, got get, took take, taken take,
    sold sell, bought buy, led lead, left leave, lost lose, met meet, said say, sang sing,
    sung sing, sent send, shown show, spoke speak, spoken speak, stole steal, stolen steal,
    stood stand,
    sought seek, threw throw, thrown throw, wrote write, written write, built build, broke break,
    broken break, chose choose, chosen choose, drew draw, drawn draw, fought fight, held hold,
    hid hide, hidden hide, rang ring, rung ring, rode ride, saw see, seen see, wore wear, worn wear
"""
_SAME = dict(pair.split() for pair in _SAME_TEXT.split(","))
"""What was promised and what was done are one word in two forms."""

_TELLING_DEEDS = frozenset({"find", "bring"})
"""Common words elsewhere; of a promise they are the whole matter."""

_CAME_OUT = re.compile(
    r"\b(?:revealed?s?|learn(?:s|ed|t)?|discover(?:s|ed)?|found out|finds? out|turned out|turns out"
    r"|solved|explained|understood|realis\w+|realiz\w+|confess\w+|admit\w*|unmask\w*|recogni\w+)\b",
    re.IGNORECASE,
)


def find_loose_threads(evidence: Evidence, index: NameIndex) -> list[LooseThread]:
    """Every loose thread, those of the newest evenings first. `index` finds names in sentences."""
    found = [
        *_find_promises(evidence, index),
        *_find_planted(evidence, index),
        *_find_prepared(evidence),
        *_find_not_seen(evidence, index),
        *(
            LooseThread(
                make_key("believed", fact.id),
                "believed",
                cut_text(fact.text, QUOTED),
                fact.evening,
                Source("fact", fact.id),
            )
            for fact in evidence.facts
            if fact.is_false and fact.is_players and fact.canon in ("prepped", "happened")
        ),
        *(
            LooseThread(
                make_key("owed", debt.id),
                "owed",
                cut_text(f"{debt.from_name} → {debt.to_name}: {debt.label}", QUOTED),
                None,
                Source("relation", debt.id),
                debt.about,
            )
            for debt in evidence.debts
        ),
    ]
    found.sort(key=lambda one: -(one.evening or 0))
    return found[:MOST]


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence that tells of something done, or of something that came out."""

    place: int
    evening: int
    sentence: str
    about: frozenset[EntityRef]
    roots: frozenset[str]


class _Settled:
    """Every such sentence, by whom it names: looked through once, however much is open."""

    def __init__(self, evidence: Evidence, index: NameIndex, tells: Callable[[str], bool]) -> None:
        self._of_all: list[_Told] = []
        self._of_each: dict[EntityRef, list[_Told]] = defaultdict(list)
        for line in evidence.lines:
            for sentence in split_sentences(line.text, is_spoken=line.is_spoken):
                if not tells(sentence):
                    continue
                speaker = find_speaker(line.text) if line.is_spoken else ""
                about = frozenset(_about(f"{speaker}\n{sentence}", index))
                told = _Told(line.place, line.evening, sentence, about, list_roots(sentence, index))
                self._of_all.append(told)
                for ref in about:
                    self._of_each[ref].append(told)

    def list_after(self, place: int, about: frozenset[EntityRef]) -> Iterator[_Told]:
        """Those after this place that name one of these, or any; the first `MOST_AFTER` of each."""
        for of_one in [self._of_each[ref] for ref in about] if about else [self._of_all]:
            start = bisect_right(of_one, place, key=lambda told: told.place)
            yield from of_one[start : start + MOST_AFTER]


def _find_promises(evidence: Evidence, index: NameIndex) -> Iterator[LooseThread]:
    settled = _Settled(evidence, index, _settles)
    given = [
        (at, sentence, word)
        for at, line in enumerate(evidence.lines)
        for sentence in split_sentences(line.text, is_spoken=line.is_spoken)
        if (word := find_word(sentence)) is not None
    ]
    seen: list[tuple[frozenset[EntityRef], frozenset[str]]] = []
    for at, sentence, word in given[-MOST_AFTER:]:
        line = evidence.lines[at]
        speaker = find_speaker(line.text) if line.is_spoken else ""
        about = _about(f"{speaker}\n{sentence}", index) or _about_near(evidence.lines, at)
        if not about and line.source.kind not in _NOTED:
            continue
        roots, own = list_roots(sentence, index), list_telling(about)
        if len(seen) == MOST or any(_is_said_again(one, own, roots) for one in seen):
            continue
        seen.append((own, roots))
        if not any(
            _keeps(one, word, own, roots, frozenset(line.about))
            for one in settled.list_after(line.place, own)
        ):
            yield LooseThread(
                make_key(word, line.source.kind, line.source.id, fold(sentence)),
                word,
                cut_text(sentence, QUOTED),
                line.evening or None,
                line.source,
                about,
            )


def _is_said_again(
    before: tuple[frozenset[EntityRef], frozenset[str]],
    about: frozenset[EntityRef],
    roots: frozenset[str],
) -> bool:
    refs, their_roots = before
    alike = len(roots & their_roots) >= max(2, len(roots) // 2)
    return alike and (not about or not about.isdisjoint(refs))


def _settles(sentence: str) -> bool:
    if find_word(sentence) is not None:
        return False
    return keeps_any(sentence) or does(sentence, "promised") or does(sentence, "owed")


def _keeps(
    told: _Told,
    word: Word,
    about: frozenset[EntityRef],
    roots: frozenset[str],
    line: frozenset[EntityRef],
) -> bool:
    shared, named = roots & told.roots, about & told.about
    # "We will see this done. The keep will be hers again": the same two names say which matter.
    both = {ref for ref in line & told.about if ref.kind != "character"}
    if not (named or shared):
        return False
    if keeps_any(told.sentence):
        return True
    if about and not named:
        return False
    is_thing = any(ref.kind == "item" for ref in named)
    return bool(shared or is_thing or len(both) > 1 or word == "owed") and does(told.sentence, word)


def _find_planted(evidence: Evidence, index: NameIndex) -> Iterator[LooseThread]:
    came_out = _Settled(evidence, index, lambda one: _CAME_OUT.search(one) is not None)
    planted = [
        (line, sentence)
        for line in evidence.lines
        if line.source.kind in _NOTED
        for sentence in split_sentences(line.text)
        if _PLANTED.search(sentence) and not sentence.endswith("?")
    ]
    for line, sentence in planted[-MOST:]:
        about, roots = list_telling(_about(sentence, index)), list_roots(sentence, index)
        if any(
            told.evening > line.evening and _is_same(about & told.about, roots & told.roots)
            for told in came_out.list_after(line.place, frozenset())
        ):
            continue
        yield LooseThread(
            make_key("planted", line.source.kind, line.source.id, fold(sentence)),
            "planted",
            cut_text(sentence, QUOTED),
            line.evening or None,
            line.source,
            tuple(about),
        )


def _is_same(refs: frozenset[EntityRef], roots: frozenset[str]) -> bool:
    """Whether a line is about what another was, by the names and the words that both hold."""
    return bool(
        any(ref.kind not in _EVERYWHERE for ref in refs) or (refs and roots) or len(roots) > 1
    )


def _find_prepared(evidence: Evidence) -> Iterator[LooseThread]:
    """What was meant for an evening that is over and never came up, and what began and goes on."""
    named = _evenings_named(evidence)
    for thing in evidence.things.values():
        if thing.evening is None or thing.evening > evidence.last_evening:
            continue
        last = max(named.get(thing.ref, {0}))
        is_point = thing.ref.kind == "plot_point"
        is_waiting = thing.canon == "prepped" and last < thing.evening
        goes_on = thing.canon == "happened" and thing.evening + 1 < evidence.last_evening
        if (is_point and thing.is_open and (thing.canon == "prepped" or goes_on)) or (
            not is_point and is_waiting
        ):
            yield LooseThread(
                make_key("planted", *thing.ref),
                "planted",
                cut_text(thing.name, QUOTED),
                thing.evening,
                Source(*thing.ref),
                (thing.ref,),
            )
    for fact in evidence.facts:
        if fact.canon != "prepped" or fact.is_false or fact.evening is None:
            continue
        if fact.evening <= evidence.last_evening:
            key = make_key("planted", "fact", fact.id)
            source = Source("fact", fact.id)
            yield LooseThread(key, "planted", cut_text(fact.text, QUOTED), fact.evening, source)


def _find_not_seen(evidence: Evidence, index: NameIndex) -> Iterator[LooseThread]:
    named = _evenings_named(evidence)
    dead = {life.ref for life in read_all_lives(evidence, index) if life.says == "died"}
    for thing in evidence.things.values():
        seen = named.get(thing.ref, set())
        if thing.ref.kind not in _SEEN_KINDS or len(seen) < OFTEN or thing.canon != "happened":
            continue
        missed = sum(evening > max(seen) for evening in evidence.evenings)
        if missed >= LONG and thing.ref not in dead and not is_dead_state(thing.state):
            yield LooseThread(
                make_key("not_seen", *thing.ref),
                "not_seen",
                cut_text(thing.name, QUOTED),
                max(seen),
                Source(*thing.ref),
                (thing.ref,),
            )


def _evenings_named(evidence: Evidence) -> dict[EntityRef, set[int]]:
    named: dict[EntityRef, set[int]] = defaultdict(set)
    for line in evidence.lines:
        if line.evening:
            for ref in line.about:
                named[ref].add(line.evening)
    return named


def _about(text: str, index: NameIndex) -> tuple[EntityRef, ...]:
    found = (ref for mention in index.find_mentions(text) for ref in mention.refs)
    return tuple(dict.fromkeys(found))


def _about_near(lines: Sequence[Line], at: int) -> tuple[EntityRef, ...]:
    """Who is spoken of in the line itself and in the few before it, of the same evening."""
    for line in (lines[place] for place in range(at, max(-1, at - NEAR - 1), -1)):
        if line.evening == lines[at].evening and line.about:
            return line.about
    return ()


def list_telling(about: Iterable[EntityRef]) -> frozenset[EntityRef]:
    """Those by whom a matter is known again: not the characters and places that come up anyway,
    unless there is nobody else."""
    refs = frozenset(about)
    return frozenset(ref for ref in refs if ref.kind not in _EVERYWHERE) or refs


def list_roots(text: str, index: NameIndex) -> frozenset[str]:
    """The words that mean something, but for names."""
    for mention in reversed(index.find_mentions(text)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    words = (_SAME.get(word, word) for word in list_words_in(fold(text)) if len(word) > 2)
    return frozenset(
        stem(word) for word in words if word in _TELLING_DEEDS or word not in STOP_WORDS
    )
