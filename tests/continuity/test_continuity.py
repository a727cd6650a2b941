"""What is decided about loose threads and contradictions holds, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, table_log
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.continuity.continuity import Continuity
from ttrpg_assistant.continuity.contradictions import find_contradictions
from ttrpg_assistant.continuity.loose_threads import find_loose_threads
from ttrpg_assistant.continuity.model import Source
from ttrpg_assistant.continuity.store.evidence import Raw
from ttrpg_assistant.continuity.weighing import weigh
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

PROMISE = "We promised Mira to bring her brother home."


def _add_campaign(tx: Connection) -> tuple[str, str, str]:
    """A campaign with a promise and a death of evening 1; its id, that of Tomas, of evening 2."""
    campaign = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": "The Salt Road"}))
    edits.add_entity(tx, NPC, campaign.id, NPC.check_new({"name": "Mira"}))
    tomas = edits.add_entity(tx, NPC, campaign.id, NPC.check_new({"name": "Tomas"}))
    first, second = (
        game_sessions.add_game_session(tx, campaign.id, GAME_SESSION.check_new({"plan": "Start."}))
        for _ in range(2)
    )
    for game, text in (
        (first, PROMISE),
        (first, "Tomas died at the ford."),
        (second, "Tomas smiled and poured the wine."),
    ):
        table_log.add_session_note(tx, game.id, text, gm_only=True, id=None, at=None)
    game_sessions.run_game_session(tx, first.id)
    game_sessions.end_game_session(tx, first.id)
    return campaign.id, tomas.id, second.id


@pytest.fixture
def continuity(database: Database) -> Continuity:
    return Continuity(database, Changes(), NameIndexes())


async def test_a_loose_thread_rests_until_that_is_taken_back(
    database: Database, continuity: Continuity
) -> None:
    campaign_id, _, _ = await database.write(_add_campaign)
    (found,) = await continuity.list_loose_threads(campaign_id)
    assert (found.kind, found.text, found.evening) == ("promised", PROMISE, 1)
    assert found.source.kind == "note"
    for _ in range(2):
        await continuity.decide(campaign_id, found.key, "resting")
    assert await continuity.list_loose_threads(campaign_id) == ()
    (rests,) = await continuity.list_loose_threads(campaign_id, with_resting=True)
    assert rests.state == "resting"
    await continuity.decide(campaign_id, found.key, "open")
    assert await continuity.list_loose_threads(campaign_id) == (found,)


async def test_one_press_puts_it_into_the_plan_once_and_takes_it_out_again(
    database: Database, continuity: Continuity
) -> None:
    campaign_id, _, second = await database.write(_add_campaign)
    (found,) = await continuity.list_loose_threads(campaign_id)

    async def plan_now() -> str:
        game: Any = await database.read(lambda tx: get_entity(tx, GAME_SESSION, second))
        return str(game.plan)

    for _ in range(2):
        await continuity.plan(campaign_id, found.key, second)
    assert await plan_now() == f"Start.\n- [ ] {PROMISE}"
    assert [one.state for one in await continuity.list_loose_threads(campaign_id)] == ["planned"]
    await continuity.plan(campaign_id, found.key, second, taken_back=True)
    assert await plan_now() == "Start."
    assert [one.state for one in await continuity.list_loose_threads(campaign_id)] == [None]


async def test_what_cannot_be_both_so_is_quoted_and_stays_dismissed(
    database: Database, continuity: Continuity
) -> None:
    campaign_id, tomas, _ = await database.write(_add_campaign)
    (found,) = await continuity.list_contradictions(campaign_id)
    assert found.about == EntityRef("npc", tomas)
    assert (found.old.text, found.old.evening) == ("Tomas died at the ford.", 1)
    assert (found.new.text, found.new.evening) == ("Tomas smiled and poured the wine.", 2)
    await continuity.decide(campaign_id, found.key, "both_true")
    assert await continuity.list_contradictions(campaign_id) == ()


async def test_a_fact_that_was_retconned_contradicts_nothing(
    database: Database, continuity: Continuity
) -> None:
    campaign_id, _, _ = await database.write(_add_campaign)

    def add(tx: Connection) -> str:
        knowledge.add_fact(tx, campaign_id, "Mira was born in Tarrow.", "gm")
        return knowledge.add_fact(tx, campaign_id, "Mira was born in Vesk.", "gm").id

    wrong = await database.write(add)
    subjects = [one.subject for one in await continuity.list_contradictions(campaign_id)]
    assert sorted(subjects) == ["Mira", "Tomas"]
    await database.write(lambda tx: knowledge.edit_fact(tx, wrong, 1, canon="retconned"))
    assert [one.subject for one in await continuity.list_contradictions(campaign_id)] == ["Tomas"]


async def test_what_belongs_to_another_campaign_is_not_there(
    database: Database, continuity: Continuity
) -> None:
    campaign_id, _, _ = await database.write(_add_campaign)
    _, _, theirs = await database.write(_add_campaign)
    (found,) = await continuity.list_loose_threads(campaign_id)
    with pytest.raises(NotFound):
        await continuity.plan(campaign_id, found.key, theirs)
    with pytest.raises(NotFound):
        await continuity.plan(campaign_id, "0" * 40, theirs)
    with pytest.raises(NotFound):
        await continuity.list_loose_threads(found.key[:36])
    with pytest.raises(NotFound):
        await continuity.decide(found.key[:36], found.key, "resting")
    with pytest.raises(InvalidInput):
        await continuity.decide(campaign_id, "no key", "resting")


def test_a_hostile_line_is_looked_through_and_says_nothing() -> None:
    index = NameIndex([(EntityRef("npc", "m"), "Mira")])
    texts = ["Mira " * 400, "promise " * 250, "a" * 2_000, "I owe " + "," * 1_990, ". " * 1_000, ""]
    said = [(Source("note", str(at)), text, 1, "") for at, text in enumerate(texts)]
    evidence = weigh(Raw(said, {}, (), (), (1,)), index)
    assert find_contradictions(evidence, index) == []
    assert all(one.kind in ("promised", "owed") for one in find_loose_threads(evidence, index))
