"""What each dialect is told about thinking, caching, staying loaded, and going on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ttrpg_assistant.llm.anthropic_requests import draft_messages
from ttrpg_assistant.llm.drafts import ask_to_go_on
from ttrpg_assistant.llm.efforts import claude_efforts, gemini_efforts, openai_efforts
from ttrpg_assistant.llm.gemini_requests import draft_content
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.ollama_requests import draft_chat as draft_ollama
from ttrpg_assistant.llm.openai_requests import draft_chat
from ttrpg_assistant.llm.types import Effort, ModelRequest, PromptMessage

TALK = (PromptMessage("user", "Hi"), PromptMessage("assistant", "Yes"), PromptMessage("user", "So"))
NOTHING = Learned()


def request(model: str, effort: Effort | None = None, **more: Any) -> ModelRequest:
    return ModelRequest(model, "Be brief.", TALK, effort=effort, **more)


@pytest.mark.parametrize(
    ("model", "effort", "told"),
    [
        ("claude-3-5-sonnet-20241022", "high", {}),
        ("claude-sonnet-4-5", None, {}),
        ("claude-sonnet-4-5", "off", {}),
        ("claude-sonnet-4-5", "low", {"thinking": {"type": "enabled", "budget_tokens": 4_096}}),
        ("claude-opus-4-7", "off", {}),
        (
            "claude-opus-4-7",
            "high",
            {
                "thinking": {"type": "adaptive", "display": "summarized"},
                "output_config": {"effort": "high"},
            },
        ),
        ("claude-sonnet-5", "off", {"thinking": {"type": "disabled"}}),
        ("claude-sonnet-5", None, {"thinking": {"type": "adaptive", "display": "summarized"}}),
    ],
)
def test_each_claude_is_told_to_think_in_its_own_way(
    model: str, effort: Effort | None, told: dict[str, Any]
) -> None:
    body = draft_messages(request(model, effort), NOTHING, 64_000).body
    said = {name: body[name] for name in ("thinking", "output_config") if name in body}
    assert said == told


def test_claude_is_told_up_to_where_the_prompt_stays_the_same() -> None:
    body = draft_messages(request("claude-sonnet-4-5"), NOTHING, 64_000).body
    marked = [part for message in body["messages"] for part in message["content"]
              if isinstance(part, dict)]  # fmt: skip
    assert [part["text"] for part in (*body["system"], *marked)] == ["Be brief.", "Yes"]
    assert body["messages"][-1]["content"] == "So", "the question is new each time"
    plain = draft_messages(request("claude-x"), Learned(left_out=("cache_control",)), 9).body
    assert plain["system"] == "Be brief."


def test_openrouter_is_told_the_same_for_claude() -> None:
    body = draft_chat(request("anthropic/claude-sonnet-5", "low"), NOTHING, "openrouter").body
    assert [isinstance(m["content"], list) for m in body["messages"]] == [True, False, True, False]
    assert body["reasoning"] == {"effort": "low"}


@pytest.mark.parametrize(
    ("model", "effort", "told"),
    [
        ("gemini-2.0-flash", "high", None),
        ("gemma-3-27b-it", "low", None),
        ("gemini-2.5-flash", None, {"includeThoughts": True}),
        ("gemini-2.5-flash", "off", {"includeThoughts": False, "thinkingBudget": 0}),
        ("gemini-2.5-pro", "off", {"includeThoughts": False, "thinkingBudget": 128}),
        ("models/gemini-3-pro-preview", "low", {"includeThoughts": True, "thinkingLevel": "low"}),
        ("gemini-3-flash", "off", {"includeThoughts": False, "thinkingLevel": "minimal"}),
    ],
)
def test_each_gemini_is_told_to_think_in_its_own_way(
    model: str, effort: Effort | None, told: dict[str, Any] | None
) -> None:
    body = draft_content(request(model, effort), NOTHING).body
    assert body.get("generationConfig", {}).get("thinkingConfig") == told


@pytest.mark.parametrize(
    ("model", "effort", "value"),
    [
        ("gpt-5-mini", "off", "minimal"),
        ("gpt-5.1", "off", "none"),
        ("o3", "off", "low"),
        ("gpt-5", "high", "high"),
    ],
)
def test_openai_is_told_its_own_word_for_it(model: str, effort: Effort, value: str) -> None:
    assert draft_chat(request(model, effort), NOTHING, "openai").body["reasoning_effort"] == value


def test_ollama_keeps_the_model_loaded_and_thinks_as_told() -> None:
    body = draft_ollama(request("qwen3", "off", context_tokens=8_192), NOTHING).body
    assert (body["keep_alive"], body["think"]) == ("30m", False)
    assert body["options"] == {"num_ctx": 8_192}
    assert draft_ollama(request("gpt-oss:20b", "off"), NOTHING).body["think"] == "low"


def test_efforts_are_only_offered_where_a_model_has_them() -> None:
    assert claude_efforts("claude-3-5-haiku") == gemini_efforts("gemini-2.0-flash") == ()
    assert openai_efforts("gpt-4o") == openai_efforts("gpt-5-chat-latest") == ()
    assert claude_efforts("claude-opus-5-5") == openai_efforts("o3") == ("low", "high")
    assert gemini_efforts("gemini-2.5-flash") == openai_efforts("gpt-5.4") == ("off", "low", "high")


def test_an_answer_goes_on_from_its_beginning_or_is_asked_to() -> None:
    beginning = (PromptMessage("user", "Hi"), PromptMessage("assistant", "The mill st"))
    going_on = replace(request("m"), messages=beginning, continues=True)
    ollama = draft_ollama(going_on, NOTHING)
    assert ollama.body["messages"][-1]["content"] == "The mill st" and ollama.prefills
    vllm = draft_chat(going_on, NOTHING, "vllm").body
    assert vllm["continue_final_message"] is True and vllm["add_generation_prompt"] is False
    for body in (
        draft_chat(going_on, NOTHING, "openai").body,
        draft_ollama(going_on, Learned(no_prefill=True)).body,
        draft_messages(replace(going_on, model="claude-opus-4-7"), NOTHING, 9_000).body,
    ):
        assert body["messages"][-1] == {"role": "user", "content": ask_to_go_on("The mill st")}
    asked = ask_to_go_on("Rain.\nShe waits until the bell has rung and calls the fer")
    assert "“rung and calls the fer”" in asked
    assert "“" not in ask_to_go_on("Rain.\n- A"), "too little to be found again"
    space = replace(going_on, messages=(beginning[0], PromptMessage("assistant", "The mill ")))
    assert not draft_ollama(space, NOTHING).prefills, "a space at the seam would be lost"
