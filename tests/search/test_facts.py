"""Known facts are found by the words they hold, however many there are and however old."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from tests.campaigns.conftest import World, world
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.store.fact_reading import list_facts_about, list_facts_known_to
from ttrpg_assistant.campaigns.tables import fact_audience, known_facts
from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.prompts.audience import PARTY, Viewer
from ttrpg_assistant.search.facts import FIRST_BATCH, find_facts
from ttrpg_assistant.search.store.indexing import index_everything
from ttrpg_assistant.storage import slow_statements

__all__ = ["world"]

SCRIPTS = (
    "The lamp-keeper of Grauwacht sells salt.",
    "Ysolde überquerte die Brücke bei Nacht.",
    "Мира спрятала ключ под мостом.",
    "ミラは橋の下に鍵を隠した。",
    "米拉把钥匙藏在桥下。",
    "미라는 다리 아래에 열쇠를 숨겼다.",
    "มิราซ่อนกุญแจไว้ใต้สะพาน",
    "ميرا أخفت المفتاح تحت الجسر.",
    "O'Brien's 3rd ledger is a FORGERY!",
)


async def add_facts(world: World, texts: list[str], **more: Any) -> list[str]:
    """In one statement: thousands of them one by one would take a minute."""
    ids = [new_id() for _ in texts]
    now = utc_now()
    rows = [
        {
            **{"id": id, "campaign_id": world.campaign_id, "text": text},
            **{"search_text": fold(text), "audience": "gm", "canon": "happened"},
            **{"created_at": now, "updated_at": now, "revision": 1, "is_false": False},
            **more,
        }
        for id, text in zip(ids, texts, strict=True)
    ]
    await world.database.write(lambda tx: tx.execute(insert(known_facts), rows))
    return ids


async def find(world: World, question: str, **more: Any) -> list[str]:
    wanted = Wanted.of(question, **more)
    batches = await world.database.read(lambda tx: list(find_facts(tx, world.campaign_id, wanted)))
    return [id for batch in batches for id in batch]


async def about(world: World, question: str) -> list[str]:
    def work(tx: Connection) -> list[str]:
        wanted = Wanted.of(question)
        found = list_facts_about(tx, find_facts, world.campaign_id, wanted, 40)
        return [fact.text for fact, _ in found]

    return await world.database.read(work)


async def test_the_oldest_of_thousands_of_facts_is_in_the_prompt_that_asks_for_it(
    world: World,
) -> None:
    await add_facts(world, ["Oswin buried the astrolabe under the harbour crane."])
    await add_facts(world, [f"Ship {n} came into the harbour at dusk." for n in range(3_000)])
    question = "Who buried the astrolabe in the harbour?"
    gathered = await world.database.read(
        lambda tx: CampaignFactSource(find_facts).gather(tx, world.campaign_id, None, [question])
    )
    assert gathered.campaign is not None
    told = [fact.lines[0].value for fact in gathered.campaign.mentioned]
    assert told[0] == "Oswin buried the astrolabe under the harbour crane."


async def test_an_old_fact_that_holds_two_common_words_is_found_before_those_with_one(
    world: World,
) -> None:
    await add_facts(world, ["The harbour master owns the lighthouse."])
    await add_facts(world, [f"The harbour is closed on day {n}." for n in range(900)])
    await add_facts(world, [f"The lighthouse is dark on day {n}." for n in range(900)])
    found = await about(world, "Who owns the lighthouse in the harbour?")
    assert found[0] == "The harbour master owns the lighthouse."


@given(st.lists(st.sampled_from(SCRIPTS), min_size=1, unique=True))
def test_a_word_of_any_script_scores_where_it_stands(texts: list[str]) -> None:
    for text in texts:
        assert Wanted.of(text).score(fold(text)) > 0


@pytest.mark.parametrize("is_indexed", [False, True], ids=["just written", "indexed"])
async def test_facts_in_any_script_are_found_by_their_own_words(
    world: World, is_indexed: bool
) -> None:
    ids = dict(zip(SCRIPTS, await add_facts(world, list(SCRIPTS)), strict=True))
    if is_indexed:
        await world.database.write(index_everything)
    for text in SCRIPTS:
        assert (await about(world, text))[0] == text
        assert ids[text] in await find(world, text)


async def test_what_is_found_holds_what_is_wanted_and_nothing_that_does_is_missed(
    world: World,
) -> None:
    words = ("lamp", "salt", "ledger", "harbour", "tide", "crane")
    texts = [
        " ".join(word for at, word in enumerate(words) if number >> at & 1) or "nothing"
        for number in range(64)
    ]
    ids = dict(zip(await add_facts(world, texts), texts, strict=True))
    wanted = Wanted.of("the lamp, the ledgers", ["tide"])
    found = await find(world, "the lamp, the ledgers", names=["tide"])
    scores = [wanted.score(fold(ids[id])) for id in found]
    assert scores == sorted(scores, reverse=True), "those that hold most of it first"
    assert set(found) == {id for id, text in ids.items() if wanted.score(fold(text))}


async def test_facts_of_other_campaigns_and_other_things_are_not_found(world: World) -> None:
    other = await world.campaigns.create(None, {"name": "Elsewhere"})
    await world.facts.add(other.id, {"text": "The astrolabe is here.", "audience": "gm"})
    await world.npcs.create(world.campaign_id, {"name": "Astrolabe", "background": "astrolabe"})
    [own] = await add_facts(world, ["The astrolabe is lost."])
    assert await find(world, "Where is the astrolabe?") == [own]


async def test_a_fact_is_found_by_its_new_words_and_no_more_once_it_is_removed(
    world: World,
) -> None:
    [id] = await add_facts(world, ["The key is in the well."])
    values = {"text": "The key is in the oven.", "search_text": fold("The key is in the oven.")}
    change = update(known_facts).where(known_facts.c.id == id)
    await world.database.write(lambda tx: tx.execute(change.values(values)))
    assert await about(world, "What is in the well?") == []
    assert await about(world, "What is in the oven?") == ["The key is in the oven."]
    await world.database.write(lambda tx: tx.execute(change.values(removed_at=utc_now())))
    assert await about(world, "What is in the oven?") == []


async def know(world: World, viewer: Viewer, question: str) -> list[str]:
    whose = (viewer, world.campaign_id, Wanted.of(question), 40)
    found = await world.database.read(lambda tx: list_facts_known_to(tx, *whose))
    return [fact.text for fact, _ in found]


async def test_who_is_not_the_game_master_is_told_the_oldest_fact_for_them_as_well(
    world: World,
) -> None:
    kip = await world.npcs.create(world.campaign_id, {"name": "Kip"})
    own = {"audience": "npcs", "npc_ids": [kip.id]}
    await world.facts.add(world.campaign_id, {"text": "The astrolabe is in the crypt.", **own})
    await add_facts(world, ["Everybody saw the comet over Vesk."], audience="public")
    ids = await add_facts(world, [f"Ship {n} came to Vesk." for n in range(2_200)], audience="npcs")
    rows = [{"id": new_id(), "fact_id": id, "npc_id": kip.id, "at": utc_now()} for id in ids]
    await world.database.write(lambda tx: tx.execute(insert(fact_audience), rows))
    await add_facts(world, [f"Gull {n} sat there." for n in range(2_200)], audience="public")
    viewer = Viewer("npc", kip.id)
    assert (await know(world, viewer, "Where is the astrolabe?"))[0].startswith("The astrolabe")
    assert (await know(world, viewer, "Who saw the comet?"))[0].startswith("Everybody")


async def test_nothing_of_what_others_know_is_read_for_a_viewer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kip = await world.npcs.create(world.campaign_id, {"name": "Kip"})
    public = [f"Everybody saw the heron by gate {n}." for n in range(60)]
    await add_facts(world, public, audience="public")
    sent: list[str] = []
    monkeypatch.setattr(slow_statements, "note", lambda statement, _: sent.append(statement))

    async def ask(viewer: Viewer) -> tuple[list[str], list[str]]:
        sent.clear()
        return await know(world, viewer, "Who saw the heron by the gate?"), list(sent)

    for viewer in (Viewer("npc", kip.id), PARTY):
        before = await ask(viewer)
        assert len(before[0]) == 40 and before[1]
        await add_facts(world, [f"The heron by gate {n} is a spy." for n in range(FIRST_BATCH)])
        assert await ask(viewer) == before, "the same answer by the same statements"
        assert not any("search_world" in statement for statement in before[1])
