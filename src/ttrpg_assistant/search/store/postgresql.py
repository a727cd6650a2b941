"""Asking PostgreSQL's full text: words weigh D, marks weigh A, one GIN index for both."""

from __future__ import annotations

from sqlalchemy import Connection, text

from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.query import spell_tsquery
from ttrpg_assistant.search.store.asking import Question

_FILTERED = """
    FROM search_entries e
    JOIN messages m ON m.id = e.message_id
    JOIN conversations c ON c.id = m.conversation_id
    WHERE e.document @@ to_tsquery('simple', :query) AND e.number < :before
      AND m.cleared_at IS NULL AND c.removed_at IS NULL
      AND (CAST(:with_archived AS boolean) OR c.archived_at IS NULL)
      AND (CAST(:campaign_id AS text) IS NULL OR c.campaign_id = :campaign_id)
      AND (CAST(:kind AS text) IS NULL OR c.kind = :kind)
      AND (CAST(:npc_id AS text) IS NULL OR c.npc_id = :npc_id)
      AND (CAST(:purpose AS text) IS NULL OR c.purpose = :purpose)
      AND (CAST(:only_rehearsal AS text) IS NULL OR c.purpose IS NULL
        OR c.purpose <> 'rehearsal' OR c.id = :only_rehearsal)
      AND (CAST(:role AS text) IS NULL OR m.role = :role)
      AND (CAST(:mode AS text) IS NULL OR m.mode = :mode)
      AND (NOT CAST(:unlinked AS boolean) OR c.campaign_id IS NULL)
      AND m.created_at >= :since AND m.created_at <= :until
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
_NEWEST = text(_NEWEST_STATEMENT)
_BEST = text(_BEST_STATEMENT)

_WORLD = text("""
    SELECT t.number,
        -CAST(ts_rank(t.document, to_tsquery('simple', :query), 1) AS double precision) AS score
    FROM search_things t JOIN campaigns c ON c.id = t.campaign_id
    WHERE t.document @@ to_tsquery('simple', :query)
      AND NOT t.is_removed AND c.removed_at IS NULL
      AND (CAST(:with_archived AS boolean) OR (NOT t.is_archived AND c.archived_at IS NULL))
      AND (CAST(:campaign_id AS text) IS NULL OR t.campaign_id = :campaign_id)
    ORDER BY score, t.number DESC LIMIT :limit
""")

_COUNT = text("""
    SELECT count(*) FROM (SELECT 1 FROM search_entries
    WHERE document @@ to_tsquery('simple', :query) LIMIT 5000) AS found
""")


def list_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers and scores (smaller is better) of what was found, in order."""
    values = {**question.values(), "query": spell_query(question)}
    if question.order == "newest":
        return [(row[0], row[1]) for row in tx.execute(_NEWEST, values)]
    worse_than = -1e300 if question.worse_than is None else question.worse_than
    values |= {"worse_than": worse_than, "ranked": question.ranked or 1_000_000, "all_below": 2**62}
    return [(row[0], row[1]) for row in tx.execute(_BEST, values)]


def list_thing_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers of `search_things`, best first."""
    values = question.values()
    given = {name: values[name] for name in ("with_archived", "campaign_id", "limit")}
    query = spell_tsquery(question.terms, any_of=question.any_of)
    return [(row[0], row[1]) for row in tx.execute(_WORLD, given | {"query": query})]


def list_forms(tx: Connection, root: str) -> list[tuple[Term, int]]:
    """Words that begin with the folded root, as one beginning, and how many messages hold it."""
    term = Term((root,), is_prefix=True)
    count = count_phrase(tx, term)
    return [(term, count)] if count else []


def count_phrase(tx: Connection, term: Term) -> int:
    """In how many messages a word or phrase stands, up to 5,000."""
    query = spell_tsquery((term,), weights="D")
    return tx.execute(_COUNT, {"query": query}).scalar() or 0


def spell_query(question: Question) -> str:
    """The whole `tsquery`, marks and all."""
    spelled = [spell_tsquery(question.terms, any_of=question.any_of, weights="D")]
    spelled += ["(" + " | ".join(f"{m}:A" for m in group) + ")" for group in question.marks]
    return " & ".join(f"({one})" for one in spelled)
