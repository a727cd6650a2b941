"""Five kinds of entity: kept, found, edited without loss, archived and brought back."""

from __future__ import annotations

import asyncio

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.restoring import RESTORERS
from ttrpg_assistant.conversations.store.removals import list_removals
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound, TooLarge
from ttrpg_assistant.ids import new_id


async def test_everything_given_comes_back(world: World) -> None:
    place = await world.locations.create(world.campaign.id, {"name": "Low Quay"})
    given = {
        "name": "Mira Vale",
        "aliases": ["the Heron", "Mira"],
        "role": "smuggler",
        "background": "Born on a barge.\n\nNever left.",
        "sample_lines": ["Tide's turning."],
        "voice_card": ["dry", "slow", "counts on fingers"],
        "connections": [{"target": "Tomas", "relation": "owes him"}],
        "location_id": place.id,
        "groups": ["Lantern Guild"],
        "secrets": [{"text": "She sank the Plover.", "may_hint": True}, {"text": "She is ill."}],
        "gm_notes": "Kill her last.",
        "is_present": True,
    }
    made = await world.npcs.create(world.campaign.id, given)
    npc = await world.npcs.get(made.id)
    assert npc == made
    assert npc.revision == 1
    assert npc.aliases == ("the Heron", "Mira")
    assert npc.background == given["background"]
    assert [(one.text, one.may_hint) for one in npc.secrets] == [
        ("She sank the Plover.", True),
        ("She is ill.", False),
    ]
    assert npc.connections[0].relation == "owes him"
    assert npc.is_present is True


async def test_a_structured_world_state_is_kept_as_it_is(world: World) -> None:
    state = {"Season": "late thaw", "Guild": {"standing": -2, "known": [True, None, "x"]}}
    edited = await world.campaigns.update(world.campaign.id, 1, {"world_state": state})
    assert edited.world_state == state
    assert (await world.campaigns.get(world.campaign.id)).world_state == state


async def test_resending_a_new_entity_makes_only_one(world: World) -> None:
    id = new_id()
    first = await world.npcs.create(world.campaign.id, {"name": "Mira"}, id=id)
    again = await world.npcs.create(world.campaign.id, {"name": "Mira"}, id=id)
    assert again == first
    assert len((await world.npcs.list_all(world.campaign.id)).items) == 1


