"""What a person types, as terms. Nothing they type can be an error of the database's syntax.

dragon hoard      both words, anywhere
"black gate"      these words, one after the other
smug*             every word that begins so
-goblin           not this word
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.script_words import list_words
from ttrpg_assistant.search.model import Term

QUERY_CHARACTERS = 500
QUERY_TERMS = 24
"""More than this is a text, not a question to an index; the rest is left out."""

_PIECE = re.compile(r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<more>\*)?')


def parse_query(text: str) -> tuple[Term, ...]:
    """The terms of a query. Raises `InvalidInput` when nothing is left to look for."""
    terms: list[Term] = []
    for piece in _PIECE.finditer(text[:QUERY_CHARACTERS]):
        said = piece["phrase"] if piece["phrase"] is not None else piece["word"]
        words = tuple(list_words(said))
        if words:
            is_prefix = bool(piece["more"]) or said.endswith("*")
            terms.append(Term(words, is_prefix, bool(piece["no"]), piece["phrase"] is not None))
    terms = list(dict.fromkeys(terms))[:QUERY_TERMS]
    if not any(not term.is_excluded for term in terms):
        raise InvalidInput(
            "There is no word to search for.",
            code="search_empty",
            cure='Type a word, the beginning of one (smug*) or a "phrase".',
        )
    return tuple(terms)


def is_widened(terms: Sequence[Term]) -> bool:
    """Whether other words than those typed count as well."""
    return any(term.others or term.foreign for term in terms)


def without_others(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms as they were typed."""
    return tuple(replace(term, others=(), foreign=()) for term in terms)


def spell_fts5(terms: Sequence[Term], *, any_of: bool = False) -> str:
    """The terms as an FTS5 expression. Every word stands in quotes, so it is only a word."""
    wanted = [_fts5(term) for term in terms if not term.is_excluded]
    unwanted = [_fts5(term) for term in terms if term.is_excluded]
    spelled = f"({(' OR ' if any_of else ' AND ').join(wanted)})"
    return f"({spelled} NOT ({' OR '.join(unwanted)}))" if unwanted else spelled


def _fts5(term: Term) -> str:
    phrase = " ".join(term.words).replace('"', " ")
    spelled = f'"{phrase}"{" *" if term.is_prefix else ""}'
    parts = [spelled, *('"' + " ".join(other) + '"' for other in term.others)]
    for one in term.foreign:
        forms, signs = (
            " OR ".join(f'"{word}"' for word in some) for some in (one.forms, one.signs)
        )
        parts.append(f"(({forms}) AND ({signs}))")
    return f"({' OR '.join(parts)})" if len(parts) > 1 else spelled


def spell_tsquery(terms: Sequence[Term], *, any_of: bool = False, weights: str = "") -> str:
    """The terms as PostgreSQL's `to_tsquery` reads them; `weights` limits where they stand."""
    wanted = [_tsquery(term, weights) for term in terms if not term.is_excluded]
    unwanted = [f"!({_tsquery(term, weights)})" for term in terms if term.is_excluded]
    spelled = f"({(' | ' if any_of else ' & ').join(wanted)})"
    return " & ".join([spelled, *unwanted])


def _tsquery(term: Term, weights: str) -> str:
    parts = [_quoted(word) for word in term.words]
    flags = ("*" if term.is_prefix else "") + weights
    spelled = [f"{part}:{weights}" if weights else part for part in parts[:-1]]
    last = f"{parts[-1]}:{flags}" if flags else parts[-1]
    exact = "(" + " <-> ".join([*spelled, last]) + ")"
    ending = f":{weights}" if weights else ""
    quoted = [[f"{_quoted(word)}{ending}" for word in words] for words in term.others]
    parts = [exact, *(f"({' <-> '.join(words)})" for words in quoted)]
    for one in term.foreign:
        forms, signs = (
            " | ".join(f"{_quoted(word)}{ending}" for word in some)
            for some in (one.forms, one.signs)
        )
        parts.append(f"(({forms}) & ({signs}))")
    return f"({' | '.join(parts)})" if len(parts) > 1 else exact


def _quoted(word: str) -> str:
    """A word inside quotes, where only these two characters mean anything."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
