"""What a refusal in a provider's own words changes about the request, and what it does not."""

from __future__ import annotations

import json

import pytest

from ttrpg_assistant.llm.anthropic_requests import draft_messages
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.gemini_requests import draft_content
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.ollama_requests import draft_chat as draft_ollama
from ttrpg_assistant.llm.openai_requests import draft_chat
from ttrpg_assistant.llm.refusals import find_change, find_limit
from ttrpg_assistant.llm.types import ModelRequest, PromptMessage
from ttrpg_assistant.llm.window_refusals import read_window_refusal

REQUEST = ModelRequest(
    "qwen3-8b",
    "Be brief.",
    (PromptMessage("user", "Hi"), PromptMessage("assistant", "Yes"), PromptMessage("user", "So?")),
    max_tokens=100_000,
    temperature=0.7,
    context_tokens=131_072,
    effort="low",
)


def read(said: object, draft: Draft, *, guess: bool = False, again: bool = False) -> Learned | None:
    text = said if isinstance(said, str) else json.dumps(said)
    return find_change(text.lower(), draft, guess=guess, again=again)


def chat(learned: Learned | None = None) -> Draft:
    return draft_chat(REQUEST, learned or Learned(), "other")


def error(message: str, **more: object) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}


@pytest.mark.parametrize(
    ("said", "learned"),
    [
        (
            error(
                "Unsupported parameter: 'max_tokens' is not supported with this model."
                " Use 'max_completion_tokens' instead.",
                param="max_tokens",
            ),
            Learned(left_out=("max_tokens",)),
        ),
        (
            error("`max_tokens` must be less than or equal to `1024`", param="max_tokens"),
            Learned(most_answer_tokens=1_024),
        ),
        (
            error("max_tokens is too large: 100000. This model supports at most 16384 completion"
                  " tokens, whereas you provided 100000.", param="max_tokens"),
            Learned(most_answer_tokens=16_384),
        ),
        (
            error("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"),
            Learned(most_answer_tokens=8_192),
        ),
        (error("max_tokens must be <= 8,192"), Learned(most_answer_tokens=8_192)),
        (
            error("Unsupported value: 'temperature' does not support 0.7 with this model. Only the"
                  " default (1) value is supported.", param="temperature"),
            Learned(left_out=("temperature",)),
        ),
        (
            {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"],
                         "msg": "Extra inputs are not permitted",
                         "input": {"include_usage": True, "max_tokens": 5}}]},
            Learned(left_out=("stream_options",)),
        ),
        (
            {"detail": [{"loc": ["body", "stream_options"], "msg": "not permitted"},
                        {"loc": ["body", "reasoning_effort"], "msg": "not permitted"}]},
            Learned(left_out=("reasoning_effort", "stream_options")),
        ),
        (
            error("Unrecognized request argument supplied: reasoning_effort"),
            Learned(left_out=("reasoning_effort",)),
        ),
        (error("enable_thinking is not supported"), Learned(left_out=("chat_template_kwargs",))),
        (error("System role not supported", code=400), Learned(no_system=True)),
        (
            error("Conversation roles must alternate user/assistant/user/assistant/..."),
            Learned(no_system=True),
        ),
        (
            error("Unsupported value: 'messages[0].role' does not support 'system' with this"
                  " model.", param="messages[0].role"),
            Learned(no_system=True),
        ),
        (
            {"detail": [{"loc": ["body", "messages", 0, "role"], "type": "literal_error",
                         "msg": "Input should be 'user' or 'assistant'"}]},
            Learned(no_system=True),
        ),
        (
            error("Your organization must be verified to stream this model.", param="stream"),
            Learned(no_streaming=True),
        ),
        (error("Streaming is not supported for this model"), Learned(no_streaming=True)),
        (error("stream must be false"), Learned(no_streaming=True)),
        (
            {"error": {"message": "Provider returned error", "metadata": {
                "raw": '{"error":{"message":"unknown field: stream_options"}}'}}},
            Learned(left_out=("stream_options",)),
        ),
        (error("Your request was flagged as harmful."), None),
        (error("The model is not available in your country."), None),
    ],
)  # fmt: skip
def test_a_refusal_changes_the_one_thing_it_names(said: object, learned: Learned | None) -> None:
    assert read(said, chat()) == learned


