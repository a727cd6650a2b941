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
    is_fact_for_listed,
    is_fact_unnamed,
    list_listener_ranks,
)
from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.campaigns.store.knowledge import is_known_to
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
    forms = wanted.list_forms()
    if not forms:
        return ()
    room = 1 << (len(forms) - 1).bit_length()  # few statements serve any number of forms
    places = {f"form_{at}": forms[min(at, len(forms) - 1)] for at in range(room)}
    return _holding_one_of(kind, room).run(tx, {"campaign_id": campaign_id, **places})


@cache
def _holding_one_of(kind: ViewerKind, count: int) -> Prepared:
    def holding(find: Any) -> Select[Any]:
        forms = [bindparam(f"form_{at}", type_=String) for at in range(count)]
        return (
            select(_f.id, _f.search_text)
            .where(
                *_of(bindparam("campaign_id")),
                is_fact_unnamed(Viewer(kind)),
                _holds_one_of(find, forms),
            )
            .order_by(*_NEWEST_FIRST)
        )

    return Prepared(holding(func.instr), postgresql=lambda: holding(func.strpos))


def _holds_one_of(find: Any, forms: Sequence[Any]) -> ColumnElement[bool]:
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
    texts: dict[str, str] = {}
    find = func.instr if tx.dialect.name == "sqlite" else func.strpos
    forms = wanted.list_forms()
    for rank in list_listener_ranks(viewer):
        heard = _heard(viewer, rank, campaign_id)
        found = list(tx.execute(heard.where(_holds_one_of(find, forms)))) if forms else []
        for id, text, _ in (*found, *tx.execute(heard.limit(most))):
            texts.setdefault(id, text)
    if with_public:
        public = [*_list_holding(tx, viewer.kind, campaign_id, wanted)]
        public += _for_everybody(viewer.kind).run(tx, {"campaign_id": campaign_id, "most": most})
        for id, text in public:
            texts.setdefault(id, text)
    scored = [(id, wanted.score(text)) for id, text in texts.items()]
    scored.sort(key=lambda one: -one[1])
    return _read(tx, scored[:most], is_known_to(viewer, campaign_id))


def _heard(viewer: Viewer, listener: ColumnElement[bool], campaign_id: str) -> Select[Any]:
    """The facts with this listener, newest first: what may be known, for the last word is
    `is_known_to`'s. Found from the listeners, so that other facts cost nothing."""
    return (
        select(_f.id, _f.search_text, _f.created_at)
        .distinct()
        .join(fact_audience, _a.fact_id == _f.id)
        .where(
            listener,
            _is_own(campaign_id),
            _f.removed_at.is_(None),
            is_fact_for_listed(viewer),
        )
        .order_by(*_NEWEST_FIRST)
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


def _read(
    tx: Connection, scored: Sequence[tuple[str, int]], condition: ColumnElement[bool] | None = None
) -> list[tuple[KnownFact, int]]:
    if not scored:
        return []
    ids = [id for id, _ in scored]
    if condition is None:
        names = [column.name for column in _columns()]
        rows = [
            dict(zip(names, row, strict=True)) for row in _whole().run(tx, spell_among(tx, ids))
        ]
    else:
        query = select(*_columns()).where(_f.id.in_(ids), condition)
        rows = [dict(row) for row in tx.execute(query).mappings()]
    found = {row["id"]: read_row(KnownFact, row) for row in rows}
    return [(found[id], score) for id, score in scored if id in found]


@cache
def _whole() -> Prepared:
    return prepare_among(lambda is_among: select(*_columns()).where(is_among(_f.id)))


@cache
def _columns() -> tuple[ColumnElement[Any], ...]:
    fields = KnownFact.__dataclass_fields__
    return tuple(cut(_f[name]) for name in fields if name != "listeners")
