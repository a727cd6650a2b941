"""The path from a message to the root, however much else was said between its links."""

from __future__ import annotations

import random

from msgspec.structs import replace
from sqlalchemy import Connection, insert, select, text, update

from ttrpg_assistant.conversations.store import chats, conversations, messages, paths
from ttrpg_assistant.conversations.store.whole_paths import FIRST_STRIDE, Row, WholePaths
from ttrpg_assistant.conversations.tables import messages as rows
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.storage.database import Database


def say_at_random(tx: Connection, count: int) -> dict[str, str | None]:
    """A chat and a branch of it, edited and answered anew all over; each message's parent."""
    chosen = random.Random(7)
    chat = chats.get_or_add_active_chat(tx)
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


async def test_pages_forward_in_time_are_the_path_from_its_beginning(database: Database) -> None:
    parents = await database.write(lambda tx: say_at_random(tx, 120))

    def list_forward(tx: Connection, tip: str, limit: int) -> list[str]:
        chat = conversations.get_conversation(tx, messages.get_message(tx, tip).conversation_id)
        found: list[str] = []
        after: int | None = 0
        while after is not None:
            page = paths.list_path(tx, replace(chat, tip_message_id=tip), limit=limit, after=after)
            found += [message.id for message in page.messages]
            after = page.next_cursor
        return found

    for tip in list(parents)[::11]:
        expected, link = [], tip
        while link is not None:
            expected.append(link)
            link = parents[link]  # type: ignore[assignment]
        for limit in (7, 500):
            read = await database.read(
                lambda tx, tip=tip, limit=limit: list_forward(tx, tip, limit)  # type: ignore[misc]
            )
            assert read == expected[::-1]


def test_the_way_back_is_read_once_and_then_only_what_is_new() -> None:
    said = {f"m{number}": number for number in range(1, 5001)}
    read = 0

    def walk(start_id: str, most: int) -> list[Row]:
        nonlocal read
        first = said[start_id]
        rows = [(f"m{n}", n, f"m{n - 1}" if n > 1 else None) for n in range(first, 0, -1)[:most]]
        read += len(rows)
        return rows

    whole = WholePaths()
    for after in range(0, 4900, 50):
        page = whole.get_path("m4900", walk).list_after(after, 50)
        assert page == [f"m{number}" for number in range(after + 1, after + 51)]
    assert read == 4900
    for tip in range(4901, 5001):
        assert whole.get_path(f"m{tip}", walk).list_after(tip - 1, 50) == [f"m{tip}"]
    assert read <= 4900 + 100 * FIRST_STRIDE


async def test_a_page_is_read_without_sorting_the_talk_before_it(database: Database) -> None:
    def say_much(tx: Connection) -> str:
        chat = chats.get_or_add_active_chat(tx)
        said = messages.add_message(
            tx, chat, message_id=new_id(), role="user", content="1", parent_id=None
        )
        [row] = tx.execute(select(rows).where(rows.c.id == said.id)).mappings()
        more = [{**row, "id": new_id(), "seq": seq, "content": "Talk."} for seq in range(2, 3_000)]
        tx.execute(insert(rows), more)
        return str(more[-1]["id"])

    def explain(tx: Connection, start: str) -> str:
        tx.execute(text("ANALYZE"))
        query = paths._stretch_query([rows.c.id, rows.c.content])
        spelled = query.params(start=start, limit=50, above=0).compile(
            dialect=tx.dialect, compile_kwargs={"literal_binds": True}
        )
        how = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
        return "\n".join(str(row) for row in tx.exec_driver_sql(f"{how} {spelled}"))

    start = await database.write(say_much)
    plan = await database.write(lambda tx: explain(tx, start))
    assert "Sort" not in plan and "TEMP B-TREE" not in plan, plan
