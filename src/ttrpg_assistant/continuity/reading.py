"""Every sentence of what was said and written down, as the rules read it: who is named in it, who
says it, its words. Read once, whatever is looked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in, stem
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.model import Evidence, Line
from ttrpg_assistant.continuity.plain_words import spell_plainly
from ttrpg_assistant.continuity.sentences import MOST_CHARACTERS, find_speaker, split_sentences

FEW = 3
"""Sentences of a line that is read as one: all are about whom any of them names."""

NEAR = 3
"""Lines before a promise among which those are looked for whom it is given to."""

EVERYWHERE = frozenset({"character", "location"})
NOTED = frozenset({"note", "event", "recap"})

NARRATORS = frozenset({"gm", "dm", "narrator", "game master", "storyteller", "keeper", "referee"})
"""Who tells what happens, whatever name stands before it."""

_SAME_TEXT = """
    found find, brought bring, told tell, gave give, given give, taught teach, paid pay, kept keep,
    made make, slew slay, slain slay, went go, gone go, came come, got get, took take, taken take,
    sold sell, bought buy, led lead, left leave, lost lose, met meet, said say, sang sing,
    sung sing, sent send, shown show, spoke speak, spoken speak, stole steal, stolen steal,
    stood stand,
    sought seek, threw throw, thrown throw, wrote write, written write, built build, broke break,
    broken break, chose choose, chosen choose, drew draw, drawn draw, fought fight, held hold,
    hid hide, hidden hide, rang ring, rung ring, rode ride, saw see, seen see, wore wear, worn wear,
    hung hang, lit light, rebuilt rebuild, lent lend, cured cure, healed heal
"""
_SAME = dict(pair.split() for pair in _SAME_TEXT.split(","))
"""What was promised and what was done are one word in two forms."""

_TELLING_DEEDS = frozenset({"find", "bring"})
"""Common words elsewhere; of a promise they are the whole matter."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence. `at` is its line's place among the lines, `number` its own within the line,
    `paragraph` that of the paragraph it is in. `speaker` is the name before the colon, `is_known`
    whether that is somebody of the campaign; `about` are those named in it and the one who says
    it."""

    line: Line
    at: int
    number: int
    paragraph: int
    text: str
    plain: str
    speaker: str
    is_known: bool
    about: tuple[EntityRef, ...]

    @property
    def is_noted(self) -> bool:
        """Whether it was written down as so."""
        return self.line.source.kind in NOTED

    @property
    def is_of_story(self) -> bool:
        """Whether somebody or something of the campaign is named, the players' characters aside."""
        return any(ref.kind != "character" for ref in self.about)


def read_sentences(evidence: Evidence, index: NameIndex) -> list[Said]:
    """All of them, in their order."""
    found: list[Said] = []
    for at, line in enumerate(evidence.lines):
        found += _read_line(line, at, index)
    return found


def _read_line(line: Line, at: int, index: NameIndex) -> list[Said]:
    speaker = find_speaker(line.text) if line.is_spoken else ""
    if speaker.casefold() in NARRATORS:
        speaker = ""
    spoken = _list_named(speaker, index) if speaker and line.about else ()
    read = []
    paragraphs = cut_text(line.text, MOST_CHARACTERS).split("\n")
    sentences = (
        (paragraph, text)
        for paragraph, whole in enumerate(paragraphs)
        for text in split_sentences(whole, is_spoken=line.is_spoken and paragraph == 0)
    )
    for number, (paragraph, text) in enumerate(sentences):
        mentions = index.find_mentions(text) if line.about else ()
        about = dict.fromkeys([*spoken, *(ref for one in mentions for ref in one.refs)])
        plain = spell_plainly(text, mentions)
        is_known = bool(spoken)
        read.append(Said(line, at, number, paragraph, text, plain, speaker, is_known, tuple(about)))
    return read


def _list_named(text: str, index: NameIndex) -> tuple[EntityRef, ...]:
    found = (ref for mention in index.find_mentions(text) for ref in mention.refs)
    return tuple(dict.fromkeys(found))


def list_around(said: Said, read: Sequence[Said], place: int) -> tuple[EntityRef, ...]:
    """Whom a sentence is about, by itself and by those next to it in its line."""
    around = dict.fromkeys(said.about)
    for other in (place - 1, place + 1):
        if 0 <= other < len(read) and is_beside(read[other], said):
            around |= dict.fromkeys(read[other].about)
    return tuple(around)


def spell_around(said: Said, read: Sequence[Said], place: int) -> str:
    """The sentence with those next to it in its paragraph."""
    near = (one for one in (place - 1, place, place + 1) if 0 <= one < len(read))
    return " ".join(read[one].plain for one in near if is_beside(read[one], said))


def is_beside(one: Said, other: Said) -> bool:
    """Whether both are in the same paragraph."""
    return (one.at, one.paragraph) == (other.at, other.paragraph)


def list_near(lines: Sequence[Line], at: int) -> tuple[EntityRef, ...]:
    """Who is spoken of in the line itself and in the few before it, of the same evening."""
    for line in (lines[place] for place in range(at, max(-1, at - NEAR - 1), -1)):
        if line.evening == lines[at].evening and line.about:
            return line.about
    return ()


def list_telling(about: Iterable[EntityRef]) -> frozenset[EntityRef]:
    """Those by whom a matter is known again: not the characters and places that come up anyway,
    unless there is nobody else."""
    refs = frozenset(about)
    return frozenset(ref for ref in refs if ref.kind not in EVERYWHERE) or refs


def list_roots(text: str, index: NameIndex) -> frozenset[str]:
    """The words that mean something, but for names."""
    for mention in reversed(index.find_mentions(text)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return list_plain_roots(text)


_SIGNS = frozenset({"who", "place", "thing"})


def list_plain_roots(plain: str) -> frozenset[str]:
    """The same of a text whose names are signs already."""
    words = (_SAME.get(word, word) for word in list_words_in(fold(plain)) if len(word) > 2)
    return frozenset(
        stem(word)
        for word in words
        if (word in _TELLING_DEEDS or word not in STOP_WORDS) and word not in _SIGNS
    )
