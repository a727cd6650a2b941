"""Drafts of a game session's recaps: made from what was noted and said, stored by nobody."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.npc_table import all_of, make_campaign, make_npc, open_talk, speak
from tests.running import Running, running
from ttrpg_assistant.conversations.recaps import CUT
from ttrpg_assistant.errors import Overloaded, Unreachable
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.llm.types import Finished

SEEN = "The ferry burned to the waterline."
HIDDEN = "Mira set the fire herself."


@dataclass(frozen=True)
class Evening:
    """A game session that ran, with notes, an event and talk."""

    app: Running
    campaign_id: str
    id: str

    async def draft(self, reader: str, status: int = 200) -> Any:
        path = f"/api/game-sessions/{self.id}/recap-drafts"
        return await self.app.post(path, {"reader": reader}, status=status)

    async def note(self, text: str, *, gm_only: bool) -> None:
        body = {"text": text, "gm_only": gm_only}
        await self.app.post(f"/api/game-sessions/{self.id}/notes", body, status=201)


async def play(app: Running) -> Evening:
    campaign_id = await make_campaign(app)
    body = {"title": "Low tide", "plan": "Open with the bell."}
    path = f"/api/campaigns/{campaign_id}/game-sessions"
    game = await app.post(path, body, status=201)
    await app.post(f"/api/game-sessions/{game['id']}/start")
    return Evening(app, campaign_id, game["id"])


async def say(evening: Evening, content: str, *, elsewhere: bool = False) -> None:
    """In the quick chat, with this evening on the screen, or with nothing on it."""
    chat_id = await evening.app.open_chat()
    ids = {"campaign_id": evening.campaign_id, "game_session_id": evening.id}
    under = dict.fromkeys(ids) if elsewhere else ids
    body = {"message_id": new_id(), "content": content, "asked_under": under}
    posted = await evening.app.post(f"/api/chat-sessions/{chat_id}/turns", body, status=202)
    await evening.app.read_reply(posted["assistant_message"]["id"])


async def test_the_game_masters_recap_is_made_from_notes_events_and_talk(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Ask the harbour master."])
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        await evening.note(HIDDEN, gm_only=True)
        event = {"kind": "enters", "text": "Tam"}
        await app.post(f"/api/game-sessions/{evening.id}/events", event, status=201)
        await say(evening, "What does the harbour master want?")
        await say(evening, "A recipe for soup?", elsewhere=True)
        mira = await make_npc(app, evening.campaign_id, "Mira")
        await speak(app, await open_talk(app, mira), "Good evening, captain.")
        plan = {"purpose": "session_planning", "campaign_id": evening.campaign_id}
        thread = await app.post("/api/threads", plan, status=201)
        prep = {"message_id": new_id(), "content": "A dragon next time."}
        posted = await app.post(f"/api/threads/{thread['id']}/turns", prep, status=202)
        await app.read_reply(posted["assistant_message"]["id"])
        await app.post(f"/api/game-sessions/{evening.id}/end")

        model.enqueue(["  They burned the ferry.  "])
        draft = await evening.draft("gm")
        assert draft["text"] == "They burned the ferry."
        assert (draft["lines_read"], draft["messages_read"]) == (3, 4)
        asked = model.history[-1].system
        for text in (
            *(SEEN, HIDDEN, "Tam came in.", "Open with the bell."),
            "Game master: What does the harbour master want?",
            "Assistant: Ask the harbour master.",
            "To Mira: Good evening, captain.",
            "Mira: Ask the harbour master.",
        ):
            assert text in asked, text
        assert "soup" not in asked and "dragon" not in asked
        assert (await app.get(f"/api/game-sessions/{evening.id}"))["recap_gm"] == ""


async def test_what_an_answer_proposed_is_not_what_happened(tmp_path: Path) -> None:
    block = '```suggestion\n{"kind": "npc"}\n```'
    model = ScriptedProvider(default=[f"Well.\n{block}\nSo be it, [Mira](ttrpg:npc/m1)."])
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await say(evening, "Who is there?")
        await evening.draft("gm")
        assert "Assistant: Well. So be it, Mira." in model.history[-1].system


async def test_the_built_in_model_puts_together_what_was_noted(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        await evening.note("tam paid in old coin", gm_only=False)
        await evening.note(HIDDEN, gm_only=True)
        gm = await evening.draft("gm")
        assert gm["text"] == f"- {SEEN}\n- tam paid in old coin\n- {HIDDEN}"
        players = await evening.draft("players")
        assert players["text"] == f"{SEEN} Tam paid in old coin."
        assert players["model"] == "offline"


async def test_from_nothing_nothing_is_made_and_nobody_is_asked(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Once upon a time."])
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await evening.note(HIDDEN, gm_only=True)
        draft = await evening.draft("players")
        assert (draft["text"], draft["model"]) == ("", None)
        assert model.history == []


async def test_a_model_that_fails_says_so_and_changes_nothing(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        model.enqueue([Unreachable("The model cannot be reached.")])
        assert (await evening.draft("players", status=502))["code"] == "model_unreachable"
        model.enqueue(["They bur", Unreachable("The line broke.")])
        assert (await evening.draft("gm", status=502))["code"] == "model_unreachable"
        # A fact of the fault may be called as a member of the answer is.
        model.enqueue([Overloaded("Too many at once.", facts={"status": 500})])
        overloaded = await evening.draft("gm", status=502)
        assert (overloaded["code"], overloaded["status"]) == ("model_overloaded", 502)
        model.enqueue([" "])
        assert (await evening.draft("gm", status=502))["code"] == "model_bad_answer"
        unknown = f"/api/game-sessions/{new_id()}/recap-drafts"
        await app.post(unknown, {"reader": "gm"}, status=404)


async def test_while_the_model_thinks_everything_can_be_written(tmp_path: Path) -> None:
    model, gate = ScriptedProvider(), Gate()
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        model.enqueue(["They ", gate, "went."])
        drafting = asyncio.create_task(evening.draft("players"))
        await gate.reached.wait()
        game = await app.get(f"/api/game-sessions/{evening.id}")
        body = {"revision": game["revision"], "changes": {"recap_players": "By hand."}}
        kept = await app.client.patch(f"/api/game-sessions/{evening.id}", json=body)
        assert kept.status_code == 200
        gate.open()
        assert (await drafting)["text"] == "They went."
        assert (await app.get(f"/api/game-sessions/{evening.id}"))["recap_players"] == "By hand."
        stale = await app.client.patch(f"/api/game-sessions/{evening.id}", json={
            **body, "changes": {"recap_players": "They went."}
        })  # fmt: skip
        assert (stale.status_code, stale.json()["code"]) == (409, "stale_revision")


async def test_the_next_plan_is_told_the_game_masters_recap(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Begin at the pier."])
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await app.post(f"/api/game-sessions/{evening.id}/end")
        game = await app.get(f"/api/game-sessions/{evening.id}")
        recaps = {"recap_gm": "Mira lied.\n\nThe ferry is gone.", "recap_players": "You fled."}
        body = {"revision": game["revision"], "changes": recaps}
        await app.client.patch(f"/api/game-sessions/{evening.id}", json=body)
        path = f"/api/campaigns/{evening.campaign_id}/game-sessions"
        after = await app.post(path, {}, status=201)
        thread = await app.post("/api/threads", {
            "purpose": "session_planning",
            "campaign_id": evening.campaign_id,
            "game_session_id": after["id"],
        }, status=201)  # fmt: skip
        turn = {"message_id": new_id(), "content": "Plan it."}
        posted = await app.post(f"/api/threads/{thread['id']}/turns", turn, status=202)
        await app.read_reply(posted["assistant_message"]["id"])
        asked = all_of(model.history[-1])
        assert "- Mira lied.\n- The ferry is gone." in asked and "You fled." not in asked


async def test_a_recap_says_that_its_end_is_missing(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        model.enqueue(["The ferry burned to the", Finished("length")])
        draft = await evening.draft("players")
        assert draft["text"] == "The ferry burned to the"
        assert CUT in draft["left_out"]
        model.enqueue(["The ferry burned."])
        assert CUT not in (await evening.draft("players"))["left_out"]


async def test_a_recap_that_was_stopped_by_a_filter_or_never_ends_is_none(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        model.enqueue(["The ferry bur", Finished("filtered")])
        assert (await evening.draft("gm", status=502))["code"] == "model_refused"
        model.enqueue(["and on " * 10_000] * 20)
        assert (await evening.draft("gm", status=502))["code"] == "reply_too_long"
