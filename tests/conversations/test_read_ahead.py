"""What is read while a question is being stored is what would be read afterwards, whether its
commit came first or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.conversations.runner_table import PATIENCE_SECONDS, ServerTable
from tests.conversations.summary_table import OneModel
from tests.conversations.test_reused_prompts import ABOUT_HER, AT_THE_TABLE, TO_HER, open_talk
from tests.running import Running, running
from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.gathered import Gathered
from ttrpg_assistant.conversations.model import PostedTurn, Question, Turn
from ttrpg_assistant.conversations.read_ahead import ReadAhead, _Begun
from ttrpg_assistant.errors import NotFound, PersistenceUnavailable
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage.database import Database

Compared = list[tuple[bool, bool]]
"""Of each prompt: whether it was read ahead, and whether it is the same read afterwards."""


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    """Builds each prompt twice."""
    found: Compared = []
    build = ConversationContext.build

    async def build_both(
        self: ConversationContext, turn: Turn, answerer: Answerer, ahead: Gathered | None = None
    ) -> BuiltPrompt:
        afterwards = await build(self, turn, answerer)
        made = await build(self, turn, answerer, ahead)
        found.append((ahead is not None, made == afterwards))
        return made

    monkeypatch.setattr(ConversationContext, "build", build_both)
    return found


@pytest.fixture
def read_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question is stored after all that bears on it was read."""

    async def read_during(self: ReadAhead, question: Question, store: Any) -> PostedTurn:
        read = asyncio.create_task(self._read(question))
        await asyncio.wait({read})
        posted: PostedTurn = await store(lambda posted: posted)
        self._begun[question.answer_id] = _Begun(read, posted.user_message)
        return posted

    monkeypatch.setattr(ReadAhead, "read_during", read_during)


async def ask(app: Running, path: str, content: str, **more: Any) -> Any:
    body = {"message_id": new_id(), "content": content, **more}
    await app.services.indexing.catch_up()  # or it would be indexed between the two readings
    posted = await app.post(path, body, status=202)
    return await app.read_reply(posted["assistant_message"]["id"])


@pytest.mark.parametrize("comes_first", ["reading", "storing"])
@pytest.mark.parametrize("kind", ["chat", "thread", "about", "as", "no campaign"])
async def test_every_kind_of_talk_is_read_ahead_with_the_same_prompt(
    tmp_path: Path,
    compared: Compared,
    kind: str,
    comes_first: str,
    request: pytest.FixtureRequest,
) -> None:
    if comes_first == "reading":
        request.getfixturevalue("read_first")
    said = {"about": ABOUT_HER, "as": TO_HER}.get(kind, AT_THE_TABLE)[:5]
    async with running(tmp_path, [ScriptedProvider(default=["On ", "the quay."])]) as app:
        if kind != "no campaign":
            await app.post("/api/sample-campaign")
        path, more = await open_talk(app, kind)
        for words in said:
            await ask(app, path, words, **more)
    assert compared == [(True, True)] * len(said)


@pytest.mark.usefixtures("read_first")
async def test_a_roll_that_is_asked_for_is_rolled_once(tmp_path: Path, compared: Compared) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["A heron."])]) as app:
        made = await app.post("/api/campaigns", {"name": "The Marsh"})
        entries = "\n".join(f"{number} beast {number}" for number in range(1, 101))
        fields = {"name": "Beasts", "dice": "1d100", "entries": entries}
        await app.post(f"/api/campaigns/{made['id']}/things/random_table", {"fields": fields})
        chat = await app.post("/api/chat-sessions/active", {"campaign_id": made["id"]})
        for _ in range(3):
            path = f"/api/chat-sessions/{chat['id']}/turns"
            await ask(app, path, "Please roll on Beasts", asked_under={"campaign_id": made["id"]})
    assert compared == [(True, True)] * 3


@pytest.mark.usefixtures("read_first")
async def test_talk_that_goes_on_from_an_earlier_message_has_its_own_path(
    tmp_path: Path, compared: Compared
) -> None:
    model = ScriptedProvider(default=["On the quay."])
    async with running(tmp_path, [model]) as app:
        body = {"purpose": "session_planning"}
        thread = (await app.post("/api/threads", body, status=201))["id"]
        path = f"/api/threads/{thread}/turns"
        first = await ask(app, path, "Where is the opal?")
        await app.post(f"/api/replies/{first['id']}/regenerate", status=202)
        said = (await app.get(f"/api/threads/{thread}/messages"))["messages"]
        await app.read_reply(said[-1]["id"])
        await ask(app, path, "Where was the opal?", replaces=said[0]["id"])
        await ask(app, path, "Who has it now?")
        branch = await app.post(
            f"/api/threads/{thread}/branch", {"message_id": first["id"]}, status=201
        )
        await ask(app, f"/api/threads/{branch['id']}/turns", "And if it were lost?")
        await ask(app, f"/api/threads/{branch['id']}/turns", "Who would look for it?")
    assert [same for _, same in compared] == [True] * len(compared)
    assert [ahead for ahead, _ in compared] == [True, False, False, True, False, True]


