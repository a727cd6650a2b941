"""What a conversation is called: its first line, a model's proposal, and for good what a person
wrote."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.running import Running, running
from ttrpg_assistant.conversations.store.titles import FIRST_LINE_CHARACTERS, first_line
from ttrpg_assistant.conversations.titles import tidy
from ttrpg_assistant.llm.scripted import ScriptedProvider

FAMILY = "\U0001f468‍\U0001f469‍\U0001f467"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("\n\n  ## Who   guards the vault?\nAnd why?", "Who guards the vault?"),
        ("One thing, another", "One thing, another"),
        ("What does the harbour smell of at night, when the boats are in?",
         "What does the harbour smell of at night, when…"),
        ("> **bold**", "bold"),
        ("   \n \t ", ""),
        (FAMILY * 30, FAMILY * 9 + "…"),
    ],
)  # fmt: skip
def test_a_title_is_the_first_line_cut_at_a_word(said: str, title: str) -> None:
    assert first_line(said) == title


@given(st.text(max_size=600))
def test_a_first_line_is_one_short_line_and_never_cut_inside_a_character(said: str) -> None:
    title = first_line(said)
    assert len(title) <= FIRST_LINE_CHARACTERS + 1
    assert len(title.splitlines()) <= 1
    if title.endswith("…") and " " not in title and (rest := said.partition(title[:-1])[2]):
        assert not unicodedata.category(rest[0]).startswith("M")


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ('"The Vault Below"\n', "The Vault Below"),
        ("Title: **The vault below.**", "The vault below"),
        ("", ""),
        ("A long sentence that goes on and on. " * 4, ""),
    ],
)
def test_a_models_answer_is_a_title_only_when_it_is_a_short_line(answer: str, title: str) -> None:
    assert tidy(answer) == title


async def say(app: Running, chat_id: str, content: str) -> None:
    posted = await app.say(chat_id, content)
    await app.read_reply(posted["assistant_message"]["id"])


async def title_of(app: Running, chat_id: str) -> tuple[str | None, str | None]:
    chat = await app.get(f"/api/chat-sessions/{chat_id}")
    return chat["title"], chat["title_by"]


async def test_the_first_line_names_a_chat_then_a_model_once_and_a_person_for_good(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Nobody does."])
    async with running(tmp_path, [model]) as app:
        titles = app.services.titles
        chat_id = await app.open_chat()
        assert await title_of(app, chat_id) == (None, None)
        await say(app, chat_id, "Who guards the vault?\nTell me all.")
        assert await title_of(app, chat_id) == ("Who guards the vault?", "first_line")
        model.enqueue(['"The unguarded vault"'])
        assert await titles.propose(chat_id) == "The unguarded vault"
        assert await title_of(app, chat_id) == ("The unguarded vault", "model")
        assert "Nobody does." in str(model.history[-1].messages)
        asked = len(model.history)
        assert await titles.propose(chat_id) is None
        assert len(model.history) == asked, "it is asked once"

        path = f"/api/conversations/{chat_id}"
        renamed = await app.client.patch(path, json={"title": "  Vault night "})
        assert renamed.json()["title"] == "Vault night"
        assert renamed.json()["status"] == "active"
        await say(app, chat_id, "And now?")
        assert await titles.propose(chat_id) is None
        assert await title_of(app, chat_id) == ("Vault night", "person")
        refused = await app.client.patch(path, json={"title": "   "})
        assert (refused.status_code, refused.json()["code"]) == (422, "title_empty")
        assert await title_of(app, chat_id) == ("Vault night", "person")


async def test_a_title_that_a_person_writes_while_the_model_thinks_stays(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Nobody does."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        await say(app, chat_id, "Who guards the vault?")
        stored = app.services.titles
        real = app.services.answering.ask

        async def slowly(*args: object, **more: object) -> object:
            await stored.rename(chat_id, "Mine")
            return await real(*args, **more)  # type: ignore[arg-type]

        app.services.answering.ask = slowly  # type: ignore[method-assign, assignment]
        model.enqueue(["Theirs"])
        assert await stored.propose(chat_id) is None
        assert await title_of(app, chat_id) == ("Mine", "person")


async def test_no_model_is_asked_where_none_is_chosen_nor_wanted_nor_after_more_was_said(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        await say(app, chat_id, "Who guards the vault?")
        await app.client.put("/api/summaries/made-by", json={"made_by": "off"})
        assert await app.services.titles.propose(chat_id) is None
        await app.client.put("/api/summaries/made-by", json={"made_by": "model"})
        await app.client.put("/api/models/current", json={"model": "offline"})
        assert await app.services.titles.propose(chat_id) is None
        await app.client.put("/api/models/current", json={"model": "scripted:scripted"})
        await say(app, chat_id, "And who else?")
        assert await app.services.titles.propose(chat_id) is None
        assert len(model.history) == 2
        assert await title_of(app, chat_id) == ("Who guards the vault?", "first_line")


async def test_clearing_takes_a_given_title_away_and_undo_gives_it_back(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        chat_id = await app.open_chat()
        await say(app, chat_id, "Who guards the vault?")
        path = f"/api/chat-sessions/{chat_id}/messages"
        cleared = (await app.client.delete(path)).json()
        assert await title_of(app, chat_id) == (None, None)
        await app.post(f"/api/removals/{cleared['removal_id']}/undo")
        assert await title_of(app, chat_id) == ("Who guards the vault?", "first_line")


async def test_conversations_are_found_by_title_and_first_line_the_latest_first(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        campaign = await app.post("/api/campaigns", {"name": "The Amber Road"})
        path = f"/api/campaigns/{campaign['id']}/game-sessions"
        game = await app.post(path, {"title": "Low tide"})
        await app.post(f"/api/game-sessions/{game['id']}/start")
        own = await app.post("/api/chat-sessions/active", {"campaign_id": campaign["id"]})
        quick = await app.open_chat()
        thread = await app.post("/api/threads", {"purpose": "general"})
        await say(app, quick, "Straße nach ÉVORA?")
        await say(app, own["id"], "Who is at the gate?")
        await app.post(
            f"/api/threads/{thread['id']}/messages", {"role": "user", "content": "A plan"}
        )
        await app.client.patch(f"/api/conversations/{quick}", json={"title": "Roads"})

        async def find(**params: object) -> list[str]:
            found = await app.get("/api/conversations", **params)
            return [one["title"] for one in found["conversations"]]

        assert await find() == ["A plan", "Who is at the gate?", "Roads"]
        assert await find(query="évora STRASSE") == ["Roads"]
        assert await find(query="roads") == ["Roads"]
        assert await find(query="gate", campaign_id=campaign["id"]) == ["Who is at the gate?"]
        assert await find(unlinked=True, kind="chat") == ["Roads"]
        [listed] = (await app.get("/api/conversations", game_session_id=game["id"]))[
            "conversations"
        ]
        assert (listed["campaign_name"], listed["game_session_number"]) == ("The Amber Road", 1)
        assert (listed["game_session_title"], listed["status"]) == ("Low tide", "active")
        pages, before = [], None
        while True:
            page = await app.get(
                "/api/conversations", limit=1, **({"before": before} if before else {})
            )
            pages += [one["title"] for one in page["conversations"]]
            before = page["next_cursor"]
            if not page["has_more"]:
                break
        assert pages == ["A plan", "Who is at the gate?", "Roads"]
