"""Talk through another program that is kept, because the program wished so."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.npc_conversations import NpcConversations
from ttrpg_assistant.conversations.store.conversations import find_conversation
from ttrpg_assistant.conversations.talk import NewMessage
from ttrpg_assistant.conversations.threads import NewThread, Threads
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.model_names import Speaker
from ttrpg_assistant.doors.talking import Asked, End, Piece
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import check_id
from ttrpg_assistant.storage.database import Database

NEW = "new"
TITLE_CHARACTERS = 200


class KeptTalk:
    """Conversations that hold what was said through a token."""

    def __init__(self, database: Database, npc_talk: NpcConversations, threads: Threads) -> None:
        self._database = database
        self._npc_talk = npc_talk
        self._threads = threads

    async def find(self, token: Token, speaker: Speaker, wanted: str) -> Conversation | None:
        """Where the talk is kept: nowhere, in a new conversation (`new`) or in the one of this id.
        Raises `NotFound` for one that is not with this speaker, in this campaign."""
        if not wanted:
            return None
        if wanted == NEW:
            return await self._begin(token, speaker)
        missing = NotFound("This conversation does not exist.", code="conversation_not_found")
        try:
            wanted = check_id(wanted)
        except InvalidInput:
            raise missing from None

        def work(tx: Connection) -> Conversation | None:
            return find_conversation(tx, wanted)

        found = await self._database.read(work)
        kind, npc_id = ("thread", None) if speaker.npc is None else ("npc", speaker.npc.id)
        own = (kind, token.campaign_id, npc_id)
        if found is None or (found.kind, found.campaign_id, found.npc_id) != own:
            raise missing
        if found.archived_at is not None or found.is_scene:
            raise missing
        return found

    async def keep(
        self,
        conversation: Conversation | None,
        asked: Asked,
        events: AsyncGenerator[Piece | End],
    ) -> AsyncGenerator[Piece | End]:
        """The answer as it comes; what was said and answered is stored before its end is told. Of
        an answer that failed or was left nothing is."""
        async with aclosing(events) as said:
            async for event in said:
                if isinstance(event, End) and conversation is not None:
                    await self._store(conversation, asked.talk[-1].content, event.text)
                yield event

    async def _begin(self, token: Token, speaker: Speaker) -> Conversation:
        if speaker.npc is None:
            title = cut_text(token.name, TITLE_CHARACTERS)
            return await self._threads.create(
                NewThread("general", campaign_id=token.campaign_id, title=title)
            )
        title = cut_text(f"{speaker.npc.name}: {token.name}", TITLE_CHARACTERS)
        return await self._npc_talk.create(speaker.npc.id, token.campaign_id, title)

    async def _store(self, conversation: Conversation, question: str, text: str) -> None:
        for message in (NewMessage("user", question), NewMessage("assistant", text)):
            if conversation.kind == "npc":
                spoken = NewMessage(message.role, message.content, mode="as")
                await self._npc_talk.add_message(conversation.id, spoken)
            else:
                await self._threads.add_message(conversation.id, message)
