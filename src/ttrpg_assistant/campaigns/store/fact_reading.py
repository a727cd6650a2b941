"""The known facts that bear on one prompt, out of any number of them.

Whether a fact bears on what is asked is looked at before the newest are taken: what somebody was
told long ago is what a question long after is about. For the game master the index says which
facts hold a word of it (`ports.FindFacts`). For everybody else the database looks through the texts
that this viewer may know and no others: how long that takes tells nothing of what is hidden. The
chosen are read whole.
"""

from __future__ import annotations

from collections.abc import Sequence
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

from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.model import KnownFact
from ttrpg_assistant.campaigns.ports import FindFacts
from ttrpg_assistant.campaigns.store.audiences import (
    ViewerShape,
    is_fact_for_listed,
    is_fact_unnamed,
)
from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.campaigns.store.prompt_reading import cut
from ttrpg_assistant.campaigns.tables import fact_audience, known_facts
from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.prompts.audience import ANYBODY, PARTY, Viewer, ViewerKind
from ttrpg_assistant.storage.among import prepare_among, spell_among
from ttrpg_assistant.storage.prepared import Prepared

ENOUGH = 160
"""Facts that the index gives: of these, those that bear most on what is wanted are chosen."""

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
    """Of the facts that are for every viewer of this kind, those whose text holds something of what
    is wanted, newest first: ids and texts."""
    forms = _spell_forms(wanted)
    if not forms:
        return ()
    return _holding_one_of(kind, len(forms)).run(tx, {"campaign_id": campaign_id, **forms})


def _spell_forms(wanted: Wanted) -> dict[str, str]:
    """The parameters of a statement that looks for these forms: few serve any number of them."""
    forms = wanted.list_forms()
    room = 1 << (len(forms) - 1).bit_length() if forms else 0
    return {f"form_{at}": forms[min(at, len(forms) - 1)] for at in range(room)}


@cache
def _holding_one_of(kind: ViewerKind, count: int) -> Prepared:
    def holding(find: Any) -> Select[Any]:
        return (
            select(_f.id, _f.search_text)
            .where(
                *_of(bindparam("campaign_id")),
                is_fact_unnamed(Viewer(kind)),
                _holds_one_of(find, count),
            )
            .order_by(*_NEWEST_FIRST)
        )

    return Prepared(holding(func.instr), postgresql=lambda: holding(func.strpos))


def _holds_one_of(find: Any, count: int) -> ColumnElement[bool]:
    forms = (bindparam(f"form_{at}", type_=String) for at in range(count))
    return or_(*(find(_f.search_text, form) > 0 for form in forms))


def _is_own(campaign_id: Any) -> ColumnElement[bool]:
    """Of this campaign: as an expression, so that no database walks the index of all its facts to
    find a few."""
    is_own: ColumnElement[bool] = func.coalesce(_f.campaign_id, "") == campaign_id
    return is_own


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
    shape = ViewerShape.of(viewer)
    values = {"campaign_id": campaign_id, "most": most, **shape.spell(viewer)}
    texts: dict[str, str] = {}
    forms = _spell_forms(wanted)
    for rank in range(len(shape.list_ranks())):
        heard = _heard_holding(shape, rank, len(forms)).run(tx, values | forms) if forms else []
        for id, text, _ in (*heard, *_heard(shape, rank).run(tx, values)):
            texts.setdefault(id, text)
    if with_public:
        public = [*_list_holding(tx, viewer.kind, campaign_id, wanted)]
        public += _for_everybody(viewer.kind).run(tx, {"campaign_id": campaign_id, "most": most})
        for id, text in public:
            texts.setdefault(id, text)
    scored = [(id, wanted.score(text)) for id, text in texts.items()]
    scored.sort(key=lambda one: -one[1])
    scored = scored[:most]
    rows = _known_to(shape).run(tx, values | spell_among(tx, [id for id, _ in scored]))
    return _order(rows, scored)


