"""An answer ends before the first of the texts at which it is to end, however it comes in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.llm.stop_texts import StopFilter

letters = st.text("ab\n", max_size=12)


@given(st.lists(letters, max_size=8), st.lists(letters, max_size=3))
def test_what_is_given_out_is_what_comes_before_the_first_of_them(
    pieces: list[str], texts: list[str]
) -> None:
    said = "".join(pieces)
    found = ((one, said.find(one)) for one in texts if one)
    places = [(at + len(one), at) for one, at in found if at >= 0]
    stop = StopFilter(texts)
    given_out = "".join(map(stop.feed, pieces)) + stop.rest()
    assert stop.ended is bool(places)
    assert given_out == (said[: min(places)[1]] if places else said)


@given(letters, letters)
def test_only_what_may_still_become_one_is_held_back(said: str, text: str) -> None:
    held = len(said) - len(StopFilter([text]).feed(said))
    if text and text not in said:
        assert said[len(said) - held :] == text[:held]
