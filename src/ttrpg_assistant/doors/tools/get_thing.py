"""One thing of the campaign, whole."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, join_lines, spell_fields
from ttrpg_assistant.doors.visible import Seen, get_seen, is_gm
from ttrpg_assistant.prompts.audience import Viewer


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    viewer = token.viewer
    seen = await services.database.read(
        lambda tx: get_seen(tx, token.campaign_id, viewer, given.get("kind"), given["thing"])
    )
    return spell_thing(seen, viewer)


def spell_thing(seen: Seen, viewer: Viewer) -> str:
    """A thing as this viewer sees it, with what a proposal to change it names."""
    title = f"{call(seen.name)} {cite(seen.kind, seen.id)}, {seen.noun}"
    title += "" if seen.revision is None else f", revision {seen.revision}"
    archived = " (archived)" if seen.is_archived else ""
    return join_lines(title + archived, spell_fields(seen.lines, is_gm=is_gm(viewer)))


TOOL = Tool(
    "get_thing",
    "One NPC, location, item … whole, with its revision.",
    _run,
    READ,
    (Parameter("thing", hint="Id or name", is_required=True), Parameter("kind")),
)
