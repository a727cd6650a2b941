"""What was new when it was proposed and exists by now is a change, seen before it is made."""

from __future__ import annotations

import asyncio

import pytest

from tests.suggestions.conftest import Table
from ttrpg_assistant.errors import Conflict, InvalidInput
from ttrpg_assistant.suggestions.model import Acceptance, Decision, Suggestion

FIRST = {"kind": "npc", "fields": {"name": "Old Bertram", "role": "toll-keeper"}}
REVISED = {
    "kind": "npc",
    "fields": {"name": "old Bertram", "role": "smuggler", "personality": "sly"},
}


async def propose_twice(table: Table) -> tuple[Suggestion, Suggestion]:
    """The same NPC in two replies, neither of them decided."""
    (first,) = await table.propose(FIRST)
    (second,) = await table.propose(REVISED)
    assert second.target_id is None
    return first, second


async def test_the_same_npc_proposed_again_is_a_change_once_the_first_was_taken(
    table: Table,
) -> None:
    first, second = await propose_twice(table)
    assert (await table.suggestions.get(second.id)).target_state == "new"
    made = await table.suggestions.accept(first.id)
    view = await table.suggestions.get(second.id)
    assert (view.target_state, view.target_revision) == ("there", 1)
    assert [(one.field, one.outcome, one.current) for one in view.difference] == [
        ("role", "conflict", "toll-keeper"),
        ("personality", "applied", ""),
    ]
    assert view.suggestion.note == "Old Bertram exists already; this changes what is there."
    seen = Acceptance(fields=("personality",), seen_revision=view.target_revision)
    decision = await table.suggestions.accept(second.id, seen)
    (bertram,) = await table.list_all("npc")
    assert (bertram.id, bertram.name) == (made.entity_id, "Old Bertram")
    assert (bertram.role, bertram.personality) == ("toll-keeper", "sly")
    assert decision.suggestion.target_id == bertram.id
    await table.suggestions.undo(second.id)
    assert (await table.find("npc", bertram.id)).personality == ""
    await table.suggestions.accept(second.id)
    (bertram,) = await table.list_all("npc")
    assert (bertram.name, bertram.role) == ("Old Bertram", "smuggler")


async def test_a_card_that_was_seen_as_new_is_refused_in_clear_words(table: Table) -> None:
    first, second = await propose_twice(table)
    made = await table.suggestions.accept(first.id)
    for how in (Acceptance(), Acceptance(fields=("personality",)), Acceptance(seen_revision=9)):
        with pytest.raises(Conflict) as met:
            await table.suggestions.accept(second.id, how)
        assert met.value.code == "exists_by_now"
        assert met.value.sentence == "Old Bertram exists by now; nothing was done."
        assert met.value.facts["id"] == made.entity_id
    (bertram,) = await table.list_all("npc")
    assert (bertram.revision, (await table.get(second.id)).status) == (1, "pending")


async def test_accepting_several_makes_it_once_and_tells_of_the_other(table: Table) -> None:
    first, second = await propose_twice(table)
    done, refused = await table.suggestions.accept_all([first.id, second.id])
    assert isinstance(done, Decision) and isinstance(refused, Conflict)
    assert refused.code == "exists_by_now" and len(await table.list_all("npc")) == 1


