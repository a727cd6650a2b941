"""What somebody else's text has to be to be read as JSON."""

from __future__ import annotations

import pytest

from ttrpg_assistant.outside_json import MOST_NESTED, NOT_JSON, decode_outside, find_json

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
