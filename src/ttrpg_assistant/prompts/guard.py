"""Tells an attempt to take over the model from ordinary talk at the table.

Implements the seed's "Prompt Injection Protection" for text spoken to an NPC, with the same
intents and without its substring list: text is normalised and undisguised, and patterns are
bound to words, so "What system requirements do I need?" passes. A mitigation, not a
boundary: the boundary is that an as-mode prompt holds no secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ttrpg_assistant.errors import Blocked
from ttrpg_assistant.prompts import guard_english, guard_languages
from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.disguises import (
    around,
    decoded,
    everything_squeezed,
    in_windows,
    plain,
    rewritten,
    squeezed,
)

Category = Literal["override", "role", "persona", "extraction", "structure"]

_REASONS: dict[Category, str] = {
    "override": "it tells the model to drop its instructions",
    "role": "it pretends to be a message from the system instead of something said",
    "persona": "it tells the model to stop being this character",
    "extraction": "it asks for the model's own instructions",
    "structure": "it uses formatting that a model may take for the start of new instructions",
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


def prepare() -> None:
    """Builds the patterns, about 50 ms once. Optional: the first check does it otherwise."""
    _patterns()
    _keys()
    _sure_patterns()


def check_input(text: str) -> None:
    """Raises Blocked, with the reason in plain words, for text no NPC should be told."""
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
    said = plain(text)
    return _find_shape(text, said) or _find_words(said) or _find_encoded(text)


# What separates words within one sentence; `plain` leaves no underscores. Possessive: two of them
# in a row must not try every way to share a long run of signs.
_BETWEEN = r"(?:(?:[.!?](?!\s)|[^\w.!?])++)"


@cache
def _patterns() -> tuple[tuple[Category, re.Pattern[str]], ...]:
    rules: list[tuple[Category, Sequence[str]]] = [
        ("override", guard_english.OVERRIDE),
        ("persona", guard_english.PERSONA),
        ("extraction", guard_english.EXTRACTION),
        ("override", guard_languages.OVERRIDE),
        ("persona", guard_languages.PERSONA),
        ("extraction", guard_languages.EXTRACTION),
    ]
    return tuple(
        (category, re.compile(rf"(?<!\w)(?:{plain(one).replace(' ', _BETWEEN)})(?!\w)"))
        for category, patterns in rules
        for one in patterns
    )


@cache
def _sure_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in guard_english.SURE)


_ROLES = (
    r"(?:system|assistant|developer|sistema|syst[eè]me|systeem|systemowy|система|система сообщение"
    r"|systemnachricht|systemanweisung|systembefehl)"
)
_SPEAKERS = rf"(?:{_ROLES}|human|user|ai|admin|administrator|tool|root)"
_NOTE = r"(?:\s+(?:message|prompt|note|override|instructions?|command|update|alert|notice))?"

_NAMED_SPEAKER = re.compile(rf"(?<![^\W_]){_SPEAKERS}{_NOTE}[\s\])}}>|*_\"'”]*:", re.IGNORECASE)
_ORNAMENTS = frozenset(">*_-\"'“([{<|#")

_SHAPES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    ("role", re.compile(r"\b(?:SYSTEM|ASSISTANT|HUMAN)(?: [A-Z]+)?\s*:")),
    (
        "role",
        re.compile(
            rf"[\[<{{]{{1,3}}\s*+(?:[/|]\s*+)?(?:{_ROLES}{_NOTE}|inst|sys)\s*+[/|]?[\]>}}]",
            re.IGNORECASE,
        ),
    ),
    ("role", re.compile(r"<\|[^|\n]{1,40}\|?>|</?s>|<(?:start|end)_of_turn>", re.IGNORECASE)),
    ("role", re.compile(rf"role[\"']?\s*[:=]\s*[\"']?{_ROLES}\b", re.IGNORECASE)),
    (
        "role",
        re.compile(
            r"\b(?:begin|end|start)(?:ing)? (?:of )?(?:the )?(?:new )?"
            r"(?:system|user|assistant|prompt|hidden) ?"
            r"(?:prompt|message|instructions?|input|turn)?\b"
            r"(?=\W*(?:$|[\n\]=#>-]))",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    ("persona", re.compile(r"\A\W*jailbreak\w*\W*\Z", re.IGNORECASE)),
    (
        "structure",
        re.compile(r"```|^[^\S\n]*~~~|##|^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE),
    ),
)


def _normal_lines(text: str) -> str:
    return "\n".join(
        strip_unseen(line) for line in re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text)
    )


def _find_role_prefix(said: str) -> str | None:
    """A speaker with a colon where a line or a sentence begins, ornaments left aside."""
    for found in _NAMED_SPEAKER.finditer(said):
        at = found.start()
        while at and (said[at - 1] in _ORNAMENTS or said[at - 1].isspace()):
            at -= 1
        between = said[at : found.start()]
        ends_sentence = at > 0 and said[at - 1] in ".!?…" and between[:1].isspace()
        if at == 0 or ends_sentence or "\n" in between or "\r" in between:
            return between + found[0]
    return None


def _find_shape(text: str, looks: str) -> Finding | None:
    """Role prefixes and structure: they are in the signs, not in the words."""
    lines = _normal_lines(text)
    for said in (lines, looks):
        prefix = _find_role_prefix(said)
        if prefix is not None:
            return Finding("role", _shown(prefix))
    for category, pattern in _SHAPES:
        for said in (lines, looks):
            found = pattern.search(said)
            if found is not None:
                return Finding(category, _shown(found[0]))
    return None


_SHORT_KEYS = re.compile(guard_english.SHORT_KEYS)
_NEGATIONS = re.compile(r"(?:\bdont|\bnot|\bnever|\bwithout|\bnicht|\bnie) $")


@cache
def _keys() -> tuple[str, ...]:
    folded = (plain(key) for key in (*guard_english.KEYS, *guard_languages.KEYS))
    return tuple(dict.fromkeys(folded))


def _places(said: str) -> Iterator[tuple[int, int]]:
    """Where a word stands without which no pattern can match: most text has none."""
    for key in _keys():
        at = said.find(key)
        while at >= 0:
            yield at, at + len(key)
            at = said.find(key, at + len(key))
    for short in _SHORT_KEYS.finditer(said):
        yield short.span()


def _find_in(said: str) -> tuple[Category, str] | None:
    for part in in_windows(around(said, _places(said))):
        for category, pattern in _patterns():
            for found in pattern.finditer(part):
                is_negated = _NEGATIONS.search(part[max(0, found.start() - 12) : found.start()])
                if category == "override" or not is_negated:
                    return category, _shown(found[0])
    return None


def _readings(said: str) -> Iterator[tuple[str, str]]:
    yield "", said
    yield from rewritten(said)


def _find_words(said: str, disguise: str = "") -> Finding | None:
    """What a text in `plain` form says, as it stands or under a disguise."""
    for how, reading in _readings(said):
        found = _find_in(reading)
        if found is not None:
            return Finding(found[0], found[1], disguise or how)
    runs = [*squeezed(said), *everything_squeezed(said)]
    for how, letters in runs:
        if not any(word in letters for word in guard_english.SURE_WORDS):
            continue
        for sure in _sure_patterns():
            run = sure.search(letters)
            if run is not None:
                return Finding("override", _shown(run[0]), disguise or how)
    return None


def _find_encoded(text: str) -> Finding | None:
    """One layer of encoding, and one more inside it."""
    for how, read in decoded(text):
        for said in (read, *(deeper for _, deeper in decoded(read) if deeper != text)):
            inner = _find_words(plain(said), how)
            if inner is not None:
                return inner
    return None


def _shown(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 120 else words[:119] + "…"
