"""The tools that other programs call: few, small, bounded, and for whoever's token calls them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.doors.planted import CANARY, OPEN, plant
from tests.doors.walking import (
    arguments_for,
    list_questions,
    make_tools,
    spell_tools,
    token_of,
)
from ttrpg_assistant.doors.model import SCOPES, TokenScope
from ttrpg_assistant.doors.tools.registry import TOOLS, call_tool, list_tools
from ttrpg_assistant.errors import Conflict, Fault, InvalidInput, NotFound, Refused
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.services import Services, build_services
from ttrpg_assistant.settings import load_settings


@pytest.fixture
async def services(tmp_path: Path) -> Any:
    made = build_services(load_settings({}, {"data_dir": str(tmp_path)}))
    await made.database.open()
    yield made
    await made.database.close()


async def test_every_tool_answers_shortly_and_names_ids(services: Services) -> None:
    planted = await plant(services.database)
    tools, token = make_tools(services), token_of(planted, SCOPES)
    for name in TOOLS:
        told = await call_tool(tools, token, name, arguments_for(name, planted))
        assert told and len(told) < 5_000, name
        assert "[" in told or name == "roll", f"{name} names no id: {told}"
    brief = await call_tool(tools, token, "campaign_brief", {})
    assert CANARY in brief, "the game master is told what is hidden"


async def test_there_are_few_tools_and_all_their_schemas_are_small() -> None:
    spelled = spell_tools(TOOLS.values())
    assert len(TOOLS) <= 16
    assert len(json.dumps(spelled, separators=(",", ":")).encode()) <= 6 * 1024
    for name in ("accept", "delete", "remove", "archive", "undo", "reject", "restore", "update"):
        assert not [tool for tool in TOOLS if name in tool], "nothing accepts, changes or deletes"


@pytest.mark.parametrize("scopes", [("read:players",), ("talk",), ("propose", "read:players")])
async def test_no_tool_tells_the_players_what_is_hidden(
    services: Services, scopes: Sequence[TokenScope]
) -> None:
    planted = await plant(services.database)
    tools, token = make_tools(services), token_of(planted, scopes)
    told = ""
    for name in set(TOOLS) - {"ask_npc"}:  # An NPC tells what it knows itself.
        for given in list_questions(name, planted):
            try:
                answer = await call_tool(tools, token, name, given)
            except Fault as fault:
                answer = f"{fault.sentence} {fault.cure} {fault.facts}"
            # What was asked may be said back.
            told += answer.replace(str(given.get("thing")), "") + "\n"
    assert CANARY not in told
    assert not [id for id in planted.hidden_ids if id in told]
    if "read:players" in scopes:
        assert OPEN in told


async def test_what_is_hidden_is_refused_like_what_does_not_exist(services: Services) -> None:
    planted = await plant(services.database)
    tools, token = make_tools(services), token_of(planted, ["read:players"])
    refusals = set()
    for thing in (*planted.hidden_ids, *planted.hidden_names, new_id(), "nobody"):
        with pytest.raises(NotFound) as refused:
            await call_tool(tools, token, "get_thing", {"thing": thing})
        refusals.add((refused.value.sentence, str(refused.value.facts)))
    assert len(refusals) == 1


async def test_a_tool_says_what_is_wrong_with_a_call(services: Services) -> None:
    planted = await plant(services.database)
    tools, token = make_tools(services), token_of(planted, ["read:gm"])
    wrong: list[dict[str, Any]] = [{"thing": one} for one in (1, "a\x00", "\ud800", None, [])]
    for given in (*wrong, {}, {"thing": "a" * 30_000}, {"thing": "x", "other": "y"}):
        with pytest.raises(InvalidInput):
            await call_tool(tools, token, "get_thing", given)
    with pytest.raises(NotFound):
        await call_tool(tools, token, "accept_suggestion", {})
    with pytest.raises(Refused, match="propose"):
        await call_tool(tools, token, "add_table_note", {"text": "x"})
    assert "add_table_note" not in [tool.name for tool in list_tools(token)]


async def test_a_line_in_the_log_is_written_once_and_only_while_it_is_open(
    services: Services,
) -> None:
    planted = await plant(services.database)
    tools, token = make_tools(services), token_of(planted, ["propose"])
    for given in ({"text": "the bell"}, {"text": "2d6 = 7", "kind": "roll", "id": "message-1"}):
        first = await call_tool(tools, token, "add_table_note", given)
        assert await call_tool(tools, token, "add_table_note", given) == first
    notes = await services.game_sessions.list_notes(planted.game_session_id)
    ours = [note for note in notes.items if note.text.startswith("the bell")]
    assert [(note.gm_only, note.text) for note in ours] == [(True, "the bell (Claude)")]
    await services.game_sessions.end(planted.game_session_id)
    with pytest.raises(Conflict):
        await call_tool(tools, token, "add_table_note", {"text": "too late"})
