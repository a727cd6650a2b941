from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest

from tests.llm.dialect_cases import CANARY
from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    ContextTooLong,
    ModelFault,
    ModelNotFound,
    Overloaded,
    RateLimited,
)
from ttrpg_assistant.llm.wire_faults import MAX_SENTENCE, spoken_fault, status_fault


def fault_of(status: int, body: object = b"", headers: dict[str, str] | None = None) -> ModelFault:
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return status_fault(status, headers or {}, data, "Provider", CANARY)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "This model's maximum context length is 8192 tokens.", ContextTooLong),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", ContextTooLong),
        (400, "The input token count (9) exceeds the maximum number of tokens", ContextTooLong),
        (400, "the request exceeds the available context size", ContextTooLong),
        (413, "request_too_large", ContextTooLong),
        (400, "API key not valid. Please pass a valid API key.", BadKey),
        (401, "nope", BadKey),
        (403, "nope", BadKey),
        (400, "Your credit balance is too low", RateLimited),
        (402, "Insufficient credits", RateLimited),
        (429, "slow down", RateLimited),
        (404, "model: nope", ModelNotFound),
        (400, "foo/bar is not a valid model ID", ModelNotFound),
        (500, "oops", Overloaded),
        (503, "Loading model", Overloaded),
        (529, "Overloaded", Overloaded),
        (400, "temperature must be a number", BadAnswer),
        (418, "teapot", BadAnswer),
        (301, "", BadAnswer),
    ],
)
def test_a_status_becomes_its_named_fault(
    status: int, message: str, kind: type[ModelFault]
) -> None:
    fault = fault_of(status, {"error": {"message": message}})
    assert type(fault) is kind
    if status != 301:
        assert message in fault.sentence


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "the reason"}},
        {"error": "the reason"},
        {"message": "the reason"},
        {"detail": [{"loc": ["body"], "msg": "the reason"}]},
        [{"error": {"code": 400, "message": "the reason"}}],
        b"<html><body><h1>the reason</h1></body></html>",
        b"the reason",
    ],
)
def test_the_sentence_is_found_in_every_known_shape(body: object) -> None:
    assert "the reason" in fault_of(400, body).sentence


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[]", b"{}", b"null", b'{"error": {}}', b"[[[["]
)
def test_any_body_gives_a_fault(body: bytes) -> None:
    assert fault_of(400, body).sentence


def test_a_sentence_is_one_clean_short_line() -> None:
    said = "a\n\x1b[31mb\u202e" + "long " * 500
    sentence = fault_of(500, {"error": {"message": said}}).sentence
    assert sentence.isprintable()
    assert len(sentence) < MAX_SENTENCE + 80


def test_a_key_is_cut_out_even_at_the_edge_of_a_sentence() -> None:
    for padding in range(MAX_SENTENCE - 40, MAX_SENTENCE + 5):
        said = "x" * padding + CANARY + " was refused"
        fault = fault_of(401, {"error": {"message": said}})
        assert CANARY[:8] not in fault.sentence
    assert CANARY not in str(fault_of(400, {"error": {"message": CANARY}}).facts)


def test_anything_shaped_like_a_key_is_cut_out() -> None:
    said = "Incorrect API key provided: sk-proj-abcdefghijkl. Bearer abc.def"
    sentence = fault_of(401, {"error": {"message": said}}).sentence
    assert "abcdefghijkl" not in sentence
    assert "abc.def" not in sentence


def test_the_wait_is_read_from_wherever_it_is_said() -> None:
    assert fault_of(429, b"", {"retry-after": "17"}).retry_after == 17
    assert fault_of(429, b"", {"retry-after-ms": "1500"}).retry_after == 1.5
    google = {"error": {"code": 429, "details": [{"retryDelay": "34s"}]}}
    assert fault_of(429, google).retry_after == 34
    openai = {"error": {"message": "Please try again in 1m3.5s. Visit"}}
    assert fault_of(429, openai).retry_after == 63.5
    assert fault_of(429, b"").retry_after is None


def test_the_wait_may_be_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    wait = fault_of(429, b"", {"retry-after": soon}).retry_after
    assert wait is not None and 80 < wait <= 90
    assert fault_of(429, b"", {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}).retry_after == 0
    assert fault_of(429, b"", {"retry-after": "soon"}).retry_after is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, Overloaded),
        ({"type": "rate_limit_error", "message": "slow"}, RateLimited),
        ({"type": "authentication_error", "message": "no"}, BadKey),
        ({"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota"}, RateLimited),
        ({"code": 503, "status": "UNAVAILABLE", "message": "busy"}, Overloaded),
        ({"code": "context_length_exceeded", "message": "too much"}, ContextTooLong),
        ("model 'x' not found", ModelNotFound),
        ("the input length exceeds the context length", ContextTooLong),
        ("something else", BadAnswer),
    ],
)
def test_an_error_in_mid_stream_becomes_its_named_fault(
    error: object, kind: type[ModelFault]
) -> None:
    assert type(spoken_fault({"error": error}, "Provider", CANARY)) is kind
