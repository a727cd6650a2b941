"""What the built-in model finds in lines: sentences that say what happened, promises, kinship, and
names that are said often. It only quotes, so every proposal holds word for word."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ttrpg_assistant.builtin.proper_names import ProperNames
from ttrpg_assistant.builtin.summary import DICE_TALK
from ttrpg_assistant.builtin.words import fold, list_sentences, shorten
from ttrpg_assistant.reviews.holding import Lines, shorten_quote
from ttrpg_assistant.reviews.model import Evidence, Found, Line
from ttrpg_assistant.reviews.names import NameRepairs
from ttrpg_assistant.reviews.wording import (
    propose_fact,
    propose_relation,
    propose_thing,
    propose_thread,
)
from ttrpg_assistant.suggestions.meaning import Proposal

_KIN = (
    "sister|brother|mother|father|son|daughter|wife|husband|cousin|uncle|aunt|nephew|niece"
    "|grandmother|grandfather|grandson|granddaughter|twin|apprentice|servant|master|mentor"
    "|rival|enemy|ally|friend|lover|bodyguard|squire|heir|captain|lieutenant|steward"
)
_NAME = r"([A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30}){0,2})"
_IS_HIS = re.compile(rf"\b{_NAME} (?:is|was) {_NAME}['’]s? (?:\w{{1,15}} )?({_KIN})\b")
_IS_OF = re.compile(rf"\b{_NAME} (?:is|was) the (?:\w{{1,15}} )?({_KIN}) of {_NAME}")

_THREAD = re.compile(
    r"\b(?:promis\w{0,4}|swear|swore|sworn|vow\w{0,3}|owes?|owed|debt|deadline|bounty|reward|quest"
    r"|will return|come back for|coming back|wants? (?:us|you|them) to|asks? (?:us|you|them) to"
    r"|must (?:find|bring|return|stop|reach|free|deliver)|have to (?:find|bring|return|stop)"
    r"|before the (?:new|full|next)|by (?:dawn|dusk|midnight|sunrise|nightfall)|never found out"
    r"|nobody knows|still missing|is missing|we still need|find out (?:who|what|where|why))\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:dies|died|dead|kill\w{0,3}|slain|murdered|gives?|gave|given|told|tells|reveal\w{0,3}"
    r"|found|finds|stole|stolen|steals|hid|hides|hidden|buried|burn\w{0,3}|destroyed|broke|broken"
    r"|betray\w{0,3}|married|born|belongs|betrothed|works for|serves|leads|rules|guards|lives"
    r"|lies (?:in|under|behind|beneath|north|south|east|west)|named|called|cursed|sealed|opened"
    r"|escaped|fled|captured|arrested|freed|crowned|arriv\w{1,3}|left for|sailed|joined|sold|bought"
    r"|paid|confess\w{0,4}|admit\w{0,4}|signed|wrote|poison\w{0,3}|wounded|lost|took|takes|taken"
    r"|knows|secret|password|key to|is actually|was never|used to be)\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"\b(?:maybe|perhaps|what if|if (?:we|you|i|he|she|they)|could we|should we|i think|i guess"
    r"|wonder|might|can i|can we|do you|let me|let's|would)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:i|i'm|i'll|i've|my|me|we|we'll|our)\b", re.IGNORECASE)

_PERSON_BEFORE_TEXT = """
    captain lord lady sir dame king queen prince princess father mother brother sister old
    young doctor master mistress widow uncle aunt sergeant commander baron baroness count
    countess duke duchess named called
"""
_PERSON_BEFORE = frozenset(_PERSON_BEFORE_TEXT.split())
_PERSON_AFTER_TEXT = """
    says said asks asked tells told nods nodded smiles smiled whispers whispered shouts
    laughs laughed sighs grins shrugs looks replies answers gives gave died dies wants knows
    walks runs draws stole
"""
_PERSON_AFTER = frozenset(_PERSON_AFTER_TEXT.split())
_PLACE_BEFORE_TEXT = """
    in at to into from near towards toward reach leave outside inside
"""
_PLACE_BEFORE = frozenset(_PLACE_BEFORE_TEXT.split())
_PLACE_WORDS_TEXT = """
    inn tavern keep castle tower bridge forest wood woods marsh swamp river lake hill hills
    mountain mountains valley pass cave caves mine mines temple shrine abbey village town
    city harbour harbor port island isle ford gate market road ruins hall manor mill
    lighthouse cellar crypt vault bay cove cliffs desert tomb library guildhall
