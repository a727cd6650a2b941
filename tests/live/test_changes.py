"""Hints: told to everybody, replaced while a page is slow, ended with the server."""

from __future__ import annotations

import asyncio

from ttrpg_assistant.live.changes import Changes, Hint


async def test_a_slow_page_gets_only_the_newest_hint_about_each_thing() -> None:
    changes = Changes()
    following = changes.follow(30)
    first = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    changes.announce("conversation", {"id": "a", "seq": 1})
    changes.announce("conversation", {"id": "a", "seq": 2})
    changes.announce("conversation", {"id": "b", "seq": 7})
    assert await first == ("conversation", {"id": "a", "seq": 2})
    assert await anext(following) == ("conversation", {"id": "b", "seq": 7})


async def test_nothing_happening_is_said_too() -> None:
    assert await anext(Changes().follow(0.001)) is None


async def test_every_follower_ends_when_the_server_goes_down() -> None:
    changes = Changes()

    async def collect() -> list[Hint | None]:
        return [hint async for hint in changes.follow(30)]

    followers = [asyncio.create_task(collect()) for _ in range(3)]
    while changes.follower_count < 3:  # noqa: ASYNC110
        await asyncio.sleep(0)
    changes.close()
    assert await asyncio.gather(*followers) == [[], [], []]
    assert changes.follower_count == 0


async def test_a_follower_is_told_only_of_what_it_wants_and_woken_for_nothing_else() -> None:
    changes = Changes()
    looked_at: list[str] = []

    def is_wanted(hint: Hint) -> bool:
        looked_at.append(hint[0])
        return hint[0] == "models"

    following = changes.follow(0.05, is_wanted=is_wanted)
    waiting = asyncio.create_task(anext(following))
    await asyncio.sleep(0)
    changes.announce("conversation", {"id": "1"})
    changes.announce("models", {})
    assert await waiting == ("models", {})
    changes.announce("conversation", {"id": "2"})
    assert await anext(following) is None
    assert looked_at == ["conversation", "models", "conversation"]
    await following.aclose()
