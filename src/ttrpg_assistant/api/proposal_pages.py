"""Messages as they are sent: with what is shown of each, and what each proposes and cites."""

from __future__ import annotations

import re
from typing import Any

from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.conversations.model import Message, MessagePage, PostedTurn

_MAY_PROPOSE = re.compile(r"```|~~~|\[\[")


def may_propose(message: Message) -> bool:
    """Whether there may be anything in a message that is not shown as it is: most have nothing."""
    return message.role == "assistant" and _MAY_PROPOSE.search(message.content) is not None


async def page_with_proposals(
    proposals: Proposals, page: MessagePage
) -> MessagePage | dict[str, Any]:
    """A page of messages, with what each of them proposes and cites where there is anything."""
    may = [message for message in page.messages if may_propose(message)]
    if not may:
        return page
    found = await proposals.of_messages(may)
    return {
        "messages": [found.with_proposals(message) for message in page.messages],
        "has_more": page.has_more,
        "next_cursor": page.next_cursor,
        "tip_message_id": page.tip_message_id,
        "siblings": page.siblings,
    }


async def wire_message(proposals: Proposals, message: Message) -> Message | dict[str, Any]:
    """A single message as it is sent."""
    if not may_propose(message):
        return message
    return (await proposals.of_messages([message])).with_proposals(message)


async def wire_turn(proposals: Proposals, posted: PostedTurn) -> dict[str, Any]:
    """A posted turn as it is sent. Of one that was posted before the answer may be there."""
    return {
        "user_message": posted.user_message,
        "assistant_message": await wire_message(proposals, posted.assistant_message),
    }
