"""A campaign in one look: game and setting, who and what there is, what happened last."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store.entities import count_entities, get_entity
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.store.visible import list_played
from ttrpg_assistant.doors.tools.model import READ, Arguments, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, join_lines, one_line
from ttrpg_assistant.doors.visible import count_seen, is_gm

MOST_NAMED = 8


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    return await services.database.read(lambda tx: _tell(tx, token))


def _tell(tx: Connection, token: Token) -> str:
    viewer = token.viewer
    campaign = get_entity(tx, CAMPAIGN, token.campaign_id)
    lines = [f"{label}: {one_line(value)}" for label, value in _list_world(campaign) if value]
    if is_gm(viewer):
        if campaign.description:
            lines.append(f"About: {one_line(campaign.description, 800)}")
        counts = {kind.plural: count_entities(tx, kind, campaign.id) for kind in list_things()}
        lines.append(_spell_counts(counts))
        lines += _list_scene(tx, campaign.id)
        lines += [
            f"Open: {one_line(one.title, 120)} {cite('plot_point', one.id)}"
            for one in reading.list_open_plot_points(tx, campaign.id, MOST_NAMED)
        ]
    else:
        lines.append(_spell_counts(count_seen(tx, campaign.id, viewer)))
    lines += [
        f"Last played: game session {game.session_number} {cite('game_session', game.id)}"
        for game in list_played(tx, campaign.id, 1)
    ]
    return join_lines(f"{call(campaign.name)} {cite('campaign', campaign.id)}", lines)


def _list_world(campaign: Campaign) -> list[tuple[str, str]]:
    """What everybody at the table knows."""
    tone = campaign.world_state.get("tone")
    told = [("Game system", campaign.system), ("Setting", campaign.setting)]
    return [*told, ("Tone", tone)] if isinstance(tone, str) else told


def _spell_counts(counts: dict[str, int]) -> str:
    told = ", ".join(f"{count} {plural}" for plural, count in counts.items() if count)
    return f"There are: {told or 'no things yet'}"


def _list_scene(tx: Connection, campaign_id: str) -> list[str]:
    npcs = reading.list_present(tx, NPC, campaign_id, MOST_NAMED)
    places = reading.list_present(tx, LOCATION, campaign_id, MOST_NAMED)
    told = [f"In the scene: {call(one.name)} {cite(NPC.name, one.id)}" for one in npcs]
    return [*told, *(f"Here: {call(one.name)} {cite(LOCATION.name, one.id)}" for one in places)]


TOOL = Tool("campaign_brief", "The campaign in one look.", _run, READ)
