import itertools
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.wire_decoding import (
    HalfCharacters,
    LineDecoder,
    SseDecoder,
    decode_payload,
)

ANY = msgspec.json.Decoder()


def feed_all(decoder: SseDecoder | LineDecoder, pieces: list[bytes]) -> list[bytes]:
    payloads = [payload for piece in pieces for payload in decoder.feed(piece)]
    left = decoder.rest()
    return [*payloads, left] if left else payloads


def split_at(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_means_the_same(line_end: str) -> None:
    stream = ': hi\n\nevent: x\nid: 7\ndata: {"a":1}\n\ndata:2\n\n'.replace("\n", line_end)
    assert feed_all(SseDecoder(), [stream.encode()]) == [b'{"a":1}', b"2"]


def test_data_over_several_lines_is_one_payload() -> None:
    assert feed_all(SseDecoder(), [b"data: {\ndata: }\n\n"]) == [b"{\n}"]


def test_a_byte_order_mark_and_empty_events_are_skipped() -> None:
    assert feed_all(SseDecoder(), [b"\xef\xbb\xbf", b"data: 1\n\ndata:\n\n\n\n"]) == [b"1"]


def test_an_error_field_is_heard_like_data() -> None:
    assert feed_all(SseDecoder(), [b'error: {"message":"no"}\n\n']) == [b' {"message":"no"}']


def test_a_last_event_without_its_blank_line_is_kept() -> None:
    decoder = SseDecoder()
    assert decoder.feed(b"data: [DONE]") == []
    assert decoder.rest() == b"[DONE]"


def test_blank_lines_between_json_lines_are_skipped() -> None:
    assert feed_all(LineDecoder(), [b'{"a":1}\r\n\n \n{"b":', b"2}"]) == [b'{"a":1}\r', b'{"b":2}']


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), max_size=8),
    places=st.lists(st.integers(0, 10_000), max_size=12),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_split_of_an_event_stream_gives_the_same_payloads(
    texts: list[str], places: list[int], line_end: str
) -> None:
    payloads = [json.dumps({"t": text}, ensure_ascii=False).encode() for text in texts]
    end = line_end.encode()
    stream = b"".join(b": c" + end + b"data: " + p + end + end for p in payloads)
    assert feed_all(SseDecoder(), split_at(stream, places)) == payloads


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), max_size=8),
    places=st.lists(st.integers(0, 10_000), max_size=12),
)
def test_any_split_of_json_lines_gives_the_same_payloads(
    texts: list[str], places: list[int]
) -> None:
    payloads = [json.dumps({"t": text}, ensure_ascii=False).encode() for text in texts]
    stream = b"".join(payload + b"\n" for payload in payloads)
    assert feed_all(LineDecoder(), split_at(stream, places)) == payloads


@pytest.mark.parametrize("make", [SseDecoder, LineDecoder])
def test_a_line_that_never_ends_is_given_up_at_the_cap(make: type[SseDecoder]) -> None:
    decoder = make(max_bytes=1_000)
    assert decoder.feed(b"data: 1\n\n" + b"data: " + b"x" * 900)
    assert not decoder.broken
    assert decoder.feed(b"x" * 200) == []
    assert decoder.broken
    assert decoder.rest() == b""


@pytest.mark.parametrize("make", [SseDecoder, LineDecoder])
def test_what_came_before_a_line_past_the_cap_is_given_out(make: type[SseDecoder]) -> None:
    decoder = make(max_bytes=1_000)
    payloads = decoder.feed(b"data: 1\n\ndata: " + b"x" * 1_100 + b"\n\ndata: 2\n\n")
    assert len(payloads) == 1
    assert decoder.broken


def test_an_event_of_many_lines_is_given_up_at_the_cap() -> None:
    decoder = SseDecoder(max_bytes=1_000)
    assert decoder.feed((b"data: " + b"x" * 90 + b"\n") * 20) == []
    assert decoder.broken


def test_an_event_of_empty_lines_is_given_up_at_the_cap() -> None:
    decoder = SseDecoder(max_bytes=1_000)
    assert decoder.feed(b"data:\n" * 2_000) == []
    assert decoder.broken


def test_many_small_events_in_one_large_piece_are_no_problem() -> None:
    assert len(SseDecoder(max_bytes=1_000).feed(b"data: {}\n\n" * 5_000)) == 5_000


def test_something_that_is_not_json_is_a_bad_answer() -> None:
    for payload in (b"{", b"\xff\xfe", b'"\\u12"', b""):
        with pytest.raises(BadAnswer):
            decode_payload(ANY, payload)


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")))
def test_characters_escaped_in_halves_over_payloads_are_joined(text: str) -> None:
    units = text.encode("utf-16-le", "surrogatepass")
    halves = HalfCharacters()
    heard = ""
    for i in range(0, len(units), 2):
        payload = b'"\\u%04x"' % int.from_bytes(units[i : i + 2], "little")
        said = decode_payload(ANY, payload)
        assert isinstance(said, str)
        heard += halves.join(said)
    assert heard + halves.rest() == text


def test_a_half_that_stays_alone_is_shown_as_a_replacement() -> None:
    halves = HalfCharacters()
    first = decode_payload(ANY, b'"a\\ud83d"')
    assert isinstance(first, str)
    assert halves.join(first) == "a"
    assert halves.join("b") == "�b"
    assert halves.rest() == ""


def test_nul_characters_never_reach_the_text() -> None:
    assert HalfCharacters().join("a\x00b") == "ab"
