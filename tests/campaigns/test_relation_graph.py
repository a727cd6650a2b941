"""All relations of a campaign in one answer, for the picture of them."""

from __future__ import annotations

import pytest

from tests.campaigns.conftest import World
from tests.campaigns.test_relations import add, relate
from ttrpg_assistant.campaigns.graph_model import RelationGraph
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store import relation_graph
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id


def say(graph: RelationGraph) -> list[tuple[str, str, str]]:
    """Who is related to whom, and how."""
    return [
        (graph.things[one.from_place].name, one.label, graph.things[one.to_place].name)
        for one in graph.relations
    ]


async def test_a_picture_has_every_kind_of_thing_once_and_each_relation_by_its_ends(
    world: World,
) -> None:
    mira = await add(world, "npc", "Mira", tags=["smuggler"])
    await add(world, "npc", "Nobody's friend")
    for kind in list_things():
        other = await add(world, kind.name, f"A {kind.noun}")
        await relate(world, ("npc", mira), (kind.name, other), label="to", attitude=-1)
        await relate(world, (kind.name, other), ("npc", mira), label="from", audience="public")
    graph = await world.relations.get_graph(world.campaign_id)
    names = [f"A {kind.noun}" for kind in list_things()]
    assert [one.name for one in graph.things] == ["Mira", *names], "in the order of their making"
    assert [one.kind for one in graph.things] == ["npc", *(one.name for one in list_things())]
    assert graph.things[0].tags == ("smuggler",)
    expected = [
        said for name in reversed(names) for said in ((name, "from", "Mira"), ("Mira", "to", name))
    ]
    assert say(graph) == expected, "newest first"
    assert {(one.label, one.attitude, one.audience) for one in graph.relations} == {
        ("to", -1, "gm"),
        ("from", None, "public"),
    }
    assert graph.left_out == 0


async def test_a_picture_says_what_is_gm_only_and_archived_and_leaves_out_what_was_removed(
    world: World,
) -> None:
    mira, crown = await add(world, "npc", "Mira"), await add(world, "item", "Crown", audience="gm")
    guild = await add(world, "faction", "The Guild", audience="public")
    gone = await add(world, "location", "Sunken Hall")
    for to in (("item", crown), ("faction", guild), ("location", gone)):
        await relate(world, ("npc", mira), to, label="knows")
    removed = await relate(world, ("npc", mira), ("faction", guild), label="left")
    await world.relations.remove(removed.id)
    await world.things.of_kind("location").remove(gone)
    await world.things.of_kind("faction").archive(guild)
    graph = await world.relations.get_graph(world.campaign_id)
    assert [(one.name, one.is_gm_only, one.is_archived) for one in graph.things] == [
        ("Mira", False, False),
        ("Crown", True, False),
        ("The Guild", False, True),
    ]
    assert say(graph) == [("Mira", "knows", "The Guild"), ("Mira", "knows", "Crown")]
    await world.things.restore(world.campaign_id, "location", gone)
    assert ("Mira", "knows", "Sunken Hall") in say(
        await world.relations.get_graph(world.campaign_id)
    )


async def test_what_is_too_much_for_a_picture_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relation_graph, "MOST_RELATIONS", 2)
    mira, guild = await add(world, "npc", "Mira"), await add(world, "faction", "The Guild")
    old = await add(world, "location", "The Old Quay")
    await relate(world, ("npc", mira), ("location", old), label="first")
    for label in ("second", "third"):
        await relate(world, ("npc", mira), ("faction", guild), label=label)
    graph = await world.relations.get_graph(world.campaign_id)
    assert [one.label for one in graph.relations] == ["third", "second"]
    assert [one.name for one in graph.things] == ["Mira", "The Guild"]
    assert graph.left_out == 1


async def test_a_campaign_without_relations_has_an_empty_picture_and_none_that_is_not_there(
    world: World,
) -> None:
    await add(world, "npc", "Mira")
    assert await world.relations.get_graph(world.campaign_id) == RelationGraph((), (), 0)
    with pytest.raises(NotFound):
        await world.relations.get_graph(new_id())
