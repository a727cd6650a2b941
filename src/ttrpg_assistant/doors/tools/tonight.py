"""The game session that runs now, or else the one that is planned next."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import GameSession
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.entities import check_campaign
from ttrpg_assistant.campaigns.store.game_sessions import find_running_game_session
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ, Arguments, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, join_lines, one_line
from ttrpg_assistant.doors.visible import is_gm
from ttrpg_assistant.prompts.audience import Viewer

MOST_ENTRIES = 12
MOST_PRESENT = 10
NO_GAME_SESSION = "No game session runs now."


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    return await services.database.read(lambda tx: _tell(tx, token))


def _tell(tx: Connection, token: Token) -> str:
    check_campaign(tx, token.campaign_id)
    game = find_running_game_session(tx, token.campaign_id)
    if not is_gm(token.viewer):
        return NO_GAME_SESSION if game is None else _tell_party(tx, game, token.viewer)
    planned = [
        one
        for one in reading.list_newest_game_sessions(tx, token.campaign_id, MOST_PRESENT)
        if one.status == "planned"
    ]
    game = game or (planned[-1] if planned else None)
    if game is None:
        return "No game session runs or is planned."
    lines = [f"Plan: {one_line(game.plan, 1_500)}"] if game.plan else []
    for npc in reading.list_present(tx, NPC, token.campaign_id, MOST_PRESENT):
        card = "; ".join(npc.voice_card) or npc.role
        lines.append(f"In the scene: {call(npc.name)} {cite('npc', npc.id)} {one_line(card, 200)}")
    for place in reading.list_present(tx, LOCATION, token.campaign_id, MOST_PRESENT):
        lines.append(f"Here: {call(place.name)} {cite('location', place.id)}")
    notes = table_log.list_newest_notes(tx, game.id, MOST_ENTRIES)
    entries = [(one.at, f"{cite('note', one.id)} {one_line(one.text)}") for one in notes]
    entries += [
        (one.at, f"{cite('event', one.id)} {one.kind}: {one_line(one.text)}")
        for one in table_log.list_newest_events(tx, game.id, MOST_ENTRIES)
    ]
    lines += [line for _, line in sorted(entries)[-MOST_ENTRIES:]]
    return join_lines(_title(game), lines)


def _tell_party(tx: Connection, game: GameSession, viewer: Viewer) -> str:
    notes = table_log.list_newest_notes(tx, game.id, MOST_ENTRIES, viewer)
    lines = [f"{cite('note', one.id)} {one_line(one.text)}" for one in notes]
    return join_lines(f"Game session {game.session_number} {cite('game_session', game.id)}", lines)


def _title(game: GameSession) -> str:
    name = f"Game session {game.session_number} {cite('game_session', game.id)} {call(game.title)}"
    played = f", {game.played_seconds / 60:.0f} minutes played" if game.status == "running" else ""
    return f"{name.rstrip()}: {game.status}{played}, revision {game.revision}"


TOOL = Tool("tonight", "The running or next game session: plan, scene, notes.", _run, READ)
