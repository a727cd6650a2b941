"""What contradicts what was said before: somebody acts who died, a thing has two owners, one value
has two answers, somebody is in two places at once.

A card that is wrong is worse than none: only what is said plainly, of somebody or something with a
name of its own, is compared; what is asked, supposed, remembered or told as changed is not. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.life import Life, is_dead_state, read_all_lives
from ttrpg_assistant.continuity.model import (
    Contradiction,
    Evidence,
    Side,
    Source,
    make_key,
)
from ttrpg_assistant.continuity.sentences import is_table_talk, split_sentences
from ttrpg_assistant.continuity.stated import Stated, read_holdings, read_places, read_values

RECORDS = frozenset({"note", "event", "recap", "fact"})
"""What is written down as so. What people say to each other may be a lie."""


def find_contradictions(evidence: Evidence, index: NameIndex) -> list[Contradiction]:
    """Every contradiction, the newest first. `index` finds names in sentences."""
    found = {
        one.key: one
        for one in (
            *find_dead_who_act(evidence, index),
            *_find_two_values(evidence, index),
            *_find_two_places(evidence, index),
            *_find_two_holders(evidence, index),
        )
    }
    return sorted(found.values(), key=lambda one: -(one.new.evening or 0))


def keep_first(found: Sequence[Contradiction]) -> list[Contradiction]:
    """Of each matter the one that came up first: who acts after their death does so in many
    lines, and all of them say the same."""
    first: dict[str, Contradiction] = {}
    for one in found:
        before = first.get(one.matter)
        if before is None or (one.new.evening or 0) < (before.new.evening or 0):
            first[one.matter] = one
    return [one for one in found if first[one.matter] is one]


def make_contradiction(
    kind: str, subject: str, about: EntityRef, say: str, old: Side, new: Side, asked: str = ""
) -> Contradiction:
    """Two sides that speak of one matter: of `about`, and what is `asked` of it."""
    sides = (old.source.kind, old.source.id, fold(old.text), new.source.kind, new.source.id)
    matter = make_key(kind, *about, asked)
    return Contradiction(make_key(kind, *about, *sides), subject, about, say, old, new, matter)


# ── Life and death ─────────────────────────────────────────────────────────────────────


def find_dead_who_act(evidence: Evidence, index: NameIndex) -> Iterator[Contradiction]:
    """Who acts after their death, in the order of the lines, or is alive by their sheet."""
    of_each: dict[EntityRef, list[Life]] = defaultdict(list)
    for life in read_all_lives(evidence, index):
        of_each[life.ref].append(life)
    for ref, lives in of_each.items():
        thing = evidence.things.get(ref)
        if thing is None or thing.canon == "retconned" or any(one.says == "back" for one in lives):
            continue
        died = [one for one in lives if one.says == "died" and one.side.evening is not None]
        if not died:
            continue
        first = min(died, key=lambda one: (one.side.evening or 0, one.place))
        acts = [
            one
            for one in lives
            if one.says == "acts" and (one.side.evening or 0) > (first.side.evening or 0)
        ]
        if acts and not is_dead_state_taken_back(thing.state):
            acts.sort(key=lambda one: (one.side.evening or 0, one.place))
            for new in acts:
                say = (
                    f"{thing.name} died in game session {first.side.evening}"
                    f" and acts in game session {new.side.evening}."
                )
                yield make_contradiction("life", thing.name, ref, say, first.side, new.side)
        elif _says_alive(thing.state):
            sheet = Side(Source(*ref), f"Status: {thing.state}", None)
            say = (
                f"{thing.name} died in game session {first.side.evening}, and the sheet says alive."
            )
            yield make_contradiction("status", thing.name, ref, say, sheet, first.side)


_ALIVE = re.compile(r"\A(?:alive|living|well|healthy)\b", re.IGNORECASE)
_UNDEAD = re.compile(r"\b(?:undead|ghost|vampire|risen|revived|resurrected)\b", re.IGNORECASE)


def _says_alive(state: str) -> bool:
    return _ALIVE.search(state.strip()) is not None


def is_dead_state_taken_back(state: str) -> bool:
    """Whether the sheet itself explains that one who died acts."""
    return _UNDEAD.search(state) is not None and not is_dead_state(_UNDEAD.sub("", state))


# ── Values, places, owners ─────────────────────────────────────────────────────────────


def _sentences(evidence: Evidence) -> Iterator[tuple[Source, int | None, str, bool]]:
    """What is written down as so, oldest first: the row, its evening, the sentence; whether it is
    of the record of an evening."""
    for fact in sorted(evidence.facts, key=lambda one: (one.evening or 0, one.id)):
        if fact.canon in ("happened", "prepped") and not fact.is_false:
            for sentence in split_sentences(fact.text):
                yield Source("fact", fact.id), fact.evening, sentence, False
    for line in evidence.lines:
        if line.source.kind in RECORDS:
            for sentence in split_sentences(line.text):
                if not is_table_talk(sentence):
                    yield line.source, line.evening or None, sentence, True


def _find_two_values(evidence: Evidence, index: NameIndex) -> Iterator[Contradiction]:
    said: dict[tuple[EntityRef, str], list[tuple[str, Side]]] = defaultdict(list)
    for source, evening, sentence, _ in _sentences(evidence):
        for stated in read_values(sentence, index):
            side = Side(source, cut_text(sentence, 300), evening)
            said[stated.ref, stated.about].append((stated.value, side))
    yield from _compare(evidence, said, "value", "Two answers about {name}: {about}.")


def _find_two_places(evidence: Evidence, index: NameIndex) -> Iterator[Contradiction]:
    said: dict[tuple[EntityRef, str], list[tuple[str, Side]]] = defaultdict(list)
    for source, evening, sentence, _ in _sentences(evidence):
        for stated in read_places(sentence, index):
            if evening is not None:
                about = f"{stated.about} in game session {evening}"
                said[stated.ref, about].append(
                    (stated.value, Side(source, cut_text(sentence, 300), evening))
                )
    yield from _compare(evidence, said, "place", "{name} is in two places {about}.")


def _compare(
    evidence: Evidence,
    said: Mapping[tuple[EntityRef, str], list[tuple[str, Side]]],
    kind: str,
    words: str,
) -> Iterator[Contradiction]:
    for (ref, about), answers in said.items():
        thing = evidence.things.get(ref)
        if thing is None or thing.canon == "retconned":
            continue
        old_value, old = answers[0]
        for value, side in answers[1:]:
            if _differs(old_value, value) and side.source != old.source:
                say = words.format(name=thing.name, about=about)
                yield make_contradiction(kind, thing.name, ref, say, old, side, about)


def _differs(one: str, other: str) -> bool:
    """Whether two values exclude each other: neither is a part of the other."""
    mine, theirs = fold(one).strip(" .'\""), fold(other).strip(" .'\"")
    return bool(mine and theirs) and mine not in theirs and theirs not in mine


def _find_two_holders(evidence: Evidence, index: NameIndex) -> Iterator[Contradiction]:
    last: dict[EntityRef, tuple[Stated, Side]] = {}
    for source, evening, sentence, _ in _sentences(evidence):
        for stated in read_holdings(sentence, index):
            known = last.get(stated.ref)
            side = Side(source, cut_text(sentence, 300), evening)
            if known is None or (evening or 0) >= (known[1].evening or 0):
                last[stated.ref] = (stated, side)
    for ref, (stated, side) in last.items():
        thing = evidence.things.get(ref)
        if thing is None or thing.canon == "retconned" or not thing.holder:
            continue
        named = _refs(thing.holder, index)
        holder = _refs(stated.value, index)
        if len(named) == 1 and len(holder) == 1 and named.isdisjoint(holder):
            sheet = Side(Source(*ref), cut_text(f"Where it is: {thing.holder}", 300), None)
            say = f"The sheet of {thing.name} names another holder than what is written down."
            yield make_contradiction("holder", thing.name, ref, say, sheet, side)


def _refs(text: str, index: NameIndex) -> set[EntityRef]:
    found: Iterable[EntityRef] = (
        ref for one in index.find_mentions(text) if len(one.refs) == 1 for ref in one.refs
    )
    return set(found)
