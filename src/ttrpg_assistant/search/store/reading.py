"""Short beginnings, newest first: found by reading the newest talk, not by asking the index.

The index of either database gathers every word that begins so before it shows the first hit;
for `pr*` in a million messages that is half a second. What begins with two letters stands in
every few messages, so a page of hits is among the newest few hundred. When it is not, the index
is asked after all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, text

from ttrpg_assistant.script_words import fold_text
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.store.asking import PASSES, Question

SHORT = 3
"""Beginnings of so many letters are worth it; longer ones the index knows soon enough."""

MOST_READ = 1_500
"""Messages read before the index is asked: about as long as asking it for a common word."""

Test = Callable[[str], bool]

_AT_ONCE = 250
_MOST_WANTED = 100

_NEWEST_STATEMENT = f"""
    SELECT e.number, m.content,
      {PASSES}
    FROM search_entries e
    CROSS JOIN messages m
    CROSS JOIN conversations c
    WHERE e.number < :before AND m.id = e.message_id AND c.id = m.conversation_id
    ORDER BY e.number DESC LIMIT :at_once
"""
_NEWEST = text(_NEWEST_STATEMENT)


def can_read(question: Question) -> bool:
    """Whether reading is the quicker way: newest first, a page, and a short beginning in it."""
    return (
        question.order == "newest"
        and not question.any_of
        and question.limit <= _MOST_WANTED
        and question.filters.conversation_id is None
        and any(term.is_prefix and len(term.words[-1]) <= SHORT for term in question.terms)
    )


def find_newest(tx: Connection, question: Question) -> list[tuple[int, float]] | None:
    """The page of numbers asked for; None when it does not fill from the newest talk."""
    tests = [(make_test(term), term.is_excluded) for term in question.terms]
    values = {**question.values(), "at_once": _AT_ONCE}
    found: list[tuple[int, float]] = []
    for _ in range(0, MOST_READ, _AT_ONCE):
        rows = tx.execute(_NEWEST, values).all()
        for number, content, passes in rows:
            if passes and holds(content, tests):
                found.append((number, 0.0))
                if len(found) == question.limit:
                    return found
        if len(rows) < _AT_ONCE:
            return found
        values["before"] = rows[-1][0]
    return None


def holds(content: str, tests: Sequence[tuple[Test, bool]]) -> bool:
    """Whether every term that is wanted stands in the text and none that is not."""
    folded = f" {fold_text(content)} "
    return all(test(folded) is not unwanted for test, unwanted in tests)


def make_test(term: Term) -> Test:
    """What finds a term in the words of a text, with spaces between them."""
    words = f" {' '.join(term.words)}" + ("" if term.is_prefix else " ")
    alike = (words, *(f" {' '.join(other)} " for other in term.others))

    def test(folded: str) -> bool:
        return any(one in folded for one in alike) or any(
            any(f" {form} " in folded for form in one.forms)
            and any(f" {sign} " in folded for sign in one.signs)
            for one in term.foreign
        )

    return test
