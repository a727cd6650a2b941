"""The path from a message to the root, however much else was said between its links."""

from __future__ import annotations

import random

from sqlalchemy import Connection, update

from ttrpg_assistant.conversations.store import conversations, messages, paths
from ttrpg_assistant.conversations.tables import messages as rows
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.storage.database import Database


def say_at_random(tx: Connection, count: int) -> dict[str, str | None]:
    """A chat and a branch of it, edited and answered anew all over; each message's parent."""
    chosen = random.Random(7)
    chat = conversations.get_or_add_active_chat(tx)
    parents: dict[str, str | None] = {}
    here = chat.id
    for number in range(count):
        current = conversations.lock_conversation(tx, here)
        parent = current.tip_message_id
        if parents and chosen.random() < 0.3:
            parent = parents[chosen.choice(list(parents)[-9:])]
        said = messages.add_message(
            tx, current, message_id=new_id(), role="user", content=str(number), parent_id=parent
        )
        parents[said.id] = said.parent_id
        if number == count // 2:
            branch = conversations.add_conversation(
                tx, "thread", branched_from_id=said.id, tip_message_id=said.id, next_seq=count
            )
            here = branch.id
    return parents


async def test_a_path_is_what_its_links_say(database: Database) -> None:
    parents = await database.write(lambda tx: say_at_random(tx, 120))
    for start in list(parents)[::7]:
        for limit in (1, 5, 500):
            walked = await database.read(
                lambda tx, start=start, limit=limit: paths.list_newest(tx, start, limit)  # type: ignore[misc]
            )
            expected, link = [], start
            while link is not None and len(expected) < limit:
                expected.append(link)
                link = parents[link]  # type: ignore[assignment]
            assert [message.id for message in walked] == expected


async def test_links_that_lead_in_a_circle_end_somewhere(database: Database) -> None:
    parents = await database.write(lambda tx: say_at_random(tx, 20))
    first, last = next(iter(parents)), list(parents)[-1]
    await database.write(
        lambda tx: tx.execute(update(rows).where(rows.c.id == first).values(parent_id=last))
    )
    walked = await database.read(lambda tx: paths.list_newest(tx, last, 500))
    assert walked[0].id == last
    assert len({message.id for message in walked}) == len(walked) <= len(parents)
