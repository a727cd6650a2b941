"""What is particular to each dialect: what it sends, lists, and knows about sizes."""

import asyncio
from dataclasses import replace

import pytest

from tests.llm.dialect_cases import REQUEST, hear, make_provider, talking
from tests.providers import ModelCard, OllamaServer, OpenAIServer, Script
from ttrpg_assistant.errors import BadAnswer, BadKey, CutOff, ModelRefused, Overloaded
from ttrpg_assistant.llm.anthropic import AnthropicReader
from ttrpg_assistant.llm.gemini import GeminiReader
from ttrpg_assistant.llm.model_sizes import known_context_tokens
from ttrpg_assistant.llm.ollama import UNASKED_WINDOW, OllamaReader, read_window
from ttrpg_assistant.llm.openai import OpenAIProvider, OpenAIReader
from ttrpg_assistant.llm.types import Finished, ModelRequest, PromptMessage, Usage

TALK = ModelRequest(
    "test-model",
    "You are Mira.",
    (
        PromptMessage("assistant", "Welcome!"),
        PromptMessage("user", "Hello"),
        PromptMessage("assistant", "  "),
        PromptMessage("user", "Anyone?\ud800"),
    ),
    max_tokens=64,
    temperature=0.5,
    context_tokens=4_096,
)


async def sent_by(name: str, request: ModelRequest = TALK) -> tuple[dict[str, str], dict]:  # type: ignore[type-arg]
    async with talking(name, secret="s3cret") as (provider, server):
        assert (await hear(provider, request)).fault is None
    return server.requests[0].headers, server.requests[0].body


