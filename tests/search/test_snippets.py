"""The part of a text that a search shows, and a recollection tells."""

from __future__ import annotations

import random

from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.snippets import make_snippet


def test_a_text_of_plain_letters_is_marked_as_one_of_any_letters_is() -> None:
    chance = random.Random(5)
    for _ in range(3_000):
        text = "".join(chance.choices("abAB1 .'_-\n", k=chance.randrange(60)))
        words = ["".join(chance.choices("ab1", k=chance.randrange(1, 4))) for _ in range(4)]
        terms = [
            *(Term((word,), is_prefix=chance.random() < 0.5) for word in words[:2]),
            Term((words[2], words[3]), is_prefix=chance.random() < 0.5),
        ]
        plain = [part for part in make_snippet(f"{text} .", terms, 10_000) if part.hit]
        other = [part for part in make_snippet(f"{text} .\u3002", terms, 10_000) if part.hit]
        assert plain == other, (text, terms)


def test_the_words_are_marked_whole_or_from_their_beginning() -> None:
    terms = [Term(("opal",), is_prefix=True), Term(("mill",))]
    parts = make_snippet("Opals, a copal; the MILL and the mills.", terms)
    assert [part.text for part in parts if part.hit] == ["Opals", "MILL"]
