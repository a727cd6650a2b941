"""Players' recaps: not a piece of what is the game master's alone is sent to any model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.need_to_know.hidden import Npc, check_withheld
from tests.need_to_know.rounds import CONTEXT_TOKENS, answer_offline
from tests.need_to_know.test_sample import gm_texts, own_texts
from tests.running import running
from ttrpg_assistant.campaigns.sample import read_sample, sample_id
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import ModelRequest

TALK = "Under four eyes: the archivist rings the bell, and nobody at the table may hear of it."


def players_of(sample: dict[str, Any], game: dict[str, Any]) -> Npc:
    """The players, as somebody from whom everything is hidden that was not shown to them."""
    key = game["key"]
    shown = [
        sample["campaign"]["name"],
        game["title"],
        *(g["title"] for g in sample["game_sessions"]),
    ]
    for plural in ("npcs", "locations"):
        shown += [one["name"] for one in sample[plural]]
    shown += [n["text"] for n in sample["session_notes"]
              if n["game_session"] == key and not n.get("gm_only", True)]  # fmt: skip
    shown += [e["text"] for e in sample["session_events"] if e["game_session"] == key]
    players = Npc("players", "the players", shown=shown)
    players.hidden = [*gm_texts(sample), TALK]
    for npc in sample["npcs"]:
        players.hidden += own_texts(npc)
    for place in sample["locations"]:
        players.hidden += [place.get("description", ""), *place.get("features", ())]
    players.hidden += [fact["text"] for fact in sample["facts"]]
    players.hidden += [note["text"] for note in sample["session_notes"]]
    for point in sample["plot_points"]:
        players.hidden += [point["title"], point["description"]]
    for other in sample["game_sessions"]:
        players.hidden += [other.get("recap_players", "")]
    shown_texts = set(players.shown)
    players.hidden = [text for text in players.hidden if text and text not in shown_texts]
    return players


async def draft_all(tmp_path: Path, sample: dict[str, Any]) -> dict[str, ModelRequest]:
    """What is sent for the players' recap of each game session of the sample."""
    model = ScriptedProvider(default=["It was told."], context_tokens=CONTEXT_TOKENS)
    sent: dict[str, ModelRequest] = {}
    async with running(tmp_path, [model]) as app:
        campaign = await app.post("/api/sample-campaign")
        for game in sample["game_sessions"]:
            game_id = sample_id("game_session", game["key"])
            chat_id = await app.open_chat()
            under = {"campaign_id": campaign["id"], "game_session_id": game_id}
            said = {"message_id": new_id(), "content": TALK, "asked_under": under}
            posted = await app.post(f"/api/chat-sessions/{chat_id}/turns", said, status=202)
            await app.read_reply(posted["assistant_message"]["id"])
            model.history.clear()
            path = f"/api/game-sessions/{game_id}/recap-drafts"
            await app.post(path, {"reader": "players"}, status=200)
            if model.history:
                (sent[game["key"]],) = model.history
    return sent


async def test_no_model_is_sent_what_players_may_not_know(tmp_path: Path) -> None:
    sample = read_sample()
    sent = await draft_all(tmp_path, sample)
    assert len(sent) >= 2
    for game in sample["game_sessions"]:
        if game["key"] in sent:
            request = sent[game["key"]]
            players = players_of(sample, game)
            assert len(players.hidden) > 100
            check_withheld(players, [request])
            for answer in answer_offline([request], 1):
                check_withheld(players, [ModelRequest("m", answer, ())])


async def test_an_event_about_what_only_the_game_master_knows_is_left_out(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["It was told."])
    async with running(tmp_path, [model]) as app:
        campaign = await app.post("/api/campaigns", {"name": "The Salt Road"}, status=201)
        at = f"/api/campaigns/{campaign['id']}"
        game = await app.post(f"{at}/game-sessions", {}, status=201)
        for title, audience in (("The mayor is a ghost", "gm"), ("The bridge burns", "public")):
            body = {"title": title, "audience": audience}
            point = await app.post(f"{at}/plot-points", body, status=201)
            event = {"kind": "happened", "text": title}
            about = {"entity_kind": "plot_point", "entity_id": point["id"]}
            path = f"/api/game-sessions/{game['id']}/events"
            await app.post(path, {**event, **about}, status=201)
        drafts = f"/api/game-sessions/{game['id']}/recap-drafts"
        await app.post(drafts, {"reader": "players"}, status=200)
        assert "It happened: The bridge burns." in model.history[-1].system
        assert "ghost" not in model.history[-1].system
        await app.post(drafts, {"reader": "gm"}, status=200)
        assert "It happened: The mayor is a ghost." in model.history[-1].system
