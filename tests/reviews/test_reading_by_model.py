"""A model reads a transcript part by part, and only what the lines say is kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reviews.made_evening import count_proposed, make_evening
from tests.reviews.reading_model import ReadingModel
from tests.reviews.review_table import make_review
from tests.running import running
from ttrpg_assistant.errors import Overloaded
from ttrpg_assistant.llm.types import Finished

REST = "and nothing else happens on the long wet road to the abbey, hour after hour after hour."
TALK = "".join(f"GM: Mira walks {number} steps. So it goes on, {REST}\n" for number in range(1, 9))


async def test_what_the_lines_do_not_say_is_left_out_and_counted(tmp_path: Path) -> None:
    evening = make_evening(7, lines=240, planted=12)
    model = ReadingModel(evening)
    async with running(tmp_path, providers=[model]) as app:
        table = await make_review(app, evening.text)
        done = await table.read()
        assert (done["status"], done["progress"]["failed"]) == ("done", 0)
        assert model.mind.parts == done["progress"]["parts"] - 1 > 1
        # Each part made something up, and the end of each recap.
        assert done["progress"]["left_out"] == model.mind.made_up + 2
        queue = await table.queue()
        assert all(line["quote"] in line["text"] for one in queue for line in one["lines"])
        assert "Zorblax" not in json.dumps(queue)
        shares = count_proposed(evening.planted, queue)
        assert sum(shares) >= 0.9 * len(shares), [
            evening.lines[one.line - 1]
            for one, found in zip(
                [one for one in evening.planted if one.kind != "mention"], shares, strict=True
            )
            if not found
        ]
        recaps = [one for one in queue if one["kind"] == "recap"]
        assert len(recaps) == 2 and all(one["lines"] for one in recaps)
        # Nothing that was sent was larger than the window.
        assert all(len(one.system) < 3 * 3_000 for one in model.history)


async def test_a_part_that_fails_says_why_and_is_read_again(tmp_path: Path) -> None:
    model = ReadingModel(make_evening(7, lines=120, planted=2))
    async with running(tmp_path, providers=[model]) as app:
        table = await make_review(app, TALK)
        model.enqueue([Overloaded("The model is busy.")])
        stopped = await table.read()
        assert stopped["status"] == "stopped"
        faults = [one["error_code"] for one in stopped["failed_parts"]]
        assert faults == ["model_overloaded"] or len(faults) == 1, faults
        assert stopped["failed_parts"][0]["error_detail"] == "The model is busy."
        entry = {"kind": "fact", "text": "Mira walks 3 steps.", "lines": [3], "quote": "walks 3"}
        model.enqueue([json.dumps([entry])])
        done = await table.read()
        assert (done["status"], done["progress"]["failed"]) == ("done", 0)
        assert [one["title"] for one in await table.queue() if one["kind"] == "fact"] == [
            "Fact: Mira walks 3 steps."
        ]


async def test_an_answer_without_room_is_asked_for_in_halves(tmp_path: Path) -> None:
    model = ReadingModel(make_evening(7, lines=120, planted=2))
    async with running(tmp_path, providers=[model]) as app:
        table = await make_review(app, TALK)
        model.enqueue(['[{"kind": "fact", "text": "Mira wal', Finished("length")])
        halves = [
            [{"kind": "fact", "text": "Mira walks 2 steps.", "lines": [2], "quote": "walks 2"}],
            [{"kind": "fact", "text": "Mira walks 6 steps.", "lines": [2], "quote": "walks 6"}],
        ]
        for half in halves:
            model.enqueue([json.dumps(half)])
        done = await table.read()
        assert (done["status"], done["progress"]["parts"]) == ("done", 3)
        facts = [one["fields"]["text"] for one in await table.queue() if one["kind"] == "fact"]
        assert facts == ["Mira walks 2 steps.", "Mira walks 6 steps."]


async def test_after_three_failures_in_a_row_nothing_more_is_asked(tmp_path: Path) -> None:
    evening = make_evening(7, lines=400, planted=2)
    model = ReadingModel(evening)
    async with running(tmp_path, providers=[model]) as app:
        table = await make_review(app, evening.text)
        for _ in range(20):
            model.enqueue(["Sorry."])
        stopped = await table.read()
        assert stopped["status"] == "stopped"
        assert (stopped["progress"]["failed"], stopped["error_code"]) == (3, "model_bad_answer")
        assert len(model.history) == 3
        assert stopped["error_cure"]


async def test_a_model_that_never_ends_is_asked_a_bounded_number_of_times(tmp_path: Path) -> None:
    evening = make_evening(7, lines=100, planted=2)
    model = ReadingModel(evening)
    again = '{"kind": "fact", "text": "Mira walks.", "lines": [1], "quote": "Mira walks"}, '
    async with running(tmp_path, providers=[model]) as app:
        table = await make_review(app, evening.text)
        asked = len(evening.text) // 300
        for _ in range(2 * asked):
            model.enqueue([f"[{again * 9}", Finished("length")])
        done = await table.read()
        # Halves that are short are read as they are: not every line is asked about.
        assert done["progress"]["parts"] <= asked + 2, done


async def test_an_endless_answer_without_a_list_is_no_answer(tmp_path: Path) -> None:
    evening = make_evening(7, lines=400, planted=2)
    model = ReadingModel(evening)
    async with running(tmp_path, providers=[model]) as app:
        table = await make_review(app, evening.text)
        for _ in range(20):
            model.enqueue(["Once upon a time " * 40, Finished("length")])
        stopped = await table.read()
        assert (stopped["status"], stopped["progress"]["failed"]) == ("stopped", 3)
        assert len(model.history) == 3
