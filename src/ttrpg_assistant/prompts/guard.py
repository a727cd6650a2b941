"""Tells an attempt to take over the model from ordinary talk at the table.

Implements the seed's "Prompt Injection Protection" for text spoken to an NPC, with the same
intents and without its substring list: text is normalised and undisguised, and patterns are
bound to words, so "What system requirements do I need?" passes. A mitigation, not a
boundary: the boundary is that an as-mode prompt holds no secrets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import Blocked, TooLarge
from ttrpg_assistant.normal_forms import compose
from ttrpg_assistant.prompts import guard_english, guard_languages
from ttrpg_assistant.prompts.disguises import (
    Places,
    decoded,
    everything_squeezed,
    find_places,
    plain,
    plainly,
    rewritten,
    rotated,
    squeezed,
    visible,
)
from ttrpg_assistant.prompts.guard_index import PatternIndex, Words

Category = Literal["override", "role", "persona", "extraction", "structure", "disguise"]

_REASONS: dict[Category, str] = {
    "override": "it tells the model to drop its instructions",
    "role": "it pretends to be a message from the system instead of something said",
    "persona": "it tells the model to stop being this character",
    "extraction": "it asks for the model's own instructions",
    "structure": "it uses formatting that a model may take for the start of new instructions",
    "disguise": "it is so long and so full of encodings that nobody can say what it hides",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a text was stopped. `words` are the words that did it, `disguise` how they were
    hidden, if they were."""

    category: Category
    words: str
    disguise: str = ""

    @property
    def sentence(self) -> str:
        """The reason, for the game master."""
        hidden = f", hidden as {self.disguise}" if self.disguise else ""
        return f"This was not sent, because {_REASONS[self.category]}: “{self.words}”{hidden}."


SPOKEN_CHARACTERS = 40_000
"""The longest text that can be said to an NPC in one message: most of an hour of speech. What is
asked about one may be longer, because nobody has to check it."""

MOST_READ = 105_500
"""Characters of a text and of its other readings that are looked at.

More than any text of `SPOKEN_CHARACTERS` has that is meant to be read, in whatever script. One
that needs more is not sent: the time a check takes has an end, and nothing passes unread.
"""


def prepare() -> None:
    """Builds the patterns, about 0.2 s once. Optional: the first check does it otherwise."""
    _index()
    _sure_patterns()


def check_input(text: str) -> None:
    """Raises Blocked, with the reason in plain words, for text no NPC should be told, and
    TooLarge for more than `SPOKEN_CHARACTERS`, which is not looked at."""
    if len(text) > SPOKEN_CHARACTERS:
        raise TooLarge(
            f"This is too long to be said to an NPC: {SPOKEN_CHARACTERS:,} characters at most.",
            code="spoken_too_long",
            cure="Your text is still in the composer. Say it in several messages, "
            "or ask it in the “About” mode.",
            facts={"limit": SPOKEN_CHARACTERS},
        )
    finding = find_injection(text)
    if finding is not None:
        raise Blocked(
            finding.sentence,
            cure="Your text is still in the composer. Say it in other words, "
            "or ask it in the “About” mode.",
            facts={"category": finding.category, "words": finding.words},
        )


def find_injection(text: str) -> Finding | None:
    """The first sign of an attempt to take over the model, or None. Linear in the text."""
    try:
        return _Reader().find(text)
    except _TooMuch:
        return Finding("disguise", _shown(text))


@cache
def _index() -> PatternIndex[Category]:
    rules: list[tuple[Category, Sequence[str]]] = [
        ("override", guard_english.OVERRIDE),
        ("persona", guard_english.PERSONA),
        ("extraction", guard_english.EXTRACTION),
        ("override", guard_languages.OVERRIDE),
        ("persona", guard_languages.PERSONA),
        ("extraction", guard_languages.EXTRACTION),
    ]
    return PatternIndex([(category, plain(one)) for category, texts in rules for one in texts])


@cache
def _sure_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in guard_english.SURE)


_ROLES = (
    r"(?:system|assistant|developer|sistema|syst[eè]me|systeem|systemowy|система|система сообщение"
    r"|systemnachricht|systemanweisung|systembefehl)"
)
_SPEAKERS = rf"(?:{_ROLES}|human|user|ai|admin|administrator|tool|root)"
_NOTE = r"(?:\s+(?:message|prompt|note|override|instructions?|command|update|alert|notice))?"

_NAMED_SPEAKER = re.compile(rf"{_SPEAKERS}{_NOTE}[\s\])}}>|*_\"'”]*:", re.IGNORECASE)
_BEFORE_SPEAKER = re.compile(
    r"""[\s>*_\-"'“(\[{<|\#](?<![\s>*_\-"'“(\[{<|\#].)[\s>*_\-"'“(\[{<|\#]*+""", re.DOTALL
)
"""White space and ornaments, from the first of them on: a long run is looked at once."""

