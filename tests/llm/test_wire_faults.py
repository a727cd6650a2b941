from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest

from tests.llm.dialect_cases import CANARY
from ttrpg_assistant.api.errors import answer_fault
from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    ContextTooLong,
    ModelFault,
    ModelNotFound,
    ModelRefused,
    NoCredit,
    NotPermitted,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    WrongAddress,
)
from ttrpg_assistant.llm.error_bodies import MAX_SENTENCE
from ttrpg_assistant.llm.wire_faults import spoken_fault, status_fault


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
        (422, "`inputs` must have less than 1024 tokens. Given: 6554", ContextTooLong),
        (400, "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 6554", ContextTooLong),
        (400, "API key not valid. Please pass a valid API key.", BadKey),
        (401, "nope", BadKey),
        (403, "nope", BadKey),
        (403, "Your API key was reported as leaked. Please use another API key.", BadKey),
        (403, "Your API key does not have permission to use this resource.", NotPermitted),
        (403, "unsupported_country_region_territory", NotPermitted),
        (400, "User location is not supported for the API use.", NotPermitted),
        (403, "Your organization must be verified to use this model.", NotPermitted),
        (451, "", NotPermitted),
        (403, "Your chosen model requires moderation and your input was flagged", ModelRefused),
        (400, "The response was filtered: content management policy", ModelRefused),
        (400, "Your credit balance is too low", NoCredit),
        (402, "Insufficient credits", NoCredit),
        (429, "insufficient_quota: check your plan and billing details", NoCredit),
        (429, "Limit reached on tokens per day (TPD): Limit 100000", QuotaUsedUp),
        (429, "Rate limit exceeded: free-models-per-day", QuotaUsedUp),
        (429, "Rate limit exceeded: free-models-per-min", RateLimited),
        (429, "slow down", RateLimited),
        (404, "model: nope", ModelNotFound),
        (404, "The model `x` does not exist or you do not have access to it.", ModelNotFound),
        (404, "No endpoints found for x/y.", ModelNotFound),
        (404, "Not Found", WrongAddress),
        (404, "Unknown request URL: POST /v1/models/chat/completions", WrongAddress),
        (404, "Invalid URL (POST /chat/completions)", WrongAddress),
        (405, "Method Not Allowed", WrongAddress),
        (400, "Client sent an HTTP request to an HTTPS server.", WrongAddress),
        (301, "", WrongAddress),
        (400, "foo/bar is not a valid model ID", ModelNotFound),
        (400, "the parameter top_k does not exist", BadAnswer),
        (500, "oops", Overloaded),
        (503, "Loading model", Overloaded),
        (529, "Overloaded", Overloaded),
        (400, "temperature must be a number", BadAnswer),
        (418, "teapot", BadAnswer),
    ],
)
def test_a_status_becomes_its_named_fault(
    status: int, message: str, kind: type[ModelFault]
) -> None:
    fault = fault_of(status, {"error": {"message": message}})
    assert type(fault) is kind
    if status not in (301, 451) and "HTTPS" not in message:
        assert message in fault.sentence


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "the reason"}},
        {"error": "the reason"},
        {"message": "the reason"},
        {"detail": [{"loc": ["body"], "msg": "the reason"}]},
        [{"error": {"code": 400, "message": "the reason"}}],
        b"<h1>the reason</h1>",
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


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcdefghijkl", "sk-ant-api03-0aB1cD2eF3gH", "AIzaSyA1234567890abcdefghij",
        "gsk_0123456789abcdef", "hf_0aB1cD2eF3gH4iJ", "Bearer eyJhbGciOiJIUzI1NiJ9.e30",
        "sk-****************abcd",
    ],
)  # fmt: skip
def test_anything_shaped_like_a_key_is_cut_out(key: str) -> None:
    sentence = fault_of(401, {"error": {"message": f"Incorrect API key provided: {key}."}}).sentence
    assert key[8:] not in sentence and "[key]" in sentence


@pytest.mark.parametrize(
    "words",
    [
        "keyword-arguments are not supported", "the key-value-store-is-full",
        "hf_transfer_enabled is unknown", "a Bearer token is required", "pkg-resources-missing",
        "the skeleton-king-of-the-north", "risk-assessment-service failed",
        "key_not_configured_here",        "task-sk-1 failed", "keyboard.layout.german",
    ],
)  # fmt: skip
def test_ordinary_words_are_left_alone(words: str) -> None:
    assert words in fault_of(400, {"error": {"message": words}}).sentence


@pytest.mark.parametrize("secret", ["x", "none", "ollama", "sk-1"])
def test_a_key_that_is_a_short_word_hides_nothing(secret: str) -> None:
    body = b'{"error": {"message": "x: max_tokens is none of ollama, sk-1"}}'
    fault = status_fault(400, {}, body, "Provider", secret)
    assert "x: max_tokens is none of ollama, sk-1" in fault.sentence


def test_what_is_matched_is_the_whole_text_and_leaves_the_process_in_no_answer() -> None:
    said = f"Unsupported parameter max_tokens for {CANARY}"
    fault = fault_of(400, {"error": {"message": said}})
    assert "max_tokens" in str(fault.facts["everything"])
    assert CANARY not in fault.sentence + str(fault.facts)
    assert b"everything" not in bytes(answer_fault(fault).body)


def test_what_a_server_repeats_of_the_question_decides_nothing() -> None:
    question = "The moderation flagged our credit balance: permission denied, context length."
    for body in (
        {"detail": [{"loc": ["body"], "msg": "bad value", "input": {"content": question}}]},
        {"error": {"message": "bad value", "request": {"messages": [{"content": question}]}}},
        {"error": {"message": "bad value", "metadata": {"flagged_input": question}}},
    ):
        assert type(fault_of(400, body)) is BadAnswer


