"""Search over talk and the world, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.clearing import clear_messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters, Found
from ttrpg_assistant.search.search import Search, SearchTooSlow
from ttrpg_assistant.storage.database import Database


@pytest.fixture
def search(database: Database) -> Search:
    return Search(database, Indexing(database, Changes()))


async def new_thread(database: Database, **values: Any) -> Conversation:
    return await database.write(
        lambda tx: conversations.add_conversation(tx, "thread", purpose="general", **values)
    )


async def say(database: Database, conversation_id: str, *texts: str) -> list[Message]:
    def work(tx: Connection) -> list[Message]:
        return [
            messages.post_message(
                tx,
                conversation_id,
                message_id=new_id(),
                role="user" if number % 2 == 0 else "assistant",
                content=text,
            )[0]
            for number, text in enumerate(texts)
        ]

    return await database.write(work)


def texts(found: Found) -> list[str]:
    return ["".join(part.text for part in hit.snippet) for hit in found.hits]


def marked(found: Found) -> list[list[str]]:
    return [[part.text for part in hit.snippet if part.hit] for hit in found.hits]


async def test_what_was_said_is_found_newest_first(database: Database, search: Search) -> None:
    thread = await new_thread(database, title="Prep")
    await say(database, thread.id, "The dragon sleeps.", "A goblin.", "Dragons? One dragon.")
    found = await search.search("dragon")
    assert texts(found) == ["Dragons? One dragon.", "The dragon sleeps."]
    assert marked(found) == [["Dragons", "dragon"], ["dragon"]]
    assert found.hits[0].title == "Prep"
    assert found.hits[0].is_on_active_path is True


async def test_words_phrases_beginnings_and_exclusions(database: Database, search: Search) -> None:
    thread = await new_thread(database)
    said = ["the black gate opens", "a gate of black iron", "smugglers at the gate", "Ünder Élan"]
    await say(database, thread.id, *said)
    assert len((await search.search("black gate")).hits) == 2
    assert texts(await search.search('"black gate"')) == ["the black gate opens"]
    assert texts(await search.search("smug*")) == ["smugglers at the gate"]
    assert texts(await search.search("gate -black")) == ["smugglers at the gate"]
    assert texts(await search.search("under elan")) == ["Ünder Élan"]


@pytest.mark.parametrize(
    "query",
    ['"', '"unclosed gate', "gate OR", "gate AND (", "NEAR(", "content: gate", "gate^2", "g*te",
     "gate'--", "gate\\", "{gate}", "-", "gate & | ! :*", "<-> gate", "gate\U0001f409"],
)  # fmt: skip
async def test_nothing_typed_is_an_error_of_the_database(
    database: Database, search: Search, query: str
) -> None:
    thread = await new_thread(database)
    await say(database, thread.id, "the gate")
    for order in ("newest", "best"):
        try:
            await search.search(query, order=order)  # type: ignore[arg-type]
        except InvalidInput as fault:
            assert fault.code == "search_empty"


async def test_filters_narrow_and_pages_go_on(database: Database, search: Search) -> None:
    removal: Callable[..., str] = add_removal
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Saltmarsh"})
    here = await new_thread(database, campaign_id=campaign.id)
    there = await new_thread(database)
    await say(database, here.id, *(f"harbour {n}" for n in range(5)))
    await say(database, there.id, "harbour elsewhere")
    only = Filters(campaign_id=campaign.id)
    first = await search.search("harbour", only, limit=3)
    assert texts(first) == ["harbour 4", "harbour 3", "harbour 2"]
    assert first.hits[0].campaign_name == "Saltmarsh"
    rest = await search.search("harbour", only, limit=3, before=first.next_cursor)
    assert texts(rest) == ["harbour 1", "harbour 0"]
    assert not rest.has_more
    best = await search.search("harbour", only, order="best", limit=4)
    more = await search.search("harbour", only, order="best", limit=4, before=best.next_cursor)
    assert sorted(texts(best) + texts(more)) == [f"harbour {n}" for n in range(5)]
    assert len((await search.search("harbour", Filters(role="assistant"))).hits) == 2
    today = utc_now()[:10]
    assert len((await search.search("harbour", Filters(since=today, until=today))).hits) == 6
    assert not (await search.search("harbour", Filters(until="2020-05"))).hits
    assert not (await search.search("harbour", Filters(kind="npc"))).hits


async def test_cleared_archived_and_removed_talk_is_respected(
    database: Database, search: Search
) -> None:
    archived, cleared, removed = [await new_thread(database) for _ in range(3)]
    for thread in (archived, cleared, removed):
        await say(database, thread.id, "the lantern")
    await database.write(
        lambda tx: conversations.update_conversation(tx, archived.id, archived_at=utc_now())
    )
    await database.write(lambda tx: clear_messages(tx, cleared.id, utc_now()))

    def remove(tx: Connection) -> None:
        tx.execute(
            conversations.conversations.update()
            .where(conversations.conversations.c.id == removed.id)
            .values(removed_at=utc_now())
        )

    await database.write(remove)
    assert not (await search.search("lantern")).hits
    found = await search.search("lantern", Filters(with_archived=True))
    assert [hit.conversation_id for hit in found.hits] == [archived.id]
    assert found.hits[0].is_archived


async def test_a_reply_is_found_once_it_has_ended(database: Database, search: Search) -> None:
    thread = await new_thread(database)

    def begin(tx: Connection) -> Message:
        chat = conversations.lock_conversation(tx, thread.id)
        return messages.add_message(
            tx,
            chat,
            message_id=new_id(),
            role="assistant",
            content="half a kraken",
            parent_id=None,
            status="streaming",
        )

    reply = await database.write(begin)
    assert not (await search.search("kraken")).hits
    await database.write(
        lambda tx: messages.write_streaming(
            tx, reply.id, content="a whole kraken, squid", status="complete"
        )
    )
    assert texts(await search.search("kraken squid")) == ["a whole kraken, squid"]


async def test_things_of_the_world_follow_their_edits(database: Database, search: Search) -> None:
    removal: Callable[..., str] = add_removal
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Saltmarsh"})
    npcs = Npcs(database, Changes(), removal)
    mira = await npcs.create(
        campaign.id,
        {"name": "Mira Voss", "aliases": ["Gull"], "secrets": [{"text": "smuggles opals"}]},
    )
    for query in ("mira", "gull", "opals", "saltm*"):
        assert [thing.id for thing in (await search.search(query)).things], query
    changed = await npcs.update(mira.id, mira.revision, {"background": "raised by otters"})
    otters = (await search.search("otters")).things
    assert [(thing.id, thing.is_gm_only) for thing in otters] == [(mira.id, False)]
    assert [thing.id for thing in (await search.search("opals")).things] == [mira.id]
    await npcs.remove(changed.id)
    assert not (await search.search("otters")).things


async def test_a_hit_opens_in_its_own_branch(database: Database, search: Search) -> None:
    thread = await new_thread(database)
    said = await say(database, thread.id, *(f"line {n}" for n in range(12)))

    def fork(tx: Connection) -> Message:
        chat = conversations.lock_conversation(tx, thread.id)
        return messages.add_message(
            tx, chat, message_id=new_id(), role="user", content="other way", parent_id=said[5].id
        )

    other = await database.write(fork)
    around = await search.open_hit(said[8].id, limit=5)
    assert not around.is_on_active_path
    assert around.branch_tip_id == said[11].id
    assert [m.content for m in around.messages] == [f"line {n}" for n in range(6, 11)]
    assert (around.has_older, around.has_newer) == (True, True)
    around = await search.open_hit(said[3].id, limit=100)
    assert around.is_on_active_path
    assert [m.content for m in around.messages] == [*(f"line {n}" for n in range(6)), "other way"]
    assert (around.has_older, around.has_newer) == (False, False)
    found = await search.search("line", limit=20)
    active = {hit.message_id: hit.is_on_active_path for hit in found.hits}
    assert active[said[8].id] is False and active[said[5].id] is True
    assert other.id == around.branch_tip_id


async def test_a_search_past_its_deadline_is_stopped_and_says_so(database: Database) -> None:
    search = Search(database, Indexing(database, Changes()), seconds=0.0)
    with pytest.raises(SearchTooSlow) as caught:
        await search.search("anything")
    assert caught.value.code == "search_too_slow"


@pytest.mark.parametrize("moment", ["0000", "2026-02-31", "2026-13", "yesterday", "2026-1-1", ""])
async def test_a_date_that_is_none_is_refused(search: Search, moment: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await search.search("word", Filters(since=moment))
    assert caught.value.code == "invalid_date"


@pytest.mark.parametrize("cursor", ["n", "b1|1.0", "n99999999999999999999", "n-1", "nonsense", ""])
async def test_a_place_that_is_none_is_refused(search: Search, cursor: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await search.search("word", before=cursor)
    assert caught.value.code == "invalid_cursor"