def test_both_names_of_the_limit_refused_leave_it_out() -> None:
    first = read(error("Unknown field: max_tokens"), chat())
    assert first == Learned(left_out=("max_tokens",))
    draft = chat(first)
    assert draft.body["max_completion_tokens"] == 100_000
    second = read(error("Unknown field: max_completion_tokens"), draft, again=True)
    assert second is not None
    left = chat(second).body
    assert "max_tokens" not in left and "max_completion_tokens" not in left


def test_a_server_that_refuses_one_name_at_a_time_is_asked_without_any_extra() -> None:
    said = error("extra field not permitted: stream_options")
    learned = read(said, chat(), again=True)
    assert learned is not None
    assert set(learned.left_out) == {"stream_options", "chat_template_kwargs", "reasoning_effort"}


def test_only_a_nameless_refusal_that_may_be_guessed_at_costs_the_extras() -> None:
    assert read("bad request", chat()) is None
    guessed = read("bad request", chat(), guess=True)
    assert guessed is not None and "stream_options" in guessed.left_out
    assert read("bad request", chat(guessed), guess=True) is None


def test_a_server_that_only_streams_is_streamed_from_again() -> None:
    silent = chat(Learned(no_streaming=True))
    assert silent.body["stream"] is False and "stream_options" not in silent.body
    assert read(error("Only streaming supported"), silent) == Learned()


def test_gemma_at_google_takes_the_instructions_in_the_first_message() -> None:
    draft = draft_content(REQUEST, Learned())
    said = error("Developer instruction is not enabled for models/gemma-3-27b-it")
    learned = read(said, draft)
    assert learned == Learned(no_system=True)
    body = draft_content(REQUEST, learned).body
    assert "system_instruction" not in body
    assert body["contents"][0]["parts"][0]["text"] == "Be brief.\n\nHi"


def test_google_names_its_limit_in_its_own_way() -> None:
    draft = draft_content(REQUEST, Learned())
    said = error(
        "Unable to submit request because it has a maxOutputTokens value of 100000 but the"
        " supported range is from 1 (inclusive) to 8193 (exclusive)."
    )
    assert read(said, draft) == Learned(most_answer_tokens=8_192)


def test_a_model_of_ollama_that_does_not_think_is_not_told_to() -> None:
    draft = draft_ollama(REQUEST, Learned())
    assert draft.body["think"] is True
    learned = read({"error": '"llama3.2" does not support thinking'}, draft)
    assert learned == Learned(left_out=("think",))
    assert "think" not in draft_ollama(REQUEST, learned).body


@pytest.mark.parametrize(
    ("model", "said", "learned"),
    [
        (
            "claude-3-opus-20240229",
            "max_tokens: 100000 > 4096, which is the maximum allowed number of output tokens for"
            " claude-3-opus-20240229",
            Learned(most_answer_tokens=4_096),
        ),
        (
            "claude-opus-4-1",
            "thinking.type: enabled is not supported for this model. Use thinking.type adaptive",
            Learned(left_out=("thinking",)),
        ),
        (
            "claude-opus-4-1",
            "`max_tokens` must be greater than `thinking.budget_tokens`",
            Learned(left_out=("thinking",)),
        ),
        (
            "claude-haiku-4-5",
            "system.0.cache_control: Extra inputs are not permitted",
            Learned(left_out=("cache_control",)),
        ),
    ],
)
def test_claude_says_what_it_does_not_take(model: str, said: str, learned: Learned) -> None:
    request = ModelRequest(model, "Be brief.", REQUEST.messages, max_tokens=100_000, effort="low")
    draft = draft_messages(request, Learned(), 100_000)
    assert read({"type": "error", "error": {"message": said}}, draft) == learned


