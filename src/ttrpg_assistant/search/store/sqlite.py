"""Asking FTS5. Rowids are the numbers of `search_entries`; larger is newer.

`CROSS JOIN` keeps SQLite from turning the join around: the index is walked backwards and
stops at the limit, so "newest first" costs what it shows and not what there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import msgspec
from sqlalchemy import (
    Connection,
    Integer,
    LargeBinary,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)

from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.query import is_widened, spell_fts5, without_others
from ttrpg_assistant.search.store.asking import EXACT_FIRST, PASSES, Question, mark_campaign
from ttrpg_assistant.search.store.vocabulary import keep_known
from ttrpg_assistant.storage.prepared import Prepared

_NEWEST_STATEMENT = f"""
    SELECT f.rowid, 0.0 FROM search_talk f
    CROSS JOIN search_entries e ON e.number = f.rowid
    CROSS JOIN messages m ON m.id = e.message_id
    CROSS JOIN conversations c ON c.id = m.conversation_id
    WHERE search_talk MATCH :query AND f.rowid < :before
      AND {PASSES}
    ORDER BY f.rowid DESC LIMIT :limit
"""
_NEWEST = text(_NEWEST_STATEMENT)

_BEST_STATEMENT = f"""
    WITH f AS MATERIALIZED (
        SELECT rowid AS number, bm25(search_talk, 1.0, 0.0) AS score FROM search_talk
        WHERE search_talk MATCH :query AND rowid >= :floor
        ORDER BY score, number DESC LIMIT :depth
    )
    SELECT f.number, score FROM f
    CROSS JOIN search_entries e ON e.number = f.number
    CROSS JOIN messages m ON m.id = e.message_id
    CROSS JOIN conversations c ON c.id = m.conversation_id
    WHERE (score > :worse_than OR (score = :worse_than AND f.number < :before))
      AND {PASSES}
    ORDER BY score, f.number DESC LIMIT :limit
"""
_BEST = text(_BEST_STATEMENT)

_EXACT = "(rowid IN (SELECT rowid FROM {index} WHERE {index} MATCH :exact{newest}))"
_BEST_WIDENED = text(
    str(_BEST).replace(
        "bm25(search_talk, 1.0, 0.0)",
        f"bm25(search_talk, 1.0, 0.0) - {EXACT_FIRST} * "
        + _EXACT.format(index="search_talk", newest=" AND rowid >= :floor"),
    )
)
"""What holds the words as they were typed stands before what holds other forms of them."""

_FLOOR = text("""
    SELECT rowid FROM search_talk WHERE search_talk MATCH :query
    ORDER BY rowid DESC LIMIT 1 OFFSET :ranked
""")

_WORLD = text("""
    SELECT t.number, bm25(search_world, 8.0, 1.0, 0.0) AS score FROM search_world f
    CROSS JOIN search_things t ON t.number = f.rowid
    CROSS JOIN campaigns c ON c.id = t.campaign_id
    WHERE search_world MATCH :query AND NOT t.is_removed AND c.removed_at IS NULL
      AND (:with_archived OR (NOT t.is_archived AND c.archived_at IS NULL))
      AND (:campaign_id IS NULL OR t.campaign_id = :campaign_id)
    ORDER BY score, t.number DESC LIMIT :limit
