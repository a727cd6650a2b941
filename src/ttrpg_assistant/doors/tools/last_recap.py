"""What happened the last time: the recap, for whoever asks."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.last_played import find_last_game_session
from ttrpg_assistant.campaigns.store.entities import check_campaign
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.store.visible import list_played
from ttrpg_assistant.doors.tools.model import READ, Arguments, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, quote
from ttrpg_assistant.doors.visible import is_gm

MOST_LOOKED_AT = 20
NONE = "There is no recap yet."


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    return await services.database.read(lambda tx: _tell(tx, token))


def _tell(tx: Connection, token: Token) -> str:
    check_campaign(tx, token.campaign_id)
    if is_gm(token.viewer):
        last = find_last_game_session(tx, token.campaign_id, None)
        if last is None:
            return NONE
        title = f"{call(last.title)} {cite('game_session', last.game_session_id)}"
        return f"{title}:\n> {quote(last.text) or 'Nothing was noted.'}"
    for game in list_played(tx, token.campaign_id, MOST_LOOKED_AT):
        if game.recap_players:
            title = f"Game session {game.session_number} {cite('game_session', game.id)}"
            return f"{title}:\n> {quote(game.recap_players)}"
    return NONE


TOOL = Tool("last_recap", "What happened in the last game session.", _run, READ)
