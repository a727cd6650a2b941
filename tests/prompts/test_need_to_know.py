"""A voice never holds what the NPC does not know: absence, byte by byte."""

from __future__ import annotations

import json
from dataclasses import fields

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.prompts.samples import ALDRIC, FORD, MIRA, NONCE, NPC_HISTORY, ORDER, VAULT
from ttrpg_assistant.prompts.audience import GM_ONLY, PUBLIC, Audience
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import compose_about, compose_task, compose_voice
from ttrpg_assistant.prompts.entity_facts import EntityFact, FactLine
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    History,
    HistoryMessage,
    NpcSheet,
    Secret,
    Summary,
    SummaryPart,
    VoiceSheet,
    persona_of,
    voice_sheet,
)

BUDGET = Budget.for_context(100_000)
PIECE = 20


def pieces(text: str) -> set[str]:
    return {text[at : at + PIECE] for at in range(max(1, len(text) - PIECE + 1))}


def everything_sent(voice: VoiceSheet, history: History) -> str:
    prompt = compose_voice(
        sheet=voice, history=history, new_message="What is it?", budget=BUDGET, nonce=NONCE
    )
    question = compose_task(
        "player_questions", history=history, request="Go on.", mode="as", sheet=voice,
        budget=BUDGET, nonce=NONCE,
    )  # fmt: skip
    said = [one.content for one in (*prompt.messages, *question.messages)]
    manifest = json.dumps(prompt.manifest.as_json(), ensure_ascii=False)
    return "\n".join([prompt.system, question.system, manifest, repr(persona_of(voice)), *said])


def test_a_voice_sheet_has_no_place_for_a_secret() -> None:
    names = {field.name for field in fields(VoiceSheet)}
    assert names.isdisjoint({"secrets", "gm_notes", "groups", "audience"})


def test_a_voice_knows_what_its_audience_allows_and_no_more() -> None:
    voice = voice_sheet(MIRA, [FORD, ALDRIC, ORDER, VAULT])
    sent = everything_sent(voice, NPC_HISTORY)
    assert "hold the ford at any price" in sent  # told to her group
    assert "shallow crossing" in sent  # public
    assert "dead captain" in sent  # released for hinting
    assert "sunken chest" not in sent  # a GM-only line of a public place
    assert "heir sleeps" not in sent  # a GM-only plot point
    assert "brother's life" not in sent  # her own secret
    assert "betray the party" not in sent  # the game master's notes


def test_another_npc_is_told_nothing_meant_for_someone_else() -> None:
    told = EntityFact(
        "plot_point", "p1", "The whisper", audience=Audience("some", npcs=frozenset({"npc-mira"}))
    )
    assert [fact.id for fact in voice_sheet(MIRA, [told]).knows] == ["p1"]
    assert voice_sheet(NpcSheet("npc-tam", "Tam"), [told, ORDER]).knows == ()


def test_forgetting_to_say_who_knows_a_fact_leaks_nothing() -> None:
    assert voice_sheet(MIRA, [EntityFact("note", "n1", "A note")]).knows == ()


def test_talk_about_the_npc_sees_everything() -> None:
    system = compose_about(
        sheet=MIRA, facts=None, history=NPC_HISTORY, new_message="?", budget=BUDGET, nonce=NONCE
    ).system
    assert "brother's life" in system
    assert "betray the party" in system


# Public words and secret words share no letter, so any piece found is a leak.
_public = st.text("abcdefghijklm ", min_size=1, max_size=120)
_secret = st.text("NOPQRSTUVWXYZ56789", min_size=PIECE, max_size=700)
_secret_audiences = st.sampled_from(
    [
        GM_ONLY,
        Audience("some", npcs=frozenset({"someone-else"})),
        Audience("some", groups=frozenset({"others"})),
    ]
)
_public_lines = st.builds(FactLine, _public, _public)
_secret_lines = st.builds(FactLine, _secret, _secret, _secret_audiences)
_lines = st.lists(st.one_of(_public_lines, _secret_lines), max_size=4).map(tuple)
_facts = st.lists(
    st.one_of(
        st.builds(
            EntityFact, st.just("location"), st.uuids().map(str), _public, _lines, st.just(PUBLIC)
        ),
        st.builds(
            EntityFact,
            st.just("plot_point"),
            st.uuids().map(str),
            _secret,
            st.lists(st.builds(FactLine, _secret, _secret), max_size=2).map(tuple),
            _secret_audiences,
            st.sampled_from(["mentioned", "summary", "present"]),
        ),
    ),
    max_size=6,
)
_sheets = st.builds(
    NpcSheet,
    npc_id=st.just("npc-1"),
    name=_public,
    role=_public,
    background=_public,
    personality=_public,
    sample_lines=st.lists(_public, max_size=2).map(tuple),
    connections=_lines,
    more=_lines,
    groups=st.just(("guards",)),
    secrets=st.lists(st.builds(Secret, _secret), max_size=3).map(tuple),
    gm_notes=_secret,
)
_talk = st.lists(
    st.one_of(
        st.builds(HistoryMessage, st.integers(1, 99), st.just("user"), _public, st.just("as")),
        st.builds(
            HistoryMessage, st.integers(1, 99), st.just("assistant"), _secret, st.just("about")
        ),
    ),
    max_size=6,
).map(tuple)
_histories = st.builds(
    History,
    _talk,
    st.builds(Summary, st.builds(SummaryPart, _secret).map(lambda one: (one,)), st.just("about")),
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(_sheets, _facts, _histories)
def test_no_piece_of_a_secret_is_in_anything_a_voice_is_sent(
    sheet: NpcSheet, facts: list[EntityFact], history: History
) -> None:
    sent = everything_sent(voice_sheet(sheet, facts), history)
    secrets = [secret.text for secret in sheet.secrets] + [sheet.gm_notes]
    for fact in facts:
        if fact.audience is not PUBLIC:
            secrets.append(fact.name)
        secrets += [
            text
            for line in fact.lines
            if line.audience is not None
            for text in (line.label, line.value)
        ]
    secrets += [
        text
        for line in (*sheet.connections, *sheet.more)
        if line.audience is not None
        for text in (line.label, line.value)
    ]
    secrets += [message.content for message in history.messages if message.mode == "about"]
    for secret in secrets:
        assert not any(piece in sent for piece in pieces(secret))


def test_the_absence_is_not_an_accident_of_the_samples() -> None:
    """The same search finds the same strings where they belong."""
    secret = "NOPQRSTUVWXYZ56789NOPQRSTUVWXYZ"
    sheet = NpcSheet("npc-1", "abc", secrets=(Secret(secret),))
    prompt = compose_about(
        sheet=sheet,
        facts=CampaignFacts("c", "abc"),
        history=History(),
        new_message="?",
        budget=BUDGET,
        nonce=NONCE,
    )
    assert all(piece in prompt.system for piece in pieces(secret))
