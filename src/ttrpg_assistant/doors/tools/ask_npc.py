"""Talk with an NPC: it answers in its voice, from what it knows. Nothing is stored."""

from __future__ import annotations

from contextlib import aclosing

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.model_names import spell_name
from ttrpg_assistant.doors.talking import Asked, End, Said
from ttrpg_assistant.doors.tools.model import TALK, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, quote
from ttrpg_assistant.errors import CutOff, InvalidInput
from ttrpg_assistant.ids import check_id


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    try:
        named = check_id(given["npc"])
    except InvalidInput:
        named = spell_name(given["npc"])
    speaker = await services.talk.find(token, f"npc/{token.campaign_id}/{named}")
    asked = Asked((Said("user", given["message"]),))
    async with aclosing(services.talk.answer(token, speaker, asked)) as events:
        async for event in events:
            if isinstance(event, End) and speaker.npc is not None:
                who = f"{call(speaker.npc.name)} {cite('npc', speaker.npc.id)}"
                return f"{who}: {quote(event.text)}"
    raise CutOff("The answer ended before it was whole.")


TOOL = Tool(
    "ask_npc",
    "Say something to an NPC; it answers in its voice.",
    _run,
    TALK,
    (
        Parameter("npc", hint="Id or name", is_required=True),
        Parameter("message", is_required=True),
    ),
)
