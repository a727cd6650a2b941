"""The known facts that bear on one prompt, out of any number of them.

Whether a fact bears on what is asked is looked at before the newest are taken: what somebody was
told long ago is what a question long after is about. The index says which facts hold a word of it
(`ports.FindFacts`), those that hold most first; only then is looked at who may know them, so that
what is chosen for one viewer does not depend on what others know. The chosen are read whole.
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
    bindparam,
    func,
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
from ttrpg_assistant.prompts.audience import ANYBODY, GM, PARTY, Viewer, ViewerKind
from ttrpg_assistant.storage.among import prepare_among, spell_among
from ttrpg_assistant.storage.prepared import Prepared

AMONG = 2_000
"""Of the facts that a viewer was told itself, so many of the newest are looked through."""

ENOUGH = 160
"""Facts that hold something of what is wanted and are for the viewer: of these, those that bear
most on it are chosen."""

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
    tx: Connection,
    find: FindFacts,
    campaign_id: str,
    wanted: Wanted,
    kind: ViewerKind,
) -> list[tuple[str, str]]:
    """Of the facts that are for every viewer of this kind, those that hold most of what is wanted,
    newest first: ids and folded texts."""
    if not (wanted.words or wanted.names):
        return []
    found: list[tuple[str, str, str]] = []
    for ids in find(tx, campaign_id, wanted):
        rows = _texts(kind).run(tx, {"campaign_id": campaign_id, **spell_among(tx, ids)})
        texts = {row[0]: row for row in rows}
        found += [texts[id] for id in ids if id in texts]
        if len(found) >= ENOUGH:
            break
    newest = sorted(found[:ENOUGH], key=lambda row: (row[2], row[0]), reverse=True)
    return [(id, text) for id, text, _ in newest]


@cache
def _texts(kind: ViewerKind) -> Prepared:
    return prepare_among(
        lambda is_among: select(_f.id, _f.search_text, _f.created_at).where(
            is_among(_f.id),
            _is_own(bindparam("campaign_id")),
            _f.removed_at.is_(None),
            is_fact_unnamed(Viewer(kind)),
        )
    )


def _is_own(campaign_id: Any) -> ColumnElement[bool]:
    """Of this campaign: as an expression, so that no database walks the index of all its facts to
    find a few."""
    is_own: ColumnElement[bool] = func.coalesce(_f.campaign_id, "") == campaign_id
    return is_own


def list_facts_known_to(
    tx: Connection,
    find: FindFacts,
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
        values = {"campaign_id": campaign_id, "most": most}
        public = _list_holding(tx, find, campaign_id, wanted, viewer.kind)
        for id, text in (*public, *_for_everybody(viewer.kind).run(tx, values)):
            texts.setdefault(id, text)
    scored = [(id, wanted.score(text)) for id, text in texts.items()]
    scored.sort(key=lambda one: -one[1])
    return _read(tx, scored[:most], is_known_to(viewer, campaign_id))


def _heard(
    viewer: Viewer, listener: ColumnElement[bool], campaign_id: str, most: int
) -> Select[Any]:
    """The newest facts with this listener: what may be known, for the last word is
    `is_known_to`'s. Found from the listeners, so that other facts cost nothing."""
    is_own = _is_own(campaign_id)
    return (
        select(_f.id, _f.search_text, _f.created_at)
        .distinct()
        .join(fact_audience, _a.fact_id == _f.id)
        .where(listener, is_own, _f.removed_at.is_(None), is_fact_for_listed(viewer))
        .order_by(*_NEWEST_FIRST)
        .limit(most)
    )


def list_facts_about(
    tx: Connection, find: FindFacts, campaign_id: str, wanted: Wanted, most: int
) -> list[tuple[KnownFact, int]]:
    """Facts of any audience in which something of what is wanted stands, text cut, each with its
    score: those that hold most of it first, then the newest."""
    holding = _list_holding(tx, find, campaign_id, wanted, GM.kind)
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
