"""Notes change by whole lines: what a person wrote around them stays as they wrote it."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from ttrpg_assistant.suggestions.note_lines import append_lines, has_lines, remove_lines
from ttrpg_assistant.suggestions.patch import merge, record, undo

words = st.sampled_from(["a", "ab", "abc", "a b", "He lies", "He lies awake", "", " a"])
lines = st.lists(words, min_size=1, max_size=4).map("\n".join)
"""Lines that repeat, continue and begin like one another."""
notes = st.one_of(st.just(""), lines)


def whole(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")] if text.strip() else []


def test_a_line_that_goes_on_is_another_line() -> None:
    before, after = "Keeps the inn.", append_lines("Keeps the inn.", "He lies")
    assert remove_lines("Keeps the inn.\nHe lies awake every night.", before, after) is None


def test_part_of_a_line_is_not_that_line() -> None:
    notes_now = {"gm_notes": "Mira is a spymaster's daughter."}
    (patch,) = merge(notes_now, {"gm_notes": "Mira is a spy"}, notes_now)
    assert patch.outcome == "applied"
    assert patch.result == "Mira is a spymaster's daughter.\nMira is a spy"


def test_lines_that_were_put_twice_are_removed_where_they_were_put() -> None:
    after = append_lines("one", "two")
    assert remove_lines("one\ntwo\nthree\ntwo", "one", after) == "one\nthree\ntwo"


def test_lines_of_which_nobody_can_say_which_is_which_stay() -> None:
    assert remove_lines("zero\ntwo\nthree\ntwo", "one", append_lines("one", "two")) is None


def test_what_was_written_above_and_below_stays() -> None:
    after = append_lines("one", "two")
    assert remove_lines("zero\none\ntwo\n  three ", "one", after) == "zero\none\n  three "


def test_notes_that_were_empty_keep_what_was_written_under_them() -> None:
    restored, kept = undo({"gm_notes": ""}, {"gm_notes": "two"}, {"gm_notes": "two\nthree"})
    assert (restored, kept) == ({"gm_notes": "three"}, ())


@given(notes, lines)
def test_what_was_added_is_found_as_whole_lines(before: str, more: str) -> None:
    assume(whole(more))
    (patch,) = merge({"gm_notes": before}, {"gm_notes": more}, {"gm_notes": before})
    assert isinstance(patch.result, str)
    assert has_lines(patch.result, more)
    if patch.outcome == "unchanged":
        assert has_lines(before, more) or (not before.strip() and not more.strip())
    else:
        assert whole(patch.result)[: len(whole(before))] == whole(before)


@given(notes, lines, st.sampled_from(["above", "below", "both"]), lines)
def test_an_undo_removes_what_was_added_and_nothing_else(
    before: str, more: str, where: str, own: str
) -> None:
    assume(whole(more))
    view = {"gm_notes": before}
    patches = merge(view, {"gm_notes": more}, view)
    then, after = record(patches, view)
    assume(after)
    stored = after["gm_notes"]
    assert isinstance(stored, str)
    above = f"{own}\n" if where != "below" else ""
    below = f"\n{own}" if where != "above" else ""
    now = f"{above}{stored}{below}"
    restored, kept = undo(then, after, {"gm_notes": now})
    if kept:
        return
    rest = restored["gm_notes"]
    assert isinstance(rest, str)
    old = before.rstrip()
    expected = "\n".join(filter(None, [own if above else "", old, own if below else ""]))
    # The same lines may be above: which of two alike is gone makes no difference.
    assert sorted(filter(None, whole(rest))) == sorted(filter(None, whole(expected)))


@given(notes, lines, st.text("ab ", min_size=1, max_size=3))
def test_a_line_somebody_continued_is_never_cut(before: str, more: str, tail: str) -> None:
    assume(whole(more) and tail.strip())
    view = {"gm_notes": before}
    then, after = record(merge(view, {"gm_notes": more}, view), view)
    assume(after)
    now = f"{after['gm_notes']}{tail}"
    restored, kept = undo(then, after, {"gm_notes": now})
    last = whole(now)[-1]
    assert kept == ("gm_notes",) or last in whole(str(restored["gm_notes"]))