class Held(ConversationContext):
    """Reads ahead only when it may, and notes what it was given for each prompt."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.may_read, self.reading, self.given_up = (asyncio.Event() for _ in range(3))
        self.given: list[bool] = []

    async def read_ahead(self, question: Question, answerer: Answerer) -> Gathered | None:
        self.reading.set()
        try:
            await self.may_read.wait()
        except asyncio.CancelledError:
            self.given_up.set()
            raise
        return await super().read_ahead(question, answerer)

    async def build(
        self, turn: Turn, answerer: Answerer, ahead: Gathered | None = None
    ) -> BuiltPrompt:
        self.given.append(ahead is not None)
        return await super().build(turn, answerer, ahead)


async def test_what_is_read_after_the_question_was_stored_is_used_too(database: Database) -> None:
    context = Held(database)
    table = ServerTable(database, context=context)
    table.model.enqueue(["Below the mill."])
    chat = await table.open_chat()
    posted = await table.say(chat, "Where is the opal?")
    context.may_read.set()
    assert (await table.wait_for(posted)).status == "complete"
    assert context.given == [True]
    await table.runner.close()


async def test_nothing_is_read_for_a_question_that_cannot_be_stored(database: Database) -> None:
    context = Held(database)
    table = ServerTable(database, context=context)
    with pytest.raises(NotFound):
        await table.runner.post(new_id(), message_id=new_id(), content="Where is the opal?")
    assert not context.reading.is_set()


async def test_reading_ahead_ends_with_a_commit_that_fails(database: Database) -> None:
    context = Held(database)
    table = ServerTable(database)
    chat = await table.open_chat()
    posted = await table.post_elsewhere(chat, "Where is the opal?")
    said, answer = posted.user_message, posted.assistant_message
    model = AnsweringModel(OneModel(table.model), lambda: "scripted:scripted")

    async def store(about_to_commit: Callable[[PostedTurn], PostedTurn]) -> PostedTurn:
        about_to_commit(posted)
        await context.reading.wait()
        raise PersistenceUnavailable("The disk is full.")

    with pytest.raises(PersistenceUnavailable):
        question = Question(chat, said.id, answer.id, said.content)
        await ReadAhead(model, context).read_during(question, store)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await context.given_up.wait()
    await table.runner.close()


async def test_stop_ends_reading_ahead_too(database: Database) -> None:
    context = Held(database)
    table = ServerTable(database, context=context)
    posted = await table.say(await table.open_chat(), "Where is the opal?")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await context.reading.wait()
        stopped = await table.runner.stop(posted.assistant_message.id)
        await context.given_up.wait()
    assert stopped.status == "stopped"
    await table.runner.close()


async def test_an_answer_that_ends_meanwhile_is_in_the_next_prompt(database: Database) -> None:
    table = ServerTable(database)
    for _ in range(6):
        table.model.enqueue(["It is below ", "the mill."])
    chat = await table.open_chat()
    posted = [await table.say(chat, f"Where is opal {number}?") for number in range(6)]
    for one in posted:
        await table.wait_for(one)
    for number, request in enumerate(table.model.history):
        answers = [one.content for one in request.messages if one.role == "assistant"]
        assert answers == ["It is below the mill."] * number
    await table.runner.close()


class Broken(ConversationContext):
    """Has a bug in what it reads ahead."""

    async def read_ahead(self, question: Question, answerer: Answerer) -> Gathered | None:
        raise ZeroDivisionError


async def test_a_bug_in_what_nobody_takes_is_in_the_log(database: Database) -> None:
    table = ServerTable(database)
    posted = await table.post_elsewhere(await table.open_chat(), "Where is the opal?")
    said, answer = posted.user_message, posted.assistant_message
    model = AnsweringModel(OneModel(table.model), lambda: "scripted:scripted")

    async def store(about_to_commit: Callable[[PostedTurn], PostedTurn]) -> PostedTurn:
        about_to_commit(posted)
        for _ in range(5):
            await asyncio.sleep(0)  # a few steps of the loop: it is read, and fails
        raise PersistenceUnavailable("The disk is full.")

    question = Question(said.conversation_id, said.id, answer.id, said.content)
    with capture_logs() as logged:
        with pytest.raises(PersistenceUnavailable):
            await ReadAhead(model, Broken(database)).read_during(question, store)
        await asyncio.sleep(0)
    assert [one["event"] for one in logged] == ["ahead.broke"]
    await table.runner.close()


async def test_nothing_is_read_for_a_caller_who_has_gone(database: Database) -> None:
    context = Held(database)
    table = ServerTable(database)
    posted = await table.post_elsewhere(await table.open_chat(), "Where is the opal?")
    said, answer = posted.user_message, posted.assistant_message
    ahead = ReadAhead(AnsweringModel(OneModel(table.model), lambda: "scripted:scripted"), context)
    commits: list[Callable[[PostedTurn], PostedTurn]] = []

    async def store(about_to_commit: Callable[[PostedTurn], PostedTurn]) -> PostedTurn:
        commits.append(about_to_commit)
        return await asyncio.get_running_loop().create_future()

    question = Question(said.conversation_id, said.id, answer.id, said.content)
    storing = asyncio.create_task(ahead.read_during(question, store))
    await asyncio.sleep(0)
    storing.cancel()
    await asyncio.wait({storing})
    commits[0](posted)  # a write goes on without its caller
    for _ in range(3):
        await asyncio.sleep(0)
    assert not context.reading.is_set()
    await table.runner.close()