def test_googles_quotas_are_told_apart_by_their_names() -> None:
    def google(*quotas: str, delay: str = "34s") -> ModelFault:
        return fault_of(429, {"error": {
            "code": 429, "status": "RESOURCE_EXHAUSTED",
            "message": "You exceeded your current quota, please check your plan and billing"
                       " details.",
            "details": [
                {"@type": "type.googleapis.com/google.rpc.QuotaFailure",
                 "violations": [{"quotaId": quota} for quota in quotas]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
            ]}})  # fmt: skip

    minute = google("GenerateRequestsPerMinutePerProjectPerModel-FreeTier")
    assert type(minute) is RateLimited and minute.facts["quota"] == "minute"
    assert minute.retry_after == 34 and "credit" not in minute.sentence
    day = google("GenerateRequestsPerDayPerProjectPerModel-FreeTier")
    assert type(day) is QuotaUsedUp and day.facts["quota"] == "day"
    assert type(google()) is RateLimited


def test_a_gateway_lets_the_server_behind_it_speak() -> None:
    body = {"error": {"code": 429, "message": "Provider returned error", "metadata": {
        "raw": '{"error": {"message": "x/y is temporarily rate-limited upstream."}}',
        "provider_name": "Somebody"}}}  # fmt: skip
    fault = fault_of(429, body)
    assert "rate-limited upstream" in fault.sentence


@pytest.mark.parametrize("status", [200, 400, 403, 404])
def test_a_web_page_is_told_as_one(status: int) -> None:
    page = b"\n<!doctype html><html><head><title>Web UI</title></head><body>model</body></html>"
    fault = fault_of(status, page)
    assert type(fault) is WrongAddress
    assert "web page" in fault.sentence and "/v1" in (fault.cure or "")


def test_a_failing_gateways_page_is_a_failing_server() -> None:
    fault = fault_of(502, b"<html><head><title>502 Bad Gateway</title></head><body>a</body></html>")
    assert type(fault) is Overloaded
    assert fault.sentence.endswith(": 502 Bad Gateway")


def test_a_name_is_written_as_its_place_in_the_sentence_wants_it() -> None:
    for status, body in ((402, b""), (413, b"")):
        fault = status_fault(status, {}, body, "The model's server", None)
        assert " The " not in fault.sentence and "the model's server" in fault.sentence


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 16_384, b"<a" * 8_192, b"retry " * 2_700, b"retry in 1 1 1 1" * 1_000,
        b"Bearer " * 2_300, b"sk-" * 5_400, b"1m" * 8_000, b"[" * 16_384,
        b'{"error":' * 1_800, b"try again in " + b"9" * 16_000, b"<title" * 2_700,
        b'{"error": "' + b"[" * 16_000 + b'"}',
    ],
    ids=lambda body: body[:8].decode(),
)  # fmt: skip
def test_no_body_takes_longer_than_reading_it(body: bytes) -> None:
    # A pattern that looks at a text again from each of its places would take minutes here.
    for _ in range(20):
        assert fault_of(400, body).sentence


def test_the_wait_is_read_from_wherever_it_is_said() -> None:
    assert fault_of(429, b"", {"retry-after": "17"}).retry_after == 17
    assert fault_of(429, b"", {"retry-after-ms": "1500"}).retry_after == 1.5
    google = {"error": {"code": 429, "details": [{"retryDelay": "34s"}]}}
    assert fault_of(429, google).retry_after == 34
    openai = {"error": {"message": "Please try again in 1m3.5s. Visit"}}
    assert fault_of(429, openai).retry_after == 63.5
    assert fault_of(429, b"").retry_after is None


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "2.5"}, {}, 2.5),
        ({"retry-after": "30s"}, {}, 30),
        ({"retry-after": "1m30s"}, {}, 90),
        ({"retry-after": "-5"}, {}, None),
        ({"retry-after": "9" * 400}, {}, None),
        ({"retry-after": "99999999"}, {}, 86_400),
        ({"retry-after-ms": "x", "retry-after": "3"}, {}, 3),
        ({}, {"error": {"message": "slow", "retry_after": 12}}, 12),
        ({}, {"error": {"message": "Please retry after 20 seconds."}}, 20),
        ({}, {"error": {"message": "Try again in 250ms"}}, 0.25),
        ({}, {"error": {"message": "Please wait 2 minutes"}}, 120),
        ({}, {"error": {"message": "retry with model gpt-4 in mind"}}, None),
        ({}, {"error": {"message": "Please try again later"}}, None),
    ],
)
def test_the_wait_is_read_in_every_spelling(
    headers: dict[str, str], body: object, wait: float | None
) -> None:
    assert fault_of(429, body, headers).retry_after == wait


def test_the_wait_may_be_a_moment_in_milliseconds() -> None:
    then = int((datetime.now(UTC) + timedelta(seconds=45)).timestamp() * 1000)
    headers = {"X-RateLimit-Reset": str(then)}
    body = {"error": {"code": 429, "message": "slow", "metadata": {"headers": headers}}}
    wait = fault_of(429, body).retry_after
    assert wait is not None and 40 < wait <= 45


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
        ("Unexpected endpoint or method. (POST /chat/completions)", WrongAddress),
        ({"code": "content_filter", "message": "no"}, ModelRefused),
        ({"code": 402, "message": "more credits"}, NoCredit),
        ({"code": "429", "message": "slow"}, RateLimited),
        ("system role not allowed here", BadAnswer),
        ("something else", BadAnswer),
    ],
)
def test_an_error_in_mid_stream_becomes_its_named_fault(
    error: object, kind: type[ModelFault]
) -> None:
    assert type(spoken_fault({"error": error}, "Provider", CANARY)) is kind
