"""The talk of the sample campaign: stored with it, hidden with it, brought back with it.

It stands between rooms that do not know each other: the campaigns room has the words,
the conversations room keeps them, the suggestions room reads what they propose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.sample import (
    SAMPLE_CAMPAIGN_ID,
    SampleConversation,
    SampleTalk,
    read_sample_talk,
)
from ttrpg_assistant.conversations.removals import Restore
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.suggestions.parse import parse_reply
from ttrpg_assistant.suggestions.reader import store_parsed

CAMPAIGN_REMOVED = "campaign_removed"


def add_sample_talk(tx: Connection, talk: SampleTalk) -> None:
    """Store the sample's chat and thread once; what was hidden comes back as it was left.

    The chat is kept among the past ones: it must not take the place of the chat in use.
    """
    _add(tx, "chat", talk.chat)
    _add(tx, "thread", talk.thread)


def hide_sample_talk(tx: Connection) -> None:
    """Hide the sample's talk, unless a game master has gone on with it: that is theirs."""
    talk = read_sample_talk()
    for sample in (talk.chat, talk.thread):
        found = conversations.find_conversation(tx, sample.id)
        if found is not None and found.next_seq <= len(sample.messages) + 1:
            conversations.hide_conversation(tx, sample.id, utc_now())


def with_sample_talk(restorers: Mapping[str, Restore]) -> dict[str, Restore]:
    """The restorers, where bringing the sample campaign back brings its talk back."""
    restore_campaign = restorers[CAMPAIGN_REMOVED]

    def restore(tx: Connection, subject_id: str, details: dict[str, Any]) -> int:
        restored = restore_campaign(tx, subject_id, details)
        if subject_id == SAMPLE_CAMPAIGN_ID:
            add_sample_talk(tx, read_sample_talk())
        return restored

    return {**restorers, CAMPAIGN_REMOVED: restore}


def _add(tx: Connection, kind: str, sample: SampleConversation) -> None:
    if conversations.show_conversation(tx, sample.id):
        return
    is_chat = kind == "chat"
    conversations.add_conversation(
        tx,
        "chat" if is_chat else "thread",
        id=sample.id,
        title=sample.title,
        purpose=sample.purpose,
        campaign_id=sample.campaign_id,
        game_session_id=sample.game_session_id,
        archived_at=utc_now() if is_chat else None,
    )
    conversation = conversations.lock_conversation(tx, sample.id)
    for said in sample.messages:
        added = messages.add_message(
            tx,
            conversation,
            message_id=said.id,
            role=said.role,
            content=said.content,
            parent_id=conversation.tip_message_id,
            origin="sample",
        )
        conversation = messages.advanced(tx, conversation, added)
        if said.role == "assistant":
            # What the sample's planning proposes waits to be accepted, like any other proposal.
            store_parsed(tx, added, parse_reply(said.content))
    conversations.update_conversation(tx, sample.id, unread_count=0)
