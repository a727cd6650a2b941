"""Scenes: two to five NPCs in one talk, who answer in turn or when they are addressed.

Each answers from its own prompt: its own sheet, what it knows, and what it heard. What is said
aloud all hear; a whisper, and the answer to it, only the one it was meant for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import SCENE, Conversation, MessagePage, PostedTurn
from ttrpg_assistant.conversations.npc.checking import check_aside
from ttrpg_assistant.conversations.ports import Cast
from ttrpg_assistant.conversations.store import messages, paths, reading, scenes
from ttrpg_assistant.conversations.talk import Talk, hint_of
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

FEWEST, MOST = 2, 5
"""NPCs in a scene: fewer is a conversation, more is a crowd nobody can follow."""

LOOKED_BACK = 50
"""Messages searched for who spoke last."""


@dataclass(frozen=True, slots=True)
class SceneMember:
    """An NPC that takes part."""

    npc_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene and who takes part in it, in the order in which they speak."""

    conversation: Conversation
    members: list[SceneMember]


class Scenes:
    """What a game master does with several NPCs at once."""

    def __init__(
        self,
        database: Database,
        runner: TurnRunner,
        changes: Changes,
        check_input: Callable[[str], None],
        get_campaign_id: Callable[[Connection, str], str],
        cast: Cast,
    ) -> None:
        self._database = database
        self._runner = runner
        self._talk = Talk(database, changes, "npc")
        self._check_input = check_input
        self._get_campaign_id = get_campaign_id
        self._cast = cast

    async def create(self, npc_ids: Sequence[str], title: str | None = None) -> Scene:
        """A new scene. Raises `InvalidInput` unless two to five different NPCs of one campaign
        are named, `NotFound` when one of them is not there."""
        if len(set(npc_ids)) != len(npc_ids) or not FEWEST <= len(npc_ids) <= MOST:
            raise InvalidInput("A scene has two to five different NPCs.", code="scene_size")

        def work(tx: Connection) -> Scene:
            campaigns = {self._get_campaign_id(tx, npc_id) for npc_id in npc_ids}
            if len(campaigns) != 1:
                raise InvalidInput(
                    "The NPCs of a scene belong to one campaign.", code="scene_of_two_campaigns"
                )
            return self._scene(tx, scenes.add_scene(tx, npc_ids, campaigns.pop(), title))

        return await self._talk.write_told(work, lambda made: [hint_of(made.conversation)])

    async def get(self, scene_id: str) -> Scene:
        """Raises `NotFound`."""
        return await self._database.read(lambda tx: self._scene(tx, scenes.get_scene(tx, scene_id)))

    async def list_for_campaign(self, campaign_id: str) -> list[Scene]:
        """The campaign's scenes, the latest touched first."""
        page = await self._talk.list_page(
            limit=500, before=None, campaign_id=campaign_id, purpose=SCENE
        )
        return await self._database.read(
            lambda tx: [self._scene(tx, found) for found in page.conversations]
        )

    async def get_messages(
        self, scene_id: str, *, limit: int, before: int | None = None, after: int | None = None
    ) -> MessagePage:
        """A page of what was said, whispers too, oldest first. Raises `NotFound`."""

        def work(tx: Connection) -> MessagePage:
            found = scenes.get_scene(tx, scene_id)
            return paths.list_path(tx, found, limit=limit, before=before, after=after)

        return await self._database.read(work)

    async def mark_read(self, scene_id: str) -> int:
        """Every answer has been seen; returns how many were unread. Raises `NotFound`."""

        def work(tx: Connection) -> Conversation:
            found = scenes.get_scene(tx, scene_id)
            reading.mark_read(tx, found.id)
            return found

        read = await self._talk.write_told(
            work, lambda read: [hint_of(read)] if read.unread_count else []
        )
        return read.unread_count

    async def say(
        self,
        scene_id: str,
        *,
        message_id: str,
        content: str,
        answering: Sequence[str] | None = None,
        whisper_to: str | None = None,
        replaces: str | None = None,
    ) -> Sequence[PostedTurn]:
        """Say something in the scene; returns, once stored, a turn for each NPC that answers.

        Who answers: the one whispered to; else those in `answering`; else those the words
        name, in the order of naming; else the one whose turn it is. `replaces` is the message
        of the game master's that this one edits; an edit of a whisper is a whisper to the same
        one, unless it is said who is to answer aloud. Raises `Blocked` for what would take over
        an NPC, `InvalidInput` for one that takes no part, `NotFound`.
        """
        await check_aside(self._check_input, content)

        def post(tx: Connection, owner: str) -> Sequence[PostedTurn]:
            scene = scenes.get_scene(tx, scene_id)
            earlier = scenes.find_posted_turns(tx, scene_id, message_id, content)
            if earlier:
                return earlier
            before_id, audience = scene.tip_message_id, whisper_to
            if replaces is not None:
                edited = messages.get_replaced(tx, scene_id, replaces)
                before_id = edited.parent_id
                audience = audience or (None if answering else edited.audience_npc_id)
            return scenes.post_scene_turn(
                tx,
                scene_id,
                message_id=message_id,
                content=content,
                speakers=self._choose(tx, scene, content, answering, audience, before_id),
                audience=audience,
                owner=owner,
                replaces=replaces,
            )

        return await self._runner.run_posted(post)

    def _choose(
        self,
        tx: Connection,
        scene: Conversation,
        content: str,
        answering: Sequence[str] | None,
        whisper_to: str | None,
        before_id: str | None,
    ) -> list[str]:
        there = list(self._cast.name_npcs(tx, scenes.list_members(tx, scene.id)))
        if not there:
            raise NotFound("Nobody is left in this scene.", code="npc_not_found")
        asked = [whisper_to] if whisper_to is not None else list(dict.fromkeys(answering or ()))
        if any(npc_id not in there for npc_id in asked):
            raise InvalidInput("This NPC is not in the scene.", code="not_in_scene")
        addressed = asked or self._cast.find_addressed(tx, there, content)
        return addressed or [_next_in_turn(tx, before_id, there)]

    def _scene(self, tx: Connection, found: Conversation) -> Scene:
        names = self._cast.name_npcs(tx, scenes.list_members(tx, found.id))
        return Scene(found, [SceneMember(npc_id, name) for npc_id, name in names.items()])


def _next_in_turn(tx: Connection, before_id: str | None, there: Sequence[str]) -> str:
    """The one after whoever spoke aloud last, in the talk that ends with this message."""
    for message in paths.list_newest(tx, before_id, LOOKED_BACK):
        if message.speaker_npc_id in there and message.audience_npc_id is None:
            return there[(there.index(message.speaker_npc_id) + 1) % len(there)]
    return there[0]
