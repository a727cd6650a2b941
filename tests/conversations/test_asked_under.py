"""A message is answered under the campaign that was on the screen when it was sent."""

from __future__ import annotations

from pathlib import Path

from tests.running import running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider


async def test_what_the_screen_showed_wins_over_where_the_chat_is_linked_by_then(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        amber = await app.post("/api/campaigns", {"name": "The Amber Road"})
        winters = await app.post("/api/campaigns", {"name": "Nine Winters"})
        chat_id = await app.open_chat()
        await app.post(f"/api/chat-sessions/{chat_id}/link", {"campaign_id": winters["id"]})
        cases = [
            ({"campaign_id": amber["id"]}, "The Amber Road", "Nine Winters"),
            (None, "Nine Winters", "The Amber Road"),
            ({"campaign_id": None}, None, "Nine Winters"),
        ]
        for under, known, unknown in cases:
            posted = await app.post(
                f"/api/chat-sessions/{chat_id}/turns",
                {"message_id": new_id(), "content": "Where are we?", "asked_under": under},
                status=202,
            )
            reply = await app.read_reply(posted["assistant_message"]["id"])
            system = model.history[-1].system
            assert known is None or known in system
            assert unknown not in system
            again = await app.post(f"/api/replies/{reply['id']}/regenerate")
            await app.read_reply(again["assistant_message"]["id"])
            assert known is None or known in model.history[-1].system
            assert unknown not in model.history[-1].system
