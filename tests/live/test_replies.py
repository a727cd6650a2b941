"""Following a reply while it is written: offsets, joins, ends."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.live.replies import LiveReplies, LiveReply
from ttrpg_assistant.live.reply_events import (
    PhaseChanged,
    ReplyEnded,
    Rewritten,
    StatusSaid,
    TextAdded,
)


async def collect(reply: LiveReply, offset: int = 0) -> str:
    text = ""
    async for said in reply.follow(offset):
        if isinstance(said, TextAdded):
            text += said.text
            assert said.offset == offset + len(text)
    return text


async def test_a_follower_gets_every_character_and_the_end() -> None:
    reply = LiveReply("m")
    following = asyncio.create_task(collect(reply))
    for word in ("The ", "gate ", "is ", "shut."):
        reply.append(word)
        await asyncio.sleep(0)
    reply.end("stored")
    assert await following == "The gate is shut."


async def test_a_follower_who_joins_late_gets_what_is_missing() -> None:
    reply = LiveReply("m")
    reply.append("The gate ")
    following = asyncio.create_task(collect(reply, offset=4))
    reply.append("is shut.")
    reply.end("stored")
    assert await following == "gate is shut."


async def test_what_is_said_about_a_reply_reaches_its_followers_before_its_end() -> None:
    reply = LiveReply("m")
    reply.append("a")
    reply.say_status("streaming", "persistence_unavailable", "Messages cannot be saved.")
    reply.end("stored")
    heard = [said async for said in reply.follow(0)]
    assert [type(said) for said in heard] == [TextAdded, StatusSaid, ReplyEnded]


async def test_an_ended_reply_is_forgotten_and_opening_twice_is_one_reply() -> None:
    replies = LiveReplies()
    assert replies.open("m") is replies.open("m")
    replies.close("m")
    assert replies.find("m") is None


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20),
    cut_after=st.integers(min_value=0, max_value=20),
)
async def test_a_cut_after_any_event_and_a_resume_give_the_same_text(
    pieces: list[str], cut_after: int
) -> None:
    reply = LiveReply("m")

    async def follow_and_cut() -> str:
        text, events = "", 0
        following = reply.follow(0)
        async for said in following:
            if isinstance(said, TextAdded):
                text += said.text
            events += 1
            if events > cut_after:
                await following.aclose()  # type: ignore[attr-defined]
                return text + await collect(reply, len(text))
        return text

    cut = asyncio.create_task(follow_and_cut())
    whole = asyncio.create_task(collect(reply))
    for piece in pieces:
        reply.append(piece)
        await asyncio.sleep(0)
    reply.end("stored")
    assert await cut == await whole == "".join(pieces)


async def test_a_follower_begins_anew_when_what_was_said_turns_out_to_be_thinking() -> None:
    reply = LiveReply("m")
    reply.begin_after("Earlier. ")
    following = reply.follow(0)
    reply.append("She is the ")
    first = await anext(following)
    reply.take_back_text("thief.")
    reply.append("Aye.")
    reply.end("stored")
    rest = [said async for said in following]
    assert first == TextAdded("Earlier. She is the ", 20)
    assert [type(said) for said in rest] == [Rewritten, ReplyEnded]
    told = rest[0]
    assert isinstance(told, Rewritten)
    assert (told.text, told.reasoning) == ("Earlier. Aye.", "She is the thief.")
    assert (reply.text, reply.reasoning, reply.added_length) == (
        "Earlier. Aye.",
        "She is the thief.",
        4,
    )


async def test_thinking_that_turns_out_to_be_the_answer_is_no_thinking() -> None:
    reply = LiveReply("m")
    reply.think("Aye, come in.")
    reply.append(reply.take_back_thinking())
    assert (reply.text, reply.reasoning, reply.reasoning_seconds) == ("Aye, come in.", "", 0.0)
    reply.end("stored")
    heard = [type(said) async for said in reply.follow(0)]
    assert heard == [PhaseChanged, TextAdded, ReplyEnded]
