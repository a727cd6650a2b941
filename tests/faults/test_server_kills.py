"""The server dies, stops or freezes at the worst moments; who asks again gets the same."""

from __future__ import annotations

import signal

import httpx2
import pytest

from tests.faults.checker import MARK
from tests.faults.server import say
from tests.faults.table import Table, until
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session")]


async def say_until_taken(table: Table, message_id: str, content: str) -> httpx2.Response:
    """Post it again under its id until a living server answers."""
    async with table.client() as client:
        while True:
            try:
                answer = await say(client, table.chat_id, message_id, content)
            except httpx2.HTTPError:
                await table.server.wait_killed()
                await table.server.start()
                continue
            assert answer.status_code == 202, answer.text
            found: httpx2.Response = answer
            return found


@pytest.mark.parametrize("place", ["before_commit", "after_commit"])
async def test_rows_23_and_24_killed_at_the_commit_a_message_sent_again_is_there_once(
    table: Table, place: str
) -> None:
    """Counts that hit a commit of the start are passed over; the sweep ends when none hits."""
    hits = 0
    for number in range(1, 20):
        content = f"{place}{number}"
        await table.server.kill()
        try:
            await table.server.start(TTRPG_FAILPOINT=f"{place}:{number}")
        except AssertionError:
            continue  # killed before it listened
        lives = table.server.lives
        await say_until_taken(table, new_id(), content)
        hit = table.server.lives > lives
        if not hit:
            await table.server.restart()
        await table.wait_settled()
        assert table.said().count(content) == 1
        assert table.provider.calls[content] <= 1
        hits += hit
        if hits and not hit:
            break
    assert hits > 0


async def test_row_25_killed_in_mid_reply_what_was_checkpointed_stays_and_is_marked_once(
    table: Table,
) -> None:
    table.provider.words = 200
    table.provider.script = {"stalls": (120,)}
    async with table.client() as client:
        posted = (await say(client, table.chat_id, new_id(), "one")).json()
    message_id = posted["assistant_message"]["id"]
    await table.provider.wait_stalled()
    said = table.provider.count_sent("one")
    sql = "SELECT length(content) FROM messages WHERE id = ?"
    await until(lambda: table.rows(sql, message_id)[0][0] == said)
    await table.server.restart(TTRPG_FAILPOINT="reply_text:1")
    for _ in range(2):
        stored = (await table.wait_settled())[-1]
        assert stored["status"] == "interrupted"
        assert stored["content"] == f"{table.answer('one')[:said]}\n\n{MARK}"
        await table.server.restart()


@pytest.mark.parametrize("token", [1, 4, 12])
async def test_row_25_killed_at_any_token_the_reply_is_a_beginning_of_what_was_said(
    table: Table, token: int
) -> None:
    table.provider.words, table.provider.pace = 60, 200.0
    await table.server.restart(TTRPG_FAILPOINT=f"reply_text:{token}")
    async with table.client() as client:
        await say(client, table.chat_id, new_id(), f"token{token}")
        await table.server.wait_killed()
    await table.server.start()
    stored = (await table.wait_settled())[-1]
    assert stored["status"] == "interrupted"
    assert stored["content"].count(MARK) == 1
    text = stored["content"].removesuffix(MARK).removesuffix("\n\n")
    assert table.answer(f"token{token}").startswith(text)
    assert table.provider.calls[f"token{token}"] == 1


@pytest.mark.parametrize("place", ["before_finalise", "after_finalise"])
async def test_row_26_killed_at_the_end_of_a_reply_it_is_whole_or_interrupted_never_both(
    table: Table, place: str
) -> None:
    await table.server.restart(TTRPG_FAILPOINT=f"{place}:1")
    async with table.client() as client:
        await say(client, table.chat_id, new_id(), place)
        await table.server.wait_killed()
    await table.server.start()
    stored = (await table.wait_settled())[-1]
    whole = table.answer(place)
    if place == "after_finalise":
        assert (stored["status"], stored["content"]) == ("complete", whole)
    else:
        assert stored["status"] == "interrupted"
        assert stored["content"].count(MARK) == 1
        assert whole.startswith(stored["content"].removesuffix(MARK).rstrip("\n"))
    states = table.rows("SELECT state FROM turns WHERE conversation_id = ?", table.chat_id)
    assert states == [(stored["status"],)]


async def test_row_27_told_to_stop_it_keeps_the_text_of_every_reply_and_goes(
    table: Table,
) -> None:
    table.provider.script = {"stalls": (4,)}
    async with table.client() as client:
        ids = []
        for number in range(5):
            made = await client.post("/api/threads", json={"purpose": "general"})
            thread = made.json()["id"]
            body = {"message_id": new_id(), "content": f"thread{number}"}
            said = await client.post(f"/api/threads/{thread}/turns", json=body)
            ids.append((said.json()["assistant_message"]["id"], f"thread{number}"))
        for _, content in ids:
            await until(lambda content=content: table.provider.count_sent(content) > 0)
        sql = "SELECT count(*) FROM messages WHERE status = 'streaming' AND length(content) > 0"
        await until(lambda: table.rows(sql)[0][0] == 5)
        assert await table.server.stop() == 0
    for message_id, content in ids:
        row = table.rows("SELECT status, content FROM messages WHERE id = ?", message_id)[0]
        kept = f"{''.join(f'{content}#{number} ' for number in range(4))}\n\n{MARK}"
        assert row == ("interrupted", kept)
    assert table.rows("SELECT count(*) FROM turns WHERE state = 'running'") == [(0,)]


async def test_row_28_a_server_that_froze_and_woke_up_has_each_message_once(table: Table) -> None:
    message_id = new_id()
    table.server.send(signal.SIGSTOP)
    try:
        async with table.client(timeout=0.5) as impatient:
            for _ in range(3):
                with pytest.raises(httpx2.TimeoutException):
                    await say(impatient, table.chat_id, message_id, "one")
    finally:
        table.server.send(signal.SIGCONT)
    async with table.client() as client:
        answer = await say(client, table.chat_id, message_id, "one")
        assert answer.status_code == 202
    await table.wait_settled()
    table.check_once("one")


async def test_row_32_a_caller_that_hangs_up_at_any_byte_changes_nothing_but_its_own_answer(
    table: Table,
) -> None:
    contents = []
    async with table.client() as client:
        for number, size in enumerate((10, 200, 300, 330, 360, 400)):
            message_id, content = new_id(), f"hangs-up-{number}"
            table.proxy.rule(r"POST .*/turns", cut_request=size)
            with pytest.raises(httpx2.HTTPError):
                await say(client, table.chat_id, message_id, content)
            answer = await say(client, table.chat_id, message_id, content)
            assert answer.status_code == 202
            contents.append(content)
        for number, size in enumerate((1, 60, 500)):
            message_id, content = new_id(), f"does-not-listen-{number}"
            table.proxy.rule(r"POST .*/turns", cut_bytes=size)
            with pytest.raises(httpx2.HTTPError):
                await say(client, table.chat_id, message_id, content)
            contents.append(content)
    await table.wait_settled()
    table.check_once(*contents)
