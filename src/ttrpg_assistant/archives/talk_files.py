"""Talk as Markdown, for people, or as JSON Lines, for programs: one conversation, or a campaign's.

Everything is read and told a page at a time, so that the length of the talk costs time and not
memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Literal

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.archives.store import talk_rows
from ttrpg_assistant.archives.talk_formats.own_markdown import (
    CONVERSATION_MARK,
    escape_lines,
    spell_comment,
)
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.llm.readable import readable
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

        def work(tx: Connection) -> str:
            found = get_conversation(tx, conversation_id)
            return _title(found, _read_names(found, [], tx))

        return await self._database.read(work)

    async def list_of_campaign(self, campaign_id: str) -> tuple[str, list[str]]:
        """The name of a campaign and its conversations, in the order they began. Raises
        `NotFound`."""

        def work(tx: Connection) -> tuple[str, list[str]]:
            ids = talk_rows.list_campaign_talk(tx, campaign_id)
            return talk_rows.find_campaign_name(tx, campaign_id) or "", ids

        return await self._database.read(work)

    async def write_all(self, ids: list[str], spelled: TalkFormat) -> AsyncIterator[bytes]:
        """Several conversations, one after another. What was removed meanwhile is passed over."""
        for id in ids:
            try:
                async for piece in self.write(id, spelled):
                    yield piece
            except NotFound:
                continue
            if spelled == "markdown":
                yield b"\n\n"

    def write(self, conversation_id: str, spelled: TalkFormat) -> AsyncIterator[bytes]:
        """One conversation: as Markdown its active path, as JSON Lines every branch."""
        if spelled == "markdown":
            return self.write_markdown(conversation_id)
        return self.write_jsonl(conversation_id)

    async def write_markdown(self, conversation_id: str) -> AsyncIterator[bytes]:
        """The active path, as a page of text."""

        def begin(tx: Connection) -> tuple[Conversation, list[str], str]:
            conversation = get_conversation(tx, conversation_id)
            title = _title(conversation, _read_names(conversation, [], tx))
            return conversation, talk_rows.list_path_ids(tx, conversation), title

        conversation, ids, title = await self._database.read(begin)
        yield f"# {title}\n{CONVERSATION_MARK}\n".encode()
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            said, names = await self._database.read(partial(_read_said, conversation, page))
            yield "".join(_spell(message, conversation, names) for message in said).encode()

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


def _read_said(
    conversation: Conversation, ids: list[str], tx: Connection
) -> tuple[list[Message], dict[str, str]]:
    said = talk_rows.list_said(tx, ids)
    return said, _read_names(conversation, said, tx)


def _read_names(conversation: Conversation, said: list[Message], tx: Connection) -> dict[str, str]:
    ids = {conversation.npc_id}
    for one in said:
        ids |= {one.speaker_npc_id, one.audience_npc_id}
    ids.discard(None)
    return talk_rows.list_npc_names(tx, [id for id in ids if id]) if ids else {}


def _title(conversation: Conversation, names: Mapping[str, str]) -> str:
    if conversation.title:
        return conversation.title
    name = names.get(conversation.npc_id or "", conversation.kind)
    return f"{name} {conversation.created_at[:10]}"


def _speaker(message: Message, conversation: Conversation, names: Mapping[str, str]) -> str:
    """Who said it, to whom or about whom."""
    speaker = _SPEAKERS[message.role]
    if conversation.kind != "npc" or message.role == "system":
        return speaker
    npc = names.get(conversation.npc_id or "", "an NPC")
    if message.mode == "about" and not conversation.is_scene:
        return f"{speaker}, about {npc}"
    if message.role == "assistant":
        voice = names.get(message.speaker_npc_id or conversation.npc_id or "", "An NPC")
        return f"{voice}, to the game master alone" if message.audience_npc_id else voice
    if message.audience_npc_id:
        return f"{speaker}, to {names.get(message.audience_npc_id, 'an NPC')} alone"
    return f"{speaker}, to {'all' if conversation.is_scene else npc}"


def _spell(message: Message, conversation: Conversation, names: Mapping[str, str]) -> str:
    speaker = _speaker(message, conversation, names)
    moment = message.created_at[:16].replace("T", " ")
    marks = "" if message.status == "complete" else f" · {message.status}"
    # For people: what is proposed is said in words. JSON Lines keep what the model wrote.
    text = readable(message.content) if message.role == "assistant" else message.content
    comment = spell_comment(message.role, message.created_at)
    return f"\n**{speaker}** · {moment} UTC{marks} {comment}\n\n{escape_lines(text)}\n"
