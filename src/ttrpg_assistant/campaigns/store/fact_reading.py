"""The known facts that bear on one prompt, out of any number of them.

Whether a fact bears on what is asked is looked at before the newest are taken: what somebody was
told long ago is what a question long after is about. The database looks through the texts, a few
thousand of them at most, and hands over those that hold a word of it; the facts that are chosen
are read whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    func,
    or_,
    select,
)

from ttrpg_assistant.builtin.words import STOP_WORDS, list_irregular_forms, list_words_in, stem
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.model import KnownFact
from ttrpg_assistant.campaigns.store.audiences import (
    is_fact_for_listed,
    is_fact_unnamed,
    list_listener_ranks,
)
from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.campaigns.store.knowledge import is_known_to
from ttrpg_assistant.campaigns.store.prompt_reading import cut
from ttrpg_assistant.campaigns.tables import fact_audience, known_facts
from ttrpg_assistant.prompts.audience import ANYBODY, GM, PARTY, Viewer, ViewerKind
from ttrpg_assistant.storage.prepared import Prepared

MOST_WORDS = 16
"""Words of a question that are looked for, in its order."""

AMONG = 2_000
"""Texts that are looked through, the newest of each kind."""

_f, _a = known_facts.c, fact_audience.c
_NEWEST_FIRST = (_f.created_at.desc(), _f.id.desc())


def _of(campaign_id: Any) -> tuple[ColumnElement[bool], ...]:
    return (_f.campaign_id == campaign_id, _f.removed_at.is_(None))


def _newest(*conditions: ColumnElement[bool], with_moment: bool = False) -> Prepared:
    moment = (_f.created_at,) if with_moment else ()
    return Prepared(
        select(_f.id, _f.search_text, *moment)
        .where(*_of(bindparam("campaign_id")), *conditions)
        .order_by(*_NEWEST_FIRST)
        .limit(bindparam("most", type_=Integer))
    )


_NEWEST = _newest()


@cache
def _for_everybody(kind: ViewerKind) -> Prepared:
    """The newest facts that are for every viewer of this kind, whoever they list."""
    return _newest(is_fact_unnamed(Viewer(kind)))


def _list_holding(
    tx: Connection, kind: ViewerKind, campaign_id: str, wanted: Wanted
) -> Sequence[tuple[Any, ...]]:
    """Of the newest facts that are for every viewer of this kind, those whose text holds something
    of what is wanted, newest first: ids and texts."""
    forms = wanted.list_forms()
    if not forms:
        return ()
    room = 1 << (len(forms) - 1).bit_length()  # few statements serve any number of forms
    places = {f"form_{at}": forms[min(at, len(forms) - 1)] for at in range(room)}
    return _holding_one_of(kind, room).run(tx, {"campaign_id": campaign_id, **places})


@cache
def _holding_one_of(kind: ViewerKind, count: int) -> Prepared:
    newest = (
        select(_f.id, _f.search_text, _f.created_at)
        .where(*_of(bindparam("campaign_id")), is_fact_unnamed(Viewer(kind)))
        .order_by(*_NEWEST_FIRST)
        .limit(AMONG)
        .subquery()
    )

    def holding(find: Any) -> Select[Any]:
        forms = [bindparam(f"form_{at}", type_=String) for at in range(count)]
        return (
            select(newest.c.id, newest.c.search_text)
            .where(or_(*(find(newest.c.search_text, form) > 0 for form in forms)))
            .order_by(newest.c.created_at.desc(), newest.c.id.desc())
        )

    return Prepared(holding(func.instr), postgresql=holding(func.strpos))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What facts are looked for by: the words of a question, each in the spellings it may stand
    in, and names, which count half: the talk of before may have brought them in."""

    words: tuple[tuple[str, ...], ...]
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: str, names: Iterable[str] = ()) -> Wanted:
        """The words of the question that mean something, and names, folded, as they are."""
        words = (word for word in list_words_in(fold(question)[:2_000]) if word not in STOP_WORDS)
        roots = dict.fromkeys(stem(word) for word in words if len(word) > 2 or not word.isascii())
        spelled = [(root, *list_irregular_forms(root)) for root in list(roots)[:MOST_WORDS]]
        return cls(tuple(spelled), tuple(dict.fromkeys(names)))

    def list_forms(self) -> list[str]:
        """All that a text may hold of it, one of which stands in every text with a score."""
        return list(dict.fromkeys([*(form for forms in self.words for form in forms), *self.names]))

    def score(self, folded_text: str) -> int:
        """How much of it stands in the text; 0 is nothing."""
        found = sum(name in folded_text and _stands_in(folded_text, name) for name in self.names)
        for forms in self.words:
            for form in forms:
                if form in folded_text and _stands_in(folded_text, form):
                    found += 2
                    break
        return found


