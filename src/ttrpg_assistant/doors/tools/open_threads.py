"""What is still open: promises, debts, what was planted, who was not seen for long."""

from __future__ import annotations

from ttrpg_assistant.continuity.model import LooseThread
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ_GM, Arguments, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import cite, join_lines, one_line


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    found = await services.continuity.list_loose_threads(token.campaign_id)
    return join_lines(
        "Still open:",
        [_spell(one) for one in found if one.settled_by is None],
        none="Nothing is open.",
    )


def _spell(one: LooseThread) -> str:
    when = "" if one.evening is None else f", game session {one.evening}"
    kind = one.kind.replace("_", " ")
    perhaps = "" if one.is_sure else "perhaps, not sure: "
    return f"{cite(one.source.kind, one.source.id)} {perhaps}{kind}{when}: {one_line(one.text)}"


TOOL = Tool("open_threads", "Loose threads: promised, owed, planted, not seen.", _run, READ_GM)
