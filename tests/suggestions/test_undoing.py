"""Undo gives back what was there, and leaves alone what somebody changed since."""

from __future__ import annotations

import asyncio

import pytest

from tests.suggestions.conftest import Table
from ttrpg_assistant.campaigns.bulk_edits import BulkEdits
from ttrpg_assistant.campaigns.restoring import RESTORERS
from ttrpg_assistant.campaigns.store.bulk_edits import Picked
from ttrpg_assistant.campaigns.store.sources import list_sources
from ttrpg_assistant.conversations.removals import Removals
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.suggestions.model import Acceptance, Suggestion
from ttrpg_assistant.suggestions.store import decisions


async def accepted(table: Table, **fields: object) -> tuple[str, Suggestion]:
    mira = await table.make("npc", name="Mira", role="smith", aliases=["M"])
    (one,) = await table.propose({"kind": "npc_trait", "target": "Mira", "fields": fields})
    await table.suggestions.accept(one.id)
    return mira.id, one


async def test_an_undo_puts_the_fields_back_and_forgets_where_they_came_from(table: Table) -> None:
    mira_id, one = await accepted(table, role="spy", aliases=["The Ferry"])
    decision = await table.suggestions.undo(one.id)
    mira = await table.find("npc", mira_id)
    assert (mira.role, mira.aliases) == ("smith", ("M",)) and decision.kept == ()
    assert await table.database.read(lambda tx: list_sources(tx, "npc", mira_id)) == ()
    draft = await table.database.read(lambda tx: decisions.find_draft(tx, one.id))
    assert draft is not None and (draft.status, draft.entity_id) == ("draft", None)
    events, _ = await table.suggestions.list_decisions(one.id)
    assert events[0].undone_at is not None


async def test_undoing_twice_or_at_once_undoes_once(table: Table) -> None:
    mira_id, one = await accepted(table, role="spy")
    answers = await asyncio.gather(*(table.suggestions.undo(one.id) for _ in range(5)))
    assert sorted(answer.already for answer in answers) == [False] + [True] * 4
    assert (await table.find("npc", mira_id)).revision == 3


async def test_after_an_undo_it_can_be_accepted_again(table: Table) -> None:
    mira_id, one = await accepted(table, role="spy")
    await table.suggestions.undo(one.id)
    assert (await table.get(one.id)).status == "undone"
    await table.suggestions.accept(one.id)
    assert (await table.find("npc", mira_id)).role == "spy"


async def test_what_was_changed_since_keeps_that_change(table: Table) -> None:
    mira_id, one = await accepted(table, role="spy", aliases=["The Ferry"])
    await table.edit("npc", mira_id, role="queen", aliases=["M", "The Ferry", "Z"])
    decision = await table.suggestions.undo(one.id)
    mira = await table.find("npc", mira_id)
    assert (mira.role, mira.aliases) == ("queen", ("M", "Z")) and decision.kept == ("role",)


async def test_when_everything_was_changed_since_nothing_is_undone(table: Table) -> None:
    mira_id, one = await accepted(table, role="spy")
    await table.edit("npc", mira_id, role="queen")
    with pytest.raises(Conflict) as met:
        await table.suggestions.undo(one.id)
    assert met.value.code == "changed_since"
    assert (await table.get(one.id)).status == "accepted"


