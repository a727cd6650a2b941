"""Rows of pictures on both databases: one portrait a thing, an order, and nothing forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures import model, store
from ttrpg_assistant.pictures.model import Picture
from ttrpg_assistant.storage.content_files import Content
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.verification.verify import list_problems

removal: Callable[..., str] = add_removal


async def make_picture(database: Database) -> Picture:
    """A picture of an NPC that is not stored yet."""
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    npc = await Npcs(database, Changes(), removal).create(campaign.id, {"name": "Mira"})
    now = utc_now()
    return Picture(
        id=new_id(),
        campaign_id=campaign.id,
        thing_kind="npc",
        thing_id=npc.id,
        role="portrait",
        caption="",
        sha256="ab" * 32,
        media_type="image/png",
        width=6,
        height=4,
        bytes=99,
        place=0,
        audience="gm",
        revision=1,
        removed_at=None,
        created_at=now,
        updated_at=now,
    )


async def test_of_portraits_that_come_at_once_one_stays_and_the_others_are_kept(
    database: Database,
) -> None:
    first = await make_picture(database)
    all_at_once = [replace(first, id=new_id()) for _ in range(6)]
    added = await asyncio.gather(
        *(database.write(lambda tx, one=one: store.add_picture(tx, one)) for one in all_at_once)
    )
    assert len([earlier for _, earlier in added if earlier is not None]) == 5
    [shown] = (await database.read(lambda tx: store.list_pictures(tx, first.campaign_id))).items
    gone = next(one for one in all_at_once if one.id != shown.id)
    restored, stead = await database.write(lambda tx: store.mark_restored(tx, gone.id))
    assert stead is not None and (restored.id, stead.id) == (gone.id, shown.id)
    assert await database.read(lambda tx: store.count_pictures(tx)) == (6, 99)
    assert await database.write(list_problems) == []


async def test_pictures_have_an_order_a_limit_and_pages(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await make_picture(database)
    monkeypatch.setattr(store, "MOST_OF_A_THING", 4)
    made = [replace(first, id=new_id(), role="picture", sha256=f"{n:064}") for n in range(5)]
    for one in made[:4]:
        await database.write(lambda tx, one=one: store.add_picture(tx, one))
    with pytest.raises(Conflict) as refused:
        await database.write(lambda tx: store.add_picture(tx, made[4]))
    assert refused.value.code == "too_many_pictures" and model.MOST_OF_A_THING > 4
    await database.write(lambda tx: store.update_picture(tx, made[3].id, 1, {"place": 1}))
    ids: list[str] = []
    after: str | None = None
    while True:
        page = await database.read(
            lambda tx, after=after: store.list_pictures(
                tx, first.campaign_id, thing_ids=[first.thing_id], after=after, limit=3
            )
        )
        ids += [one.id for one in page.items]
        after = page.next_cursor
        if after is None:
            break
    assert ids == [made[n].id for n in (0, 3, 1, 2)]
    # A removed picture leaves a gap: what is moved is moved by its number among those left.
    await database.write(lambda tx: store.mark_removed(tx, made[3].id))
    for place, order in ((2, (0, 2, 1)), (99, (0, 2, 1)), (0, (1, 0, 2))):
        revision = (await database.read(lambda tx: store.get_picture(tx, made[1].id))).revision
        change = {"place": place}
        await database.write(
            lambda tx, at=revision, to=change: store.update_picture(tx, made[1].id, at, to)
        )
        left = await database.read(lambda tx: store.list_of_thing(tx, first))
        assert [one.id for one in left] == [made[n].id for n in order]


async def test_a_file_is_named_until_its_last_row_is_dropped(database: Database) -> None:
    first = await make_picture(database)
    content = Content(first.sha256, first.media_type)
    await database.write(lambda tx: store.add_picture(tx, first))
    assert await database.read(lambda tx: list(store.iterate_contents(tx))) == [(first.id, content)]
    await database.write(lambda tx: store.drop_removed(tx, [first.id]))
    assert await database.read(lambda tx: store.is_named(tx, content)), "it is in sight"
    await database.write(lambda tx: store.mark_removed(tx, first.id))
    assert await database.read(lambda tx: store.list_expired(tx, 60)) == []
    assert await database.read(lambda tx: store.is_named(tx, content)), "it can be brought back"
    await database.write(lambda tx: store.drop_removed(tx, [first.id]))
    assert not await database.read(lambda tx: store.is_named(tx, content))
    with pytest.raises(NotFound):
        await database.write(lambda tx: store.mark_restored(tx, first.id))
