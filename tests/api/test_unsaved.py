"""Talk while nothing can be stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.running import running
from ttrpg_assistant.errors import BadKey, CutOff
from ttrpg_assistant.llm.scripted import ScriptedProvider


async def stream(app: Any, body: Any) -> list[Any]:
    async with app.client.stream("POST", "/api/unsaved-turns", json=body, timeout=20) as answer:
        assert answer.status_code == 200
        return [json.loads(line[6:]) async for line in answer.aiter_lines() if line[:5] == "data:"]


async def test_an_answer_streams_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    model = ScriptedProvider()
    model.enqueue(["The gate ", "is shut."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        said = await stream(
            app,
            {
                "content": "And now?",
                "earlier": [
                    {"role": "user", "content": "Is it open?"},
                    {"role": "assistant", "content": "It was."},
                ],
            },
        )
        assert "".join(piece.get("text", "") for piece in said[:-1]) == "The gate is shut."
        assert (said[-1]["content"], said[-1]["status"]) == ("The gate is shut.", "complete")
        assert await app.history(chat_id) == []
    asked = [message.content for message in model.history[0].messages]
    assert asked == ["Is it open?", "It was.", "And now?"]


async def test_what_is_shown_of_an_answer_is_said_while_nothing_can_be_stored(
    tmp_path: Path,
) -> None:
    written = '```suggestion\n{"kind": "npc", "fields": {"name": "Mira"}}\n```\n'
    model = ScriptedProvider()
    model.enqueue(["Look:\n", written[:30], written[30:], "Well?"])
    async with running(tmp_path, [model]) as app:
        *_, first, opened, whole, rest, done = await stream(app, {"content": "Who?"})
    assert (first["text"], "shown" in first) == ("Look:\n", False)
    assert opened["shown"] == [{"place": 6, "is_open": True, "cards": [{"kind": "npc"}]}]
    (block,) = whole["shown"]
    assert (block["place"], block["cards"][0]["title"]) == (6, "New NPC: Mira")
    assert (rest["text"], "shown" in rest) == ("Well?", False)
    assert done["content"] == f"Look:\n{written}Well?"
    assert done["shown"] == ["Look:\n", block, "Well?"]


async def test_what_goes_wrong_is_said_at_the_end_of_the_stream(tmp_path: Path) -> None:
    model = ScriptedProvider()
    model.enqueue([BadKey("The key is not accepted.")])
    model.enqueue(["Half", CutOff("It was cut off.")])
    async with running(tmp_path, [model]) as app:
        (failed,) = await stream(app, {"content": "Hello"})
        assert (failed["status"], failed["fault"]["code"]) == ("failed", "model_bad_key")
        *_, cut = await stream(app, {"content": "Hello"})
        assert (cut["content"], cut["status"]) == ("Half", "interrupted")
