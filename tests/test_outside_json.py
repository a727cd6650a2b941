"""What somebody else's text has to be to be read as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.outside_json import (
    MOST_MENDED,
    MOST_NESTED,
    NOT_JSON,
    decode_outside,
    find_json,
    mend_json,
)

NO_JSON = {
    "broken": "{",
    "half a character": '"\\ud800"',
    "half a character in the text": "\ud800",
    "no UTF-8": b'"\xff"',
    "nothing": "",
    "too deep for the decoder": "[" * 100_000 + "]" * 100_000,
    "objects too deep": '{"a":' * (MOST_NESTED + 1) + "1" + "}" * (MOST_NESTED + 1),
    "lists too deep": "[" * (MOST_NESTED + 1) + "]" * (MOST_NESTED + 1),
}


@pytest.mark.parametrize("text", NO_JSON.values(), ids=NO_JSON.keys())
def test_what_is_no_json_raises_one_of_the_named_errors_and_nothing_else(text: str | bytes) -> None:
    with pytest.raises(NOT_JSON):
        decode_outside(text)
    assert find_json(text) is None
    assert find_json(text, "none") == "none"


@pytest.mark.parametrize("kind", [str, str.encode], ids=["text", "bytes"])
def test_what_is_nested_as_deep_as_allowed_or_is_only_wide_is_read(kind: type) -> None:
    deep = "[" * MOST_NESTED + "]" * MOST_NESTED
    wide = "[" + ",".join(['{"a":"[[[[{{{{"}'] * 5_000) + "]"
    for text in (deep, wide, '"' + "[" * 100_000 + '"'):
        assert decode_outside(kind(text)) == find_json(kind(text))
    assert len(decode_outside(kind(wide))) == 5_000


@given(
    st.recursive(
        st.none() | st.floats() | st.text(st.characters()) | st.integers(-(2**63), 2**63),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    )
)
def test_what_pythons_own_writer_writes_is_read_after_mending(value: object) -> None:
    written = json.dumps(value).encode()
    mended = mend_json(written)
    assert json.loads(mended, parse_constant=_fail) is not _fail
    decode_outside(mended)
    if mended == written:
        assert json.loads(mended) == value


@pytest.mark.parametrize(
    "text", [b'{"NaN":"Infinity \\" NaN","a":"\\ud83d\\ude00"}', b'["Infinity', b'"a\\', b"nothing"]
)
def test_mending_leaves_strings_and_what_is_no_json_as_they_are(text: bytes) -> None:
    assert mend_json(text) == text


def test_a_text_that_is_too_long_to_mend_stays_as_it_is() -> None:
    text = b"[NaN" + b" " * MOST_MENDED + b"]"
    assert mend_json(text) == text
    assert mend_json(text[:100]) == b"[null" + b" " * 96


def _fail(name: str) -> object:
    raise AssertionError(name)
