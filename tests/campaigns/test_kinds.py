"""Every declared kind, by the same questions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS, get_kind, list_things
from ttrpg_assistant.errors import InvalidInput, NotFound

THINGS = [kind.name for kind in list_things()]

EXAMPLES: dict[str, object] = {
    "name": "A name",
    "line": "one line",
    "prose": "A text\nof two lines.",
    "names": ["Tom", "The Old One"],
    "lines": ["first", "second"],
    "flag": True,
    "secrets": [{"text": "It is hollow.", "may_hint": False}],
    "connections": [{"target": "Mira", "relation": "sister"}],
    "related": [],
    "known_to": [{"kind": "group", "id": "", "group": "Harbour watch"}],
    "object": {"tide": "low"},
    "reference": None,
    "message": "0197a000-0000-7000-8000-000000000001",
}


def fill(kind: EntityKind[Any]) -> dict[str, object]:
    """A value for every field of a kind."""
    return {
        name: list(one.shape.choices)[-1] if one.shape.choices else EXAMPLES[one.shape.name]
        for name, one in kind.fields.items()
    }


@pytest.mark.parametrize("name", list(KINDS))
def test_every_declaration_is_whole(name: str) -> None:
    kind = KINDS[name]
    words = [word for one in KINDS.values() for words in one.proposals.values() for word in words]
    assert len(words) == len(set(words)), "a word names two kinds of suggestion"
    assert kind.name_field in kind.fields
    assert {kind.main_field, kind.left_over_field} <= kind.fields.keys()
    assert all(target in KINDS for target in kind.references.values())
    columns = set(kind.table.c.keys())
    held = columns & kind.fields.keys()
    assert held <= set(kind.value.__dataclass_fields__), "a column that no value holds"


@pytest.mark.parametrize("name", THINGS)
async def test_every_field_of_every_kind_comes_back_as_it_was_given(
    world: World, name: str
) -> None:
    given = fill(get_kind(name))
    service = world.things.of_kind(name)
    made = await service.create(world.campaign_id, given)
    read = world.plain(await service.get(made.id))
    assert {field: read[field] for field in given} == given
    changes: dict[str, object] = {"tags": ["new", "old"], "gm_notes": "Changed."}
    edited = await service.update(made.id, made.revision, changes)
    assert {field: world.plain(edited)[field] for field in given} == {**given, **changes}
    assert (await service.list_all(world.campaign_id, tags=["new"])).items == (edited,)
    assert (await service.list_all(world.campaign_id, tags=["ne"])).items == ()


async def test_kinds_that_share_a_table_are_kept_apart(world: World) -> None:
    items, factions = world.things.of_kind("item"), world.things.of_kind("faction")
    made = await items.create(world.campaign_id, {"name": "The Anchor"})
    with pytest.raises(NotFound):
        await factions.get(made.id)
    assert (await factions.list_all(world.campaign_id)).items == ()
    with pytest.raises(InvalidInput, match="no field goals of an item"):
        await items.update(made.id, 1, {"goals": "To be found."})
    with pytest.raises(NotFound):
        world.things.of_kind("game_session")
