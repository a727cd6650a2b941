"""Known facts by the words they hold, out of any number of them, for the game master: the index
holds what is for nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.script_words import list_words
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.store.hits import engine_of, list_thing_ids

FIRST_BATCH, LARGER = 200, 8
"""Facts of the first batch, and how many times as many every further one has: a second is only
needed where many were removed."""


def find_facts(tx: Connection, campaign_id: str, wanted: Wanted) -> Iterator[Sequence[str]]:
    """Ids of the facts of this campaign that hold something of what is wanted, in batches: those
    that hold most of it first, then the newest. What was removed may be among them, and what was
    written just now and waits for the index."""
    weighted = [(weight, _spell(forms)) for weight, forms in wanted.list_weighted()]
    weighted = [(weight, terms) for weight, terms in weighted if terms]
    if not weighted:
        return
    engine = engine_of(tx)
    waiting = engine.list_waiting_facts(tx, campaign_id)
    held = engine.list_facts_holding(tx, campaign_id, [terms for _, terms in weighted])
    numbers = [*waiting, *_rank([weight for weight, _ in weighted], held)]
    at, room = 0, FIRST_BATCH
    while at < len(numbers):
        yield list_thing_ids(tx, numbers[at : at + room])
        at, room = at + room, room * LARGER


def _spell(forms: Sequence[str]) -> tuple[Term, ...]:
    words = (tuple(list_words(form)) for form in forms)
    return tuple(Term(some, is_prefix=True) for some in words if some)


def _rank(weights: Sequence[int], held: Sequence[Sequence[int]]) -> list[int]:
    """The numbers that any word is held by, those with the greatest weight first, then the
    newest."""
    import numpy as np

    if not any(held):
        return []
    numbers = np.concatenate([np.asarray(some, dtype=np.int64) for some in held])
    there, at = np.unique(numbers, return_inverse=True)
    score = np.bincount(at, weights=np.repeat(weights, [len(some) for some in held]))
    ranked: list[int] = there[np.lexsort((-there, -score))].tolist()
    return ranked
