"""Whether an NPC still sounds like itself: plain hints from its sheet and what it said (FR-205).

Pure, and no model is asked. What is compared are words: an NPC that was given no sample
lines and no manner can hardly lose it, so the less a sheet says the fewer hints there are.
The lists of words are English; names, forbidden words and lengths count in any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ttrpg_assistant.builtin.words import fold
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.facts import VoiceSheet

HintKind = Literal["length", "vocabulary", "forbidden", "out_of_character", "machine"]

FEWEST_WORDS = 12
"""Words of sample lines, or of answers, below which lengths say nothing."""

SHORT_ANSWER_WORDS = 60
"""What an NPC that speaks briefly may say at a stretch."""

MOST_READ = 40_000
"""Characters of all answers together, the newest first. It is how an NPC speaks now that can be
mended: these are some hundred answers, more than an evening has."""

_QUOTE_CHARACTERS = 120
_ACTION = re.compile(r"\*[^*\n]{1,400}\*")
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)]*+(?:\s+|$)|[。！？]|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WORD_CHARACTER = re.compile(r"\w")
_NO_WORD_CHARACTER = re.compile(r"\W")
_CONTRACTION = re.compile(r"\b[a-z]+['’](?:s|t|re|ll|ve|m|d)\b", re.IGNORECASE)
_CONTRACTIBLE = re.compile(
    r"\b(?:do not|does not|did not|is not|are not|cannot|can not|will not|would not|it is"
    r"|I am|I will|I have|you are|we are|they are|that is)\b",
    re.IGNORECASE,
)
_BRIEF = re.compile(r"\b(?:terse|clipped|curt|few words|laconic|short|blunt|brief|monosyllab\w+)\b")

_MACHINE = re.compile(
    r"\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model|assistant|chatbot)"
    r"|i(?:'m| am) (?:just |only |an? )*(?:ai|artificial intelligence|language model|chatbot"
    r"|virtual assistant|ai assistant)"
    r"|language models?|my training data|(?:my|the) system prompt|my programming"
    r"|i (?:cannot|can't) (?:assist|help) with that"
    r"|openai|chatgpt|anthropic)\b"
)
_TABLE = re.compile(
    r"\b(?:role-?play(?:ing)?|out of character|in character|this (?:scenario|scene|campaign)"
    r"|the (?:players?|game master|dungeon master|gm|dm|npc|player characters?)"
    r"|player characters?|hit points|(?:saving throw|skill check|perception check)s?"
    r"|roll (?:a|for) (?:d\d+|initiative|perception|[a-z]+ check)|\d*d(?:4|6|8|10|12|20|100))\b"
)
_DESK = re.compile(
    r"\b(?:i(?:'d| would) be happy to|feel free to|let me know if|hope this helps|great question"
    r"|is there anything else|certainly!|absolutely!|of course!|furthermore|additionally|moreover"
    r"|in conclusion|it is important to note|it's important to note|in summary|delve|tapestry"
    r"|okay|awesome)"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One answer that an NPC gave."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class VoiceHint:
    """One thing to mend. `quote` is the place in the message, where it is one place."""

    kind: HintKind
    sentence: str
    message_id: str | None = None
    quote: str | None = None


def find_voice_hints(sheet: VoiceSheet, answers: Sequence[Spoken]) -> list[VoiceHint]:
    """What to watch in this NPC's voice, the gravest first. `answers` are oldest first; of more
    than `MOST_READ` characters the newest count."""
    answers = list_newest(answers)
    return [
        *_find(answers, _MACHINE, "machine", "It said that it is a machine."),
        *_out_of_character(sheet, answers),
        *_forbidden(sheet, answers),
        *_lengths(sheet, answers),
        *_vocabulary(sheet, answers),
    ]


def list_newest(answers: Sequence[Spoken]) -> list[Spoken]:
    """Those that are read: the newest, `MOST_READ` characters in all."""
    found: list[Spoken] = []
    left = MOST_READ
    for answer in reversed(answers):
        if left <= 0:
            break
        found.append(replace(answer, text=cut_text(answer.text, left)))
        left -= len(answer.text)
    return found[::-1]


def without_actions(text: str) -> str:
    """The words that were spoken, without what stands between asterisks."""
    return _ACTION.sub(" ", text)


def _find(
    answers: Iterable[Spoken], pattern: re.Pattern[str], kind: HintKind, sentence: str
) -> list[VoiceHint]:
    found = []
    for answer in answers:
        plain = answer.text.replace("’", "'")
        lowered = plain.lower()
        if len(lowered) != len(plain):  # some capitals become two letters
            plain = lowered
        match = pattern.search(lowered)
        if match is not None:
            quote = _quote(plain, *match.span())
            found.append(VoiceHint(kind, sentence, answer.message_id, quote))
    return found


def _quote(text: str, start: int, end: int) -> str:
    """The place with a few words around it, on one line."""
    room = max(0, _QUOTE_CHARACTERS - (end - start)) // 2
    first = text.rfind(" ", 0, max(0, start - room)) + 1 if start > room else 0
    last = text.find(" ", end + room)
    return " ".join(text[first : len(text) if last < 0 else last].split())


def _out_of_character(sheet: VoiceSheet, answers: Sequence[Spoken]) -> list[VoiceHint]:
    found = _find(answers, _TABLE, "out_of_character", "It spoke about the game and its rules.")
    name = re.escape(sheet.name.lower().strip())
    if name and "third person" not in sheet.speaking_style.lower():
        of_itself = re.compile(
            rf"(?:^|[.!?\n] ?)(?:as {name}, i\b|{name} (?:would|says|said|thinks|replies|nods"
            rf"|smiles|looks|might)\b|{name}:)"
        )
        told = "It described itself instead of speaking."
        found += _find(
            [Spoken(one.message_id, _tidy(without_actions(one.text))) for one in answers],
            of_itself,
            "out_of_character",
            told,
        )
    return found


def _tidy(text: str) -> str:
    """One space between words, lines kept: white space has no length that matters."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _forbidden(sheet: VoiceSheet, answers: Sequence[Spoken]) -> list[VoiceHint]:
    plain = {words: " ".join(fold(words).split()) for words in sheet.never_says}
    if not any(plain.values()):
        return []
    spoken = [" ".join(fold(without_actions(answer.text)).split()) for answer in answers]
    found = []
    for words, phrase in plain.items():
        for answer, said in zip(answers, spoken, strict=True):
            start = _find_phrase(phrase, said)
            if phrase and start >= 0:
                sentence = f"{sheet.name or 'This NPC'} never says “{words.strip()}”."
                quote = _quote(said, start, start + len(phrase))
                found.append(VoiceHint("forbidden", sentence, answer.message_id, quote))
    return found