_SHAPES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    (
        "role",
        re.compile(
            r"(?:S(?<!\wS)YSTEM|A(?<!\wA)SSISTANT|H(?<!\wH)UMAN)(?: [A-Z]+)?\s*:",
        ),
    ),
    (
        "role",
        re.compile(
            r"[\[<{]{1,3}\s*+(?:[/|]\s*+)?(?=[adisADISсСİıſ])"
            rf"(?i:{_ROLES}{_NOTE}|inst|sys)\s*+[/|]?[\]>}}]",
        ),
    ),
    ("role", re.compile(r"<\|[^|\n]{1,40}\|?>|</?s>|<(?:start|end)_of_turn>", re.IGNORECASE)),
    ("role", re.compile(rf"role[\"']?\s*[:=]\s*[\"']?{_ROLES}\b", re.IGNORECASE)),
    (
        "role",
        re.compile(
            r"[bBeEsSſ](?<!\w[bBeEsSſ])(?i:(?<=b)egin|(?<=e)nd|(?<=s)tart)(?i:ing)? "
            r"(?i:(?:of )?(?:the )?(?:new )?(?:system|user|assistant|prompt|hidden) ?"
            r"(?:prompt|message|instructions?|input|turn)?\b)"
            r"(?=\W*(?:$|[\n\]=#>-]))",
            re.MULTILINE,
        ),
    ),
    ("persona", re.compile(r"\A\W*+jailbreak\w*+\W*+\Z", re.IGNORECASE)),
    (
        "structure",
        re.compile(r"```|^[^\S\n]*~~~|##|^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE),
    ),
)

_STRUCTURE = ("```", "~~~", "##", "---")


def _find_role_prefix(said: str) -> str | None:
    """A speaker with a colon where a line or a sentence begins, ornaments left aside."""
    if ":" not in said:
        return None
    if first := _NAMED_SPEAKER.match(said):
        return first[0]
    for before in _BEFORE_SPEAKER.finditer(said):
        found = _NAMED_SPEAKER.match(said, before.end())
        if found is None:
            continue
        at = before.start()
        ends_sentence = at > 0 and said[at - 1] in ".!?…" and before[0][:1].isspace()
        if at == 0 or ends_sentence or "\n" in before[0] or "\r" in before[0]:
            return before[0] + found[0]
    return None


def _find_shape(seen: str, looks: str) -> Finding | None:
    """Role prefixes and structure: they are in the signs, not in the words."""
    both = (seen,) if looks == seen.lower() else (seen, looks)
    for said in both:
        prefix = _find_role_prefix(said)
        if prefix is not None:
            return Finding("role", _shown(prefix))
    for category, pattern in _SHAPES:
        for said in both:
            if category == "structure" and not any(sign in said for sign in _STRUCTURE):
                continue
            found = pattern.search(said)
            if found is not None:
                return Finding(category, _shown(found[0]))
    return None


_NEGATIONS = re.compile(r"(?:\bdont|\bnot|\bnever|\bwithout|\bnicht|\bnie) $")


def _find_in(said: Words) -> tuple[Category, str] | None:
    for category, found in _index().find(said):
        before = said.text[max(0, found.start() - 12) : found.start()]
        if category == "override" or not _NEGATIONS.search(before):
            return category, _shown(found[0])
    return None


class _Reader:
    """Reads a text in every way that is known, as long as that takes a bounded time."""

    def __init__(self) -> None:
        self._left = MOST_READ

    def _spend(self, characters: int) -> None:
        self._left -= characters
        if self._left < 0:
            raise _TooMuch

    def find(self, text: str) -> Finding | None:
        """Raises `_TooMuch`."""
        self._spend(_visible_length(text))
        seen = visible(text)
        said = plainly(seen)
        return _find_shape(seen, said) or self._find_words(said) or self._find_encoded(text)

    def _find_words(self, said: str, disguise: str = "") -> Finding | None:
        """What a text in `plain` form says, as it stands, under a disguise or in a cipher."""
        words = Words.of(said)
        places = find_places(words.tight)
        self._spend(2 * sum(map(len, places.values())))
        runs = [*squeezed(said), *everything_squeezed(said)]
        found = self._find_disguised(words, places, runs, disguise)
        if found is not None:
            return found
        self._spend(len(words.text) // 2)
        runs = [(how, rotated(run)) for how, run in runs]
        return self._find_disguised(words.spelled(rotated), places, runs, disguise or "rot13")

    def _find_disguised(
        self, words: Words, places: Places, runs: list[tuple[str, str]], disguise: str
    ) -> Finding | None:
        found = _find_in(words)
        if found is not None:
            return Finding(found[0], found[1], disguise)
        for how, changed in rewritten(words.tight, places, _index().may_begin):
            self._spend(len(changed))
            found = _find_in(Words.of(changed))
            if found is not None:
                return Finding(found[0], found[1], disguise or how)
        return _find_squeezed(runs, disguise)

    def _find_encoded(self, text: str) -> Finding | None:
        """One layer of encoding, and one more inside it."""
        for how, read in decoded(text):
            found = self._find_decoded(read, how)
            if found is not None:
                return found
            for _, deeper in decoded(read):
                found = self._find_decoded(deeper, how) if deeper != text else None
                if found is not None:
                    return found
        for _, read in decoded(rotated(text)):
            found = self._find_decoded(read, "rot13")
            if found is not None:
                return found
        return None

    def _find_decoded(self, read: str, how: str) -> Finding | None:
        self._spend(_visible_length(read))
        return self._find_words(plain(read), how)


def _visible_length(text: str) -> int:
    """About how many characters a reader sees: some stand for many."""
    return max(len(text), len(compose(text)))


class _TooMuch(Exception):
    """More readings than can be made in the time that is allowed."""


def _find_squeezed(runs: list[tuple[str, str]], disguise: str) -> Finding | None:
    for how, letters in runs:
        if not any(word in letters for word in guard_english.SURE_WORDS):
            continue
        for sure in _sure_patterns():
            run = sure.search(letters)
            if run is not None:
                return Finding("override", _shown(run[0]), disguise or how)
    return None


def _shown(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 120 else cut_text(words, 119) + "…"
