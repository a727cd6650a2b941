"""A line in the log of the game session that runs: a note, a roll, what happened in a fight."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import PROPOSE, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.repeating import find_id
from ttrpg_assistant.doors.tools.wording import cite
from ttrpg_assistant.errors import Conflict

KINDS = ("note", "roll", "combat", "event")


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    game = await services.game_sessions.find_running(token.campaign_id)
    if game is None:
        raise Conflict(
            "No game session runs now, so there is no log to write in.",
            code="no_game_session_runs",
            cure="The game master starts one with “Start” on its page.",
        )
    kind, text = given.get("kind", "note"), given["text"]
    id = find_id(token, given.get("id"), game.id, kind, text)
    if kind == "note":
        said = f"{text.strip()} ({token.name})"
        note = await services.game_sessions.add_note(game.id, said, gm_only=True, id=id)
        return f"Noted for the game master: {cite('note', note.id)}"
    event = await services.game_sessions.add_event(game.id, kind, text, id=id)
    return f"Written into the log: {cite('event', event.id)}"


TOOL = Tool(
    "add_table_note",
    "Write a line into the running game session's log.",
    _run,
    PROPOSE,
    (
        Parameter("text", is_required=True),
        Parameter("kind", choices=KINDS),
        Parameter("id", hint="Own key: repeats are one"),
    ),
    only_reads=False,
)