"""
_PLACE_WORDS = frozenset(_PLACE_WORDS_TEXT.split())  # fmt: skip
_IN_THE = (" in the ", " at the ", " to the ", " into the ", " from the ", " near the ")

FACTS_PER_LINE = 1 / 9
"""So many facts at most; of long parts those that say most."""
LEAST_FACTS = 6
_LEAST_LETTERS, _MOST_LETTERS = 18, 300
SAID_OFTEN = 3
"""How often a name is said that nobody knows, until it is proposed as a person or a place."""
MOST_NAMES = 60
MOST_COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class _Sentence:
    at: int
    text: str
    names: Sequence[str]
    is_told: bool
    """Whether the game master says or wrote it."""


def pick(lines: Lines, known: Iterable[str]) -> list[Found]:
    """What the lines of a part say, quoted. `known` are the names of the cast."""
    sentences = list(_list_sentences(lines, known))
    found: list[Found] = []
    taken: set[tuple[int, str]] = set()
    for one in sentences:
        for proposal in _find_relations(one, lines.repairs):
            found.append(_found(lines, one, proposal))
        if _THREAD.search(one.text) and (one.names or _FIRST.search(one.text)):
            text, repaired = lines.repairs.repair(_spoken(lines.lines[one.at], one.text))
            found.append(_found(lines, one, propose_thread(_title(text), text), repaired))
            taken.add((one.at, one.text))
    facts = [
        (score, one)
        for one in sentences
        if (one.at, one.text) not in taken and (score := _score(one)) > 0
    ]
    most = max(LEAST_FACTS, int(len(lines.lines) * FACTS_PER_LINE))
    kept = sorted(facts, key=lambda pair: -pair[0])[:most]
    for _, one in sorted(kept, key=lambda pair: pair[1].at):
        text, repaired = lines.repairs.repair(_spoken(lines.lines[one.at], one.text))
        found.append(_found(lines, one, propose_fact(text), repaired))
    return found


def _list_sentences(lines: Lines, known: Iterable[str]) -> Iterator[_Sentence]:
    listed = [
        (at, sentence)
        for at, line in enumerate(lines.lines)
        for sentence in list_sentences(line.text)
        if _LEAST_LETTERS <= len(sentence) <= _MOST_LETTERS
    ]
    finder = ProperNames([sentence for _, sentence in listed], known)
    # Who is spoken to is not spoken of.
    players = {one.speaker.label for one in lines.lines if one.speaker.role == "player"}
    players -= {one.speaker.name for one in lines.lines}
    for at, sentence in listed:
        is_told = lines.lines[at].speaker.role in ("gm", "notes")
        if sentence.endswith("?") or DICE_TALK.search(sentence):
            continue
        if _MAYBE.search(sentence) and not is_told:
            continue
        if sentence in lines.lines[at].text:
            names = [name for name in finder.find(sentence) if name not in players]
            yield _Sentence(at, sentence, names, is_told)


def _score(one: _Sentence) -> float:
    """How much a sentence says of what happened; 0 for talk."""
    cues = len(_HAPPENED.findall(one.text))
    # What the game master tells of somebody is so; what players say may be talk.
    if not one.names or not (cues or one.is_told):
        return 0
    return cues + len(one.names) + (0.5 if any(map(str.isdigit, one.text)) else 0)


def pick_telling(lines: Lines, known: Iterable[str], count: int) -> list[tuple[int, str]]:
    """The sentences that say most of what happened, in order, each with the number of its line
    from 0: one of each stretch of the talk, so that its end counts like its beginning."""
    scored = [
        (score + len(_THREAD.findall(one.text)), one)
        for one in _list_sentences(lines, known)
        if (score := _score(one)) or (one.names and _THREAD.search(one.text))
    ]
    chosen: list[_Sentence] = []
    for stretch in range(count):
        first, last = stretch * len(scored) // count, (stretch + 1) * len(scored) // count
        chosen += [one for _, one in sorted(scored[first:last], key=lambda pair: -pair[0])[:1]]
    return [(one.at, one.text) for one in chosen]


def _find_relations(one: _Sentence, repairs: NameRepairs) -> Iterator[Proposal]:
    for pattern, places in ((_IS_HIS, (1, 3, 2)), (_IS_OF, (1, 2, 3))):
        for match in pattern.finditer(one.text):
            first, label, other = (match[place] for place in places)
            first, other = repairs.repair(first)[0], repairs.repair(other)[0]
            if fold(first) != fold(other):
                yield propose_relation(first, f"{label} of", other)


def _spoken(line: Line, sentence: str) -> str:
    """A sentence as a fact: what somebody says of themselves is said to be theirs."""
    if line.speaker.role in ("player", "npc") and _FIRST.search(sentence):
        who = line.speaker.name or line.speaker.label
        return f"{who}: “{sentence}”" if who else sentence
    return sentence


def _title(text: str) -> str:
    return shorten(text.rstrip(".!"), 80)


def _found(
    lines: Lines, one: _Sentence, proposal: Proposal, repaired: Sequence[tuple[str, str]] = ()
) -> Found:
    return Found(proposal, [lines.evidence(one.at, one.text)], repaired)


@dataclass(slots=True)
class NamesOften:
    """Collects, line by line, the names that nobody of the cast has, and what stands around each.
    A name is a person's or a place's by the words before and after it."""

    repairs: NameRepairs
    counts: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    evidence: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))

    def add(self, lines: Sequence[Line], finder: ProperNames) -> None:
        """Some more lines."""
        for line in lines:
            if line.speaker.role == "nobody":
                continue
            for sentence in list_sentences(line.text):
                for name in finder.find(sentence):
                    self._note(name, sentence, line)

    def _note(self, written: str, sentence: str, line: Line) -> None:
        name = self.repairs.repair(written)[0].removeprefix("The ").removeprefix("the ")
        if len(self.counts) >= MOST_COUNTED and name not in self.counts:
            return
        self.counts[name] += 1
        before, _, after = sentence.partition(written)
        left = fold(before).split()[-1:]
        right = fold(after).replace(",", " ").split()[:1]
        words = set(fold(name).split())
        if set(left) & _PLACE_BEFORE or fold(before).endswith(_IN_THE):
            self.places[name] += 1
        if set(left) & _PERSON_BEFORE or set(right) & _PERSON_AFTER or words & _PERSON_BEFORE:
            self.people[name] += 1
        kept = self.evidence[name]
        if len(kept) < SAID_OFTEN:
            quote = sentence if sentence in line.text else shorten_quote(line.text, written)
            kept.append(Evidence(line.message_id, line.seq, quote))

    def list_found(self, cast: Iterable[str], speakers: Iterable[str]) -> list[Found]:
        """People and places that are said often and are not known, the most said first."""
        known = {fold(name) for name in (*cast, *speakers)}
        parts = {part for name in known for part in name.split() if len(part) > 3}
        found: list[Found] = []
        inside = _list_inside([fold(name) for name, n in self.counts.items() if n >= SAID_OFTEN])
        for name, count in self.counts.most_common():
            folded = fold(name)
            if len(found) >= MOST_NAMES:
                break
            # A first name with a surname is nobody else, and is said alone afterwards.
            is_full = " " in folded and not set(folded.split()) & _PLACE_WORDS
            parts_said = sum(self.counts[part] for part in name.split()) if is_full else 0
            if count + parts_said < (2 if is_full else SAID_OFTEN):
                continue
            if folded in known or set(folded.split()) & parts:
                continue
            if folded in inside:
                continue
            people, places = self.people[name], self.places[name]
            # "Marsh" is a place and a surname: it tips the scales and no more.
            places += bool(set(folded.split()) & _PLACE_WORDS)
            if people == places and not is_full:
                continue
            kind = "npc" if people > places or (is_full and people == places) else "location"
            found.append(Found(propose_thing(kind, {"name": name}), self.evidence[name]))
        return found


def _list_inside(names: Sequence[str]) -> set[str]:
    """What is part of a longer name: "arl" of "arl venn"."""
    inside: set[str] = set()
    for name in names:
        words = name.split()
        inside.update(
            " ".join(words[first:last])
            for first in range(len(words))
            for last in range(first + 1, len(words) + 1)
            if last - first < len(words)
        )
    return inside
