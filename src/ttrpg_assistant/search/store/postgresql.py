"""Asking PostgreSQL's full text: words weigh D, marks weigh A, one GIN index for both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.query import is_widened, spell_tsquery, without_others
from ttrpg_assistant.search.store.asking import EXACT_FIRST, PASSES, Question

_FILTERED = f"""
    FROM search_entries e
    JOIN messages m ON m.id = e.message_id
    JOIN conversations c ON c.id = m.conversation_id
    WHERE e.document @@ to_tsquery('simple', :query) AND e.number < :before
      AND {PASSES}
"""
_NEWEST_STATEMENT = (
    "SELECT e.number, CAST(0 AS double precision)"
    + _FILTERED
    + " ORDER BY e.number DESC LIMIT :limit"
)
_BEST_STATEMENT = (
    "SELECT number, score FROM (SELECT e.number,"
    " -CAST(ts_rank(e.document, to_tsquery('simple', :query), 1) AS double precision) AS score"
    + _FILTERED.replace(":before", "CAST(:all_below AS bigint)")
    + " ORDER BY e.number DESC LIMIT :ranked) AS found"
    " WHERE score > :worse_than OR (score = :worse_than AND number < :before)"
    " ORDER BY score, number DESC LIMIT :limit"
)
_EXACT = " - {first} * CAST({row}.document @@ to_tsquery('simple', :exact) AS integer)"
_BEST_WIDENED_STATEMENT = _BEST_STATEMENT.replace(
    " AS double precision) AS score",
    " AS double precision)" + _EXACT.format(first=EXACT_FIRST, row="e") + " AS score",
)
"""What holds the words as they were typed stands before what holds other forms of them."""

_NEWEST = text(_NEWEST_STATEMENT)
_BEST = text(_BEST_STATEMENT)
_BEST_WIDENED = text(_BEST_WIDENED_STATEMENT)

_WORLD_STATEMENT = """
    SELECT t.number,
        -CAST(ts_rank(t.document, to_tsquery('simple', :query), 1) AS double precision) AS score
    FROM search_things t JOIN campaigns c ON c.id = t.campaign_id
    WHERE t.document @@ to_tsquery('simple', :query)
      AND NOT t.is_removed AND c.removed_at IS NULL
      AND (CAST(:with_archived AS boolean) OR (NOT t.is_archived AND c.archived_at IS NULL))
      AND (CAST(:campaign_id AS text) IS NULL OR t.campaign_id = :campaign_id)
    ORDER BY score, t.number DESC LIMIT :limit
"""
_WORLD = text(_WORLD_STATEMENT)
_WORLD_WIDENED = text(
    _WORLD_STATEMENT.replace(
        " AS double precision) AS score",
        " AS double precision)" + _EXACT.format(first=EXACT_FIRST, row="t") + " AS score",
    )
)

# What is asked for is looked up in the index before anything is put in order: by number it would
# walk through all talk.
_HOLDING = text("""
    SELECT ARRAY(
        SELECT number FROM (
            SELECT e.number FROM search_entries e
            WHERE e.document @@ to_tsquery('simple', asked.query) OFFSET 0
        ) AS found ORDER BY number DESC LIMIT CAST(:most AS bigint)
    ) FROM unnest(CAST(:queries AS text[])) WITH ORDINALITY AS asked (query, at) ORDER BY asked.at
""")
_FACTS_HOLDING = text("""
    SELECT ARRAY(
        SELECT t.number FROM search_things t
        WHERE t.document @@ to_tsquery('simple', asked.query)
          AND t.kind = 'fact' AND t.campaign_id = :campaign_id
    ) FROM unnest(CAST(:queries AS text[])) WITH ORDINALITY AS asked (query, at) ORDER BY asked.at
""")
_LIKE_A_MARK = re.compile(r"v[0-9a-f]{32}|r(?:user|assistant|system)|[md]\d{6,8}")


def list_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers and scores (smaller is better) of what was found, in order."""
    values = {**question.values(), "query": spell_query(question)}
    if question.order == "newest":
        return [(row[0], row[1]) for row in tx.execute(_NEWEST, values)]
    worse_than = -1e300 if question.worse_than is None else question.worse_than
    values |= {"worse_than": worse_than, "ranked": question.ranked or 1_000_000, "all_below": 2**62}
    if not is_widened(question.terms):
        return [(row[0], row[1]) for row in tx.execute(_BEST, values)]
    values["exact"] = spell_query(replace(question, terms=without_others(question.terms)))
    return [(row[0], row[1]) for row in tx.execute(_BEST_WIDENED, values)]


def list_thing_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers of `search_things`, best first."""
    values = question.values()
    given = {name: values[name] for name in ("with_archived", "campaign_id", "limit")}
    query = spell_tsquery(question.terms, any_of=question.any_of)
    given["query"], statement = query, _WORLD
    if is_widened(question.terms):
        exact = spell_tsquery(without_others(question.terms), any_of=question.any_of)
        given["exact"], statement = exact, _WORLD_WIDENED
    return [(row[0], row[1]) for row in tx.execute(statement, given)]


def list_facts_holding(
    tx: Connection, campaign_id: str, groups: Sequence[Sequence[Term]]
) -> list[list[int]]:
    """For each group of terms the numbers of the campaign's facts that hold any of them."""
    queries = [spell_tsquery(terms, any_of=True) for terms in groups]
    rows = tx.execute(_FACTS_HOLDING, {"queries": queries, "campaign_id": campaign_id})
    return [list(row[0]) for row in rows]


def list_waiting_facts(tx: Connection, campaign_id: str) -> list[int]:
    """None: here what is written is indexed at once."""
    return []


def list_holding(
    tx: Connection, groups: Sequence[Sequence[Term]], marks: Sequence[str], most: int
) -> list[list[int]]:
    """For each group of terms the numbers of the messages that hold any of them, at most so many
    of the newest; with marks only messages that have one of these."""
    queries = []
    for terms in groups:
        # Weights are asked for only where a word could be a mark: they are not in the index.
        could_be = any(_LIKE_A_MARK.fullmatch(word) for term in terms for word in term.words)
        spelled = spell_tsquery(terms, any_of=True, weights="D" if could_be else "")
        if marks:
            spelled = f"({spelled}) & ({' | '.join(marks)})"
        queries.append(spelled)
    rows = tx.execute(_HOLDING, {"queries": queries, "most": most})
    return [list(row[0]) for row in rows]


def spell_query(question: Question) -> str:
    """The whole `tsquery`, marks and all."""
    spelled = [spell_tsquery(question.terms, any_of=question.any_of, weights="D")]
    spelled += ["(" + " | ".join(f"{m}:A" for m in group) + ")" for group in question.marks]
    return " & ".join(f"({one})" for one in spelled)
