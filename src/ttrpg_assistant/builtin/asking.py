"""What was asked: the last message of a request, and small readings of its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.builtin.words import fold, plain
from ttrpg_assistant.llm.types import ModelRequest, Passage, PassageKind, PromptMessage

MAX_READ_CHARACTERS = 2_000
"""How much of a message its intent is read from. Requests are short; pasted texts are not."""

MAX_DRAWN = 20
"""The most entries of a table given at once."""

_NUMBERS = {
    "a couple of": 2, "a couple": 2, "couple of": 2, "a few": 3, "few": 3, "some": 3,
    "several": 4, "a handful of": 5, "half a dozen": 6, "a dozen": 12, "dozen": 12, "one": 1,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "twenty": 20,
}  # fmt: skip
_NUMBER = re.compile(r"\b(?:(\d{1,4})|(" + "|".join(_NUMBERS) + r"))\b")
_SPELLINGS = (
    (re.compile(r"\b(what|who|where|when|how|that|there|here|tonight|it|let)s\b"), r"\1's"),
    (re.compile(r"\b(did|does|do|is|are|was|were|has|have|had|would|could|should)nt\b"), r"\1n't"),
    (re.compile(r"\bhap{1,2}en{1,2}e?d\b"), "happened"),
    (re.compile(r"\b(?:sesh|sesion|sessoin)\b"), "session"),
)
"""How a question is typed in a hurry."""

_PAST = re.compile(
    r"\b(?:(?:what|when|where|who|why|how|which)\b.{0,30}\b(?:did|was|were|had|have|has)\b"
    r"|(?:did|have|had|do) (?:we|i|they|you)\b|remember|remind|last (?:time|session|week|night)"
    r"|(?:we|i|you|they) (?:said|decided|agreed|established|mentioned|wrote|called|named))"
)
_ASKING = re.compile(
    r"^(?:(?:please|so|and|ok|okay|well|hey|now|then)[, ]+)*(?:what|who|whom|whose|when|where"
    r"|why|how"
    r"|which|is|are|am|was|were|do|does|did|can|could|will|would|shall|should|has|have|had|may"
    r"|might"
    r"|tell|show|list|find|search|look|explain|describe|write|help|create|make|give|suggest|name"
    r"|remind|recall|generate|invent|draft|add|expand|elaborate|improve|rewrite|compare|quote"
    r"|think|let|need|i need|i want|continue)\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    """The message to answer with everything that may be used to answer it.

    `text` is as it was written, `said` the same folded (lower case, no accents, one line).
    """

    text: str
    said: str
    earlier: tuple[PromptMessage, ...]
    passages: tuple[Passage, ...]
    system: str
    counts: tuple[tuple[PassageKind, int], ...] = ()

    def count_of(self, kind: PassageKind) -> int:
        """How many of a kind there are, those that were not given among them."""
        return max(dict(self.counts).get(kind, 0), len(self.list_of(kind)))

    def list_of(self, *kinds: PassageKind) -> list[Passage]:
        """The passages of these kinds, in the order given, each thing once."""
        once: dict[tuple[str, str], Passage] = {}
        for passage in self.passages:
            if passage.kind in kinds:
                once.setdefault((passage.kind, passage.ref or passage.title), passage)
        return list(once.values())

    @property
    def is_past(self) -> bool:
        """Whether it asks for what has been, which is never made up."""
        return _PAST.search(self.said) is not None

    @property
    def is_asking(self) -> bool:
        """Whether it wants an answer, rather than telling something."""
        return "?" in self.text or "？" in self.text or _ASKING.match(self.said) is not None


def read_question(request: ModelRequest) -> Question:
    """The last thing the user said, and what stood before it.

    A stored message that is the question itself is no answer to it and is left out.
    """
    last = max((n for n, m in enumerate(request.messages) if m.role == "user"), default=None)
    text = "" if last is None else (request.question or request.messages[last].content).strip()
    earlier = request.messages[: last or 0]
    own = plain(text)
    passages = tuple(p for p in request.passages if p.kind != "message" or plain(p.text) != own)
    said = read_words(text)
    return Question(text, said, earlier, passages, request.system, request.counts)


def read_words(text: str) -> str:
    """The beginning of a message folded to one line, with the usual slips of typing mended."""
    said = " ".join(fold(text[:MAX_READ_CHARACTERS]).replace("’", "'").split())
    for slip, meant in _SPELLINGS:
        said = slip.sub(meant, said)
    return said


def read_count(said: str, default: int = 1) -> int:
    """How many of something were asked for, between 1 and `MAX_DRAWN`."""
    found = _NUMBER.search(said)
    if found is None:
        return default
    count = int(found[1]) if found[1] else _NUMBERS[found[2]]
    return max(1, min(count, MAX_DRAWN))
