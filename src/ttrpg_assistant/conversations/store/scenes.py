"""Rows of `scene_members`, and turns that several NPCs answer one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from ttrpg_assistant.conversations.model import SCENE, Conversation, PostedTurn
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.conversations.store.conversations import lock_conversation
from ttrpg_assistant.conversations.store.messages import (
    add_message,
    advanced,
    check_open,
    find_posted,
    get_message,
)
from ttrpg_assistant.conversations.store.turns import add_turn, find_first_attempt, get_edited
from ttrpg_assistant.conversations.tables import scene_members
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id

_c = scene_members.c


def add_scene(
    tx: Connection, npc_ids: Sequence[str], campaign_id: str, title: str | None
) -> Conversation:
    """A new scene with these NPCs, in the order in which they speak."""
    made = conversations.add_conversation(
        tx, "npc", id=new_id(), title=title, purpose=SCENE, campaign_id=campaign_id
    )
    tx.execute(
        insert(scene_members),
        [
            {"conversation_id": made.id, "npc_id": npc_id, "position": position}
            for position, npc_id in enumerate(npc_ids)
        ],
    )
    return made


def get_scene(tx: Connection, scene_id: str) -> Conversation:
    """The scene's conversation; `NotFound` when there is no such scene."""
    found = conversations.get_conversation(tx, scene_id, "npc")
    if not found.is_scene:
        raise NotFound("This scene does not exist.", code="conversation_not_found")
    return found


def list_members(tx: Connection, scene_id: str) -> list[str]:
    """The NPCs of a scene, in the order in which they speak."""
    rows = tx.execute(select(_c.npc_id).where(_c.conversation_id == scene_id).order_by(_c.position))
    return [row[0] for row in rows]


def find_posted_turns(
    tx: Connection, scene_id: str, message_id: str, content: str
) -> list[PostedTurn]:
    """What an earlier post of the same message stored; empty when it was not posted.

    Raises `Conflict` when the id belongs to other words.
    """
    said = find_posted(tx, message_id, scene_id, "user", content)
    found: list[PostedTurn] = []
    asked = said
    while said is not None and asked is not None:
        turn = find_first_attempt(tx, asked.id)
        if turn is None:
            break
        asked = get_message(tx, turn.assistant_message_id)
        found.append(PostedTurn(said, asked, turn, created=False))
    return found


def post_scene_turn(
    tx: Connection,
    scene_id: str,
    *,
    message_id: str,
    content: str,
    speakers: Sequence[str],
    audience: str | None,
    owner: str,
    replaces: str | None = None,
) -> list[PostedTurn]:
    """Store what was said and the places of the answers, one for each speaker, in order.

    Each answer follows the one before it, so that each NPC hears those who spoke first.
    With an `audience`, words and answers are that NPC's alone. `replaces` makes the words a
    sibling of earlier ones: an edit. Raises `InvalidInput` when those are not the user's.
    """
    conversation = lock_conversation(tx, scene_id)
    check_open(conversation)
    said = find_posted(tx, message_id, scene_id, "user", content)
    if said is None:
        parent_id = conversation.tip_message_id
        if replaces is not None:
            parent_id = get_edited(tx, scene_id, replaces, "as").parent_id
        said = add_message(
            tx,
            conversation,
            message_id=message_id,
            role="user",
            content=content,
            parent_id=parent_id,
            mode="as",
            audience_npc_id=audience,
        )
        conversation = advanced(tx, conversation, said)
    posted: list[PostedTurn] = []
    before = said
    for speaker in speakers:
        place = add_message(
            tx,
            conversation,
            message_id=new_id(),
            role="assistant",
            content="",
            parent_id=before.id,
            status="streaming",
            mode="as",
            speaker_npc_id=speaker,
            audience_npc_id=said.audience_npc_id,
        )
        conversation = advanced(tx, conversation, place)
        turn = add_turn(tx, before, scene_id, place.id, owner)
        posted.append(PostedTurn(said, place, turn, created=True))
        before = place
    return posted
