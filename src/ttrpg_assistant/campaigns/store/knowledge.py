"""Who knows what: facts about the world and their audience.

What an NPC knows is selected here by audience, so that a fact it does not know is not even read.

A fact's revision stands for its text, its audience and its listeners. Whatever changes one of them
holds the fact's row first, so that on PostgreSQL nobody else changes it from an older reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, select, true, tuple_, update

from ttrpg_assistant.campaigns.audiences import audience_of_fact, kept_audience_of_fact, viewer_of
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import Knowledge, KnownFact, Page
from ttrpg_assistant.campaigns.store.audiences import is_fact_seen, is_kept_as
from ttrpg_assistant.campaigns.store.entities import (
    check_campaign,
    get_entity,
    insert_once,
    is_live,
    read_row,
)
from ttrpg_assistant.campaigns.store.listeners import (
    Listed,
    add_listeners,
    drop_listeners,
    drop_unlisted,
    list_listeners,
)
from ttrpg_assistant.campaigns.tables import fact_audience, game_sessions, known_facts, npcs
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.prompts.audience import ANYBODY, Viewer, is_gm_only, may_see

_COLUMNS: list[Any] = [
    known_facts.c[name] for name in KnownFact.__dataclass_fields__ if name != "listeners"
]


def add_fact(
    tx: Connection,
    campaign_id: str,
    text: str,
    audience: str,
    *,
    npc_ids: Sequence[str] = (),
    character_ids: Sequence[str] = (),
    groups: Sequence[str] = (),
    source_message_id: str | None = None,
    canon: str = "happened",
    game_session_id: str | None = None,
    is_false: bool = False,
    id: str | None = None,
) -> KnownFact:
    """A new fact. Resending an `id` gives the first again. Raises `NotFound`, `Conflict`."""
    check_campaign(tx, campaign_id)
    _check_game_session(tx, campaign_id, game_session_id)
    now, id = utc_now(), id or new_id()
    row = {
        "id": id,
        "campaign_id": campaign_id,
        "text": text,
        "search_text": fold(text),
        "audience": audience,
        "source_message_id": source_message_id,
        "canon": canon,
        "game_session_id": game_session_id,
        "is_false": is_false,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    if not insert_once(tx, known_facts, row):
        owner = tx.execute(select(known_facts.c.campaign_id).where(known_facts.c.id == id)).scalar()
        if owner != campaign_id:
            raise Conflict("Another campaign has a fact of this id.", facts={"id": id})
        return get_fact(tx, id)
    add_listeners(tx, campaign_id, id, Listed(npc_ids, character_ids, groups), source_message_id)
    return get_fact(tx, id)


def find_fact(tx: Connection, id: str) -> KnownFact | None:
    """The fact with its listeners, or None where it is gone."""
    try:
        return get_fact(tx, id)
    except NotFound:
        return None


def get_fact(tx: Connection, id: str, *, lock: bool = False) -> KnownFact:
    """The fact with its listeners. With `lock` it is held to the end. Raises `NotFound`."""
    query = select(*_COLUMNS).where(known_facts.c.id == id, is_live(known_facts))
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("There is no such fact.", facts={"kind": "fact", "id": id})
    return _with_listeners(tx, [row])[0]


def edit_fact(
    tx: Connection,
    id: str,
    revision: int,
    *,
    text: str | None = None,
    audience: str | None = None,
    npc_ids: Sequence[str] | None = None,
    character_ids: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    **others: Any,
) -> KnownFact:
    """Change what is given, among the `others` `canon`, `game_session_id`, `source_message_id` and
    `is_false`; lists of listeners replace the ones before.

    Raises `NotFound`, `InvalidInput` on a game session elsewhere, and `Conflict` on a stale edit,
    with `mine` and `theirs`, the fact as it is now; its `npc_ids`, `character_ids` and `groups` are
    named as an edit names them.
    """
    listed = Listed(npc_ids, character_ids, groups)
    current = get_fact(tx, id, lock=True)
    new_text = current.text if text is None else text
    _check_game_session(tx, current.campaign_id, others.get("game_session_id"))
    done = tx.execute(
        update(known_facts)
        .where(known_facts.c.id == id, known_facts.c.revision == revision)
        .values(
            text=new_text,
            search_text=fold(new_text),
            audience=audience or current.audience,
            **others,
            revision=revision + 1,
            updated_at=utc_now(),
        )
    )
    if done.rowcount != 1:
        mine = {"text": text, "audience": audience, **asdict(listed), **others}
        theirs = get_fact(tx, id)
        heard = theirs.listeners
        raise Conflict(
            "This fact was changed elsewhere in the meantime; nothing was overwritten.",
            code="stale_revision",
            cure="Compare the two versions, then save again.",
            facts={
                "id": id,
                "revision": theirs.revision,
                "mine": {name: value for name, value in mine.items() if value is not None},
                "theirs": {
                    **msgspec.to_builtins(theirs),
                    "npc_ids": [one.npc_id for one in heard if one.npc_id is not None],
                    "character_ids": [
                        one.character_id for one in heard if one.character_id is not None
                    ],
                    "groups": [one.group_name for one in heard if one.group_name is not None],
                },
            },
        )
    drop_unlisted(tx, id, listed)
    add_listeners(tx, current.campaign_id, id, listed, None)
    return get_fact(tx, id)


def _check_game_session(tx: Connection, campaign_id: str, id: str | None) -> None:
    if id is None:
        return
    c = game_sessions.c
    query = select(c.id).where(c.id == id, c.campaign_id == campaign_id, c.removed_at.is_(None))
    if tx.execute(query).first() is None:
        raise InvalidInput(
            "The field game_session_id names something that is not in this campaign.",
            facts={"field": "game_session_id"},
        )


def mark_fact_removed(tx: Connection, id: str, *, removed: bool) -> str:
    """Remove a fact, or take that back; gives its campaign's id. Raises `NotFound`."""
    campaign_id = tx.execute(
        select(known_facts.c.campaign_id).where(known_facts.c.id == id)
    ).scalar()
    if campaign_id is None:
        raise NotFound("There is no such fact.", facts={"kind": "fact", "id": id})
    removed_at = utc_now() if removed else None
    tx.execute(update(known_facts).where(known_facts.c.id == id).values(removed_at=removed_at))
    return str(campaign_id)