def test_a_beginning_that_cannot_be_continued_is_asked_for_in_words() -> None:
    messages = (PromptMessage("user", "Hi"), PromptMessage("assistant", "The mill st"))
    request = ModelRequest("m", "", messages, continues=True)
    draft = draft_chat(request, Learned(), "llama.cpp")
    assert draft.body["messages"][-1] == {"role": "assistant", "content": "The mill st"}
    learned = read("assistant response prefill is incompatible with enable_thinking.", draft)
    assert learned == Learned(no_prefill=True)
    last = draft_chat(request, learned, "llama.cpp").body["messages"][-1]
    assert last["role"] == "user" and "Go on" in last["content"]


def test_a_limit_is_never_read_from_the_number_of_a_model_or_a_date() -> None:
    assert find_limit("max_tokens is wrong for gpt-5-2025-08-07 at v1.5", 100_000) is None
    assert find_limit("max_tokens: 7", 100_000) is None
    assert find_limit("max_tokens is wrong: see section 128", 100_000) is None


@pytest.mark.parametrize(
    ("said", "window", "prompt"),
    [
        ("this model's maximum context length is 8192 tokens. however, you requested 9000 tokens"
         " (5000 in the messages, 4000 in the completion).", 8_192, 5_000),
        ("'max_tokens' is too large: 4000. this model's maximum context length is 4096 tokens and"
         " your request has 1000 input tokens (4000 > 4096 - 1000).", 4_096, 1_000),
        ("the request exceeds the available context size (2048 tokens)", 2_048, None),
        ("request (6554 tokens) exceeds the available context size (2048 tokens), try increasing"
         " it", 2_048, 6_554),
        ('{"error":{"code":400,"message":"too long","n_prompt_tokens":6554,"n_ctx":2048}}',
         2_048, 6_554),
        ("n_ctx 2048 is too small", 2_048, None),
        ("prompt is too long: 213210 tokens > 200000 maximum", 200_000, 213_210),
        ("input is too long: 210000 > 200000", 200_000, 210_000),
        ("input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease"
         " input length or `max_tokens` and try again", 200_000, 188_240),
        ("the input token count (1500000) exceeds the maximum number of tokens allowed (1048576).",
         1_048_576, 1_500_000),
        ("the input token count exceeds the maximum number of tokens allowed 1048576.",
         1_048_576, None),
        ("this model's maximum prompt length is 131072 but the request contains 200000 tokens.",
         131_072, 200_000),
        ("`inputs` tokens + `max_new_tokens` must be <= 4096. given: 3000 `inputs` tokens and 2000"
         " `max_new_tokens`", 4_096, 3_000),
        ("trying to keep the first 9000 tokens when context the overflows. however, the model is"
         " loaded with context length of only 4096 tokens", 4_096, None),
        ("prompt has 12,345 tokens, but the model limit is 8,192", 8_192, 12_345),
        ("prompt contains 9000 tokens and the context window is 8192", 8_192, 9_000),
        ("the text is too long", None, None),
        ("context length 12 exceeded", None, None),
    ],
)  # fmt: skip
def test_the_window_in_a_refusal_is_read(said: str, window: int | None, prompt: int | None) -> None:
    assert read_window_refusal(said).context_tokens == window
    if prompt is not None:
        assert read_window_refusal(said).prompt_tokens == prompt


def test_reading_a_refusal_costs_no_more_than_its_length() -> None:
    for said in ("context length " * 5_000, "9" * 60_000, "(" * 60_000, "max_tokens " * 6_000):
        read_window_refusal(said)
        read(said, chat(), guess=True)


@pytest.mark.parametrize(
    "said",
    ['{"error":' * 1_800, "[" * 16_000, json.dumps({"error": "[" * 16_000})],
    ids=["objects", "lists", "within a text"],
)
def test_a_very_deep_refusal_teaches_nothing_and_is_no_bug(said: str) -> None:
    assert read(said, chat()) is None
    assert read_window_refusal(said) == (None, None)