async def test_openai_is_sent_the_whole_prompt() -> None:
    headers, body = await sent_by("openai")
    assert headers["authorization"] == "Bearer s3cret"
    assert body == {
        "model": "test-model",
        "messages": [
            {"role": "system", "content": "You are Mira."},
            {"role": "user", "content": "(The conversation begins.)"},
            {"role": "assistant", "content": "Welcome!"},
            {"role": "user", "content": "Hello\n\nAnyone??"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 64,
        "temperature": 0.5,
    }


async def test_anthropic_is_sent_the_whole_prompt() -> None:
    headers, body = await sent_by("anthropic")
    assert headers["x-api-key"] == "s3cret"
    assert headers["anthropic-version"] == "2023-06-01"
    cached = {"cache_control": {"type": "ephemeral"}}
    assert body["system"] == [{"type": "text", "text": "You are Mira.", **cached}]
    assert body["messages"][1]["content"] == [{"type": "text", "text": "Welcome!", **cached}]
    assert [m["role"] for m in body["messages"]] == ["user", "assistant", "user"]
    assert (body["max_tokens"], body["stream"], body["temperature"]) == (64, True, 0.5)


@pytest.mark.parametrize(
    ("model", "most"),
    [
        ("claude-3-haiku-20240307", 4_096),
        ("claude-3-5-sonnet-20241022", 8_192),
        ("claude-opus-4-1-20250805", 32_000),
        ("claude-sonnet-4-5-20250929", 64_000),
        ("claude-opus-5-5", 128_000),
    ],
)
async def test_anthropic_always_gets_a_limit_the_models_own(model: str, most: int) -> None:
    _, body = await sent_by("anthropic", replace(REQUEST, model=model))
    assert body["max_tokens"] == most


async def test_google_is_sent_the_whole_prompt_and_the_key_only_in_a_header() -> None:
    async with talking("google", secret="s3cret") as (provider, server):
        await hear(provider, TALK)
    request = server.requests[0]
    assert request.headers["x-goog-api-key"] == "s3cret"
    assert request.path == "/v1beta/models/test-model:streamGenerateContent?alt=sse"
    assert [c["role"] for c in request.body["contents"]] == ["user", "model", "user"]
    assert request.body["system_instruction"] == {"parts": [{"text": "You are Mira."}]}
    assert request.body["generationConfig"] == {"maxOutputTokens": 64, "temperature": 0.5}


async def test_ollama_is_told_its_window() -> None:
    _, body = await sent_by("ollama")
    assert body["options"] == {"num_ctx": 4_096, "num_predict": 64, "temperature": 0.5}
    assert [m["role"] for m in body["messages"]] == ["system", "user", "assistant", "user"]


async def test_a_prompt_with_nothing_in_it_calls_nobody() -> None:
    async with talking("openai") as (provider, server):
        heard = await hear(provider, ModelRequest("m", "", (PromptMessage("user", " \n"),)))
    assert isinstance(heard.fault, BadAnswer)
    assert server.connections == 0


# ------------------------------------------------------------ parameters a model refuses


def refusal(said: str) -> Script:
    return Script(status=400, error={"error": {"message": said, "type": "invalid_request_error"}})


async def test_a_server_that_refuses_stream_options_is_asked_once_more_without() -> None:
    refused = refusal("Unrecognized request argument supplied: stream_options")
    async with talking("openai", refused, Script(usage=False)) as (provider, server):
        assert (await hear(provider)).text == Script().text
        assert "stream_options" not in server.requests[1].body
        assert (await hear(provider)).fault is None
        assert len(server.requests) == 3, "what was refused once is not tried again"


async def test_a_refusal_without_a_reason_is_tried_once_without_stream_options() -> None:
    async with talking("openai", refusal("Bad Request")) as (provider, server):
        assert isinstance((await hear(provider)).fault, BadAnswer)
        assert len(server.requests) == 2


async def test_a_model_that_wants_the_newer_limit_gets_it() -> None:
    said = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens'"
    async with talking("openai", refusal(said), Script()) as (provider, server):
        assert (await hear(provider, TALK)).fault is None
    assert server.requests[1].body["max_completion_tokens"] == 64
    assert "max_tokens" not in server.requests[1].body


async def test_newer_openai_models_get_the_newer_limit_at_once() -> None:
    request = ModelRequest("gpt-5-mini", "", (PromptMessage("user", "Hi"),), max_tokens=9)
    _, body = await sent_by("openai", request)
    assert body["max_completion_tokens"] == 9


@pytest.mark.parametrize("name", ["openai", "anthropic"])
async def test_a_model_that_takes_no_temperature_is_asked_without(name: str) -> None:
    said = "Unsupported value: 'temperature' does not support 0.5 with this model."
    async with talking(name, refusal(said), Script()) as (provider, server):
        assert (await hear(provider, TALK)).fault is None
    assert "temperature" not in server.requests[1].body


# ---------------------------------------------------------------- payloads seen elsewhere


def test_openai_finish_reason_alone_is_a_terminal_marker() -> None:
    reader = OpenAIReader("x", None)
    assert reader.read(b'{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}') == "a"
    assert reader.reason == "stop"


def test_openai_done_alone_is_a_terminal_marker() -> None:
    reader = OpenAIReader("x", None)
    reader.read(b"[DONE]")
    assert (reader.reason, reader.closed) == ("stop", True)


@pytest.mark.parametrize("count", [1, 2, 5_000])
def test_last_words_in_one_payload_end_an_answer_however_many_there_are(count: int) -> None:
    reader = OpenAIReader("x", None)
    piece = b'{"choices":[{"delta":{"content":"a"}}]}'
    assert reader.read(piece + b"\n[DONE]" * count) == "a"
    assert (reader.reason, reader.closed, reader.gap) == ("stop", True, False)


def test_openai_variants_are_understood() -> None:
    reader = OpenAIReader("x", None)
    assert reader.read(b'{"choices":null,"usage":null,"error":null}') == ""
    assert reader.read(b'{"choices":[{"delta":null}]}') == ""
    parts = b'[{"type":"thinking","thinking":[]},{"type":"text","text":"b"}]'
    assert reader.read(b'{"choices":[{"delta":{"content":' + parts + b"}}]}") == "b"
    reader.read(b'{"choices":[],"usage":{"input_tokens":3,"output_tokens":4}}')
    assert (reader.tokens_in, reader.tokens_out) == (3, 4)
    assert reader.read(b'{"choices":[{"delta":{"content":"c"},"finish_reason":"abort"}]}') == "c"
    assert type(reader.fault) is CutOff


def test_an_openai_refusal_is_shown_and_named() -> None:
    reader = OpenAIReader("x", None)
    assert reader.read(b'{"choices":[{"delta":{"refusal":"I can not."}}]}') == "I can not."
    reader.read(b'{"choices":[{"delta":{},"finish_reason":"stop"}]}')
    assert reader.reason == "filtered"


def test_anthropic_counts_cached_tokens_as_sent() -> None:
    reader = AnthropicReader("x", None)
    usage = b'{"input_tokens":1,"cache_read_input_tokens":20,"cache_creation_input_tokens":300}'
    reader.read(b'{"type":"message_start","message":{"usage":' + usage + b"}}")
    assert reader.tokens_in == 321


def test_anthropic_has_said_its_last_word_only_with_message_stop() -> None:
    reader = AnthropicReader("x", None)
    reader.read(b'{"type":"message_delta","delta":{"stop_reason":"end_turn"}}')
    assert (reader.reason, reader.closed) == ("stop", False)
    reader.read(b'{"type":"some_new_event","whatever":[1]}')
    reader.read(b'{"type":"message_stop"}')
    assert (reader.reason, reader.closed) == ("stop", True)


def test_google_blocking_the_question_is_a_refusal() -> None:
    reader = GeminiReader("x", None)
    assert reader.read(b'{"promptFeedback":{"blockReason":"SAFETY"}}') == ""
    assert type(reader.fault) is ModelRefused


def test_google_counts_thoughts_as_output() -> None:
    reader = GeminiReader("x", None)
    reader.read(
        b'{"candidates":[{"finishReason":"STOP"}],"usageMetadata":'
        b'{"promptTokenCount":5,"candidatesTokenCount":7,"thoughtsTokenCount":11}}'
    )
    assert (reader.tokens_in, reader.tokens_out, reader.reason) == (5, 18, "stop")


async def test_google_saying_bad_key_with_400_is_a_bad_key() -> None:
    error = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}
    async with talking("google", Script(status=400, error=error)) as (provider, _):
        assert isinstance((await hear(provider)).fault, BadKey)


def test_an_ollama_error_line_is_a_fault() -> None:
    for said, kind in (("unexpected EOF", BadAnswer), ("server busy, overloaded", Overloaded)):
        reader = OllamaReader("x")
        assert reader.read(b'{"error":"' + said.encode() + b'"}') == ""
        assert type(reader.fault) is kind


async def test_text_after_the_finish_reason_is_kept() -> None:
    """Some servers end a stream in two steps; the tail is read before it is called whole."""
    late = (
        'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n'
        'data: {"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":1}}\n\n'
    )

    class Late(OpenAIServer):
        def event(self, text: str) -> bytes:
            return late.encode()

    async with Late(Script(chunks=("x",), end="fin", stalls=(1,))) as server:
        server.release()
        provider = make_provider("openai", server.base_url)
        heard = await hear(provider)
        await provider.aclose()
    assert (heard.text, heard.events[-2:]) == ("ab", [Usage(1, None), Finished("stop")])


# ------------------------------------------------------------------- listings and sizes


async def test_each_dialect_lists_models_with_their_sizes() -> None:
    for name in ("openai", "anthropic", "google", "ollama"):
        async with talking(name) as (provider, _):
            (model,) = await provider.list_models()
            used = UNASKED_WINDOW if name == "ollama" else 32_768
            assert (model.choice, model.context_tokens) == (f"{name}:test-model", used)


async def test_a_wrong_key_is_found_by_listing() -> None:
    for name in ("openai", "anthropic", "google"):
        async with talking(name, secret="wrong") as (provider, server):
            server.key = "right"
            with pytest.raises(BadKey):
                await provider.list_models()


async def test_an_address_without_a_listing_says_so() -> None:
    async with OllamaServer() as server:
        provider = OpenAIProvider(server.base_url, name="openai-compatible")
        with pytest.raises(BadAnswer, match="list of models"):
            await provider.list_models()
        await provider.aclose()


async def test_an_unreachable_server_has_a_careful_size() -> None:
    provider = OpenAIProvider("http://127.0.0.1:9/v1", name="openai-compatible")
    assert (await provider.describe_model("m")).context_tokens == 8_192
    await provider.aclose()


@pytest.mark.parametrize(
    ("provider", "model", "size"),
    [
        ("openai", "gpt-4o-mini", 128_000),
        ("openai", "gpt-4", 8_192),
        ("openai", "gpt-4.1-nano", 1_047_576),
        ("openai", "o3-mini", 200_000),
        ("anthropic", "claude-sonnet-4-5", 200_000),
        ("anthropic", "claude-opus-4-7", 1_000_000),
        ("google", "gemini-2.5-flash", 1_048_576),
        ("openai", "mystery", None),
    ],
)
def test_the_longest_known_prefix_gives_the_size(
    provider: str, model: str, size: int | None
) -> None:
    assert known_context_tokens(provider, model) == size


@pytest.mark.parametrize(
    ("trained", "parameters", "size"),
    [
        (131_072, 'stop "<|x|>"\nnum_ctx                        32768\n', (32_768, True)),
        (8_192, "num_ctx 32768", (8_192, True)),
        (8_192, "", (8_192, False)),
        (None, "num_ctx 2048", (2_048, True)),
        (None, "num_ctx many", (None, False)),
    ],
)
def test_ollamas_real_window_is_read(
    trained: int | None, parameters: str, size: tuple[int | None, bool]
) -> None:
    info = {} if trained is None else {"qwen3.context_length": trained}
    assert read_window(info, parameters) == size


async def test_a_large_window_is_used_only_when_the_modelfile_asks_for_it() -> None:
    async with OllamaServer(models=[ModelCard("big", 131_072)]) as server:
        provider = make_provider("ollama", server.base_url)
        assert (await provider.describe_model("big")).context_tokens == UNASKED_WINDOW
        assert (await provider.describe_model("unknown")).context_tokens == 8_192
        server.parameters = "num_ctx 65536"
        again = make_provider("ollama", server.base_url)
        assert (await again.describe_model("big")).context_tokens == 65_536
        await asyncio.gather(provider.aclose(), again.aclose())
