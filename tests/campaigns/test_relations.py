"""Relations between things: kept, checked, hidden with their ends, told to those they are for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.model import Relation
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.restoring import RESTORERS
from ttrpg_assistant.campaigns.store.relations import list_relations
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.prompts.facts import VoiceSheet
from ttrpg_assistant.search.facts import find_facts


async def add(world: World, kind: str, name: str, **fields: Any) -> str:
    """A thing of any kind; gives its id."""
    service = world.things.of_kind(kind)
    made = await service.create(world.campaign_id, {service.kind.name_field: name, **fields})
    return str(made.id)


async def relate(
    world: World, one: tuple[str, str], to: tuple[str, str], **fields: Any
) -> Relation:
    """A relation between two things, each by kind and id."""
    ends = {"from_kind": one[0], "from_id": one[1], "to_kind": to[0], "to_id": to[1]}
    return await world.relations.create(world.campaign_id, {**ends, **fields})


async def test_a_relation_comes_back_as_it_was_given_and_knows_what_its_ends_are_called(
    world: World,
) -> None:
    mira, guild = await add(world, "npc", "Mira"), await add(world, "faction", "The Guild")
    given = {
        "label": "owes them a debt",
        "attitude": -1,
        "audience": "some",
        "known_to": [{"kind": "group", "id": "", "group": "Watch"}],
        "note": "She will not pay.",
    }
    id = new_id()
    ends = {"from_kind": "npc", "from_id": mira, "to_kind": "faction", "to_id": guild}
    made = await world.relations.create(world.campaign_id, {**ends, **given}, id=id)
    assert (made.id, made.revision, made.attitude) == (id, 1, -1)
    assert (made.from_name, made.to_name) == ("Mira", "The Guild")
    again = await world.relations.create(world.campaign_id, {**ends, "label": "other"}, id=id)
    assert again == made, "sending it twice is sending it once"
    for wanted in ({}, {"thing_id": mira}, {"thing_kind": "faction", "thing_id": guild}):
        assert (await world.relations.list_all(world.campaign_id, **wanted)).items == (made,)
    assert (await world.relations.list_all(world.campaign_id, thing_id=new_id())).items == ()


async def test_a_stale_edit_changes_nothing_and_says_both_versions(world: World) -> None:
    one, other = await add(world, "npc", "Mira"), await add(world, "location", "The Quay")
    made = await relate(world, ("npc", one), ("location", other), label="lives there")
    edited = await world.relations.update(made.id, 1, {"label": "hides there", "attitude": 2})
    assert (edited.revision, edited.label, edited.attitude) == (2, "hides there", 2)
    assert await world.relations.update(made.id, 1, {"attitude": 2}) == edited, "it holds already"
    with pytest.raises(Conflict) as stale:
        await world.relations.update(made.id, 1, {"label": "left it"})
    assert stale.value.facts["mine"] == {"label": "left it"}
    assert stale.value.facts["theirs"]["label"] == "hides there"
    with pytest.raises(InvalidInput, match="stays as it is"):
        await world.relations.update(made.id, 2, {"to_id": one})


async def test_both_ends_must_be_things_of_the_campaign(world: World) -> None:
    mira = await add(world, "npc", "Mira")
    elsewhere = await world.campaigns.create(None, {"name": "Elsewhere"})
    stranger = await world.npcs.create(elsewhere.id, {"name": "Tom"})
    game = await world.game_sessions.create(world.campaign_id, {})
    gone = await add(world, "npc", "Gone")
    await world.npcs.remove(gone)
    for to in (
        ("npc", stranger.id),
        ("npc", new_id()),
        ("location", mira),
        ("npc", mira),
        ("npc", gone),
        ("game_session", game.id),
        ("dragon", mira),
    ):
        with pytest.raises(InvalidInput):
            await relate(world, ("npc", mira), to)
        if to != ("npc", mira):
            with pytest.raises(InvalidInput):
                await relate(world, to, ("npc", mira))
    for attitude in (3, -3, True, 1.0, "1"):
        with pytest.raises(InvalidInput, match="whole number"):
            await relate(world, ("npc", mira), ("npc", stranger.id), attitude=attitude)
    assert (await world.relations.list_all(world.campaign_id)).items == ()


@pytest.mark.parametrize("kind", [kind.name for kind in list_things()])
async def test_a_removed_thing_hides_its_relations_until_it_is_restored(
    world: World, kind: str
) -> None:
    thing, mira = await add(world, kind, "A thing"), await add(world, "npc", "Mira")
    made = [
        await relate(world, (kind, thing), ("npc", mira)),
        await relate(world, ("npc", mira), (kind, thing)),
    ]
    await world.things.of_kind(kind).remove(thing)
    assert (await world.relations.list_all(world.campaign_id)).items == ()
    with pytest.raises(NotFound):
        await world.relations.update(made[0].id, 1, {"label": "x"})
    await world.things.restore(world.campaign_id, kind, thing)
    listed = (await world.relations.list_all(world.campaign_id)).items
    assert sorted(one.id for one in listed) == sorted(one.id for one in made)


async def test_a_deleted_relation_is_brought_back_by_restoring_and_by_undoing(
    world: World,
) -> None:
    one, other = await add(world, "item", "The Crown"), await add(world, "npc", "Mira")
    made = await relate(world, ("item", one), ("npc", other), label="belongs to")
    removed = await world.relations.remove(made.id)
    assert (removed.id, removed.count) == (made.id, 1)
    assert (await world.relations.list_all(world.campaign_id)).items == ()
    assert (await world.relations.restore(made.id)) == made
    await world.relations.remove(made.id)
    restore = RESTORERS["relation_removed"]
    assert await world.database.write(lambda tx: restore(tx, made.id, {})) == 1
    assert (await world.relations.list_all(world.campaign_id)).items == (made,)
    with pytest.raises(NotFound):
        await world.relations.remove(new_id())


async def test_pages_hold_every_relation_once(world: World) -> None:
    things = [await add(world, "item", f"Thing {at}") for at in range(4)]
    made = [
        await relate(world, ("item", one), ("item", to))
        for one in things
        for to in things
        if one != to
    ]
    found: list[str] = []
    after: str | None = None
    while True:
        page = await world.relations.list_all(world.campaign_id, after=after, limit=5)
        found += [one.id for one in page.items]
        after = page.next_cursor
        if not page.has_more:
            break
    assert found == [one.id for one in reversed(made)]
    whole = await world.database.read(
        lambda tx: list_relations(tx, world.campaign_id, thing_id=things[0])
    )
    assert len(whole.items) == 6


# ── In prompts ─────────────────────────────────────────────────────────────────────────


async def voice_of(world: World, npc_id: str, text: str) -> VoiceSheet:
    """What an NPC speaks from."""
    source = CampaignFactSource(find_facts)
    gathered = await world.database.read(
        lambda tx: source.gather(tx, None, None, [text], npc_id, "as")
    )
    assert gathered.voice is not None
    return gathered.voice


def told(voice: VoiceSheet) -> list[str]:
    """The relations of it, as they are told."""
    return [
        f"{one.name}: {value}" for one in voice.knows for label, value in one.lines
        if label == "Relation"
    ]  # fmt: skip


async def test_the_sheet_of_what_is_named_tells_the_game_master_its_relations(
    world: World,
) -> None:
    mira, aldric = await add(world, "npc", "Mira"), await add(world, "npc", "Aldric")
    await relate(
        world, ("npc", aldric), ("npc", mira), label="owes her a debt", attitude=-1, note="A lie."
    )
    source = CampaignFactSource(find_facts)
    gathered = await world.database.read(
        lambda tx: source.gather(tx, world.campaign_id, None, ["What of Aldric?"])
    )
    assert gathered.campaign is not None
    (sheet,) = gathered.campaign.mentioned
    lines = [(line.label, line.value) for line in sheet.lines]
    assert ("Relation to Mira (NPC)", "owes her a debt; attitude: wary") in lines
    assert ("Note on the relation to Mira (NPC)", "A lie.") in lines
    about = await world.database.read(
        lambda tx: source.gather(tx, None, None, ["And now?"], mira, "about")
    )
    assert about.subject is not None
    said = [(line.label, line.value) for line in about.subject.more]
    assert ("Relation from Aldric (NPC)", "owes her a debt; attitude: wary") in said


async def test_what_two_named_things_are_to_each_other_is_told_however_many_others_there_are(
    world: World,
) -> None:
    hub, rival = await add(world, "npc", "Mira"), await add(world, "npc", "Aldric")
    await relate(world, ("npc", hub), ("npc", rival), label="the oldest of all")
    gone = []
    for number in range(40):
        item = await add(world, "item", f"Thing {number}")
        await relate(world, ("npc", hub), ("item", item), label=f"owns {number}")
        if number >= 20:
            gone.append(item)
    for item in gone:
        await world.things.of_kind("item").remove(item)
    source = CampaignFactSource(find_facts)

    async def lines(text: str) -> list[str]:
        gathered = await world.database.read(
            lambda tx: source.gather(tx, world.campaign_id, None, [text])
        )
        assert gathered.campaign is not None
        sheet = next(one for one in gathered.campaign.mentioned if one.id == hub)
        return [line.value for line in sheet.lines if line.label.startswith("Relation")]

    assert (await lines("What of Mira and Aldric?"))[0] == "the oldest of all"
    assert await lines("What of Mira?") == [f"owns {number}" for number in range(19, 7, -1)]


async def test_an_npc_knows_how_it_feels_about_others_and_not_how_they_feel_about_it(
    world: World,
) -> None:
    mira, aldric = await add(world, "npc", "Mira"), await add(world, "npc", "Aldric")
    of_party = {"audience": "party"}
    await relate(world, ("npc", mira), ("npc", aldric), label="likes him", attitude=1, **of_party)
    await relate(world, ("npc", aldric), ("npc", mira), label="hates her", **of_party)
    await relate(
        world, ("npc", mira), ("npc", aldric), label="is his daughter", note="Nobody knows."
    )
    assert told(await voice_of(world, mira, "Aldric?")) == [
        "Relation to Aldric (NPC): likes him; attitude: friendly"
    ]
    assert told(await voice_of(world, aldric, "Mira?")) == ["Relation to Mira (NPC): hates her"]


async def test_relations_of_others_are_known_by_their_audience_when_they_are_named(
    world: World,
) -> None:
    mira = await add(world, "npc", "Mira", groups=["Harbour  WATCH"])
    crown, guild = (
        await add(world, "item", "The Crown", audience="public"),
        await add(world, "faction", "The Guild", audience="public"),
    )
    ends = (("item", crown), ("faction", guild))
    watch = [{"kind": "group", "id": "", "group": "harbour watch"}]
    herself = [{"kind": "npc", "id": mira, "group": ""}]
    stranger = [{"kind": "npc", "id": new_id(), "group": ""}]
    for label, audience, known_to in (
        ("everybody knows", "public", []),
        ("the watch knows", "some", watch),
        ("she knows", "some", herself),
        ("somebody knows", "some", stranger),
        ("the party knows", "party", herself),
        ("nobody knows", "gm", herself),
    ):
        await relate(world, *ends, label=label, audience=audience, known_to=known_to)
    voice = await voice_of(world, mira, "Who has the crown?")
    assert {one.partition(": ")[2] for one in told(voice)} == {
        "everybody knows",
        "the watch knows",
        "she knows",
    }
    assert told(await voice_of(world, mira, "Hello.")) == [], "nothing of it was named"


async def test_no_relation_tells_an_npc_of_a_thing_that_is_not_for_it(world: World) -> None:
    mira = await add(world, "npc", "Mira")
    cult = await add(world, "faction", "The Hidden Cult")
    point = await add(world, "plot_point", "The mayor is a ghost")
    for to in (("faction", cult), ("plot_point", point)):
        await relate(world, ("npc", mira), to, label="serves", audience="public")
        await relate(world, to, ("npc", mira), label="watches", audience="public")
    assert told(await voice_of(world, mira, "The hidden cult? A ghost, the mayor?")) == []
    await world.things.of_kind("faction").update(cult, 1, {"audience": "public"})
    assert sorted(told(await voice_of(world, mira, "The hidden cult?"))) == [
        "Relation of The Hidden Cult (faction) to you: watches",
        "Relation to The Hidden Cult (faction): serves",
    ]
