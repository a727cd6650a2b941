"""Talk is recalled with what was said around it, and what must not be known moves nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection

from tests.search.test_search import new_thread, say
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message, Mode
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal

WORDS = ["opal", "mill", "smuggler", "ferry", "lantern", "vault", "Orla", "Bren", "tide", "oath"]


async def add(database: Database, talk: Conversation, text: str, mode: Mode | None) -> None:
    def work(tx: Connection) -> None:
        now = conversations.lock_conversation(tx, talk.id)
        messages.add_message(
            tx,
            now,
            message_id=new_id(),
            role="assistant",
            content=text,
            parent_id=now.tip_message_id,
            mode=mode,
        )

    await database.write(work)


async def ask(
    database: Database, recall: TalkRecall, talk: Conversation, text: str, mode: Mode | None = None
) -> list[str]:
    def work(tx: Connection) -> Message:
        return messages.post_message(
            tx, talk.id, message_id=new_id(), role="user", content=text, mode=mode
        )[0]

    said = await database.write(work)
    await Indexing(database, Changes()).catch_up()
    found = await database.read(
        lambda tx: recall.recall(
            tx, conversations.get_conversation(tx, talk.id), said, [], frozenset()
        )
    )
    return [one.text for one in found]


def make_lines(chance: random.Random, count: int) -> list[str]:
    return [f"{' '.join(chance.choices(WORDS, k=4))} {number}." for number in range(count)]


async def test_an_answer_without_a_word_of_the_question_is_recalled_by_the_line_before_it(
    database: Database,
) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    old = await new_thread(database, campaign_id=campaign.id)
    chance = random.Random(1)
    for at, line in enumerate(make_lines(chance, 60)):
        await add(database, old, line, None)
        if at == 30:
            await add(database, old, "Which guild took her in, the dyer?", None)
            await add(database, old, "The Lampwrights!", None)
    now = await new_thread(database, campaign_id=campaign.id)
    found = await ask(database, TalkRecall(), now, "What guild is the dyer of?")
    assert "The Lampwrights!" in found[:4]


async def test_talk_of_two_conversations_is_never_side_by_side(database: Database) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    first = await new_thread(database, campaign_id=campaign.id)
    second = await new_thread(database, campaign_id=campaign.id)
    await say(database, first.id, "The dyer asks for a guild.")
    await say(database, second.id, "The Lampwrights!")
    now = await new_thread(database, campaign_id=campaign.id)
    found = await ask(database, TalkRecall(), now, "What guild is the dyer of?")
    assert found == ["The dyer asks for a guild."]


@pytest.mark.parametrize("seed", range(3))
async def test_lines_for_the_game_master_move_nothing_of_what_an_npc_is_given(
    database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Here"})
    npcs = Npcs(database, Changes(), removal)
    orders: list[Sequence[str]] = []
    own = make_lines(chance, 40)
    for surrounded in (False, True):
        npc = await npcs.create(campaign.id, {"name": f"Mira {surrounded}"})
        talks = [
            await database.write(
                lambda tx, npc=npc: conversations.add_conversation(  # type: ignore[misc]
                    tx, "npc", npc_id=npc.id, campaign_id=campaign.id
                )
            )
            for _ in range(3)
        ]
        recall = TalkRecall()
        for at, line in enumerate(own):
            if surrounded:
                for secret in make_lines(chance, chance.randrange(3)):
                    await add(database, talks[at % 2], f"Secretly {secret}", "about")
            await add(database, talks[at % 2], line, "as")
        if surrounded:
            await ask(database, recall, talks[2], "opal mill smuggler?", "about")
            thread = await new_thread(database, campaign_id=campaign.id)
            for line in make_lines(chance, 20):
                await add(database, thread, f"Secretly {line}", None)
        found = await ask(database, recall, talks[2], "Where is the opal of Orla? The mill?", "as")
        assert not [text for text in found if "Secretly" in text]
        orders.append(found)
    assert orders[0] == orders[1]
    assert len(orders[0]) > 10


async def test_what_is_said_again_and_again_is_told_once_and_hides_nothing(
    database: Database,
) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    old = await new_thread(database, campaign_id=campaign.id)
    for number in range(50):
        await add(database, old, "Where is the opal of the mill?", None)
        await add(database, old, f"Nobody says. {number // 10}", None)
    await add(database, old, "The opal of the mill is below the ferry.", None)
    long = "The opal of the mill, and " + "a very long story of it, " * 4
    for end in ("first", "second", "second"):
        await add(database, old, long + end, None)
    now = await new_thread(database, campaign_id=campaign.id)
    found = await ask(database, TalkRecall(), now, "Where is the opal of the mill?")
    assert len(found) == len(set(found))
    assert {f"Nobody says. {number}" for number in range(5)} < set(found)
    assert {"The opal of the mill is below the ferry.", long + "first", long + "second"} < {*found}
