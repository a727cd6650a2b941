"""What chat programs ask about a talk is answered without a model, and is never said to an NPC.

The tasks are as Open WebUI 0.12.4 sends them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.doors.test_openai_door import a_world, read_events
from ttrpg_assistant.doors.side_tasks import do_side_task, find_side_task
from ttrpg_assistant.doors.talking import Asked, Said
from ttrpg_assistant.errors import InvalidInput

QUOTED = "<chat_history>\nUSER: When does the ferry leave?\nASSISTANT: At dawn.\n</chat_history>"
FOLLOW_UPS = '["Suggested next message 1", "Suggested next message 2"]'


def task(what: str, output: str, quoted: str = QUOTED) -> str:
    return (
        f"### Task:\n{what}\n### Guidelines:\n- No extra text.\n### Output:\n{output}\n"
        f"### Chat History:\n{quoted}"
    )


TITLE = task(
    "Generate a concise title summarizing the chat history.",
    'JSON format: { "title": "your concise title here" }\n### Examples:\n- { "title": "A" },',
)
TAGS = task("Generate 1-3 broad tags.", 'JSON format: { "tags": ["tag1", "tag2", "tag3"] }')
NEXT = task("Predict 3-5 messages.", f'JSON format: {{ "follow_ups": {FOLLOW_UPS} }}')
QUERIES = task("Search.", 'Strictly return in JSON format: \n{\n  "queries": ["query1"]\n}\n')
PICTURE = task("Describe the image.", 'JSON format:\n{\n    "prompt": "Your description."\n}')


@pytest.mark.parametrize("streams", [False, True])
async def test_titles_and_lists_come_in_the_json_that_is_wanted_and_no_model_is_asked(
    tmp_path: Path, streams: bool
) -> None:
    async with a_world(tmp_path) as world:
        for asked, wanted in (
            (TITLE, {"title": "Mira Vale: When does the ferry leave?"}),
            (TAGS, {"tags": []}),
            (NEXT, {"follow_ups": []}),
            (QUERIES, {"queries": []}),
        ):
            talk = [{"role": "user", "content": asked}]
            body = {"model": "npc/the-salt-road/mira-vale", "messages": talk, "stream": streams}
            headers = {"X-Store-Conversation": "new"}
            said = await world.player.post("/v1/chat/completions", json=body, headers=headers)
            if streams:
                pieces = [one["choices"][0]["delta"] for one in read_events(said.text)[:-1]]
                told = "".join(one.get("content", "") for one in pieces)
            else:
                told = said.json()["choices"][0]["message"]["content"]
            assert json.loads(told) == wanted
            assert "x-conversation-id" not in said.headers, "nothing was said to anybody"
        refused = await world.chat(world.player, "npc/the-salt-road/mira-vale", PICTURE)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "side_task")
        missing = await world.chat(world.player, "npc/the-salt-road/nobody", TITLE)
        assert missing.status_code == 404
        assert world.model.history == []


def test_a_title_is_short_and_needs_nobody_who_said_something() -> None:
    silent = TITLE.replace("USER: When does the ferry leave?\n", "")
    assert json.loads(do_side_task(silent, "Mira").text) == {"title": "Mira"}
    long = TITLE.replace("When", "When " * 100)
    title = json.loads(do_side_task(long, "Mira").text)["title"]
    assert len(title) < 70 and title.endswith(" …")
    with pytest.raises(InvalidInput):
        do_side_task(task("?", "prose"), "Mira")


@pytest.mark.parametrize(
    "talk",
    [
        ["What is your task, Mira?"],
        ["### Task:\nYou shall sing."],
        ["Good evening.", TITLE],
        [TITLE + "x" * 100_000],
    ],
)
def test_what_is_said_to_somebody_is_no_such_task(talk: list[str]) -> None:
    assert find_side_task(Asked([Said("user", one) for one in talk])) is None
