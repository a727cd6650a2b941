"""The one gate: applied once or a clear conflict, in part, edited, undone."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, text

from tests.suggestions.conftest import Table
from ttrpg_assistant.campaigns.store import game_sessions
from ttrpg_assistant.campaigns.store.sources import list_sources
from ttrpg_assistant.errors import Conflict, Fault, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.suggestions.model import Acceptance, Decision, Suggestion
from ttrpg_assistant.suggestions.store import decisions

MIRA = {
    "kind": "npc",
    "fields": {"name": "Mira", "role": "ferrywoman", "aliases": ["The Ferry"]},
    "rationale": "The river needs a face.",
}


async def count(table: Table, name: str) -> int:
    def work(tx: Connection) -> int:
        return int(tx.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())

    return await table.database.read(work)


async def propose_trait(table: Table, **fields: object) -> tuple[str, Suggestion]:
    mira = await table.make("npc", name="Mira", role="smith", personality="dry")
    proposed = {"kind": "npc_trait", "target": "Mira", "fields": fields or {"role": "spy"}}
    (one,) = await table.propose(proposed)
    return mira.id, one


async def test_accepting_makes_the_npc_and_writes_everything_down(table: Table) -> None:
    (one,) = await table.propose(MIRA)
    decision = await table.suggestions.accept(one.id, message_id=one.message_id)
    (mira,) = await table.list_all("npc")
    assert (mira.name, mira.role, mira.aliases) == ("Mira", "ferrywoman", ("The Ferry",))
    assert decision.entity_id == mira.id and decision.suggestion.status == "accepted"
    events, steps = await table.suggestions.list_decisions(one.id)
    assert [(event.decision, event.has_created) for event in events] == [("applied", True)]
    assert [step.to_status for step in steps] == ["draft", "approved", "canonical"]
    draft = await table.database.read(lambda tx: decisions.find_draft(tx, one.id))
    assert draft is not None and (draft.trust, draft.entity_id) == ("canonical", mira.id)
    sources = await table.database.read(lambda tx: list_sources(tx, "npc", mira.id))
    assert {source.field for source in sources} == {"name", "role", "aliases"}
    assert {source.message_id for source in sources} == {one.message_id}
    assert (mira.canon, mira.game_session_id) == ("prepped", None), "nobody has met her yet"
    assert mira.source_message_id == one.message_id


async def test_what_is_accepted_at_the_table_has_come_up_there(table: Table) -> None:
    game = await table.make("game_session", title="Tonight")
    await table.database.write(lambda tx: game_sessions.run_game_session(tx, game.id))
    (one, point) = await table.propose(MIRA, {"kind": "plot_point", "fields": {"title": "A flood"}})
    await table.suggestions.accept(one.id)
    await table.suggestions.accept(point.id)
    (mira,) = await table.list_all("npc")
    assert (mira.canon, mira.game_session_id) == ("happened", game.id)
    (flood,) = await table.list_all("plot_point")
    assert flood.status == "idea", "what may happen is not what happened"


async def test_accepting_twice_applies_it_once(table: Table) -> None:
    (one,) = await table.propose(MIRA)
    first = await table.suggestions.accept(one.id)
    again = await table.suggestions.accept(one.id)
    assert again.already and again.event == first.event
    assert len(await table.list_all("npc")) == 1 and await count(table, "acceptance_events") == 1


async def test_accepting_at_once_from_many_tabs_applies_it_once(table: Table) -> None:
    (one,) = await table.propose(MIRA)
    answers = await asyncio.gather(*(table.suggestions.accept(one.id) for _ in range(8)))
    assert sorted(answer.already for answer in answers) == [False] + [True] * 7
    assert len(await table.list_all("npc")) == 1 and await count(table, "acceptance_events") == 1


async def test_accepting_and_rejecting_at_once_does_one_of_them(table: Table) -> None:
    for _ in range(5):
        (one,) = await table.propose({"kind": "npc", "fields": {"name": new_id()}})
        answers = await asyncio.gather(
            table.suggestions.accept(one.id),
            table.suggestions.reject(one.id),
            return_exceptions=True,
        )
        (done,) = [answer for answer in answers if isinstance(answer, Decision)]
        (refused,) = [answer for answer in answers if isinstance(answer, Conflict)]
        assert refused.code == "suggestion_decided"
        assert (await table.get(one.id)).status == done.suggestion.status
    assert await count(table, "acceptance_events") == 5


async def test_two_proposals_for_one_field_at_once_apply_one(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy")
    (two,) = await table.propose({"field": "npc.Mira.role", "value": "queen"})
    answers = await asyncio.gather(
        table.suggestions.accept(one.id), table.suggestions.accept(two.id), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Decision"]
    mira = await table.find("npc", mira_id)
    assert mira.revision == 2 and mira.role in ("spy", "queen")


async def test_a_field_changed_since_is_a_conflict_and_nothing_is_applied(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy", personality="warm")
    await table.edit("npc", mira_id, role="queen")
    with pytest.raises(Conflict) as met:
        await table.suggestions.accept(one.id)
    assert met.value.code == "suggestion_conflict" and met.value.facts["fields"] == ["role"]
    mira = await table.find("npc", mira_id)
    assert (mira.role, mira.personality, mira.revision) == ("queen", "dry", 2)
    assert (await table.get(one.id)).status == "conflict"
    assert await count(table, "acceptance_events") == 0


async def test_another_field_changed_since_is_no_conflict(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy")
    await table.edit("npc", mira_id, personality="furious")
    await table.suggestions.accept(one.id)
    mira = await table.find("npc", mira_id)
    assert (mira.role, mira.personality) == ("spy", "furious")


async def test_a_person_who_has_seen_the_change_may_decide_for_the_proposal(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy")
    changed = await table.edit("npc", mira_id, role="queen")
    with pytest.raises(Conflict):
        await table.suggestions.accept(one.id, Acceptance(seen_revision=1))
    await table.suggestions.accept(one.id, Acceptance(seen_revision=changed.revision))
    assert (await table.find("npc", mira_id)).role == "spy"


async def test_a_part_is_accepted_and_the_rest_stays_open(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy", personality="warm")
    part = Acceptance(fields=("role",))
    decision = await table.suggestions.accept(one.id, part)
    assert decision.suggestion.status == "partly_accepted"
    assert (await table.suggestions.accept(one.id, part)).already
    mira = await table.find("npc", mira_id)
    assert (mira.role, mira.personality) == ("spy", "dry")
    rest = await table.suggestions.accept(one.id)
    assert rest.suggestion.status == "accepted" and rest.event is not None
    assert rest.event.after == {"personality": "warm"}
    assert (await table.find("npc", mira_id)).personality == "warm"


async def test_a_proposal_can_be_edited_before_it_is_accepted(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy")
    edits: dict[str, object] = {"role": "smuggler", "appearance": "tall"}
    decision = await table.suggestions.accept(one.id, Acceptance(edits=edits))
    mira = await table.find("npc", mira_id)
    assert (mira.role, mira.appearance) == ("smuggler", "tall")
    assert decision.event is not None
    assert (decision.event.decision, decision.event.modifications) == ("modified", edits)
    assert (await table.suggestions.accept(one.id, Acceptance(edits=edits))).already
    with pytest.raises(Conflict):
        await table.suggestions.accept(one.id, Acceptance(edits={"role": "queen"}))


async def test_a_value_that_does_not_fit_is_refused_and_nothing_is_applied(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy")
    for edits in ({"nonsense": "x"}, {"aliases": "text"}, {"id": new_id()}, {"revision": 9}):
        with pytest.raises(InvalidInput):
            await table.suggestions.accept(one.id, Acceptance(edits=edits))
    assert (await table.find("npc", mira_id)).revision == 1
    assert (await table.get(one.id)).status == "pending"


async def test_a_thing_deleted_since_is_a_clear_conflict(table: Table) -> None:
    mira_id, one = await propose_trait(table, role="spy")
    await table.remove("npc", mira_id)
    with pytest.raises(Conflict) as met:
        await table.suggestions.accept(one.id)
    assert met.value.code == "target_gone"
    assert (await table.suggestions.get(one.id)).target_state == "gone"


async def test_an_unclear_target_has_to_be_named(table: Table) -> None:
    one_guard = await table.make("npc", name="Guard")
    await table.make("npc", name="Guard")
    (one,) = await table.propose({"field": "npc.Guard.role", "value": "captain"})
    with pytest.raises(InvalidInput) as unclear:
        await table.suggestions.accept(one.id)
    assert unclear.value.code == "target_needed"
    await table.suggestions.accept(one.id, Acceptance(target_id=one_guard.id))
    assert (await table.find("npc", one_guard.id)).role == "captain"


async def test_a_proposal_outside_any_campaign_needs_one(table: Table) -> None:
    loose = await table.add_thread()
    (npc,) = await table.propose(MIRA, thread=loose)
    (setting,) = await table.propose({"field": "setting", "value": "Salt"}, thread=loose)
    for one in (npc, setting):
        with pytest.raises(InvalidInput) as missing:
            await table.suggestions.accept(one.id)
        assert missing.value.code == "campaign_needed"
    await table.suggestions.accept(npc.id, Acceptance(campaign_id=table.campaign.id))
    assert [one.name for one in await table.list_all("npc")] == ["Mira"]
    how = Acceptance(campaign_id=table.campaign.id)
    with pytest.raises(Conflict):
        await table.suggestions.accept(setting.id, how)
    await table.suggestions.accept(
        setting.id, Acceptance(campaign_id=table.campaign.id, seen_revision=1)
    )
    assert (await table.find("campaign", table.campaign.id)).setting == "Salt"


async def test_a_thing_of_another_campaign_cannot_be_named(table: Table) -> None:
    mira = await table.make("npc", name="Mira")
    loose = await table.add_thread()
    (one,) = await table.propose({"field": "npc.Mira.role", "value": "spy"}, thread=loose)
    with pytest.raises(InvalidInput) as wrong:
        await table.suggestions.accept(one.id, Acceptance(target_id=mira.id, campaign_id=new_id()))
    assert wrong.value.code == "wrong_campaign"


async def test_a_message_must_be_the_one_that_proposed_it(table: Table) -> None:
    (one,) = await table.propose(MIRA)
    with pytest.raises(NotFound):
        await table.suggestions.accept(one.id, message_id=new_id())
    with pytest.raises(NotFound):
        await table.suggestions.accept(new_id())


@pytest.mark.parametrize(
    ("value", "kind", "field", "expected"),
    [
        ({"kind": "location", "fields": {"name": "Low Bridge"}}, "location", "name", "Low Bridge"),
        ({"kind": "plot_point", "value": "It burns"}, "plot_point", "title", "It burns"),
        ({"kind": "session_plan", "value": "Bell, fire"}, "game_session", "plan", "Bell, fire"),
    ],
)  # fmt: skip
async def test_every_kind_of_thing_can_be_made(
    table: Table, value: object, kind: str, field: str, expected: str
) -> None:
    (one,) = await table.propose(value)
    await table.suggestions.accept(one.id)
    (made,) = await table.list_all(kind)  # type: ignore[arg-type]
    assert getattr(made, field) == expected
    undone = await table.suggestions.undo(one.id)
    assert undone.suggestion.status == "undone" and await table.list_all(kind) == []  # type: ignore[arg-type]


async def test_the_world_and_its_rules_are_patched_entry_by_entry(table: Table) -> None:
    await table.edit("campaign", table.campaign.id, world_state={"season": "autumn"})
    weather, rule = await table.propose(
        {"field": "world_state.weather", "value": "frost"},
        {"kind": "house_rule", "field": "Flanking", "value": "+2"},
    )
    await table.edit("campaign", table.campaign.id, world_state={"season": "winter"})
    await table.suggestions.accept(weather.id)
    await table.suggestions.accept(rule.id)
    campaign = await table.find("campaign", table.campaign.id)
    assert campaign.world_state == {"season": "winter", "weather": "frost"}
    assert campaign.house_rules == {"Flanking": "+2"}
    await table.suggestions.undo(weather.id)
    campaign = await table.find("campaign", table.campaign.id)
    assert campaign.world_state == {"season": "winter"} and campaign.house_rules


async def test_several_are_accepted_in_one_go_each_by_itself(table: Table) -> None:
    mira_id, conflicting = await propose_trait(table, role="spy")
    (good,) = await table.propose({"kind": "npc", "fields": {"name": "Tomas"}})
    await table.edit("npc", mira_id, role="queen")
    first, second, third = await table.suggestions.accept_all([conflicting.id, good.id, new_id()])
    assert isinstance(first, Conflict) and isinstance(second, Decision)
    assert isinstance(third, NotFound) and isinstance(third, Fault)
    assert (await table.get(good.id)).status == "accepted"


async def test_rejecting_keeps_the_reason_and_can_be_taken_back(table: Table) -> None:
    (one,) = await table.propose(MIRA)
    await table.suggestions.reject(one.id, "Too many ferries")
    assert (await table.suggestions.reject(one.id)).already
    kept = await table.get(one.id)
    assert (kept.status, kept.reason) == ("rejected", "Too many ferries")
    with pytest.raises(Conflict):
        await table.suggestions.accept(one.id)
    events, steps = await table.suggestions.list_decisions(one.id)
    assert [event.decision for event in events] == ["rejected"]
    assert [step.to_status for step in steps] == ["draft", "deprecated"]
    await table.suggestions.undo(one.id)
    assert (await table.get(one.id)).status == "pending"
    await table.suggestions.accept(one.id)
    assert len(await table.list_all("npc")) == 1


async def test_what_is_pending_is_listed_with_its_difference_page_by_page(table: Table) -> None:
    _, first = await propose_trait(table, role="spy")
    others = [
        (await table.propose({"kind": "npc", "fields": {"name": f"N{n}"}}))[0] for n in range(4)
    ]
    await table.suggestions.reject(others[0].id)
    page, cursor = await table.suggestions.list_pending(table.thread.id, limit=2)
    assert [view.suggestion.id for view in page] == [first.id, others[1].id] and cursor
    assert [(p.field, p.current, p.result) for p in page[0].difference] == [
        ("role", "smith", "spy")
    ]
    assert [view.target_state for view in page] == ["there", "new"]
    rest, cursor = await table.suggestions.list_pending(table.thread.id, after=cursor, limit=2)
    assert [view.suggestion.id for view in rest] == [others[2].id, others[3].id] and cursor is None


async def test_a_plot_point_that_was_played_is_closed_by_accepting_and_opened_by_undoing(
    table: Table,
) -> None:
    vault = await table.make("plot_point", title="The vault opens", description="Under the mill.")
    played = {"status": "resolved", "is_open": False}
    (one,) = await table.propose({"kind": "plot_point", "target": "The vault opens", **played})
    assert one.fields == {"status": "happened", "is_open": False}
    await table.suggestions.accept(one.id)
    [now] = await table.list_all("plot_point")
    assert (now.id, now.status, now.is_open) == (vault.id, "happened", False)
    await table.suggestions.undo(one.id)
    [then] = await table.list_all("plot_point")
    assert (then.status, then.is_open) == ("idea", True)
