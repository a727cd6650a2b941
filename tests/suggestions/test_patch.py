"""Three-way patches: what is applied, what is in conflict, what an undo gives back."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.suggestions.patch import (
    ABSENT,
    Json,
    changes_of,
    choose,
    merge,
    record,
    undo,
    view_of,
)

NAMES = ["role", "aliases", "gm_notes", "world_state.weather", "house_rules.Flanking"]
values = st.one_of(
    st.text(max_size=6), st.integers(0, 3), st.booleans(), st.lists(st.text(max_size=3), max_size=3)
)
views = st.dictionaries(st.sampled_from(NAMES), values)
proposals = st.dictionaries(st.sampled_from(NAMES), values, min_size=1)


def test_a_field_nobody_touched_is_applied() -> None:
    (patch,) = merge({"role": "smith"}, {"role": "spy"}, {"role": "smith"})
    assert (patch.outcome, patch.result) == ("applied", "spy")


def test_a_field_that_was_changed_since_is_a_conflict_and_stays() -> None:
    (patch,) = merge({"role": "smith"}, {"role": "spy"}, {"role": "queen"})
    assert (patch.outcome, patch.result) == ("conflict", "queen")


def test_a_field_that_says_it_already_is_unchanged() -> None:
    (patch,) = merge({"role": "smith"}, {"role": "spy"}, {"role": "spy"})
    assert patch.outcome == "unchanged"


def test_an_empty_field_and_a_missing_one_are_alike() -> None:
    (patch,) = merge({}, {"role": "spy"}, {"role": ""})
    assert patch.outcome == "applied"


def test_a_list_is_added_to_even_when_it_was_changed_since() -> None:
    (patch,) = merge({"aliases": ["A"]}, {"aliases": ["B", "C"]}, {"aliases": ["A", "C"]})
    assert (patch.outcome, patch.result) == ("applied", ["A", "C", "B"])


def test_a_list_can_be_replaced_and_then_meets_a_conflict() -> None:
    modes = {"aliases": "replace"}
    (patch,) = merge({"aliases": ["A"]}, {"aliases": ["B"]}, {"aliases": ["A"]}, modes)  # type: ignore[arg-type]
    assert patch.result == ["B"]
    (patch,) = merge({"aliases": ["A"]}, {"aliases": ["B"]}, {"aliases": ["Z"]}, modes)  # type: ignore[arg-type]
    assert patch.outcome == "conflict"


def test_notes_are_put_under_the_notes_that_are_there() -> None:
    (patch,) = merge({}, {"gm_notes": "two"}, {"gm_notes": "one\n"})
    assert (patch.outcome, patch.result) == ("applied", "one\ntwo")


def test_a_part_can_be_taken_and_edited_before_it_is() -> None:
    proposed: dict[str, Json] = {"role": "spy", "aliases": ["B"]}
    assert choose(proposed, ["role"], {"role": "smuggler"}) == {"role": "smuggler"}
    assert choose(proposed, ["role"]) == {"role": "spy"}
    with pytest.raises(InvalidInput):
        choose(proposed, ["status"])


def test_an_undo_leaves_what_somebody_changed_since() -> None:
    before: dict[str, Json] = {"role": "smith", "personality": "dry"}
    after: dict[str, Json] = {"role": "spy", "personality": "warm"}
    restored, kept = undo(before, after, {"role": "spy", "personality": "furious"})
    assert (restored, kept) == ({"role": "smith"}, ("personality",))


def test_an_undo_takes_out_of_a_changed_list_only_what_was_added() -> None:
    before: dict[str, Json] = {"aliases": ["A"], "gm_notes": "one"}
    after: dict[str, Json] = {"aliases": ["A", "B"], "gm_notes": "one\ntwo"}
    current: dict[str, Json] = {"aliases": ["A", "B", "Z"], "gm_notes": "one\ntwo\nthree"}
    restored, kept = undo(before, after, current)
    assert restored == {"aliases": ["A", "Z"], "gm_notes": "one\nthree"}
    assert kept == ()


def test_an_entry_that_was_not_there_is_gone_after_the_undo() -> None:
    world: dict[str, Json] = {"world_state": {"season": "autumn"}}
    view = view_of(world, ["world_state.weather"])
    patches = merge({}, {"world_state.weather": "frost"}, view)
    before, after = record(patches, view)
    changed = {**world, **changes_of(world, after)}
    assert changed == {"world_state": {"season": "autumn", "weather": "frost"}}
    restored, _ = undo(before, after, view_of(changed, after))
    assert restored == {"world_state.weather": ABSENT}
    assert {**changed, **changes_of(changed, restored)} == world


@given(views, proposals, views)
def test_a_conflict_never_overwrites(
    base: dict[str, Json], proposed: dict[str, Json], current: dict[str, Json]
) -> None:
    for patch in merge(base, proposed, current):
        now, then = current.get(patch.field), base.get(patch.field)
        if patch.mode == "replace" and now and now != then and now != patch.proposed:
            assert patch.outcome == "conflict"
        if patch.outcome == "conflict":
            assert patch.result == now
        if patch.mode == "append" and isinstance(now, list) and isinstance(patch.result, list):
            assert patch.result[: len(now)] == now


@given(views, proposals)
def test_applying_and_undoing_is_as_if_nothing_had_been(
    current: dict[str, Json], proposed: dict[str, Json]
) -> None:
    stored = changes_of({}, current)
    untouched = copy.deepcopy(stored)
    view = view_of(stored, proposed)
    before, after = record(merge(view, proposed, view), view)
    changed = {**stored, **changes_of(stored, after)}
    restored, kept = undo(before, after, view_of(changed, after))
    assert kept == () and stored == untouched
    back = {**changed, **changes_of(changed, restored)}
    assert view_of(back, NAMES) == {
        **view_of(stored, NAMES),
        **{name: ABSENT for name, value in restored.items() if value is ABSENT and "." not in name},
    }


@given(views, proposals, st.dictionaries(st.sampled_from(NAMES), values))
def test_an_undo_never_takes_a_later_change_away(
    current: dict[str, Json], proposed: dict[str, Json], later: dict[str, Json]
) -> None:
    before, after = record(merge(current, proposed, current), current)
    now = {**current, **after, **later}
    restored, kept = undo(before, after, now)
    for name, value in after.items():
        said = later.get(name, value)
        if type(said) is type(value) and said == value:
            assert name in restored
        elif isinstance(said, str) and name != "gm_notes":
            assert name in kept
