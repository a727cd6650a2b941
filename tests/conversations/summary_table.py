"""Talk that outgrows a small model, and who summarises it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.model import Conversation, Message, Mode
from ttrpg_assistant.conversations.store import conversations, messages, paths, summaries
from ttrpg_assistant.conversations.summaries.making import SummaryMaker
from ttrpg_assistant.conversations.summaries.model import Listener, StoredSummary
from ttrpg_assistant.conversations.summaries.remembering import remember
from ttrpg_assistant.conversations.summaries.summaries import Summaries
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage.database import Database

SMALL_CONTEXT = 1_200
"""Tokens: about twenty short messages stand in a prompt, and everything else does not."""

EVERYBODY = Listener()


class Names:
    """A cast that is only asked for names."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names = dict(names or {})
        self.said_names: list[str] = []

    def name_npcs(self, tx: Connection, npc_ids: Sequence[str]) -> Mapping[str, str]:
        return {id: self.names[id] for id in npc_ids if id in self.names}

    def list_names_said(
        self, tx: Connection, campaign_id: str, texts: Sequence[str]
    ) -> Mapping[str, int]:
        return Counter(name for name in self.said_names for text in texts if name in text)

    def find_addressed(self, tx: Connection, npc_ids: Sequence[str], text: str) -> list[str]:
        return []


class OneModel:
    """Every choice is this provider."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def get_provider(self, choice: str) -> tuple[Provider, str]:
        return self.provider, "scripted"


class Memory:
    """A database, its summaries, and the model that makes them."""

    def __init__(
        self,
        database: Database,
        model: ScriptedProvider | None = None,
        *,
        choice: str = "scripted:scripted",
        is_busy: Callable[[], bool] = lambda: False,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.database = database
        default = ["They spoke."]
        self.model = model or ScriptedProvider(default=default, context_tokens=SMALL_CONTEXT)
        self.cast = cast = Names(names)
        answering = AnsweringModel(OneModel(self.model), lambda: choice)
        self.maker = SummaryMaker(database, Changes(), answering, cast, is_busy)
        self.service = Summaries(database, Changes(), self.maker, cast)

    async def new_thread(self, **values: object) -> Conversation:
        return await self.database.write(
            lambda tx: conversations.add_conversation(tx, "thread", purpose="general", **values)
        )

    async def say(
        self,
        conversation_id: str,
        texts: Sequence[str],
        mode: Mode | None = None,
        **values: object,
    ) -> list[Message]:
        def work(tx: Connection) -> list[Message]:
            return [
                messages.post_message(
                    tx,
                    conversation_id,
                    message_id=new_id(),
                    role="user" if number % 2 == 0 else "assistant",
                    content=text,
                    mode=mode,
                    **values,
                )[0]
                for number, text in enumerate(texts)
            ]

        return await self.database.write(work)

    async def list_all(self, conversation_id: str) -> list[StoredSummary]:
        """What covers the older talk, newest first."""
        return (await self.service.list_remembered(conversation_id)).summaries

    async def remember(
        self, conversation_id: str, read: int, listener: Listener = EVERYBODY
    ) -> list[str]:
        """The texts a prompt would be told that read so many of the newest messages."""

        def work(tx: Connection) -> list[str]:
            conversation = conversations.get_conversation(tx, conversation_id)
            earlier = paths.list_newest(tx, conversation.tip_message_id, read)
            found = remember(tx, earlier, frozenset(), listener)
            return [] if found is None else [part.text for part in found.parts]

        return await self.database.read(work)

    async def count(self) -> int:
        return await self.database.read(
            lambda tx: tx.exec_driver_sql("SELECT count(*) FROM summaries").scalar_one()
        )


def lines(
    first: int, last: int, what: str = "On day {n} they walked on through the marsh."
) -> list[str]:
    return [what.format(n=n) for n in range(first, last + 1)]


def end_of(summary: StoredSummary, said: Sequence[Message]) -> int:
    """Which of the messages a summary ends with, counted from 1."""
    return [one.id for one in said].index(summary.last_message_id) + 1


__all__ = ["Memory", "Names", "end_of", "lines", "summaries"]
