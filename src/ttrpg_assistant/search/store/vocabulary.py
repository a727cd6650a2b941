"""Which words SQLite's index holds at all.

A stem has some twenty spellings, most of which nobody ever wrote. To ask the index for each costs
it a search of each of its segments; the words between two spellings are read in one go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import Connection, bindparam, column, select, table

from ttrpg_assistant.script_words import fold_word
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.storage.prepared import Prepared

_ALIKE = 3
"""Letters with which spellings begin that are looked up together. Shorter words are not looked
up: between them there are too many others."""

_words = table("search_talk_words", column("term"))
_BETWEEN = Prepared(
    select(_words.c.term).where(
        _words.c.term >= bindparam("first"), _words.c.term <= bindparam("last")
    )
)


def keep_known(tx: Connection, groups: Iterable[Sequence[Term]]) -> list[tuple[Term, ...]]:
    """The same groups without the words that stand in no message at all."""
    ranges = [_list_ranges(tuple(terms)) for terms in groups]
    wanted = {one for _, some in ranges for one in some}
    there = {
        word
        for first, last in sorted(wanted)
        for (word,) in _BETWEEN.run(tx, {"first": first, "last": last})
    }
    return [
        tuple(term for term, word in terms if word is None or word in there) for terms, _ in ranges
    ]


_Spelled = tuple[tuple[Term, str | None], ...]


@lru_cache(maxsize=4_096)
def _list_ranges(terms: tuple[Term, ...]) -> tuple[_Spelled, tuple[tuple[str, str], ...]]:
    """The terms, each with the word that must be there for it, if that is known to be kept as it
    is spelled; and between which words those are."""
    spelled = tuple((term, _word_of(term)) for term in terms)
    alike: dict[str, list[str]] = defaultdict(list)
    for _, word in spelled:
        if word is not None:
            alike[word[:_ALIKE]].append(word)
    return spelled, tuple((min(words), max(words)) for words in alike.values())


def _word_of(term: Term) -> str | None:
    word = term.words[0]
    is_plain = word.isalnum() and word == fold_word(word)
    is_alone = len(term.words) == 1 and not (term.is_prefix or term.others or term.foreign)
    return word if is_plain and is_alone and len(word) >= _ALIKE else None
