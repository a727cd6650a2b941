"""Well-formed JSON reads exactly as the standard says; the rest as well as it can."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.llm.lenient import Num, Value, read_values

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab\"'{}\\ é\n", max_size=5), inner),
    max_leaves=20,
)  # fmt: skip


def _plain(value: Value) -> object:
    if isinstance(value, Num):
        return json.loads(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.text(max_size=8), values), st.booleans(), st.sampled_from([None, 2]))
def test_well_formed_json_reads_as_the_standard_says(
    value: dict[str, object], ascii_only: bool, indent: int | None
) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    expected = json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    reading = read_values(written)
    assert reading is not None
    assert [_plain(one) for one in reading.values] == [_replace_halves(expected)]
    assert reading.is_clean and not reading.stray


def _replace_halves(value: object) -> object:
    """What every database can store: no lone halves of surrogate pairs."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_replace_halves(one) for one in value]
    if isinstance(value, dict):
        return {_replace_halves(key): _replace_halves(one) for key, one in value.items()}
    return value


@settings(max_examples=120, deadline=None)
@given(st.text(st.sampled_from("{}[]\"'“”:,;=\\/*#\n ab1tn`"), max_size=60))
def test_no_text_makes_reading_fail(body: str) -> None:
    read_values(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{'a': 'it's fine'}", {"a": "it's fine"}),
        ('{"a": "say "hi" now", "b": 1}', {"a": 'say "hi" now', "b": 1}),
        ("{a: http://x.example/y // where\n}", {"a": "http://x.example/y"}),
        ('{"a": 1e400}', {"a": float("inf")}),
        ('{"a": [1, 2,,], }', {"a": [1, 2]}),
        ('{"a": "cut', {"a": "cut"}),
        ("a: one, two\n**b**: three", {"a": "one, two", "b": "three"}),
    ],
)
def test_broken_json_reads_as_it_was_meant(body: str, expected: object) -> None:
    reading = read_values(body)
    assert reading is not None
    assert not reading.is_clean or "1e400" in body
    assert [_plain(one) for one in reading.values] == [expected]
