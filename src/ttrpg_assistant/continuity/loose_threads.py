"""What is still open in a campaign: promised, owed, planted, not seen for long, believed falsely.

Precise rather than eager: what names nobody of the campaign, is asked, denied or about the evening
itself is left out, and so is what a later line shows to be done. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

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

QUOTED = 300
"""Characters of a sentence that are quoted."""

_SEEN_KINDS = frozenset({"npc", "faction"})
_EVERYWHERE = frozenset({"character", "location"})
_NOTED = frozenset({"note", "event", "recap"})
_PLANTED = re.compile(
    r"\b(?:plant(?:ed|s)? (?:a |the |some )?(?:clues?|hints?|seeds?|rumou?rs?)|foreshadow\w*"
    r"|clue:|hint:|mystery:|left (?:a |the )?(?:clue|hint)|left unexplained|unexplained"
    r"|nobody (?:knows|knew|asked|noticed) (?:why|what|who|how)|they (?:did not"
    r"|didn't) (?:notice|ask))\b",
    re.IGNORECASE,
)
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


def _find_promises(evidence: Evidence, index: NameIndex) -> Iterator[LooseThread]:
    lines = evidence.lines
    seen: list[tuple[frozenset[EntityRef], frozenset[str]]] = []
    for at, line in enumerate(lines):
        for sentence in split_sentences(line.text, is_spoken=line.is_spoken):
            word = find_word(sentence)
            if word is None:
                continue
            speaker = find_speaker(line.text) if line.is_spoken else ""
            about = _about(f"{speaker}\n{sentence}", index)
            about = about or _about_near(lines, at)
            if not about and line.source.kind not in _NOTED:
                continue
            roots = _roots(sentence, index)
            own = _telling(about)
            if any(
                len(roots & before) >= max(2, len(roots) // 2) and (not own or own & refs)
                for refs, before in seen
            ):
                continue
            seen.append((own, roots))
            if not _is_done(lines[at + 1 :], word, own, roots, index):
                yield LooseThread(
                    make_key(word, line.source.kind, line.source.id, fold(sentence)),
                    word,
                    cut_text(sentence, QUOTED),
                    line.evening or None,
                    line.source,
                    about,
                )


def _is_done(
    later: Sequence[Line],
    word: Word,
    about: frozenset[EntityRef],
    roots: frozenset[str],
    index: NameIndex,
) -> bool:
    for line in later:
        if about and about.isdisjoint(line.about):
            continue
        for sentence in split_sentences(line.text, is_spoken=line.is_spoken):
            if find_word(sentence) is not None:
                continue
            shared = len(roots & _roots(sentence, index))
            named = about.intersection(_about(sentence, index)) if about else roots
            if keeps_any(sentence) and (named or shared):
                return True
            is_thing = any(isinstance(one, EntityRef) and one.kind == "item" for one in named)
            if does(sentence, word) and named and (shared or is_thing or word == "owed"):
                return True
    return False


def _find_planted(evidence: Evidence, index: NameIndex) -> Iterator[LooseThread]:
    for at, line in enumerate(evidence.lines):
        if line.source.kind not in _NOTED:
            continue
        for sentence in split_sentences(line.text, is_spoken=line.is_spoken):
            if not _PLANTED.search(sentence) or sentence.endswith("?"):
                continue
            about, roots = _telling(_about(sentence, index)), _roots(sentence, index)
            if any(
                _CAME_OUT.search(one)
                and _is_same(about.intersection(_about(one, index)), roots & _roots(one, index))
                for later in evidence.lines[at + 1 :]
                if later.evening > line.evening
                for one in split_sentences(later.text, is_spoken=later.is_spoken)
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


def _telling(about: Iterable[EntityRef]) -> frozenset[EntityRef]:
    """Those by whom a matter is known again: not the characters and places that come up anyway,
    unless there is nobody else."""
    refs = frozenset(about)
    return frozenset(ref for ref in refs if ref.kind not in _EVERYWHERE) or refs


def _roots(text: str, index: NameIndex) -> frozenset[str]:
    """The words that mean something, but for names."""
    for mention in reversed(index.find_mentions(text)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    words = (word for word in list_words_in(fold(text)) if word not in STOP_WORDS and len(word) > 2)
    return frozenset(stem(word) for word in words)
