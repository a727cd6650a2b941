"""Tags and audience of many things at once: changed as asked or left alone, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.bulk_edits import MOST_AT_ONCE, BulkEdits
from ttrpg_assistant.campaigns.checks import LIST_LENGTH
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store.bulk_edits import MadeEdit, Picked, TagCount
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound, TooLarge
from ttrpg_assistant.ids import new_id

KINDS = [kind.name for kind in list_things()]
WITH_AUDIENCE = [kind.name for kind in list_things() if "audience" in kind.fields]


@pytest.fixture
def edits(world: World) -> BulkEdits:
    return BulkEdits(world.database, world.changes)


async def add(world: World, kind: str, name: str, **fields: Any) -> Picked:
    service = world.things.of_kind(kind)
    made = await service.create(world.campaign_id, {service.kind.name_field: name, **fields})
    return Picked(kind, made.id)


async def plain(world: World, one: Picked) -> dict[str, Any]:
    return world.plain(await world.things.of_kind(one.kind).get(one.id))


async def test_things_of_every_kind_get_and_lose_tags_in_one_call(
    world: World, edits: BulkEdits
) -> None:
    things = [await add(world, kind, f"A {kind}", tags=["old", "both"]) for kind in KINDS]
    bare = await add(world, KINDS[0], "Untouched")
    before = [await plain(world, one) for one in things]
    result = await edits.edit(
        world.campaign_id, [*things, *things], add_tags=["new", "both"], remove_tags=["old"]
    )
    assert result.changed == tuple(MadeEdit(one.kind, one.id, 2) for one in things)
    assert result.unchanged == () and result.refused == ()
    for one, was in zip(things, before, strict=True):
        now = await plain(world, one)
        assert now["tags"] == ["both", "new"]
        kept = {"tags", "revision", "updated_at", "last_used_at"}
        assert {name: now[name] for name in now.keys() - kept} == {
            name: was[name] for name in was.keys() - kept
        }
        listed = await world.things.of_kind(one.kind).list_all(world.campaign_id, tags=["new"])
        assert [each.id for each in listed.items] == [one.id]
    assert (await plain(world, bare))["revision"] == 1
    again = await edits.edit(world.campaign_id, things, add_tags=["new"], remove_tags=["old"])
    assert again.changed == () and again.unchanged == tuple(things)


async def test_who_may_know_is_set_where_a_kind_has_an_audience_and_refused_elsewhere(
    world: World, edits: BulkEdits
) -> None:
    things = [await add(world, kind, f"A {kind}", tags=["old"]) for kind in KINDS]
    result = await edits.edit(
        world.campaign_id, things, audience="public", add_tags=["seen"], remove_tags=["old"]
    )
    set_ = [one for one in result.changed if one.kind in WITH_AUDIENCE]
    assert [one.kind for one in set_] == WITH_AUDIENCE and len(result.changed) == len(set_)
    for one in result.refused:
        assert one.code == "no_audience" and one.detail.endswith("have no audience of their own.")
        assert (await plain(world, Picked(one.kind, one.id)))["tags"] == ["old"], "left alone"
    knower = {"kind": "group", "id": "", "group": "Watch"}
    named = await edits.edit(world.campaign_id, things, audience="some", known_to=[knower])
    for one in named.changed:
        now = await plain(world, Picked(one.kind, one.id))
        assert (now["audience"], now["known_to"]) == ("some", [knower])
    assert {one.kind for one in named.refused} == set(KINDS) - {
        kind.name for kind in list_things() if "known_to" in kind.fields
    }
    heard_of = await edits.edit(world.campaign_id, things, audience="name")
    assert {one.kind for one in heard_of.changed} == {"npc", "location"}
    for kind in ("npc", "location"):
        found = await world.things.of_kind(kind).list_all(
            world.campaign_id, filters={"audience": "name"}
        )
        assert [one.name for one in found.items] == [f"A {kind}"]
    await edits.undo(world.campaign_id, heard_of.changed)
    for made in heard_of.changed:
        now = await plain(world, Picked(made.kind, made.id))
        assert (now["audience"], now["known_to"]) == ("some", [knower])


async def test_what_is_not_there_is_refused_and_the_rest_changed(
    world: World, edits: BulkEdits
) -> None:
    item = await add(world, "item", "The Crown")
    gone = await add(world, "item", "Gone")
    await world.things.of_kind("item").remove(gone.id)
    other = await world.campaigns.create(None, {"name": "Elsewhere"})
    foreign = await world.npcs.create(other.id, {"name": "Tom"})
    full = await add(world, "item", "Full", tags=[f"t{n}" for n in range(LIST_LENGTH)])
    archived = await add(world, "item", "Archived")
    await world.things.of_kind("item").archive(archived.id)
    missing = [
        gone,
        Picked("npc", foreign.id),
        Picked("npc", item.id),
        Picked("dragon", item.id),
        Picked("game_session", item.id),
        Picked("campaign", world.campaign_id),
    ]
    result = await edits.edit(world.campaign_id, [*missing, item, full, archived], add_tags=["x"])
    assert {(one.kind, one.id) for one in result.changed} == {
        (one.kind, one.id) for one in (item, archived)
    }
    assert [one.code for one in result.refused] == ["not_found"] * 6 + ["too_large"]
    with pytest.raises(NotFound):
        await edits.edit(new_id(), [item], add_tags=["x"])
    with pytest.raises(InvalidInput, match="Nothing is asked for"):
        await edits.edit(world.campaign_id, [item])
    with pytest.raises(InvalidInput, match="added and removed"):
        await edits.edit(world.campaign_id, [item], add_tags=["a"], remove_tags=["a"])
    with pytest.raises(TooLarge):
        await edits.edit(world.campaign_id, [item] * (MOST_AT_ONCE + 1), add_tags=["a"])
    assert (await plain(world, item))["tags"] == ["x"]


async def test_a_bulk_edit_is_taken_back_but_for_what_was_changed_since(
    world: World, edits: BulkEdits
) -> None:
    things = [
        await add(world, kind, f"A {kind}", tags=["old"], audience="gm") for kind in WITH_AUDIENCE
    ]
    made = await edits.edit(
        world.campaign_id, things, add_tags=["new"], remove_tags=["old"], audience="public"
    )
    first, second, *rest = things
    await world.things.of_kind(first.kind).update(first.id, 2, {"tags": ["mine"]})
    await world.things.of_kind(second.kind).update(second.id, 2, {"gm_notes": "a word"})
    undone = await edits.undo(world.campaign_id, made.changed)
    assert [(one.id, one.code) for one in undone.refused] == [(first.id, "changed_since")]
    assert [one.id for one in undone.changed] == [one.id for one in (second, *rest)]
    assert (await plain(world, first))["tags"] == ["mine"]
    for one in (second, *rest):
        now = await plain(world, one)
        assert (now["tags"], now["audience"]) == (["old"], "gm")
    assert (await plain(world, second))["gm_notes"] == "a word"
    again = await edits.undo(world.campaign_id, made.changed)
    assert again.changed == () and len(again.unchanged) == len(things) - 1
    unknown = await edits.undo(world.campaign_id, [MadeEdit(second.kind, second.id, 3)])
    assert [one.code for one in unknown.refused] == ["unknown_edit"], "that was no bulk edit"


async def test_an_edit_made_before_a_bulk_edit_is_told_of_it(
    world: World, edits: BulkEdits
) -> None:
    item = await add(world, "item", "The Crown", tags=["old"])
    await edits.edit(world.campaign_id, [item], add_tags=["new"])
    with pytest.raises(Conflict) as stale:
        await world.things.of_kind("item").update(item.id, 1, {"tags": ["mine"]})
    assert stale.value.facts["base"] == {"tags": ["old"]}
    assert stale.value.facts["theirs"] == {"tags": ["old", "new"]}


async def test_tags_are_listed_with_how_many_things_have_each(
    world: World, edits: BulkEdits
) -> None:
    await add(world, "npc", "Mira", tags=["Hafen", "Ärger"])
    await add(world, "item", "Crown", tags=["Hafen"])
    archived = await add(world, "item", "Lost", tags=["Hafen", "lost"])
    await world.things.of_kind("item").archive(archived.id)
    listed = await edits.list_tags(world.campaign_id)
    assert listed == (TagCount("Hafen", 2), TagCount("Ärger", 1))
    assert await edits.list_tags(world.campaign_id, kind="item") == (TagCount("Hafen", 1),)
    assert await edits.list_tags(world.campaign_id, search="arg") == (TagCount("Ärger", 1),)
    assert await edits.list_tags(world.campaign_id, limit=1) == (TagCount("Hafen", 2),)
    with pytest.raises(NotFound):
        await edits.list_tags(world.campaign_id, kind="dragon")
