"""What the four tools that propose have in common: one id, the one `propose`, an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import Arguments, Parameter, ToolServices
from ttrpg_assistant.doors.tools.repeating import find_id
from ttrpg_assistant.doors.tools.wording import cite, one_line
from ttrpg_assistant.suggestions.outside import OutsideProposal

WHY = Parameter("why")
OWN_ID = Parameter("id")

_WAITING = "It waits for the game master, who alone accepts it."
_BECAME = {
    "accepted": "The game master accepted it.",
    "partly_accepted": "The game master accepted a part of it.",
    "rejected": "The game master rejected it.",
    "undone": "The game master took it back after accepting it.",
}


async def propose(
    services: ToolServices,
    token: Token,
    given: Arguments,
    kind: str,
    fields: Mapping[str, Any],
    target: str | None = None,
) -> str:
    """Propose it; what was proposed before is not proposed again, and what became of it is said."""
    why, revision = given.get("why", ""), given.get("revision")
    own = find_id(token, given.get("id"), kind, target, fields)
    asked = OutsideProposal(own, kind, fields, target, why, revision, "")
    made = await services.proposals.propose(token, asked)
    became = _BECAME.get(made.status, _WAITING)
    return f"Proposed: {one_line(made.title, 120)} {cite('suggestion', made.id)}. {became}"