def _find_phrase(phrase: str, said: str) -> int:
    """Where the phrase stands with no letter or digit before or after it; -1 for nowhere.

    Not by a pattern, which would compare a phrase of many equal words anew at each of them.
    """
    start = said.find(phrase)
    while start >= 0:
        if start and _WORD_CHARACTER.match(said[start - 1]):
            # It can only begin where the word has ended that it is found inside of.
            ended = _NO_WORD_CHARACTER.search(said, start)
            start = said.find(phrase, ended.end()) if ended else -1
        elif _WORD_CHARACTER.match(said[start + len(phrase) : start + len(phrase) + 1]):
            start = said.find(phrase, start + 1)
        else:
            return start
    return -1


def _lengths(sheet: VoiceSheet, answers: Sequence[Spoken]) -> list[VoiceHint]:
    said = _sentence_lengths(without_actions(answer.text) for answer in answers)
    if sum(said) < FEWEST_WORDS:
        return []
    mean = sum(said) / len(said)
    samples = _sentence_lengths(sheet.sample_lines)
    if sum(samples) >= FEWEST_WORDS:
        usual = sum(samples) / len(samples)
        if mean > 2 * usual and mean - usual >= 6:
            return [VoiceHint("length", _length_sentence("longer", mean, usual))]
        if mean < usual / 2 and usual - mean >= 6:
            return [VoiceHint("length", _length_sentence("shorter", mean, usual))]
    if _BRIEF.search(fold(sheet.speaking_style)):
        longest = max(answers, key=lambda answer: len(_words(without_actions(answer.text))))
        count = len(_words(without_actions(longest.text)))
        if count > SHORT_ANSWER_WORDS:
            told = f"It speaks briefly by its sheet; this answer has {count} words."
            return [VoiceHint("length", told, longest.message_id)]
    return _growth(answers)


def _length_sentence(how: str, mean: float, usual: float) -> str:
    return (
        f"Its sentences are {how} than its sample lines:"
        f" about {mean:.0f} words each, against {usual:.0f}."
    )


def _growth(answers: Sequence[Spoken]) -> list[VoiceHint]:
    """Answers that grow with the talk: a voice that turns into a lecture."""
    counts = [len(_words(without_actions(answer.text))) for answer in answers]
    if len(counts) < 6:
        return []
    third = len(counts) // 3
    early, late = sum(counts[:third]) / third, sum(counts[-third:]) / third
    if late > 2 * early and late > SHORT_ANSWER_WORDS:
        told = f"Its answers have grown from about {early:.0f} words to {late:.0f}."
        return [VoiceHint("length", told)]
    return []


def _vocabulary(sheet: VoiceSheet, answers: Sequence[Spoken]) -> list[VoiceHint]:
    samples = " ".join(sheet.sample_lines)
    own = fold(f"{samples} {sheet.speaking_style}")
    found = [
        hint
        for hint in _find(answers, _DESK, "vocabulary", "It sounded like an office letter here.")
        if not any(word in own for word in _DESK.findall((hint.quote or "").lower()))
    ]
    said = " ".join(without_actions(answer.text) for answer in answers)
    if len(_words(samples)) < FEWEST_WORDS or len(_words(said)) < 3 * FEWEST_WORDS:
        return found
    shortened = len(_CONTRACTION.findall(samples))
    written_out = len(_CONTRACTIBLE.findall(said))
    if shortened >= 2 and written_out >= 3 and not _CONTRACTION.search(said):
        told = "Its sample lines shorten their words (don’t, it’s); its answers never do."
        found.append(VoiceHint("vocabulary", told))
    usual, now = _word_length(samples), _word_length(said)
    if now - usual >= 1.2:
        told = "Its words have become longer and stiffer than in its sample lines."
        found.append(VoiceHint("vocabulary", told))
    return found


def _sentence_lengths(texts: Iterable[str]) -> list[int]:
    counts = [len(_words(part)) for text in texts for part in _SENTENCE_END.split(text)]
    return [count for count in counts if count]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _word_length(text: str) -> float:
    words = _words(text)
    return sum(map(len, words)) / max(1, len(words))