def _stands_in(text: str, form: str) -> bool:
    """Whether a word of the text begins with the form; scripts without blanks begin anywhere."""
    at = text.find(form)
    while at > 0 and form.isascii() and text[at - 1].isalnum():
        at = text.find(form, at + 1)
    return at >= 0


def list_facts_known_to(
    tx: Connection,
    viewer: Viewer,
    campaign_id: str,
    wanted: Wanted,
    most: int,
    *,
    with_public: bool = True,
) -> list[tuple[KnownFact, int]]:
    """Facts whose audience admits the viewer, text cut, each with its score: those that bear most
    on what is wanted, then what it was told itself, then its groups, then everybody; each rank
    newest first."""
    texts: dict[str, str] = {}
    for rank in list_listener_ranks(viewer):
        room = AMONG if wanted.words else most
        for id, text, _ in tx.execute(_heard(viewer, rank, campaign_id, room)):
            texts.setdefault(id, text)
    if with_public:
        public = [*_list_holding(tx, viewer.kind, campaign_id, wanted)]
        public += _for_everybody(viewer.kind).run(tx, {"campaign_id": campaign_id, "most": most})
        for id, text in public:
            texts.setdefault(id, text)
    scored = [(id, wanted.score(text)) for id, text in texts.items()]
    scored.sort(key=lambda one: -one[1])
    return _read(tx, scored[:most], is_known_to(viewer, campaign_id))


def _heard(
    viewer: Viewer, listener: ColumnElement[bool], campaign_id: str, most: int
) -> Select[Any]:
    """The newest facts with this listener: what may be known, for the last word is
    `is_known_to`'s. Found from the listeners, so that other facts cost nothing."""
    # An expression, so that no database walks the index of all facts of the campaign instead.
    is_own = func.coalesce(_f.campaign_id, "") == campaign_id
    return (
        select(_f.id, _f.search_text, _f.created_at)
        .distinct()
        .join(fact_audience, _a.fact_id == _f.id)
        .where(listener, is_own, _f.removed_at.is_(None), is_fact_for_listed(viewer))
        .order_by(*_NEWEST_FIRST)
        .limit(most)
    )


def list_facts_about(
    tx: Connection, campaign_id: str, wanted: Wanted, most: int
) -> list[tuple[KnownFact, int]]:
    """Facts of any audience in which something of what is wanted stands, text cut, each with its
    score: those that hold most of it first, then the newest."""
    if not (wanted.words or wanted.names):
        return []
    holding = _list_holding(tx, GM.kind, campaign_id, wanted)
    scored = [(id, score) for id, text in holding if (score := wanted.score(text))]
    scored.sort(key=lambda one: -one[1])
    return _read(tx, scored[:most])


def list_facts_of_party(tx: Connection, campaign_id: str, most: int) -> list[KnownFact]:
    """The newest facts that the party or one of its characters knows and not everybody, newest
    first, text cut."""
    values = {"campaign_id": campaign_id, "most": most}
    found = {id: moment for id, _, moment in _of_party().run(tx, values)}
    found |= {id: moment for id, _, moment in _of_characters().run(tx, values)}
    newest = sorted(found, key=lambda id: (found[id], id), reverse=True)[:most]
    return [fact for fact, _ in _read(tx, [(id, 0) for id in newest])]


@cache
def _of_party() -> Prepared:
    return _newest(is_fact_unnamed(PARTY, but_not=ANYBODY), with_moment=True)


@cache
def _of_characters() -> Prepared:
    """Found from the characters, so that other facts cost nothing."""
    own = select(CHARACTER.table.c.id).where(
        CHARACTER.table.c.campaign_id == bindparam("campaign_id"),
        CHARACTER.table.c.removed_at.is_(None),
        *CHARACTER.is_of_kind,
    )
    theirs = select(_a.fact_id).where(_a.character_id.in_(own))
    is_theirs = is_fact_for_listed(Viewer("character"), but_not=ANYBODY)
    return _newest(is_theirs, _f.id.in_(theirs), with_moment=True)


def list_newest_facts(tx: Connection, campaign_id: str, most: int) -> list[KnownFact]:
    """The newest facts of any audience, newest first, text cut."""
    newest = _NEWEST.run(tx, {"campaign_id": campaign_id, "most": most})
    return [fact for fact, _ in _read(tx, [(id, 0) for id, _ in newest])]


def _read(
    tx: Connection, scored: Sequence[tuple[str, int]], *conditions: ColumnElement[bool]
) -> list[tuple[KnownFact, int]]:
    if not scored:
        return []
    query = select(*_columns()).where(_f.id.in_([id for id, _ in scored]), *conditions)
    found = {row["id"]: read_row(KnownFact, row) for row in tx.execute(query).mappings()}
    return [(found[id], score) for id, score in scored if id in found]


@cache
def _columns() -> tuple[ColumnElement[Any], ...]:
    fields = KnownFact.__dataclass_fields__
    return tuple(cut(_f[name]) for name in fields if name != "listeners")
