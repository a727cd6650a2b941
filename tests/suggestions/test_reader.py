"""A finished reply is read once, and finds the things it names."""

from __future__ import annotations

import asyncio

import pytest

from tests.suggestions.conftest import Table, block
from ttrpg_assistant.suggestions.store import decisions, proposals


async def test_what_a_reply_proposes_is_kept_with_the_message(table: Table) -> None:
    first, second = await table.propose(
        {"kind": "npc", "fields": {"name": "Mira"}, "rationale": "The river needs a face."},
        {"field": "campaign.setting", "value": "Rivers and salt"},
    )
    assert (first.ordinal, first.kind, first.target_kind, first.target_id) == (
        1,
        "npc",
        "npc",
        None,
    )
    assert first.rationale == "The river needs a face."
    assert second.target_id == table.campaign.id
    assert second.base_values == {"setting": "Rivers"} and second.base_revision == 1
    assert {first.status, second.status} == {"pending"}
    assert (await table.find("campaign", table.campaign.id)).setting == "Rivers"


async def test_reading_a_message_again_changes_nothing(table: Table) -> None:
    message = await table.say(block({"kind": "npc", "fields": {"name": "Mira"}}))
    await asyncio.gather(*(table.reader.read_reply(message) for _ in range(5)))
    await table.reader.read_reply(message)
    found, _ = await table.suggestions.list_of_messages([message.id])
    assert [one.title for one in found[message.id]] == ["New NPC: Mira"]


async def test_a_proposal_begins_as_a_draft(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    draft = await table.database.read(lambda tx: decisions.find_draft(tx, one.id))
    assert draft is not None
    assert (draft.status, draft.trust, draft.entity_type) == ("draft", "creative", "npc")
    _, steps = await table.suggestions.list_decisions(one.id)
    assert [step.to_status for step in steps] == ["draft"]


async def test_only_the_assistants_finished_words_are_read(table: Table) -> None:
    message = await table.say("Nothing to propose, only ```code```.")
    await table.reader.read_reply(message)
    assert not await table.database.read(lambda tx: proposals.has_been_read(tx, message.id))


async def test_a_trait_finds_its_npc_by_name_or_alias_in_any_spelling(table: Table) -> None:
    mira = await table.make("npc", name="Mira Stone", aliases=["The Ferry"], personality="dry")
    for name in ("mira stone", "MÍRA  Stone", "the ferry", mira.id):
        (one,) = await table.propose(
            {"kind": "npc_trait", "target": name, "field": "personality", "value": "warm"}
        )
        assert one.target_id == mira.id and one.target_name == "Mira Stone"
        assert one.base_values == {"personality": "dry"}


async def test_a_trait_in_talk_with_an_npc_needs_no_name(table: Table) -> None:
    mira = await table.make("npc", name="Mira")
    talk = await table.add_thread(campaign_id=table.campaign.id, npc_id=mira.id)
    (one,) = await table.propose(
        {"kind": "npc_trait", "field": "personality", "value": "warm"}, thread=talk
    )
    assert one.target_id == mira.id


async def test_a_change_to_somebody_unknown_becomes_a_proposal_to_make_them(table: Table) -> None:
    (one,) = await table.propose({"field": "npc.Tomas.role", "value": "smith"})
    assert one.target_id is None
    assert one.fields == {"name": "Tomas", "role": "smith"}
    assert one.note == "There is no Tomas yet; accepting creates it."


async def test_a_new_npc_who_exists_already_becomes_a_change(table: Table) -> None:
    mira = await table.make("npc", name="Mira")
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "mira", "role": "spy"}})
    assert one.target_id == mira.id and one.fields == {"role": "spy"}
    assert one.note is not None and "exists already" in one.note


async def test_a_name_that_several_share_is_left_to_a_person(table: Table) -> None:
    await table.make("npc", name="Guard")
    await table.make("npc", name="guard")
    (one,) = await table.propose({"field": "npc.Guard.role", "value": "captain"})
    assert one.target_id is None and one.note == "Several are called Guard; choose which."
    view = await table.suggestions.get(one.id)
    assert view.target_state == "unknown"


async def test_names_of_another_campaign_are_not_found(table: Table) -> None:
    mira = await table.make("npc", name="Mira")
    elsewhere = await table.add_thread()
    (one,) = await table.propose({"field": "npc.Mira.role", "value": "spy"}, thread=elsewhere)
    assert one.target_id is None and one.campaign_id is None
    assert (await table.find("npc", mira.id)).role == ""


async def test_a_session_plan_is_for_the_game_session_of_the_thread(table: Table) -> None:
    game = await table.make("game_session", title="The Toll")
    thread = await table.add_thread(campaign_id=table.campaign.id, game_session_id=game.id)
    (one,) = await table.propose(
        {"kind": "session_plan", "field": "plan", "value": "The bell rings."}, thread=thread
    )
    assert (one.target_kind, one.target_id) == ("game_session", game.id)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Mira", "npc"),
        ("low bridge", "location"),
        ("The bridge burns", "plot_point"),
        ("Session 1", "game_session"),
        ("session #1 recap", "game_session"),
        ("The Drowned Valley", "campaign"),
        ("Player's Handbook", None),
        ("Session 9", None),
    ],
)
async def test_a_citation_is_linked_to_what_it_names_or_marked_unverified(
    table: Table, source: str, kind: str | None
) -> None:
    made = {
        "npc": await table.make("npc", name="Mira"),
        "location": await table.make("location", name="Low Bridge"),
        "plot_point": await table.make("plot_point", title="The bridge burns"),
        "game_session": await table.make("game_session", title="The Toll"),
        "campaign": table.campaign,
    }
    cite = {"source_name": source, "excerpt": "x", "confidence": 0.5}
    message = await table.say(block(cite, "citation"))
    await table.reader.read_reply(message)
    _, found = await table.suggestions.list_of_messages([message.id])
    (citation,) = found[message.id]
    assert citation.is_verified == (kind is not None)
    assert citation.entity_kind == kind
    assert citation.entity_id == (made[kind].id if kind else None)


async def test_what_could_not_be_read_is_kept_as_a_note_for_the_game_master(table: Table) -> None:
    message = await table.say("Look:\n\n```suggestion\nnot at all {{\n```\n")
    await table.reader.read_reply(message)
    await table.reader.read_reply(message)
    notes = await table.suggestions.list_notes([message.id])
    assert notes == {message.id: ["A suggestion of an unknown kind is shown as text."]}
    assert await table.database.read(lambda tx: proposals.has_been_read(tx, message.id))


async def test_a_reply_that_was_read_whole_has_no_note(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    assert await table.suggestions.list_notes([one.message_id]) == {}


async def test_a_damaged_note_hides_no_message(table: Table) -> None:
    if table.database.engine_name != "sqlite":
        pytest.skip("PostgreSQL keeps no broken JSON")
    message = await table.say("```suggestion\nnot at all {{\n```\n")
    await table.reader.read_reply(message)
    await table.database.write(
        lambda tx: tx.exec_driver_sql("UPDATE reading_notes SET notes = '[oh'").rowcount
    )
    assert await table.suggestions.list_notes([message.id]) == {}
