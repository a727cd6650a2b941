"""Rows of pictures. Every function works in the caller's transaction; none touches a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from ttrpg_assistant.campaigns.entities import campaign_of
from ttrpg_assistant.campaigns.model import Page
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import (
    check_campaign,
    find_entity,
    insert_once,
    is_live,
    read_row,
)
from ttrpg_assistant.campaigns.tables import campaigns
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.pictures.model import MOST_OF_A_THING, Picture
from ttrpg_assistant.pictures.tables import pictures
from ttrpg_assistant.storage.content_files import Content

_c = pictures.c
PAGE = 500


def get_thing_name(tx: Connection, campaign_id: str, thing_kind: str, thing_id: str) -> str:
    """What the thing is called. Raises `NotFound`, also for a thing of another campaign, and
    `InvalidInput` where no kind is called that."""
    kind = next((one for name, one in KINDS.items() if name == thing_kind), None)
    if kind is None:
        raise InvalidInput("There is no kind of thing of that name.", code="unknown_kind")
    check_campaign(tx, campaign_id)
    thing = find_entity(tx, kind, thing_id)
    if thing is None or campaign_of(thing) != campaign_id:
        raise NotFound(
            f"There is no such {kind.noun} in this campaign.",
            facts={"kind": thing_kind, "id": thing_id},
        )
    return str(getattr(thing, kind.name_field)) or kind.noun


def find_picture(tx: Connection, id: str, *, even_removed: bool = False) -> Picture | None:
    """The picture, or None. One is gone with its campaign, unless `even_removed`."""
    query = select(pictures).where(_c.id == id)
    if not even_removed:
        query = query.where(is_live(pictures))
    row = tx.execute(query).mappings().first()
    return None if row is None else read_row(Picture, row)


def get_picture(tx: Connection, id: str, *, even_removed: bool = False) -> Picture:
    """The picture. Raises `NotFound`."""
    found = find_picture(tx, id, even_removed=even_removed)
    if found is None:
        raise NotFound("There is no such picture.", facts={"id": id})
    return found


def list_pictures(
    tx: Connection,
    campaign_id: str,
    *,
    thing_kind: str | None = None,
    thing_ids: Sequence[str] = (),
    role: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Picture]:
    """A page of a campaign's pictures, thing by thing, each in its order.

    Raises `NotFound` without such a campaign, `InvalidInput` on a bad cursor.
    """
    check_campaign(tx, campaign_id)
    query = select(pictures).where(_c.campaign_id == campaign_id, _c.removed_at.is_(None))
    if thing_kind is not None:
        query = query.where(_c.thing_kind == thing_kind)
    if thing_ids:
        query = query.where(_c.thing_id.in_(thing_ids))
    if role is not None:
        query = query.where(_c.role == role)
    if after is not None:
        key = tx.execute(select(_c.thing_id, _c.place, _c.id).where(_c.id == after)).first()
        if key is None:
            raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
        query = query.where(
            (_c.thing_id > key[0])
            | and_(_c.thing_id == key[0], _c.place > key[1])
            | and_(_c.thing_id == key[0], _c.place == key[1], _c.id > key[2])
        )
    query = query.order_by(_c.thing_id, _c.place, _c.id).limit(limit + 1)
    found = [read_row(Picture, row) for row in tx.execute(query).mappings()]
    shown = tuple(found[:limit])
    has_more = len(found) > limit
    return Page(shown, has_more, shown[-1].id if has_more else None)


def list_of_thing(tx: Connection, thing: Picture) -> list[Picture]:
    """The pictures of the same thing, in their order."""
    query = select(pictures).where(*_same_thing(thing), _c.removed_at.is_(None))
    rows = tx.execute(query.order_by(_c.place, _c.id)).mappings()
    return [read_row(Picture, row) for row in rows]


def add_picture(tx: Connection, picture: Picture) -> tuple[Picture, Picture | None]:
    """Store a new picture behind the thing's others; a portrait takes the place of the one there
    was, which is removed and given back as well. Repeating it gives the first row again.

    Raises `Conflict` where the id is another picture's, or the thing has too many.
    """
    there = find_picture(tx, picture.id, even_removed=True)
    if there is not None:
        _check_same(there, picture)
        return there, None
    # One at a time for each campaign: two portraits would both find none before them.
    lock = select(campaigns.c.id).where(campaigns.c.id == picture.campaign_id).with_for_update()
    tx.execute(lock)
    others = list_of_thing(tx, picture)
    earlier = _find_portrait(others) if picture.role == "portrait" else None
    if earlier is None and len(others) >= MOST_OF_A_THING:
        raise Conflict(
            f"There are {MOST_OF_A_THING} pictures here already, and no more fit.",
            code="too_many_pictures",
            cure="Remove one of them, then add this one again.",
            facts={"limit": MOST_OF_A_THING},
        )
    place = earlier.place if earlier else max((one.place for one in others), default=-1) + 1
    if earlier is not None:
        mark_removed(tx, earlier.id)
    row = {name: getattr(picture, name) for name in Picture.__dataclass_fields__}
    if not insert_once(tx, pictures, {**row, "place": place}):
        _check_same(get_picture(tx, picture.id, even_removed=True), picture)
    return get_picture(tx, picture.id), earlier


def _check_same(there: Picture, wanted: Picture) -> None:
    said = ("campaign_id", "thing_kind", "thing_id", "role", "sha256")
    if any(getattr(there, name) != getattr(wanted, name) for name in said):
        raise Conflict("Another picture has this id.", facts={"id": wanted.id})


def update_picture(
    tx: Connection, id: str, revision: int, changes: Mapping[str, object]
) -> Picture:
    """Change what is given; changes that hold already are none. A new `place` moves the others
    of the thing. Raises `NotFound`, and `Conflict` (`stale_revision`) after another's change."""
    current = get_picture(tx, id)
    place = changes.get("place")
    is_moved = isinstance(place, int) and _is_elsewhere(tx, current, place)
    differing = {
        name: one
        for name, one in changes.items()
        if name != "place" and getattr(current, name) != one
    }
    if not differing and not is_moved:
        return current
    values = {**differing, "revision": revision + 1, "updated_at": utc_now()}
    done = tx.execute(update(pictures).where(_c.id == id, _c.revision == revision).values(**values))
    if done.rowcount != 1:
        raise Conflict(
            "This picture was changed elsewhere in the meantime; nothing was overwritten.",
            code="stale_revision",
            cure="Look at it as it is now, then change it again.",
            facts={"id": id, "revision": current.revision},
        )
    if is_moved and isinstance(place, int):
        _move(tx, current, place)
    return get_picture(tx, id)


