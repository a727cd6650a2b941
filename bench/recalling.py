"""Fills a database with made-up talk, and asks it what was planted there."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from bench.answerers import make_answerer
from bench.planted import MadeUpTalk
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.store import conversations, turns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.tables import conversations as conversation_table
from ttrpg_assistant.conversations.tables import messages as message_table
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.storage.database import Database

CONTEXT_TOKENS = 12_000
"""Of these a fifth of what is left, and never more than 2,000 tokens, goes to what is recalled."""

EVENING = 400
"""Messages of one conversation of the made-up campaign."""


async def fill(database: Database, talk: MadeUpTalk) -> str:
    """Store the talk as threads of one campaign, and index it; returns the campaign's id."""
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
    """The prompt for the question, asked in a thread of its own."""

    def work(tx: Connection) -> Turn:
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign_id
        )
        return turns.post_turn(
            tx, thread.id, message_id=new_id(), content=question, owner="test"
        ).turn

    turn = await database.write(work)
    return await context.build(turn, make_answerer("test:model", CONTEXT_TOKENS))


async def ask_as(
    database: Database, context: ConversationContext, npc_id: str, campaign_id: str, question: str
) -> BuiltPrompt:
    """The prompt for the question, asked of an NPC that speaks."""

    def work(tx: Connection) -> Turn:
        talk = conversations.add_conversation(tx, "npc", npc_id=npc_id, campaign_id=campaign_id)
        return turns.post_turn(
            tx, talk.id, message_id=new_id(), content=question, owner="test", mode="as"
        ).turn

    turn = await database.write(work)
    return await context.build(turn, make_answerer("test:model", CONTEXT_TOKENS))


def recalled_tokens(built: BuiltPrompt) -> int:
    """What the recalled part of the prompt costs."""
    return sum(one["tokens"] for one in built.manifest["sections"] if one["name"] == "recalled")


def told(built: BuiltPrompt) -> str:
    """Everything the model is told, in whichever part of the request."""
    request = built.request
    parts = [request.system, *(message.content for message in request.messages)]
    parts += [passage.text for passage in request.passages]
    return "\n".join(parts)
