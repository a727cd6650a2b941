"""How much of what was said long ago finds its way into the prompt, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.planted import UNSEEN, MadeUpTalk
from bench.recalling import ask, ask_as, fill, recalled_tokens, told
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.engines import create_database

removal: Callable[..., str] = add_removal


@pytest.mark.slow
@pytest.mark.parametrize(
    ("messages", "facts"), [(5_000, 75), pytest.param(20_000, 300, marks=pytest.mark.deep)]
)
async def test_most_planted_facts_are_recalled_within_two_thousand_tokens(
    sqlite_file: Path, messages: int, facts: int
) -> None:
    database = create_database(sqlite_file)
    await database.open()
    try:
        talk = MadeUpTalk(messages=messages, facts=facts)
        campaign_id = await fill(database, talk)
        context = ConversationContext(database, recall=TalkRecall())
        missed = []
        for planted in talk.planted:
            built = await ask(database, context, campaign_id, planted.question)
            assert recalled_tokens(built) <= 2_000
            if planted.fact not in built.request.messages[-1].content:
                missed.append(planted)
        print(f"{len(missed)} of {facts} facts among {messages} messages are not recalled")
        assert len(missed) <= 0.15 * len(talk.planted), missed[:8]
    finally:
        await database.close()


async def test_what_the_game_master_planned_is_in_no_prompt_of_a_speaking_npc(
    sqlite_file: Path,
) -> None:
    database = create_database(sqlite_file)
    await database.open()
    try:
        talk = MadeUpTalk(messages=400, facts=40, kinds=UNSEEN)
        campaign_id = await fill(database, talk)
        npc = await Npcs(database, Changes(), removal).create(campaign_id, {"name": "Mira Voss"})
        context = ConversationContext(database, CampaignFactSource(find_facts), recall=TalkRecall())
        found = 0
        for planted in talk.planted[::4]:
            spoken = await ask_as(database, context, npc.id, campaign_id, planted.question)
            assert not [one.fact for one in talk.planted if one.fact in told(spoken)]
            asked = await ask(database, context, campaign_id, planted.question)
            found += planted.fact in told(asked)
        assert found, "what is kept from the NPC could have been found"
    finally:
        await database.close()
