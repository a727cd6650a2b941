"""What is only like something open is shown apart, is less than what is sure, and a model's word on
it is weighed by the lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.continuity.findings import Finding, join_threads, keep_fewer
from ttrpg_assistant.continuity.likeness import list_features, rate, spell_weights
from ttrpg_assistant.continuity.loose_threads import find_loose_threads
from ttrpg_assistant.continuity.model import Evidence, Line, LooseThread, Side, Source
from ttrpg_assistant.continuity.sentences import is_table_talk, without_dice

MIRA = EntityRef("npc", "mira")
INDEX = NameIndex([(MIRA, "Mira"), (EntityRef("character", "rook"), "Rook")])

PROMISED = "Rook swore to find the daughter of Mira."
LATER = "Mira embraced her daughter at the gate."
LINES = [
    Line(Source("note", "1"), PROMISED, 1, 0, (MIRA,)),
    Line(Source("note", "2"), LATER, 2, 1, (MIRA,)),
    Line(Source("note", "3"), "It rained on the hills.", 3, 2),
]


def _find(*texts: str) -> list[LooseThread]:
    lines = [
        Line(Source("note", str(at)), text, at, at, tuple(_named(text)))
        for at, text in enumerate(texts, start=1)
    ]
    return find_loose_threads(Evidence(lines), INDEX)


def _named(text: str) -> list[EntityRef]:
    return [ref for mention in INDEX.find_mentions(text) for ref in mention.refs]


def _thread(key: str, *, is_sure: bool, settled: bool = False) -> LooseThread:
    side = Side(Source("note", "2"), LATER, 2) if settled else None
    about = (MIRA,)
    return LooseThread(
        key, "promised", PROMISED, 1, LINES[0].source, about, settled_by=side, is_sure=is_sure
    )


def _say(says: Literal["found", "real", "settled"], at: int, quote: str) -> Finding:
    kind: Literal["promised", "verdict"] = "promised" if says == "found" else "verdict"
    return Finding("k", kind, says, "", LINES[at].source, quote, made_by="openai:some")


def _join(thread: LooseThread, word: Finding) -> LooseThread:
    (joined,) = join_threads([thread], {word.key: word}, Evidence(LINES), lambda *_: True)
    return joined


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Mira's strongbox. Not opened. Key?", "planted"),
        ("Mira expects one third of whatever Rook drags out of the wreck.", "owed"),
        ("Rook on the hook for Mira's wedding escort, day 40.", "promised"),
    ],
)
def test_what_no_rule_knows_is_found_where_it_is_like_what_stays_open(line: str, kind: str) -> None:
    (found,) = _find(line)
    assert {found.kind, kind} <= {"promised", "owed"} or found.kind == kind


def test_what_the_rules_and_the_words_both_say_is_sure() -> None:
    (found,) = _find(PROMISED)
    assert found.is_sure


@pytest.mark.parametrize(
    "line",
    [
        "Mira is owed respect by everyone.",
        "Mira offered to lend them armour, but they did not need it.",
    ],
)
def test_what_is_refused_or_due_to_an_office_is_not_sure(line: str) -> None:
    assert not any(one.is_sure for one in _find(line))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=30))
def test_there_are_always_fewer_impressions_than_there_is_that_is_sure(
    kinds: list[tuple[bool, bool, bool]],
) -> None:
    threads = [
        _thread(str(at), is_sure=is_sure, settled=settled)
        for at, (is_sure, settled, _) in enumerate(kinds)
    ]
    kept = keep_fewer(threads)
    open_ = [one for one in kept if one.settled_by is None]
    sure = sum(one.is_sure for one in open_)
    assert len(open_) - sure <= max(0, sure - 1)
    assert [one for one in threads if one.is_sure or one.settled_by] == [
        one for one in kept if one.is_sure or one.settled_by
    ]


def test_an_impression_that_is_planned_stays_whatever_else_is_sure() -> None:
    planned = replace(_thread("1", is_sure=False), state="planned")
    assert keep_fewer([planned]) == (planned,)


def test_a_model_that_says_the_same_makes_an_impression_sure() -> None:
    unsure = _thread("k", is_sure=False)
    assert _join(unsure, _say("real", 0, "")).is_sure
    found = _join(unsure, _say("found", 0, PROMISED))
    assert found.is_sure and found.made_by == "openai:some"


def test_a_bare_no_takes_nothing_from_what_is_sure_and_an_impression_away() -> None:
    no = _say("settled", 0, "")
    kept = _join(_thread("k", is_sure=True), no)
    assert kept.is_sure and kept.settled_by is None
    assert _join(_thread("k", is_sure=False), no).settled_by is not None


def test_a_no_with_words_of_its_line_makes_it_an_impression() -> None:
    called_none = _join(_thread("k", is_sure=True), _say("settled", 0, "Rook swore"))
    assert not called_none.is_sure and called_none.settled_by is None


def test_what_is_sure_is_settled_only_by_a_line_that_is_about_the_same() -> None:
    settled = _join(_thread("k", is_sure=True), _say("settled", 1, LATER))
    assert settled.settled_by == Side(LINES[1].source, LATER, 2)
    elsewhere = _join(_thread("k", is_sure=True), _say("settled", 2, "It rained"))
    assert elsewhere.settled_by is None and elsewhere.is_sure


def test_weights_are_read_as_they_are_written_and_all_count() -> None:
    assert spell_weights([("", (1, 0, -1)), ("a b", (0.25, 0, 0))]).splitlines()[1:] == [
        "1.00\t0.00\t-1.00\t",
        "0.25\t0.00\t0.00\ta b",
    ]
    owes, rain = rate("WHO still owes WHO forty crowns.", "noted"), rate("it rains.", "told")
    assert owes.bond > rain.bond + 1 and owes.owed > 0
    assert {"by noted", "^ WHO", "#"} <= list_features("WHO has 40 crowns.", "noted")


def test_what_a_virtual_table_adds_is_not_read() -> None:
    said = "[rolls 1d20+7 = 22] We will be back for you, Mira (IC)."
    assert without_dice(said).split() == ["We", "will", "be", "back", "for", "you,", "Mira", "."]
    assert not is_table_talk(said, is_of_story=True)
    assert is_table_talk("(OOC) brb", is_of_story=True)
