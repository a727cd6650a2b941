"""A hundred questions on the sample campaign: most are answered right, none without its marks."""

from __future__ import annotations

import asyncio

import pytest

from tests.gm_questions.marks import Watch
from tests.gm_questions.table import Answer, ask_all, read_questions, split_questions, watch_for

RIGHT = 90
"""Of a hundred: fewer is a step back."""

pytestmark = pytest.mark.xdist_group("the hundred questions")
"""One worker asks them: each would ask all of them again."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    return asyncio.run(ask_all(tmp_path_factory.mktemp("table"), read_questions()))


def test_there_are_a_hundred_and_half_of_them_were_kept_apart() -> None:
    working, kept_apart = split_questions()
    assert len(working) == len(kept_apart) == 50
    assert len({one.name for one in working + kept_apart}) == 100


def test_no_answer_tells_a_secret_or_a_plan_without_saying_so(answers: list[Answer]) -> None:
    assert {one.asked.name: one.unmarked for one in answers if one.unmarked} == {}


def test_no_answer_shows_what_only_the_program_reads(answers: list[Answer]) -> None:
    assert [one.asked.name for one in answers if "shows machinery" in one.wrong] == []


def test_no_npc_tells_what_only_the_game_master_knows(answers: list[Answer]) -> None:
    spoken = [one for one in answers if one.asked.speaker]
    assert spoken and {one.asked.name: one.wrong for one in spoken if one.wrong} == {}


def test_the_answers_are_right(answers: list[Answer]) -> None:
    wrong = {one.asked.name: one.wrong for one in answers if one.wrong}
    assert len(answers) - len(wrong) >= RIGHT, wrong


def test_the_watch_sees_what_is_told_without_its_mark() -> None:
    watch = watch_for("tonight")
    told = "> She cut a spare for the great sluice gate and sold it.\n>\n> — {}[Mira](ttrpg:npc/1)"
    assert watch.list_faults(told.format("")) and not watch.list_faults(told.format("**GM only** "))
    assert watch.list_faults("They found a ransom note in green ink.")
    assert not watch.list_faults("You struck a bargain with Korrin Dask.")
    assert Watch.of(["a b c d"], [], ["x a b c d"]).list_faults("a b c d") == []
