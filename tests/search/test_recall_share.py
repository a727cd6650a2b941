"""How much of what was said long ago finds its way into the prompt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.search.recall_campaign import MadeUpTalk
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.conversations.context import BuiltPrompt, ConversationContext
from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.store import conversations, turns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.tables import conversations as conversation_table
from ttrpg_assistant.conversations.tables import messages as message_table
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database, create_database

CONTEXT_TOKENS = 12_000
"""Of these a fifth of what is left, and never more than 2,000 tokens, goes to what is recalled."""

EVENING = 400
"""Messages of one conversation of the made-up campaign."""


async def fill(database: Database, talk: MadeUpTalk) -> str:
    removal: Callable[..., str] = add_removal
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Years"})
    rows = []
    for number, (role, text) in enumerate(talk.lines()):
        rows.append((number, role, text))

    def work(tx: Connection) -> None:
        for start in range(0, len(rows), EVENING):
            thread = conversations.add_conversation(
                tx, "thread", purpose="general", campaign_id=campaign.id, title=f"Evening {start}"
            )
            parent = None
            made = []
            for seq, (number, role, text) in enumerate(rows[start : start + EVENING], 1):
                id = new_id()
                moment = talk.moment(number)
                made.append(
                    {
                        "id": id,
                        "conversation_id": thread.id,
                        "seq": seq,
                        "parent_id": parent,
                        "role": role,
                        "status": "complete",
                        "content": text,
                        "created_at": moment,
                        "updated_at": moment,
                    }
                )
                parent = id
            tx.execute(message_table.insert(), made)
            tx.execute(
                conversation_table.update()
                .where(conversation_table.c.id == thread.id)
                .values(tip_message_id=parent, next_seq=len(made) + 1, message_count=len(made))
            )

    await database.write(work)
    await Indexing(database, Changes()).catch_up(batches=10_000)
    return campaign.id


async def ask(
    database: Database, context: ConversationContext, campaign_id: str, question: str
) -> BuiltPrompt:
    def work(tx: Connection) -> Turn:
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign_id
        )
        return turns.post_turn(
            tx, thread.id, message_id=new_id(), content=question, owner="test"
        ).turn

    turn = await database.write(work)
    return await context.build(turn, "test:model", "model", CONTEXT_TOKENS)


@pytest.mark.slow
async def test_most_planted_facts_are_recalled_within_two_thousand_tokens(
    sqlite_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = create_database(sqlite_file)
    await database.open()
    try:
        talk = MadeUpTalk(messages=20_000, facts=300)
        campaign_id = await fill(database, talk)
        context = ConversationContext(database, recall=TalkRecall())
        missed = []
        for planted in talk.planted:
            built = await ask(database, context, campaign_id, planted.question)
            recalled = [s for s in built.manifest["sections"] if s["name"] == "recalled"]
            assert sum(s["tokens"] for s in recalled) <= 2_000
            if planted.fact not in built.request.system:
                missed.append(planted)
        share = 1 - len(missed) / len(talk.planted)
        with capsys.disabled():
            print(f"\nrecalled {share:.1%} of {len(talk.planted)} facts")
            for one in missed[:8]:
                print("  missed:", one.fact, "|", one.question)
        assert share >= 0.85
    finally:
        await database.close()