def _is_elsewhere(tx: Connection, picture: Picture, place: int) -> bool:
    """Whether it has another number among the thing's pictures than this. What is kept as its
    place has gaps where others were removed, so that it cannot be asked."""
    order = [one.id for one in list_of_thing(tx, picture)]
    return order.index(picture.id) != min(place, len(order) - 1)


def _move(tx: Connection, picture: Picture, place: int) -> None:
    order = [one.id for one in list_of_thing(tx, picture) if one.id != picture.id]
    order.insert(place, picture.id)
    for number, id in enumerate(order):
        tx.execute(update(pictures).where(_c.id == id).values(place=number))


def mark_removed(tx: Connection, id: str) -> Picture:
    """Take a picture out of sight. Raises `NotFound`."""
    current = get_picture(tx, id, even_removed=True)
    if current.removed_at is None:
        tx.execute(update(pictures).where(_c.id == id).values(removed_at=utc_now()))
    return get_picture(tx, id, even_removed=True)


def mark_restored(tx: Connection, id: str) -> tuple[Picture, Picture | None]:
    """Bring a picture back as it was. A portrait that came in its stead is removed, and given
    back as well. Raises `NotFound`."""
    current = get_picture(tx, id, even_removed=True)
    if current.removed_at is None:
        return get_picture(tx, id), None
    stead = _find_portrait(list_of_thing(tx, current)) if current.role == "portrait" else None
    if stead is not None:
        mark_removed(tx, stead.id)
    tx.execute(update(pictures).where(_c.id == id).values(removed_at=None))
    return get_picture(tx, id), stead


def list_expired(tx: Connection, seconds: float) -> list[str]:
    """Pictures that were removed more than so many seconds ago."""
    rows = tx.execute(select(_c.id, _c.removed_at).where(_c.removed_at.is_not(None)))
    return [row.id for row in rows if has_passed(row.removed_at, seconds)]


def drop_removed(tx: Connection, ids: Sequence[str]) -> None:
    """Delete rows of pictures that are still removed, for good."""
    tx.execute(delete(pictures).where(_c.id.in_(ids), _c.removed_at.is_not(None)))


def is_named(tx: Connection, content: Content) -> bool:
    """Whether any row, removed or not, names this file."""
    return tx.execute(select(_c.id).where(_c.sha256 == content.sha256).limit(1)).first() is not None


def iterate_contents(tx: Connection) -> Iterator[tuple[str, Content]]:
    """Every file that rows name, with the id of one of them."""
    query = select(func.min(_c.id), _c.sha256, _c.media_type)
    for id, sha256, media_type in tx.execute(query.group_by(_c.sha256, _c.media_type)):
        yield id, Content(sha256, media_type)


def count_pictures(tx: Connection) -> tuple[int, int]:
    """How many pictures there are, and the bytes of their files."""
    inner = select(func.max(_c.bytes).label("size"), func.count().label("rows"))
    each = inner.group_by(_c.sha256).subquery()
    row = tx.execute(select(func.sum(each.c.rows), func.sum(each.c.size))).one()
    return int(row[0] or 0), int(row[1] or 0)


def _find_portrait(found: Sequence[Picture]) -> Picture | None:
    return next((one for one in found if one.role == "portrait"), None)


def _same_thing(thing: Picture) -> tuple[Any, ...]:
    return (
        _c.campaign_id == thing.campaign_id,
        _c.thing_kind == thing.thing_kind,
        _c.thing_id == thing.thing_id,
    )
