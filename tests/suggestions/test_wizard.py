"""A campaign in eight steps: saved as it is typed, resumed, skipped, finished in one go."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from tests.suggestions.conftest import Table
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.listing import list_entities
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound, TooLarge
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.suggestions.wizard import Wizards
from ttrpg_assistant.suggestions.wizard_steps import FIELDS, QUESTIONS, STEPS

ANSWERS: dict[str, object] = {
    "basics.name": "The Salt Road",
    "basics.system": "5e",
    "basics.setting": "Pans of salt under a white sky",
    "intent.tone": "dry",
    "intent.themes": ["debt", "thirst"],
    "intent.avoid": ["drowning"],
    "scope.sessions": "12",
    "players.safety": "Lines and veils as agreed",
    "party_composition.characters": ["Ash, a carter", "Rill, a well-finder"],
    "arc_structure.acts": ["The road opens", "The wells fail"],
    "initial_content.npcs": [{"name": "Mira", "role": "toll-keeper"}, {"role": "guide"}, {}],
    "initial_content.locations": [{"name": "The Toll"}],
    "initial_content.plot_points": [{"title": "A stolen seal"}],
    "initial_content.first_session": "Dawn at the Toll.",
    "initial_content.house_rules.Thirst": "Half a ration a day",
    "initial_content.world_state.season": "dry",
}


@pytest.fixture
def wizards(table: Table) -> Wizards:
    return Wizards(table.database, Changes())


async def list_made(table: Table, kind: str, campaign_id: str) -> list[str]:
    described = KINDS[kind]  # type: ignore[index]

    def work(tx: Connection) -> list[str]:
        page = list_entities(tx, described, campaign_id, limit=500)
        return [getattr(one, described.name_field) for one in page.items]

    return await table.database.read(work)


def test_there_are_eight_steps_and_every_field_has_a_step() -> None:
    assert len(STEPS) == 8 and list(FIELDS) == list(STEPS)
    for question in QUESTIONS:
        step, _, field = question.field.partition(".")
        assert field in FIELDS[step]  # type: ignore[index]


async def test_answers_are_saved_field_by_field_and_found_again(wizards: Wizards) -> None:
    wizard = await wizards.create()
    await wizards.save(wizard.id, {"basics.name": "The Salt Road"}, step="intent")
    await asyncio.gather(
        wizards.save(wizard.id, {"basics.system": "5e"}),
        wizards.save(wizard.id, {"intent.tone": "dry"}),
        wizards.save(wizard.id, {"basics.setting": "Salt"}),
    )
    (found,) = await wizards.list_all()
    assert found.answers == {
        "basics": {"name": "The Salt Road", "system": "5e", "setting": "Salt"},
        "intent": {"tone": "dry"},
    }
    assert (found.step, found.revision) == ("intent", 5)


async def test_saving_the_same_again_changes_nothing(wizards: Wizards) -> None:
    wizard = await wizards.create(id=(own := new_id()))
    assert (await wizards.create(id=own)) == wizard
    saved = await wizards.save(wizard.id, {"basics.name": "A"})
    assert await wizards.save(wizard.id, {"basics.name": "A"}) == saved


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basics.nonsense", "x"),
        ("nonsense.name", "x"),
        ("basics", "x"),
        ("basics.name", ["x"]),
        ("basics.name", "x" * 300),
        ("initial_content.npcs", "Mira"),
        ("initial_content.npcs", [{"nonsense": "x"}]),
        ("initial_content.npcs", [{"name": "N"}] * 101),
        ("initial_content.house_rules.", "x"),
        ("initial_content.house_rules.x", float("nan")),
    ],
)
async def test_answers_that_do_not_fit_are_refused(
    wizards: Wizards, name: str, value: object
) -> None:
    wizard = await wizards.create()
    with pytest.raises((InvalidInput, TooLarge)):
        await wizards.save(wizard.id, {name: value})
    assert (await wizards.get(wizard.id)).revision == 1


async def test_finishing_makes_the_campaign_and_everything_in_it(
    table: Table, wizards: Wizards
) -> None:
    wizard = await wizards.create()
    await wizards.save(wizard.id, ANSWERS)
    finished = await wizards.finish(wizard.id)
    campaign = finished.campaign
    assert (campaign.name, campaign.system) == ("The Salt Road", "5e")
    assert campaign.world_state == {"season": "dry", "tone": "dry", "themes": ["debt", "thirst"]}
    assert campaign.house_rules == {"Thirst": "Half a ration a day"}
    for words in ("drowning", "12", "Lines and veils", "Rill, a well-finder"):
        assert words in campaign.gm_notes
    assert await list_made(table, "npc", campaign.id) == ["Mira", "Unnamed NPC 2"]
    assert await list_made(table, "location", campaign.id) == ["The Toll"]
    assert await list_made(table, "plot_point", campaign.id) == [
        "A stolen seal",
        "Act 1: The road opens",
        "Act 2: The wells fail",
    ]
    assert len(await list_made(table, "game_session", campaign.id)) == 1
    assert (finished.wizard.status, finished.wizard.campaign_id) == ("finished", campaign.id)


async def test_every_step_can_be_skipped(table: Table, wizards: Wizards) -> None:
    wizard = await wizards.create()
    finished = await wizards.finish(wizard.id)
    assert finished.campaign.name == "Untitled campaign"
    assert await list_made(table, "npc", finished.campaign.id) == []


async def test_finishing_twice_or_at_once_makes_one_campaign(wizards: Wizards) -> None:
    wizard = await wizards.create()
    await wizards.save(wizard.id, ANSWERS)
    answers = await asyncio.gather(*(wizards.finish(wizard.id) for _ in range(5)))
    assert len({answer.campaign.id for answer in answers}) == 1
    assert sorted(answer.already for answer in answers) == [False] + [True] * 4


async def test_a_finished_wizard_takes_no_more_answers(wizards: Wizards) -> None:
    wizard = await wizards.create()
    await wizards.finish(wizard.id)
    with pytest.raises(Conflict):
        await wizards.save(wizard.id, {"basics.name": "late"})
    with pytest.raises(Conflict):
        await wizards.discard(wizard.id)


async def test_a_discarded_wizard_can_be_resumed(wizards: Wizards) -> None:
    wizard = await wizards.create()
    await wizards.save(wizard.id, {"basics.name": "A"})
    await wizards.discard(wizard.id)
    assert await wizards.list_all() == ()
    with pytest.raises(Conflict):
        await wizards.finish(wizard.id)
    resumed = await wizards.resume(wizard.id)
    assert resumed.status == "active" and resumed.answers == {"basics": {"name": "A"}}
    with pytest.raises(NotFound):
        await wizards.get(new_id())


async def test_questions_are_asked_without_a_model_until_they_are_answered(
    wizards: Wizards,
) -> None:
    wizard = await wizards.create()
    before = [one.field for one in await wizards.list_questions(wizard.id, "basics")]
    assert before[0] == "basics.name"
    await wizards.save(wizard.id, {"basics.name": "The Salt Road"})
    after = [one.field for one in await wizards.list_questions(wizard.id, "basics")]
    assert after == before[1:]


async def test_proposals_in_its_thread_fill_the_answers(table: Table, wizards: Wizards) -> None:
    wizard = await wizards.create()
    thread = await table.add_thread(purpose="campaign_creation")
    await wizards.save(wizard.id, {"basics.system": "5e"}, thread_id=thread.id)
    setting, npc, other, rule, system = await table.propose(
        {"field": "campaign.setting", "value": "Salt"},
        {"kind": "npc", "fields": {"name": "Mira"}},
        {"kind": "npc", "fields": {"name": "Tomas"}},
        {"kind": "house_rule", "field": "Thirst", "value": "Half a ration"},
        {"field": "system", "value": "Old rules"},
        thread=thread,
    )
    assert setting.target_kind == "wizard"
    (listed, *_), _ = await table.suggestions.list_pending(thread.id, after=None, limit=50)
    assert [patch.result for patch in listed.difference] == ["Salt"]
    await wizards.save(wizard.id, {"basics.system": "Another"})
    for one in (setting, npc, other, rule):
        await table.suggestions.accept(one.id)
    with pytest.raises(Conflict):
        await table.suggestions.accept(system.id)
    answers = (await wizards.get(wizard.id)).answers
    assert answers["basics"] == {"system": "Another", "setting": "Salt"}
    assert answers["initial_content"] == {
        "npcs": [{"name": "Mira"}, {"name": "Tomas"}],
        "house_rules.Thirst": "Half a ration",
    }
    await table.suggestions.undo(npc.id)
    await table.suggestions.undo(setting.id)
    answers = (await wizards.get(wizard.id)).answers
    assert answers["basics"] == {"system": "Another"}
    assert answers["initial_content"]["npcs"] == [{"name": "Tomas"}]


async def test_what_is_still_open_goes_on_for_the_campaign(table: Table, wizards: Wizards) -> None:
    wizard = await wizards.create()
    thread = await table.add_thread(purpose="campaign_creation")
    await wizards.save(wizard.id, {"basics.name": "The Salt Road"}, thread_id=thread.id)
    setting, npc = await table.propose(
        {"field": "campaign.setting", "value": "Salt"},
        {"kind": "npc", "fields": {"name": "Mira"}},
        thread=thread,
    )
    finished = await wizards.finish(wizard.id)
    linked = await table.database.read(lambda tx: conversations.get_conversation(tx, thread.id))
    assert linked.campaign_id == finished.campaign.id
    await table.suggestions.accept(setting.id)
    await table.suggestions.accept(npc.id)
    campaign = await table.find("campaign", finished.campaign.id)
    assert campaign.setting == "Salt"
    assert await list_made(table, "npc", campaign.id) == ["Mira"]
