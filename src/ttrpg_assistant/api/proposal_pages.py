"""Pages of messages with what each of them proposes and cites."""

from __future__ import annotations

import re
from typing import Any

from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.conversations.model import MessagePage

_FENCE = re.compile("```|~~~")


async def page_with_proposals(
    proposals: Proposals, page: MessagePage
) -> MessagePage | dict[str, Any]:
    """A page of messages, with what each of them proposes and cites where there is anything.

    Only a reply with a fenced block can propose, so most pages need no look.
    """
    may = [m for m in page.messages if m.role == "assistant" and _FENCE.search(m.content)]
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
