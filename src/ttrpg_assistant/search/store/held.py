"""Which messages hold a word, kept in memory: what was asked of the index is seldom asked once.

A campaign speaks of the same names evening after evening. What the index answered stays true
until a message is indexed that holds one of the words, so what was indexed since is read, and only
the answers with a word of it are asked for anew. Messages that are gone stay in an answer: no lane
holds them (`lanes.py`).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, column, func, select, table

from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.script_words import list_words
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.storage.prepared import Prepared

if TYPE_CHECKING:
    from ttrpg_assistant.search.store.entry_places import Numbers

MOST_NUMBERS = 1_000_000
"""Of all answers that are kept; the one that was not asked longest goes first."""

_NUMBERS_APIECE = 200
"""Numbers that an answer takes the room of beside its own."""

_MOST_NEW, _MOST_CHARACTERS = 50, 20_000
"""Messages indexed since, and their characters, that are read; after more, all is asked anew."""

_progress = table("search_progress", column("through", Integer))
_entries = table("search_entries", column("number", Integer), column("message_id"))
_THROUGH = Prepared(select(_progress.c.through))
_KNOWN_AND_LATEST = Prepared(
    select(_entries.c.number, _entries.c.message_id).where(
        (_entries.c.number == bindparam("known", type_=Integer))
        | (_entries.c.number == select(func.max(_entries.c.number)).scalar_subquery())
    )
)
_NEW = Prepared(
    select(func.substr(messages.c.content, 1, _MOST_CHARACTERS + 1))
    .join(_entries, _entries.c.message_id == messages.c.id)
    .where(
        _entries.c.number > bindparam("above", type_=Integer),
        _entries.c.number <= bindparam("through", type_=Integer),
    )
    .limit(_MOST_NEW + 1)
)


class Witness:
    """Tells whether the numbers of entries still mean what they meant: after a backup was restored
    the numbers since then are given to other messages."""

    def __init__(self) -> None:
        self._known = 0, ""

    def is_same(self, tx: Connection) -> bool:
        """Whether the entry that was the latest when this was last asked is there still."""
        number, message_id = self._known
        there = dict(_KNOWN_AND_LATEST.run(tx, {"known": number}))
        self._known = max(there.items(), default=(0, ""))
        return not message_id or there.get(number) == message_id


class _Answer(NamedTuple):
    """`most` is how many were asked for; fewer numbers are all that there are. A message that has
    none of the words has no part in it."""

    numbers: Numbers
    most: int
    words: Sequence[str]


class HeldWords:
    """Answers of one database's index. Safe across threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Answer] = OrderedDict()
        self._words: dict[str, set[str]] = defaultdict(set)
        self._room = MOST_NUMBERS
        self._through = 0
        self._lock = Lock()

    def list_holding(
        self, tx: Connection, groups: Sequence[tuple[Term, ...]], marks: tuple[str, ...], most: int
    ) -> list[Numbers]:
        """For each group of terms the numbers of the messages that hold any of them, smallest
        first: so many of the newest, or somewhat more, where there are more; with marks only
        messages that have one of these. An answer that is kept is the very same array each time.
        """
        import numpy as np

        # PostgreSQL numbers entries before they are committed: nothing tells what is new there.
        is_kept = tx.dialect.name == "sqlite"
        through = self._follow(tx) if is_kept else 0
        spelled = [_spell(terms) for terms in groups]
        marked = f" {' '.join(marks)}" if marks else ""
        found = [self._find(f"{words}{marked}", most) if words else None for words in spelled]
        missing = [at for at, numbers in enumerate(found) if numbers is None]
        asked = [groups[at] for at in missing]
        listed = hits.engine_of(tx).list_holding(tx, asked, marks, most) if asked else []
        new: dict[str, _Answer] = {}
        for at, some in zip(missing, listed, strict=True):
            numbers = found[at] = np.sort(np.array(some, np.int64), kind="stable")
            if is_kept and (words := spelled[at]):
                new[f"{words}{marked}"] = _Answer(numbers, most, _list_words_of(words))
        self._keep(new, through)
        return [numbers for numbers in found if numbers is not None]

    def _follow(self, tx: Connection) -> int:
        """Drop what is no longer true; answers through which entry words are indexed."""
        [(through,)] = _THROUGH.run(tx, {}) or [(0,)]
        with self._lock:
            above = self._through
        if through > above:
            new = _NEW.run(tx, {"above": above, "through": through}) if self._kept else []
            texts = [content for (content,) in new]
            is_much = len(texts) > _MOST_NEW or sum(map(len, texts)) > _MOST_CHARACTERS
            words = None if is_much else {word for text in texts for word in list_words(text)}
            with self._lock:
                self._drop(self._kept if words is None else self._list_with(words))
                self._through = max(self._through, through)
        return int(through)

    def _list_with(self, words: Iterable[str]) -> set[str]:
        return {key for word in words for key in self._words.get(word, ())}

    def _find(self, key: str, most: int) -> Numbers | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or (len(kept.numbers) == kept.most and kept.most < most):
                return None
            self._kept.move_to_end(key)
            return kept.numbers

    def _keep(self, new: Mapping[str, _Answer], through: int) -> None:
        with self._lock:
            if through != self._through:
                return  # somebody else saw more than this
            self._drop(new.keys() & self._kept.keys())
            for key, answer in new.items():
                self._kept[key] = answer
                self._room -= len(answer.numbers) + _NUMBERS_APIECE
                for word in answer.words:
                    self._words[word].add(key)
            while self._room < 0 and self._kept:
                self._drop([next(iter(self._kept))])

    def _drop(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            gone = self._kept.pop(key)
            self._room += len(gone.numbers) + _NUMBERS_APIECE
            for word in gone.words:
                self._words[word].discard(key)
                if not self._words[word]:
                    del self._words[word]


def _spell(terms: Sequence[Term]) -> str:
    """The terms as a text that no others have; nothing where more than their words counts."""
    for term in terms:
        if term.others or term.is_prefix or term.is_excluded or term.foreign:
            return ""
    return "|".join([" ".join(term.words) for term in terms])


def _list_words_of(spelled: str) -> list[str]:
    """The first words of what was spelled: a message without these has none of it."""
    return list(dict.fromkeys(words.partition(" ")[0] for words in spelled.split("|")))
