"""One conversation as Markdown, for people, or as JSON Lines, for programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Literal

import msgspec

from ttrpg_assistant.archives.store import talk_rows
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.storage.database import Database

TalkFormat = Literal["markdown", "jsonl"]
PAGE = 500

_encode = msgspec.json.Encoder().encode
_SPEAKERS = {"user": "Game master", "assistant": "Assistant", "system": "Note"}


class TalkFiles:
    """Reads conversations out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_title(self, conversation_id: str) -> str:
        """What the file is called. Raises `NotFound`."""
        found = await self._database.read(lambda tx: get_conversation(tx, conversation_id))
        return _title(found)

    async def write_markdown(self, conversation_id: str) -> AsyncIterator[bytes]:
        """The active path, as a page of text."""
        conversation, said = await self._database.read(
            lambda tx: talk_rows.list_said(tx, conversation_id)
        )
        for piece in _markdown(conversation, said):
            yield piece.encode()

    async def write_jsonl(self, conversation_id: str) -> AsyncIterator[bytes]:
        """Every message of every branch, one a line: the fields of a message on the wire."""
        conversation = await self._database.read(lambda tx: get_conversation(tx, conversation_id))
        yield _encode({"conversation": msgspec.to_builtins(conversation)}) + b"\n"
        after = 0
        while True:
            page = await self._read_page(conversation_id, after)
            yield b"".join(_encode(message) + b"\n" for message in page)
            if len(page) < PAGE:
                return
            after = page[-1].seq

    async def _read_page(self, conversation_id: str, after: int) -> list[Message]:
        return await self._database.read(
            lambda tx: talk_rows.list_everything_said(tx, conversation_id, after, PAGE)
        )


def _title(conversation: Conversation) -> str:
    return conversation.title or f"{conversation.kind} {conversation.created_at[:10]}"


def _markdown(conversation: Conversation, said: list[Message]) -> Iterator[str]:
    yield f"# {_title(conversation)}\n"
    for message in said:
        moment = message.created_at[:16].replace("T", " ")
        marks = "" if message.status == "complete" else f" · {message.status}"
        yield f"\n**{_SPEAKERS[message.role]}** · {moment} UTC{marks}\n\n{message.content}\n"
