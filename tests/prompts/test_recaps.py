"""Recaps: what each is made from, and what the players' cannot hold."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given

from tests.prompts.samples import CAMPAIGN, HISTORY, NONCE, hostile_texts
from tests.prompts.test_compose import BUDGET, check_baseline
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import compose_chat
from ttrpg_assistant.prompts.recaps import (
    GmEvening,
    PlayersEvening,
    SpokenLine,
    TableLine,
    compose_gm_recap,
    compose_players_recap,
)

LINES = (
    TableLine("n1", "The ferry burned to the waterline."),
    TableLine("e1", "Mira comes in."),
    TableLine("n2", "Aldric paid them in old coin."),
)
TALK = (
    SpokenLine("m1", "Game master", "What does the harbour master want?"),
    SpokenLine("m2", "Mira", "*shrugs* Boots off."),
)
GM = GmEvening("s7", "The Drowned Coast", 7, "Low tide", "Open with the bell.", LINES)
PLAYERS = PlayersEvening("s7", "The Drowned Coast", 7, "Low tide", LINES[:2])


def test_the_game_masters_recap_renders_as_its_baseline() -> None:
    check_baseline("recap_gm", compose_gm_recap(GM, TALK, BUDGET, NONCE))


def test_the_players_recap_renders_as_its_baseline() -> None:
    check_baseline("recap_players", compose_players_recap(PLAYERS, BUDGET, NONCE))


def test_there_is_no_place_for_a_secret_in_what_players_may_know() -> None:
    assert [field.name for field in fields(PlayersEvening)] == [
        "game_session_id",
        "campaign",
        "number",
        "title",
        "lines",
    ]


def test_a_long_evening_goes_in_from_its_beginning_and_says_what_did_not_fit() -> None:
    lines = tuple(TableLine(str(n), f"Note {n}: the road goes on and on.") for n in range(2_000))
    evening = replace(PLAYERS, lines=lines)
    prompt = compose_players_recap(evening, Budget.for_context(4_000), NONCE)
    assert prompt.manifest.total_tokens <= prompt.manifest.prompt_tokens
    assert "Note 0:" in prompt.system and "Note 1999:" not in prompt.system
    assert any("left out" in sentence for sentence in prompt.manifest.cut)


@given(hostile_texts)
def test_no_note_gets_out_of_its_block(text: str) -> None:
    ordinary = compose_players_recap(PLAYERS, BUDGET, NONCE).system
    hostile = replace(PLAYERS, title=text, lines=(TableLine("n", text), *PLAYERS.lines))
    system = compose_players_recap(hostile, BUDGET, NONCE).system
    assert system.count("###") == ordinary.count("###")
    assert system.count(NONCE) == ordinary.count(NONCE)


def test_the_next_plan_begins_from_the_whole_recap() -> None:
    paragraphs = [
        f"Paragraph {n}. " + "The tide came in and took what it wanted. " * 8 for n in range(6)
    ]
    system = compose_chat(
        facts=replace(CAMPAIGN, recap="\n\n".join(paragraphs)),
        history=HISTORY,
        new_message="What now?",
        budget=BUDGET,
        nonce=NONCE,
        purpose="session_planning",
    ).system
    assert [n for n in range(6) if f"Paragraph {n}." in system] == list(range(6))