def tell_npc(
    tx: Connection,
    fact_id: str,
    npc_id: str,
    *,
    told_by_npc_id: str | None = None,
    source_message_id: str | None = None,
) -> KnownFact:
    """Let an NPC know a fact. A GM-only fact is from then on known to that NPC, nobody else.

    Telling twice is telling once. Raises `NotFound`, and `InvalidInput` across campaigns.
    """
    fact, npc = get_fact(tx, fact_id, lock=True), get_entity(tx, NPC, npc_id)
    if fact.campaign_id != npc.campaign_id:
        raise InvalidInput("The fact is about another campaign.", facts={"field": "fact_id"})
    if is_secret := is_gm_only(kept_audience_of_fact(fact)):
        drop_listeners(tx, fact_id, true())
    added = add_listeners(
        tx, fact.campaign_id, fact_id, Listed([npc_id]), source_message_id, told_by_npc_id
    )
    if is_secret:
        _revise(tx, fact_id, audience="npcs")
    elif added:
        _revise(tx, fact_id)
    tx.execute(update(npcs).where(npcs.c.id == npc_id).values(last_used_at=utc_now()))
    return get_fact(tx, fact_id)


def untell_npc(tx: Connection, fact_id: str, npc_id: str) -> KnownFact:
    """Take a fact from an NPC that was told it itself. Raises `NotFound`."""
    get_fact(tx, fact_id, lock=True)
    if drop_listeners(tx, fact_id, fact_audience.c.npc_id == npc_id):
        _revise(tx, fact_id)
    return get_fact(tx, fact_id)


def list_facts(
    tx: Connection,
    campaign_id: str,
    *,
    search: str = "",
    audience: str | None = None,
    canon: str | None = None,
    game_session_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[KnownFact]:
    """Facts, newest first, each with who knows it: "Who knows about the vault?"."""
    check_campaign(tx, campaign_id)
    conditions = [known_facts.c.campaign_id == campaign_id]
    if audience is not None:
        conditions.append(is_kept_as(known_facts.c.audience, audience))
    if canon is not None:
        conditions.append(known_facts.c.canon == canon)
    if game_session_id is not None:
        conditions.append(known_facts.c.game_session_id == game_session_id)
    rows, has_more = _page(tx, conditions, search, after, limit)
    items = tuple(_with_listeners(tx, rows))
    return Page(items, has_more, items[-1].id if has_more else None)


def list_npc_knowledge(
    tx: Connection,
    npc_id: str,
    *,
    search: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[Knowledge]:
    """What the NPC knows, newest first, and why: told itself, through a group, or public."""
    npc = get_entity(tx, NPC, npc_id)
    rows, has_more = _page(tx, [is_known_to(viewer_of(npc), npc.campaign_id)], search, after, limit)
    items = []
    for fact in _with_listeners(tx, rows):
        told = any(listener.npc_id == npc_id for listener in fact.listeners)
        is_public = may_see(ANYBODY, audience_of_fact(fact))
        because = "public" if is_public else "told" if told else "group"
        items.append(msgspec.convert({"fact": fact, "because": because}, Knowledge))
    return Page(tuple(items), has_more, items[-1].fact.id if has_more else None)


def is_known_to(viewer: Viewer, campaign_id: str) -> ColumnElement[bool]:
    """The condition that a fact of this campaign is for this viewer."""
    return and_(
        known_facts.c.campaign_id == campaign_id,
        known_facts.c.removed_at.is_(None),
        is_fact_seen(viewer),
    )


def _page(
    tx: Connection,
    conditions: Iterable[ColumnElement[bool]],
    search: str,
    after: str | None,
    limit: int,
) -> tuple[list[Any], bool]:
    if not 1 <= limit <= 500:
        raise InvalidInput("The limit must be between 1 and 500.", facts={"limit": limit})
    query = select(*_COLUMNS).where(known_facts.c.removed_at.is_(None), *conditions)
    for word in fold(search).split():
        query = query.where(known_facts.c.search_text.contains(word, autoescape=True))
    place = (known_facts.c.created_at, known_facts.c.id)
    if after is not None:
        last = tx.execute(select(*place).where(known_facts.c.id == after)).first()
        if last is None:
            raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
        query = query.where(tuple_(*place) < tuple_(last[0], last[1]))
    query = query.order_by(place[0].desc(), place[1].desc()).limit(limit + 1)
    rows = list(tx.execute(query).mappings())
    return rows[:limit], len(rows) > limit


def _with_listeners(tx: Connection, rows: Iterable[Any]) -> list[KnownFact]:
    rows = list(rows)
    listeners = list_listeners(tx, [row["id"] for row in rows])
    return [
        replace(read_row(KnownFact, row), listeners=listeners.get(row["id"], ())) for row in rows
    ]


def _revise(tx: Connection, fact_id: str, **changes: str) -> None:
    """A form opened before says `Conflict` from now on, and brings back no listener of then."""
    revision = known_facts.c.revision + 1
    tx.execute(
        update(known_facts)
        .where(known_facts.c.id == fact_id)
        .values(revision=revision, updated_at=utc_now(), **changes)
    )
