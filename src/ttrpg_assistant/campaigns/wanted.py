"""What known facts are looked for by, and how much of it stands in a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ttrpg_assistant.builtin.words import STOP_WORDS, list_irregular_forms, list_words_in, stem
from ttrpg_assistant.campaigns.folding import fold

MOST_WORDS = 16
"""Words of a question that are looked for, in its order."""

WORD_WEIGHT, NAME_WEIGHT = 2, 1
"""The talk of before may have brought names in: they count half."""


@dataclass(frozen=True)
class Wanted:
    """What facts are looked for by: the words of a question, each in the spellings it may stand
    in, and names. Both are folded, and both may be only the beginning of what is written."""

    words: tuple[tuple[str, ...], ...]
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: str, names: Iterable[str] = ()) -> Wanted:
        """The words of the question that mean something, and names, folded, as they are."""
        words = (word for word in list_words_in(fold(question)[:2_000]) if word not in STOP_WORDS)
        roots = dict.fromkeys(stem(word) for word in words if len(word) > 2 or not word.isascii())
        spelled = [(root, *list_irregular_forms(root)) for root in list(roots)[:MOST_WORDS]]
        return cls(tuple(spelled), tuple(dict.fromkeys(names)))

    def list_weighted(self) -> list[tuple[int, tuple[str, ...]]]:
        """Each word and each name with what it counts, in the spellings it may stand in."""
        words = [(WORD_WEIGHT, forms) for forms in self.words]
        return [*words, *((NAME_WEIGHT, (name,)) for name in self.names if name)]

    def list_forms(self) -> list[str]:
        """All spellings, one of which stands in every text with a score."""
        forms = (form for _, spellings in self.list_weighted() for form in spellings)
        return list(dict.fromkeys(forms))

    def score(self, folded_text: str) -> int:
        """How much of it stands in the text; 0 is nothing."""
        found = 0
        for weight, forms in self._weighted:
            for form in forms:
                if form in folded_text and _stands_in(folded_text, form):
                    found += weight
                    break
        return found

    @cached_property
    def _weighted(self) -> list[tuple[int, tuple[str, ...]]]:
        return self.list_weighted()


def _stands_in(text: str, form: str) -> bool:
    """Whether a word of the text begins with the form; scripts without blanks begin anywhere."""
    at = text.find(form)
    while at > 0 and form.isascii() and text[at - 1].isalnum():
        at = text.find(form, at + 1)
    return at >= 0
