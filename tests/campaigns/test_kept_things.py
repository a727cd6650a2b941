"""Prompt after prompt tells of the same things: what did not change is not read again, and what
changed is told as it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.campaigns.conftest import World
from tests.campaigns.test_facts import gather
from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.facts import CampaignFactSource, GatheredFacts
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import Npc
from ttrpg_assistant.campaigns.sample import sample_id
from ttrpg_assistant.campaigns.sample.load import add_sample
from ttrpg_assistant.campaigns.store import prompt_reading
from ttrpg_assistant.prompts import sections
from ttrpg_assistant.prompts.sections import campaign_sections
from ttrpg_assistant.search.facts import find_facts

KORRIN = sample_id("npc", "korrin")


def forget() -> None:
    """As in a server that was just started."""
    for query in vars(prompt_reading).values():
        if hasattr(query, "cache_clear"):
            query.cache_clear()
    sheets._brief.cache_clear()
    sections._tell.cache_clear()


def tell(facts: GatheredFacts) -> list[str]:
    """Every line that stands in a prompt about the campaign."""
    assert facts.campaign is not None
    found = [item.text for one in campaign_sections(facts.campaign) for item in one.items]
    return [*found, *(str(line) for fact in facts.campaign.mentioned for line in fact.lines)]


async def test_a_thing_that_did_not_change_is_not_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.database.write(add_sample)
    source = CampaignFactSource(find_facts)
    first = await gather(world, "Where is Korrin?", source=source)
    read: list[str] = []
    read_value = prompt_reading.read_value

    def note(kind: Any, row: Any) -> Any:
        read.append(kind.name)
        return read_value(kind, row)

    monkeypatch.setattr(prompt_reading, "read_value", note)
    assert await gather(world, "Where is Korrin?", source=source) == first
    assert set(read) <= {"campaign", "game_session"}
    read.clear()
    await world.npcs.update(KORRIN, 1, {"role": "harbour master"})
    assert await gather(world, "Where is Korrin?", source=source) != first
    assert "npc" in read


async def test_whatever_changes_of_a_thing_is_in_the_next_prompt(world: World) -> None:
    await world.database.write(add_sample)
    source = CampaignFactSource(find_facts)

    async def change(**fields: Any) -> Npc:
        npc = await world.npcs.get(KORRIN)
        return await world.npcs.update(KORRIN, npc.revision, fields)

    korrin = await world.npcs.get(KORRIN)
    texts = [
        name
        for name, one in NPC.fields.items()
        if {"brief", "sheet"} & set(one.parts)
        and isinstance(getattr(korrin, name, None), str)
        and name != NPC.canon_field
        and one.points_to is None
    ]
    assert len(texts) > 4
    edits: list[Callable[[], Awaitable[Any]]] = [
        lambda: change(name="Korrin the Younger"),
        lambda: change(aliases=["The Crane"]),
        lambda: change(canon="retconned"),
        lambda: change(canon="happened"),
        lambda: change(is_present=False),
        lambda: change(is_present=True),
        lambda: change(audience="gm"),
        lambda: change(audience="public"),
        lambda: world.npcs.archive(KORRIN),
        lambda: world.npcs.restore(KORRIN),
        lambda: world.npcs.remove(KORRIN),
    ]
    for name in texts:
        edits.insert(0, lambda name=name: change(**{name: f"changed {name}"}))  # type: ignore[misc]
    before = tell(await gather(world, "hello", "Korrin", source=source))
    seen = 0
    for edit in edits:
        await edit()
        kept = await gather(world, "hello", "Korrin", source=source)
        told = tell(kept)
        forget()
        anew = await gather(world, "hello", "Korrin", source=CampaignFactSource(find_facts))
        assert kept == anew
        assert told == tell(anew)
        seen += told != before
        before = told
    assert seen > len(edits) // 2