def _select_heard(shape: ViewerShape, rank: int) -> Select[Any]:
    """The facts with the viewer as a listener, newest first: what may be known, for the last word
    is `_known_to`'s. Found from the listeners, so that other facts cost nothing."""
    return (
        select(_f.id, _f.search_text, _f.created_at)
        .distinct()
        .join(fact_audience, _a.fact_id == _f.id)
        .where(
            shape.list_ranks()[rank],
            _is_own(bindparam("campaign_id")),
            _f.removed_at.is_(None),
            is_fact_for_listed(shape.example),
        )
        .order_by(*_NEWEST_FIRST)
    )


@cache
def _heard(shape: ViewerShape, rank: int) -> Prepared:
    return Prepared(_select_heard(shape, rank).limit(bindparam("most", type_=Integer)))


@cache
def _heard_holding(shape: ViewerShape, rank: int, forms: int) -> Prepared:
    heard = _select_heard(shape, rank)
    return Prepared(
        heard.where(_holds_one_of(func.instr, forms)),
        postgresql=lambda: heard.where(_holds_one_of(func.strpos, forms)),
    )


@cache
def _known_to(shape: ViewerShape) -> Prepared:
    """Of some facts, those that are for the viewer, whole."""
    return prepare_among(
        lambda is_among: select(*_columns()).where(
            is_among(_f.id),
            _is_own(bindparam("campaign_id")),
            _f.removed_at.is_(None),
            shape.is_fact_seen(),
        )
    )


def list_facts_about(
    tx: Connection, find: FindFacts, campaign_id: str, wanted: Wanted, most: int
) -> list[tuple[KnownFact, int]]:
    """Facts of any audience in which something of what is wanted stands, text cut, each with its
    score: those that hold most of it first, then the newest."""
    found: list[tuple[str, str, str]] = []
    for ids in find(tx, campaign_id, wanted):
        rows = _TEXTS.run(tx, {"campaign_id": campaign_id, **spell_among(tx, ids)})
        texts = {row[0]: row for row in rows}
        found += [texts[id] for id in ids if id in texts]
        if len(found) >= ENOUGH:
            break
    newest = sorted(found[:ENOUGH], key=lambda row: (row[2], row[0]), reverse=True)
    scored = [(id, score) for id, text, _ in newest if (score := wanted.score(text))]
    scored.sort(key=lambda one: -one[1])
    return _read(tx, scored[:most])


_TEXTS = prepare_among(
    lambda is_among: select(_f.id, _f.search_text, _f.created_at).where(
        is_among(_f.id), _is_own(bindparam("campaign_id")), _f.removed_at.is_(None)
    )
)


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
    return Prepared(
        select(_f.id, _f.search_text, _f.created_at)
        .distinct()
        .join(fact_audience, _a.fact_id == _f.id)
        .where(
            _a.character_id.in_(own),
            _is_own(bindparam("campaign_id")),
            _f.removed_at.is_(None),
            is_fact_for_listed(Viewer("character"), but_not=ANYBODY),
        )
        .order_by(*_NEWEST_FIRST)
        .limit(bindparam("most", type_=Integer))
    )


def list_newest_facts(tx: Connection, campaign_id: str, most: int) -> list[KnownFact]:
    """The newest facts of any audience, newest first, text cut."""
    newest = _NEWEST.run(tx, {"campaign_id": campaign_id, "most": most})
    return [fact for fact, _ in _read(tx, [(id, 0) for id, _ in newest])]


def _read(tx: Connection, scored: Sequence[tuple[str, int]]) -> list[tuple[KnownFact, int]]:
    if not scored:
        return []
    return _order(_whole().run(tx, spell_among(tx, [id for id, _ in scored])), scored)


def _order(
    rows: Sequence[tuple[Any, ...]], scored: Sequence[tuple[str, int]]
) -> list[tuple[KnownFact, int]]:
    names = [column.name for column in _columns()]
    found = {}
    for row in rows:
        fact = read_row(KnownFact, dict(zip(names, row, strict=True)))
        found[fact.id] = fact
    return [(found[id], score) for id, score in scored if id in found]


@cache
def _whole() -> Prepared:
    return prepare_among(lambda is_among: select(*_columns()).where(is_among(_f.id)))


@cache
def _columns() -> tuple[ColumnElement[Any], ...]:
    fields = KnownFact.__dataclass_fields__
    return tuple(cut(_f[name]) for name in fields if name != "listeners")
