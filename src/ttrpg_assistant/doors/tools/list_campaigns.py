"""Which campaign the token is for, and what it may do there."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import ANY, Arguments, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    scopes = ", ".join(token.scopes)
    name = f"{call(token.campaign_name)} {cite('campaign', token.campaign_id)}"
    return f"{name}. This token may: {scopes}. Every other tool works in this campaign."


TOOL = Tool("list_campaigns", "The campaign of this token and its scopes.", _run, ANY)