async def test_an_edit_changes_only_the_given_fields(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira", "role": "smuggler"})
    edited = await world.npcs.update(npc.id, npc.revision, {"personality": "dry"})
    assert (edited.name, edited.role, edited.personality) == ("Mira", "smuggler", "dry")
    assert edited.revision == 2


async def test_a_stale_edit_changes_nothing_and_shows_both_versions(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira", "role": "smuggler"})
    await world.npcs.update(npc.id, 1, {"role": "harbour master"})
    await world.npcs.update(npc.id, 2, {"role": "prisoner", "personality": "bitter"})
    with pytest.raises(Conflict) as stale:
        await world.npcs.update(npc.id, 1, {"role": "captain"})
    assert stale.value.code == "stale_revision"
    assert stale.value.facts["mine"] == {"role": "captain"}
    assert stale.value.facts["theirs"] == {"role": "prisoner"}
    assert stale.value.facts["base"] == {"role": "smuggler"}
    assert stale.value.facts["revision"] == 3
    assert (await world.npcs.get(npc.id)).role == "prisoner"


async def test_resending_an_edit_that_was_stored_is_harmless(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    for revision, edit in enumerate(({"role": "captain"}, {"aliases": ["The Ferry"]}), 1):
        first = await world.npcs.update(npc.id, revision, edit)
        assert await world.npcs.update(npc.id, revision, edit) == first


async def test_of_many_edits_at_once_from_one_revision_exactly_one_is_kept(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    tries = [world.npcs.update(npc.id, 1, {"role": f"role {n}"}) for n in range(8)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    kept = [one for one in ended if not isinstance(one, BaseException)]
    assert len(kept) == 1
    assert all(isinstance(one, Conflict) for one in ended if one not in kept)
    assert await world.npcs.get(npc.id) == kept[0]


async def test_an_accepted_field_remembers_its_message(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    message_id = new_id()
    await world.npcs.update(npc.id, 1, {"role": "spy"}, message_id=message_id)
    (source,) = await world.npcs.list_sources(npc.id)
    assert (source.field, source.message_id) == ("role", message_id)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, InvalidInput),
        ({"name": "  "}, InvalidInput),
        ({"name": "x" * 201}, TooLarge),
        ({"name": "Mira", "background": "x" * 100_001}, TooLarge),
        ({"name": "Mira", "aliases": ["x"] * 201}, TooLarge),
        ({"name": "Mira", "voice_card": ["a", "b", "c", "d"]}, TooLarge),
        ({"name": "Mi\0ra"}, InvalidInput),
        ({"name": "Mira", "background": "lone \ud800"}, InvalidInput),
        ({"name": "Mira", "secrets": [{"may_hint": True}]}, InvalidInput),
        ({"name": "Mira", "secrets": [{"text": "x", "may_hint": "no"}]}, InvalidInput),
        ({"name": "Mira", "is_present": 1}, InvalidInput),
        ({"name": "Mira", "revision": 7}, InvalidInput),
        ({"name": "Mira", "campaign_id": new_id()}, InvalidInput),
        ({"name": "Mira", "location_id": new_id()}, InvalidInput),
    ],
)
async def test_what_cannot_be_kept_is_refused_whole(
    world: World, fields: dict[str, object], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        await world.npcs.create(world.campaign.id, fields)
    assert (await world.npcs.list_all(world.campaign.id)).items == ()


@pytest.mark.parametrize("value", [{"x": float("nan")}, {"x": "\0"}, ["list"], {"x": {1}}])
async def test_a_world_state_that_is_not_json_is_refused(world: World, value: object) -> None:
    with pytest.raises(InvalidInput):
        await world.campaigns.update(world.campaign.id, 1, {"world_state": value})


async def test_a_world_state_nested_too_deep_is_refused(world: World) -> None:
    deep: dict[str, object] = {}
    for _ in range(30):
        deep = {"in": deep}
    with pytest.raises(TooLarge):
        await world.campaigns.update(world.campaign.id, 1, {"world_state": deep})


async def test_a_list_is_searched_by_name_and_alias_in_any_spelling(world: World) -> None:
    await world.npcs.create(world.campaign.id, {"name": "Álvaro Muñoz", "aliases": ["The Eel"]})
    await world.npcs.create(world.campaign.id, {"name": "Mira"})
    for search in ("munoz", "ÁLVARO", "the eel", "eel"):
        found = await world.npcs.list_all(world.campaign.id, search=search)
        assert [npc.name for npc in found.items] == ["Álvaro Muñoz"], search
    assert (await world.npcs.list_all(world.campaign.id, search="100%")).items == ()


async def test_pages_of_a_list_hold_each_entity_once(world: World) -> None:
    names = [f"Name {number % 7}" for number in range(25)]
    for name in names:
        await world.npcs.create(world.campaign.id, {"name": name})
    seen, after = [], None
    while True:
        page = await world.npcs.list_all(world.campaign.id, after=after, limit=4)
        seen += page.items
        assert page.has_more == (page.next_cursor is not None)
        if not page.has_more:
            break
        after = page.next_cursor
    assert len({npc.id for npc in seen}) == 25
    assert [npc.name for npc in seen] == sorted(names)


async def test_a_list_is_narrowed_by_what_is_present(world: World) -> None:
    await world.npcs.create(world.campaign.id, {"name": "Here", "is_present": True})
    await world.npcs.create(world.campaign.id, {"name": "Away"})
    found = await world.npcs.list_all(world.campaign.id, filters={"is_present": True})
    assert [npc.name for npc in found.items] == ["Here"]
    with pytest.raises(InvalidInput):
        await world.npcs.list_all(world.campaign.id, filters={"gm_notes": ""})


async def test_an_archived_entity_is_out_of_the_list_and_comes_back(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    await world.npcs.archive(npc.id)
    assert (await world.npcs.list_all(world.campaign.id)).items == ()
    assert len((await world.npcs.list_all(world.campaign.id, archived=True)).items) == 1
    assert (await world.npcs.get(npc.id)).archived_at is not None
    restored = await world.npcs.restore(npc.id)
    assert restored == npc


async def test_removing_a_campaign_and_taking_it_back_brings_back_all_of_it(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    await world.plot_points.create(world.campaign.id, {"title": "The vault"})
    removed = await world.campaigns.remove(world.campaign.id)
    assert removed.count == 3
    with pytest.raises(NotFound):
        await world.npcs.get(npc.id)
    with pytest.raises(NotFound):
        await world.npcs.list_all(world.campaign.id)
    with pytest.raises(NotFound):
        await world.npcs.create(world.campaign.id, {"name": "Late"})

    (noted,) = await world.database.read(list_removals)
    assert noted.id == removed.removal_id
    assert noted.title == "The Salt Road"
    restore = RESTORERS[noted.kind]
    assert await world.database.write(lambda tx: restore(tx, noted.subject_id, {})) == 3
    assert await world.npcs.get(npc.id) == npc


async def test_removing_twice_is_removing_once(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    assert (await world.npcs.remove(npc.id)).count == 1
    again = await world.npcs.remove(npc.id)
    assert (again.count, again.removal_id) == (0, None)
    with pytest.raises(NotFound):
        await world.npcs.update(npc.id, 1, {"role": "ghost"})
    assert await world.npcs.restore(npc.id) == npc


async def test_a_location_cannot_lie_within_itself(world: World) -> None:
    city = await world.locations.create(world.campaign.id, {"name": "City"})
    quay = await world.locations.create(world.campaign.id, {"name": "Quay", "parent_id": city.id})
    inn = await world.locations.create(world.campaign.id, {"name": "Inn", "parent_id": quay.id})
    for parent in (city, inn):
        with pytest.raises(InvalidInput):
            await world.locations.update(city.id, 1, {"parent_id": parent.id})


async def test_a_reference_into_another_campaign_is_refused(world: World) -> None:
    other = await world.campaigns.create(None, {"name": "Other"})
    place = await world.locations.create(other.id, {"name": "Elsewhere"})
    with pytest.raises(InvalidInput):
        await world.npcs.create(world.campaign.id, {"name": "Mira", "location_id": place.id})


async def test_every_change_is_hinted_after_it_is_stored(world: World) -> None:
    hints = world.changes.follow(idle_seconds=5)
    waiting = asyncio.ensure_future(anext(hints))
    await asyncio.sleep(0)
    await world.npcs.create(world.campaign.id, {"name": "Mira"})
    assert await waiting == ("campaign", {"id": world.campaign.id})
    await hints.aclose()
