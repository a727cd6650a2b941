"""What an answer says never holds the key it was asked with, however it is cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.llm.dialect_cases import CANARY, NAMES, hear, talking
from tests.providers import Script
from ttrpg_assistant.llm.key_in_text import STAND_IN, KeyInText, keep_out

KEY = "ab-aab-0"


@given(
    st.lists(st.sampled_from([KEY, "a", "ab-", "ab-aab", "-0", " the mill ", "ß"]), max_size=12),
    st.lists(st.integers(0, 1_000), max_size=12),
)
def test_any_split_says_all_but_the_key(parts: list[str], places: list[int]) -> None:
    text = "".join(parts)
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    filtered = KeyInText(KEY)
    said = [filtered.feed(text[a:b]) for a, b in itertools.pairwise(edges)]
    assert "".join(said) + filtered.rest() == text.replace(KEY, STAND_IN)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 7, 400])
async def test_a_server_that_writes_the_key_into_its_answer_is_not_repeated(
    name: str, size: int
) -> None:
    answer = f"Your request: Bearer {CANARY} was read. {CANARY[:9]} is half of it."
    pieces = tuple(answer[at : at + size] for at in range(0, len(answer), size))
    async with talking(name, Script(chunks=pieces), secret=CANARY) as (provider, _):
        heard = await hear(provider)
    assert heard.text == answer.replace(CANARY, STAND_IN)
    assert heard.ended == "stop"


def test_a_key_that_may_be_a_word_is_left_in_the_story() -> None:
    assert keep_out("password") is None
    assert keep_out("not-needed-at-all") is None
    assert keep_out(None) is None
    assert keep_out(CANARY) is not None
