"""Hints on keeping a voice: what they find, and what they leave alone."""

from __future__ import annotations

import pytest

from ttrpg_assistant.conversations.npc.voice import (
    MOST_READ,
    Spoken,
    find_voice_hints,
    list_newest,
)
from ttrpg_assistant.prompts.facts import VoiceSheet

MIRA = VoiceSheet(
    "n1",
    "Mira Vale",
    speaking_style="Short sentences. Weather and water for everything.",
    sample_lines=(
        "Tide's turning. Talk quicker or swim slower.",
        "I don't do favours. I do fares.",
        "You can't hurry water.",
    ),
    never_says=("please", "I promise"),
)

IN_VOICE = (
    "*spits over the side* Fog's coming. Pay now.",
    "Two pence. Don't stand there.",
    "*counts heads* Water's low. You'll wade, and you'll like it.",
)


def hint(text: str, sheet: VoiceSheet = MIRA) -> list[tuple[str, str | None]]:
    found = find_voice_hints(sheet, [Spoken("m1", text)])
    return [(one.kind, one.quote) for one in found]


def test_a_voice_that_holds_gets_no_hints() -> None:
    assert find_voice_hints(MIRA, [Spoken(str(n), text) for n, text in enumerate(IN_VOICE)]) == []


@pytest.mark.parametrize(
    "text",
    [
        "As an AI, I cannot feel the rain.",
        "I'm just a language model, traveller.",
        "I’m an AI assistant.",
        "That is not in my training data.",
    ],
)
def test_speaking_of_being_a_machine_is_the_gravest(text: str) -> None:
    [(kind, quote), *_] = hint(text)
    assert kind == "machine" and quote is not None and quote in text.replace("’", "'")


@pytest.mark.parametrize(
    "text",
    [
        "Roll a perception check.",
        "The players should look behind the casks.",
        "In this scenario I would row.",
        "Mira Vale would say no.",
        "As Mira Vale, I say no.",
        "Mira Vale: No.",
    ],
)
def test_leaving_the_part_is_found(text: str) -> None:
    assert "out_of_character" in dict(hint(text))


@pytest.mark.parametrize(
    "text",
    [
        "*Mira Vale nods* Aye.",
        "Ask for Mira Vale at the Landing.",
        "A player of lutes, that one.",
        "They roll a barrel to the pier.",
        "Mistress Ai keeps the till.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert hint(text) == []


def test_forbidden_words_are_found_whole_and_in_any_case() -> None:
    assert ("forbidden", "step in. please, mind the rope.") in hint(
        "Step in. PLEASE, mind the rope."
    )
    assert "forbidden" in dict(hint("I  promise."))
    assert hint("It pleases me. *she would never say please*") == []


def test_sentences_much_longer_than_the_sample_lines_are_told_with_figures() -> None:
    long = (
        "Well now the fog is coming in from the east and the water has been strange for many a"
        " week, so if you ask me we should wait until the bell has rung twice."
    )
    [first] = [one for one in find_voice_hints(MIRA, [Spoken("m1", long)]) if one.kind == "length"]
    assert "longer" in first.sentence and "against 4" in first.sentence


def test_a_brief_speaker_who_lectures_is_told_so_without_sample_lines() -> None:
    brief = VoiceSheet("n1", "Tor", speaking_style="Terse.")
    [one] = find_voice_hints(brief, [Spoken("m1", "Aye it is so. " * 20)])
    assert (one.kind, one.message_id) == ("length", "m1")
    assert "80 words" in one.sentence


def test_answers_that_grow_with_the_talk_are_told() -> None:
    plain = VoiceSheet("n1", "Tor")
    answers = [Spoken(str(n), "one two three four. " * size) for n, size in enumerate((4,) * 4)]
    answers += [Spoken(str(n), "one two three four. " * 30) for n in range(4, 8)]
    assert [one.kind for one in find_voice_hints(plain, answers)] == ["length"]
    assert find_voice_hints(plain, answers[:4]) == []


def test_office_words_and_stiffness_are_told_but_not_when_they_are_the_voice() -> None:
    assert "vocabulary" in dict(hint("Certainly! I'd be happy to row."))
    clerk = VoiceSheet("n2", "Quill", sample_lines=("Furthermore, see page four.",))
    assert hint("Furthermore, the ink is dry.", clerk) == []
    stiff = "I do not row at night. It is not done. I am tired. You are not kind to me. " * 3
    told = [one.sentence for one in find_voice_hints(MIRA, [Spoken("m1", stiff)])]
    assert any("shorten their words" in sentence for sentence in told)


def test_a_bare_sheet_and_strange_text_give_no_hints() -> None:
    bare = VoiceSheet("n3", "")
    for text in ("", "*", "***", "…", "北の門へ行け。", "İİİ as an Aı", "x" * 100_000):
        assert find_voice_hints(bare, [Spoken("m1", text)]) == []


def test_of_a_long_talk_the_newest_answers_are_read() -> None:
    old = [Spoken(f"o{n}", "I am a language model. " + "The ford is low. " * 500) for n in range(9)]
    new = [Spoken(f"n{n}", "The ford is low. " * 500) for n in range(5)]
    assert [one.message_id for one in list_newest([*old, *new])] == ["n0", "n1", "n2", "n3", "n4"]
    hints = find_voice_hints(VoiceSheet("n1", "Tor"), [*old, *new])
    assert "machine" not in {one.kind for one in hints}
    [one] = list_newest([*new, Spoken("last", "I am a language model. " * 10_000)])
    assert (one.message_id, len(one.text)) == ("last", MOST_READ)