async def test_what_accepting_made_goes_away_while_nobody_worked_on_it(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira", "role": "spy"}})
    await table.suggestions.accept(one.id, Acceptance(fields=("name",)))
    await table.suggestions.accept(one.id)
    await table.suggestions.undo(one.id)
    assert await table.list_all("npc") == []
    again = await table.suggestions.accept(one.id)
    assert [npc.id for npc in await table.list_all("npc")] == [again.entity_id]


async def test_what_accepting_made_stays_once_somebody_worked_on_it(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    made = await table.suggestions.accept(one.id)
    assert made.entity_id is not None
    await table.edit("npc", made.entity_id, role="queen")
    with pytest.raises(Conflict) as met:
        await table.suggestions.undo(one.id)
    assert met.value.code == "changed_since" and len(await table.list_all("npc")) == 1


async def test_what_was_worked_on_between_two_acceptances_is_not_taken_away(table: Table) -> None:
    fields = {"name": "Wim", "role": "innkeeper", "personality": "shy"}
    (one,) = await table.propose({"kind": "npc", "fields": fields})
    made = await table.suggestions.accept(one.id, Acceptance(fields=("name", "role")))
    assert made.entity_id is not None
    await table.edit("npc", made.entity_id, background="Born at sea.")
    await table.suggestions.accept(one.id)
    with pytest.raises(Conflict) as met:
        await table.suggestions.undo(one.id)
    assert met.value.code == "changed_since"
    wim = await table.find("npc", made.entity_id)
    assert (wim.background, wim.personality) == ("Born at sea.", "shy")
    assert (await table.get(one.id)).status == "accepted"


async def test_an_acceptance_that_wrote_nothing_is_nobodys_work(table: Table) -> None:
    fields = {"name": "Wim", "role": "cook", "personality": "shy"}
    (one,) = await table.propose({"kind": "npc", "fields": fields})
    await table.suggestions.accept(one.id, Acceptance(fields=("name", "role")))
    spaced = Acceptance(fields=("role",), edits={"role": "cook "}, seen_revision=1)
    said_again = await table.suggestions.accept(one.id, spaced)
    assert said_again.event is not None and said_again.event.entity_revision == 1
    await table.suggestions.accept(one.id)
    await table.suggestions.undo(one.id)
    assert await table.list_all("npc") == []


async def test_nothing_decided_is_nothing_to_undo(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    with pytest.raises(Conflict) as met:
        await table.suggestions.undo(one.id)
    assert met.value.code == "nothing_to_undo"


async def test_a_thing_deleted_since_cannot_be_undone(table: Table) -> None:
    mira_id, one = await accepted(table, role="spy")
    await table.remove("npc", mira_id)
    with pytest.raises(Conflict) as met:
        await table.suggestions.undo(one.id)
    assert met.value.code == "target_gone"


async def test_what_an_undo_took_away_can_be_brought_back_like_anything_deleted(
    table: Table,
) -> None:
    removals = Removals(table.database, Changes(), RESTORERS)
    for value, kind in (
        ({"kind": "npc", "fields": {"name": "Mira", "role": "spy"}}, "npc"),
        ({"kind": "session_plan", "field": "plan", "value": "The bell rings."}, "game_session"),
    ):
        (one,) = await table.propose(value)
        made = await table.suggestions.accept(one.id)
        undone = await table.suggestions.undo(one.id)
        assert undone.removal_id is not None and made.entity_id is not None
        (entry,) = await removals.list_all()
        assert (entry.id, entry.subject_id) == (undone.removal_id, made.entity_id)
        assert entry.title in ("Mira", "Game session")
        assert await removals.undo(entry.id) == 1
        assert await table.find(kind, made.entity_id) is not None  # type: ignore[arg-type]
        assert await removals.list_all() == []


async def test_what_was_brought_back_is_not_made_twice_and_can_be_undone_again(
    table: Table,
) -> None:
    removals = Removals(table.database, Changes(), RESTORERS)
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira", "role": "spy"}})
    made = await table.suggestions.accept(one.id)
    first_id = str(made.entity_id)
    await table.suggestions.undo(one.id)
    assert (await table.suggestions.get(one.id)).target_state == "new"
    (entry,) = await removals.list_all()
    await removals.undo(entry.id)
    assert (await table.suggestions.get(one.id)).target_state == "there"
    again = await table.suggestions.accept(one.id)
    assert again.entity_id == first_id and again.suggestion.status == "accepted"
    sources = await table.database.read(lambda tx: list_sources(tx, "npc", first_id))
    assert {source.field for source in sources} == {"name", "role"}
    assert (await table.suggestions.undo(one.id)).removal_id is not None
    (entry,) = await removals.list_all()
    await removals.undo(entry.id)
    await table.edit("npc", first_id, role="queen")
    with pytest.raises(Conflict) as met:
        await table.suggestions.accept(one.id)
    assert met.value.code == "suggestion_conflict"
    again = await table.suggestions.accept(one.id, Acceptance(fields=("name",)))
    assert again.entity_id == first_id
    assert (await table.find("npc", first_id)).role == "queen"


async def test_what_was_worked_on_after_it_was_brought_back_stays_at_the_next_undo(
    table: Table,
) -> None:
    removals = Removals(table.database, Changes(), RESTORERS)
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira", "role": "spy"}})
    made = await table.suggestions.accept(one.id)
    await table.suggestions.undo(one.id)
    (entry,) = await removals.list_all()
    await removals.undo(entry.id)
    await table.edit("npc", str(made.entity_id), background="Born at sea.")
    await table.suggestions.accept(one.id)
    await table.suggestions.undo(one.id)
    assert (await table.find("npc", str(made.entity_id))).background == "Born at sea."


async def test_an_undo_that_only_puts_words_back_removes_nothing(table: Table) -> None:
    (one,) = await table.propose({"field": "campaign.setting", "value": "Fog"})
    await table.suggestions.accept(one.id)
    assert (await table.suggestions.undo(one.id)).removal_id is None
    assert await Removals(table.database, Changes()).list_all() == []


async def test_tags_given_to_many_things_disturb_no_suggestion(table: Table) -> None:
    mira = await table.make("npc", name="Mira", role="smith")
    (one,) = await table.propose({"kind": "npc_trait", "target": "Mira", "fields": {"role": "spy"}})
    edits, picked = BulkEdits(table.database, Changes()), [Picked("npc", mira.id)]
    await edits.edit(table.campaign.id, picked, add_tags=["harbour"])
    await table.suggestions.accept(one.id)
    made = await edits.edit(table.campaign.id, picked, add_tags=["docks"])
    assert [edit.revision for edit in made.changed] == [4]
    decision = await table.suggestions.undo(one.id)
    now = await table.find("npc", mira.id)
    assert (now.role, now.tags) == ("smith", ("harbour", "docks")) and decision.kept == ()