""")

_WORLD_WIDENED = text(
    str(_WORLD).replace(
        "bm25(search_world, 8.0, 1.0, 0.0)",
        f"bm25(search_world, 8.0, 1.0, 0.0) - {EXACT_FIRST} * "
        + _EXACT.format(index="search_world", newest="").replace("(rowid IN", "(f.rowid IN", 1),
    )
)

_HELD = (
    select(literal_column("rowid").label("number"))
    .select_from(table("search_talk"))
    .where(text("search_talk MATCH :query"))
    .order_by(literal_column("rowid").desc())
    .limit(bindparam("most", type_=Integer))
    .subquery()
)
_IS_WRITTEN = Prepared(
    select(literal_column("rowid"))
    .select_from(table("search_talk"))
    .where(text("search_talk MATCH :query"))
    .limit(1)
)
_HOLDING = Prepared(select(func.group_concat(_HELD.c.number)))
"""As one value: rows would cost more than finding them."""

_FACTS_HOLDING = Prepared(
    select(func.group_concat(literal_column("rowid")))
    .select_from(table("search_world"))
    .where(text("search_world MATCH :query"))
)
MOST_WAITING = 200
"""Things that wait for the index and are looked at, the newest."""

_things = table(
    "search_things",
    *map(column, ("number", "kind", "campaign_id", "prose", "is_folded")),
)
_waiting = (
    select(_things.c.number, _things.c.kind, _things.c.campaign_id, _things.c.prose)
    .where(text("NOT is_folded"))
    .order_by(_things.c.number.desc())
    .limit(MOST_WAITING)
    .subquery()
)
_WAITING_FACTS = Prepared(
    select(_waiting.c.number).where(
        _waiting.c.kind == "fact",
        _waiting.c.campaign_id == bindparam("campaign_id"),
        func.length(_waiting.c.prose) != func.length(cast(_waiting.c.prose, LargeBinary)),
    )
)


def _without_unwritten(tx: Connection, terms: Sequence[Term]) -> tuple[Term, ...]:
    """The same terms without other forms of them that nobody ever wrote: to rank by a form costs
    as much as to rank by the word itself, to see that it is nowhere next to nothing."""

    def is_written(words: Sequence[str]) -> bool:
        return bool(_IS_WRITTEN.run(tx, {"query": f"content : {spell_fts5([Term(tuple(words))])}"}))

    return tuple(
        replace(term, others=tuple(one for one in term.others if is_written(one))) for term in terms
    )


_LOOKED_AT = 200
"""Of the best by words, so many are first looked at to see whether they pass the filters; most do,
for the index itself knows the conversations. Where too few do, all are looked at."""


def list_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers and scores (smaller is better) of what was found, in order."""
    if question.order == "newest":
        values = {**question.values(), "query": spell_query(question)}
        return [(row[0], row[1]) for row in tx.execute(_NEWEST, values)]
    question = replace(question, terms=_without_unwritten(tx, question.terms))
    query = spell_query(question)
    values = {**question.values(), "query": query}
    floor = None
    if question.ranked is not None:
        floor = tx.execute(_FLOOR, {"query": query, "ranked": question.ranked}).scalar()
    worse_than = -1e300 if question.worse_than is None else question.worse_than
    values |= {"floor": floor or 0, "worse_than": worse_than}
    statement = _BEST
    if is_widened(question.terms):
        statement = _BEST_WIDENED
        values["exact"] = spell_query(replace(question, terms=without_others(question.terms)))
    found: list[tuple[int, float]] = []
    # A later page may lie behind any number of better ones.
    for depth in (_LOOKED_AT, -1) if question.worse_than is None else (-1,):
        rows = tx.execute(statement, {**values, "depth": depth})
        found = [(row[0], row[1]) for row in rows]
        if len(found) >= question.limit:
            break
    return found


def list_thing_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers of `search_things`, best first."""
    values = question.values()
    given = {name: values[name] for name in ("with_archived", "campaign_id", "limit")}
    given["query"], statement = _spell_world(question, question.terms), _WORLD
    if is_widened(question.terms):
        given["exact"] = _spell_world(question, without_others(question.terms))
        statement = _WORLD_WIDENED
    return [(row[0], row[1]) for row in tx.execute(statement, given)]


def _spell_world(question: Question, terms: Sequence[Term]) -> str:
    spelled = f"{{name prose}} : {spell_fts5(terms, any_of=question.any_of)}"
    campaign_id = question.filters.campaign_id
    return (
        spelled if campaign_id is None else f'{spelled} AND marks : "{mark_campaign(campaign_id)}"'
    )


def list_facts_holding(
    tx: Connection, campaign_id: str, groups: Sequence[Sequence[Term]]
) -> list[list[int]]:
    """For each group of terms the numbers of the campaign's facts that hold any of them."""
    marked = f' AND marks : ("{mark_campaign(campaign_id)}" AND "kfact")'
    queries = (f"prose : {spell_fts5(terms, any_of=True)}{marked}" for terms in groups)
    rows = (_FACTS_HOLDING.run(tx, {"query": query}) for query in queries)
    return [_NUMBERS.decode(f"[{numbers or ''}]") for [(numbers,)] in rows]


def list_waiting_facts(tx: Connection, campaign_id: str) -> list[int]:
    """The numbers of the campaign's facts among the newest things whose words are to be cut by
    `indexing.index_some`, as those of some scripts are, newest first."""
    return [number for (number,) in _WAITING_FACTS.run(tx, {"campaign_id": campaign_id})]


def list_holding(
    tx: Connection, groups: Sequence[Sequence[Term]], marks: Sequence[str], most: int
) -> list[list[int]]:
    """For each group of terms the numbers of the messages that hold any of them, at most so many
    of the newest; with marks only messages that have one of these."""
    found: list[list[int]] = []
    marked = " AND marks : (" + " OR ".join(f'"{mark}"' for mark in marks) + ")" if marks else ""
    for terms in keep_known(tx, groups):
        if not terms:
            found.append([])
            continue
        [(numbers,)] = _HOLDING.run(tx, {"query": _spell_any(terms) + marked, "most": most})
        found.append(_NUMBERS.decode(f"[{numbers or ''}]"))
    return found


_NUMBERS = msgspec.json.Decoder(list[int])
"""Reads them several times as quickly as `int` does."""


@lru_cache(maxsize=2_048)
def _spell_any(terms: tuple[Term, ...]) -> str:
    return f"content : {spell_fts5(terms, any_of=True)}"


def spell_query(question: Question) -> str:
    """The whole FTS5 expression, marks and all."""
    spelled = f"content : {spell_fts5(question.terms, any_of=question.any_of)}"
    for group in question.marks:
        spelled += " AND marks : (" + " OR ".join(f'"{mark}"' for mark in group) + ")"
    return spelled