async def test_two_of_one_name_accepted_at_once_make_one(table: Table) -> None:
    for name in ("Anna", "Bea", "Cato"):
        (one,) = await table.propose({"kind": "npc", "fields": {"name": name, "role": "spy"}})
        (two,) = await table.propose({"kind": "npc", "fields": {"name": name, "role": "cook"}})
        answers = await asyncio.gather(
            table.suggestions.accept(one.id),
            table.suggestions.accept(two.id),
            return_exceptions=True,
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Decision"]
    assert len(await table.list_all("npc")) == 3


async def test_taken_whole_after_it_was_seen_nothing_of_it_stays_open(table: Table) -> None:
    first, second = await propose_twice(table)
    await table.suggestions.accept(first.id)
    decision = await table.suggestions.accept(second.id, Acceptance(seen_revision=1))
    assert decision.suggestion.status == "accepted"
    (bertram,) = await table.list_all("npc")
    assert (bertram.name, bertram.role) == ("Old Bertram", "smuggler")


async def test_another_name_makes_another(table: Table) -> None:
    first, second = await propose_twice(table)
    await table.suggestions.accept(first.id)
    await table.suggestions.accept(second.id, Acceptance(edits={"name": "Young Bertram"}))
    assert {npc.name for npc in await table.list_all("npc")} == {"Old Bertram", "Young Bertram"}


async def test_what_was_missing_and_exists_by_now_is_told_so(table: Table) -> None:
    (one,) = await table.propose({"field": "npc.Tomas.role", "value": "smith"})
    await table.make("npc", name="Tomas")
    view = await table.suggestions.get(one.id)
    assert view.suggestion.note == "Tomas exists already; this changes what is there."
    assert [patch.field for patch in view.difference] == ["role"]


async def test_what_has_no_name_is_given_one(table: Table) -> None:
    await table.make("npc", name="Mira")
    (one,) = await table.propose({"kind": "npc", "fields": {"role": "smith"}})
    assert (await table.suggestions.get(one.id)).target_state == "unknown"
    with pytest.raises(Conflict) as met:
        await table.suggestions.accept(one.id, Acceptance(edits={"name": "mira"}))
    assert met.value.code == "exists_by_now"
    await table.suggestions.accept(one.id, Acceptance(edits={"name": "Tomas"}))
    assert [(npc.name, npc.role) for npc in await table.list_all("npc")] == [
        ("Mira", ""),
        ("Tomas", "smith"),
    ]


async def test_a_name_that_several_have_by_now_is_nobodys(table: Table) -> None:
    (one,) = await table.propose({"kind": "location", "fields": {"name": "Mill"}})
    await table.make("location", name="Mill")
    await table.make("location", name="mill")
    assert (await table.suggestions.get(one.id)).target_state == "new"


async def test_a_thing_of_that_name_elsewhere_or_of_another_kind_is_another(table: Table) -> None:
    (one,) = await table.propose({"kind": "location", "fields": {"name": "Mill"}})
    await table.make("npc", name="Mill")
    gone = await table.make("location", name="Mill")
    await table.remove("location", gone.id)
    assert (await table.suggestions.get(one.id)).target_state == "new"
    await table.suggestions.accept(one.id)
    assert len(await table.list_all("location")) == 1


async def test_a_name_alone_brings_nothing_new_and_says_so(table: Table) -> None:
    (early,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    await table.make("npc", name="Mira")
    (late,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    said = "Mira exists already, and the suggestion says nothing new."
    assert late.note == said
    for one in (early, late):
        view = await table.suggestions.get(one.id)
        assert (view.difference, view.suggestion.note, view.target_state) == ((), said, "there")
    with pytest.raises(InvalidInput) as met:
        await table.suggestions.accept(early.id, Acceptance(seen_revision=1))
    assert met.value.code == "nothing_chosen"
    await table.suggestions.reject(early.id)


async def test_a_field_that_was_accepted_is_a_persons_and_no_conflict_later(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Wim", "role": "cook"}})
    made = await table.suggestions.accept(one.id, Acceptance(fields=("name",)))
    assert made.entity_id is not None
    await table.edit("npc", made.entity_id, name="Wilhelm")
    view = await table.suggestions.get(one.id)
    assert [patch.field for patch in view.difference] == ["role"]
    assert view.written == {"name": "Wim"}


async def test_what_was_stored_is_told_not_what_was_proposed(table: Table) -> None:
    mira = await table.make("npc", name="Mira", role="smith", aliases=["M"], gm_notes="Limps.")
    fields = {"role": "spy", "aliases": ["The Ferry"], "gm_notes": "Swims."}
    (one,) = await table.propose({"kind": "npc_trait", "target": "Mira", "fields": fields})
    assert (await table.suggestions.get(one.id)).written == {}
    edits: dict[str, object] = {"role": "queen", "appearance": "tall"}
    await table.suggestions.accept(one.id, Acceptance(edits=edits))
    await table.edit("npc", mira.id, role="beggar")
    assert (await table.suggestions.get(one.id)).written == {
        "role": "queen",
        "aliases": ["The Ferry"],
        "gm_notes": "Swims.",
        "appearance": "tall",
    }
    with pytest.raises(Conflict):
        await table.suggestions.accept(one.id, Acceptance(edits={"role": "king"}))
