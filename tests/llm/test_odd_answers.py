"""Answers in forms that servers really send: the text survives, and how it ended is true."""

import json

import httpx2
import pytest

from tests.llm.raw_answers import DONE, chunk, event, hear_bytes, hear_raw
from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    CutOff,
    ModelFault,
    NoCredit,
    Overloaded,
    Stalled,
)
from ttrpg_assistant.llm.answer_text import Habit
from ttrpg_assistant.llm.types import Usage

MILL = "The mill stands by the river."
BROKEN = {"finish_reason": "error", "error": {"code": 502, "message": "Mill API died"}}
"""What a gateway says of a part of an answer whose own provider failed."""
WORDS = [f"word{i} " for i in range(30)]


async def hear_openai(*pieces: str, **more: object):  # type: ignore[no-untyped-def]
    return await hear_bytes("openai", [piece.encode() for piece in pieces], **more)  # type: ignore[arg-type]


# ------------------------------------------------------------------ how it ended


@pytest.mark.parametrize("finish", ["stop", "STOP", "eos", "tool_calls"])
async def test_a_reason_on_every_piece_ends_nothing(finish: str) -> None:
    heard = await hear_raw("openai", *(chunk(word, finish) for word in WORDS), DONE)
    assert (heard.text, heard.ended) == ("".join(WORDS), "stop")


@pytest.mark.parametrize("none", ["null", "", "none", False, 0, [], {}])
async def test_a_reason_that_says_nothing_is_none(none: object) -> None:
    pieces = [chunk(word, none) for word in WORDS]
    heard = await hear_openai(*pieces, DONE)
    assert (heard.text, heard.ended) == ("".join(WORDS), "stop")
    cut = await hear_openai(*pieces)
    assert (cut.text, cut.ended, type(cut.fault)) == ("".join(WORDS), None, CutOff)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *(("openai", word) for word in ("length", "max_tokens", "MAX_TOKENS", "model_length")),
        ("anthropic", "max_tokens"),
        ("anthropic", "model_context_window_exceeded"),
        ("google", "MAX_TOKENS"),
        ("ollama", "length"),
    ],
)
async def test_an_answer_cut_at_its_length_says_so(name: str, reason: str) -> None:
    pieces = {
        "openai": [chunk("The first is"), chunk(None, reason)],
        "anthropic": [
            event({"type": "content_block_delta", "delta": {"text": "The first is"}}),
            event({"type": "message_delta", "delta": {"stop_reason": reason}}),
            event({"type": "message_stop"}),
        ],
        "google": [
            event({"candidates": [{"content": {"parts": [{"text": "The first is"}]}}]}),
            event({"candidates": [{"finishReason": reason}]}),
        ],
        "ollama": [
            '{"message":{"content":"The first is"},"done":false}\n',
            f'{{"done":true,"done_reason":"{reason}","eval_count":3}}\n',
        ],
    }[name]
    heard = await hear_raw(name, *pieces)
    assert (heard.text, heard.ended, heard.fault) == ("The first is", "length", None)


async def test_a_reason_that_text_contradicts_does_not_make_a_cut_answer_whole() -> None:
    early = [chunk("a ", "stop"), chunk("b ")]
    for more in ({}, {"delimited": False}):
        assert type((await hear_openai(*early, **more)).fault) is CutOff
    every = [chunk("a ", "stop"), chunk("b ", "stop")]
    assert type((await hear_openai(*every, delimited=False)).fault) is CutOff
    assert (await hear_openai(*early, DONE)).ended == "stop"
    assert (await hear_raw("openai", *every, end="broken")).ended is None


async def test_silence_after_a_reason_that_cannot_be_believed_is_a_stall() -> None:
    silence = httpx2.ReadTimeout("silent")
    heard = await hear_openai(chunk("a ", "stop"), chunk("b ", "stop"), fault=silence)
    assert (heard.text, type(heard.fault)) == ("a b ", Stalled)
    heard = await hear_openai(chunk("a "), chunk("b "), chunk(None, "stop"), fault=silence)
    assert (heard.text, heard.ended, heard.fault) == ("a b ", "stop", None)


@pytest.mark.parametrize(("reason", "kind"), [("abort", CutOff), ("network_error", Overloaded)])
async def test_a_server_that_says_it_broke_off_is_believed(
    reason: str, kind: type[ModelFault]
) -> None:
    heard = await hear_openai(chunk("a "), chunk("b", reason), DONE)
    assert (heard.text, type(heard.fault)) == ("a b", kind)


# ------------------------------------------------------------------ thinking


async def test_thinking_in_the_text_is_kept_apart() -> None:
    pieces = ["<thi", "nk>\nShe is the thief. ", "Hush.\n</th", "ink>\n\nAye, what ", "now?"]
    heard = await hear_raw("openai", *map(chunk, pieces), chunk(None, "stop"), DONE)
    assert (heard.text, heard.ended) == ("Aye, what now?", "stop")
    assert heard.thinking.strip() == "She is the thief. Hush."


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning_content": "Hm."},
        {"reasoning": "Hm.", "content": None},
        {"reasoning": "Hm.", "reasoning_content": "Hm."},
        {"reasoning": "Hm.", "reasoning_details": [{"type": "reasoning.text", "text": "Hm."}]},
        {"reasoning_details": [{"type": "reasoning.text", "text": "Hm."}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]},
    ],
)
async def test_thinking_beside_the_text_is_said_once(delta: dict[str, object]) -> None:
    thought = event({"choices": [{"delta": delta, "finish_reason": None}]})
    heard = await hear_openai(thought, chunk("Aye."), chunk(None, "stop"), DONE)
    assert (heard.thinking, heard.text, heard.ended) == ("Hm.", "Aye.", "stop")


@pytest.mark.parametrize("field", ["thinking", "reasoning_content", "reasoning"])
async def test_ollama_lines_of_a_gateway_keep_thinking_apart(field: str) -> None:
    thought = json.dumps({"message": {"content": "", field: "Hm."}, "done": False})
    rest = '{"message":{"content":"Aye."},"done":false}\n{"done":true,"eval_count":1}\n'
    heard = await hear_raw("ollama", thought + "\n", rest)
    assert (heard.thinking, heard.text, heard.ended) == ("Hm.", "Aye.", "stop")


async def test_every_dialect_keeps_its_own_thinking_apart() -> None:
    answers = {
        "anthropic": [
            event({"type": "content_block_start", "content_block": {"type": "thinking"}}),
            event({"type": "content_block_delta", "delta": {"thinking": "Hm."}}),
            event({"type": "content_block_delta", "delta": {"signature": "x"}}),
            event({"type": "content_block_start", "content_block": {"type": "redacted_thinking",
                                                                    "data": "secret"}}),
            event({"type": "content_block_delta", "delta": {"text": "Aye."}}),
            event({"type": "message_stop"}),
        ],
        "google": [
            event({"candidates": [{"content": {"parts": [{"text": "Hm.", "thought": True},
                                                         {"text": "Aye."}]}}]}),
            event({"candidates": [{"finishReason": "STOP"}]}),
        ],
        "ollama": [
            '{"message":{"content":"","thinking":"Hm."},"done":false}\n',
            '{"message":{"content":"Aye."},"done":false}\n{"done":true,"eval_count":1}\n',
        ],
    }  # fmt: skip
    for name, pieces in answers.items():
        heard = await hear_raw(name, *pieces)
        assert (heard.thinking, heard.text, heard.ended) == ("Hm.", "Aye.", "stop"), name


@pytest.mark.parametrize("finish", ["length", "stop"])
async def test_an_answer_that_is_only_thinking_is_a_named_fault(finish: str) -> None:
    for pieces in ([chunk("<think>She is")], [event({"choices": [{"delta": {"reasoning": "a"}}]})]):
        heard = await hear_openai(*pieces, chunk(None, finish), DONE)
        assert heard.text == ""
        assert isinstance(heard.fault, BadAnswer)
        assert heard.fault.code == "model_only_thought"
        assert "Settings" in (heard.fault.cure or "")


async def test_thinking_without_its_opening_is_known_for_the_next_answer() -> None:
    habit = Habit()
    for _ in range(2):
        pieces = [chunk("She is the thief."), chunk("</think>"), chunk("\n\nAye."), DONE]
        heard = await hear_openai(*pieces, habit=habit)
        assert (heard.thinking, heard.text, heard.ended) == ("She is the thief.", "Aye.", "stop")
    assert habit.unopened


async def test_what_a_model_writes_past_its_turn_is_cut_and_the_call_ends() -> None:
    pieces = [chunk("Aye.<|im_"), chunk("end|>\n"), chunk("<|im_start|>user\n"), chunk("And?")]
    heard = await hear_openai(*pieces, *[chunk("more")] * 50)
    assert (heard.text, heard.ended, heard.fault) == ("Aye.", "stop", None)


# ------------------------------------------------------------------ counts


@pytest.mark.parametrize(
    "usage", [{"prompt_tokens": "5", "completion_tokens": "1"}, {"prompt_tokens": 5.5}, [], None,
              "many", 3, {"prompt_tokens": -1}, {"prompt_tokens": 2**70}, {"prompt_tokens": True}]
)  # fmt: skip
async def test_a_count_that_cannot_be_read_is_unknown_and_harms_nothing(usage: object) -> None:
    heard = await hear_openai(
        chunk("The mill ", usage=usage),
        chunk("stands by the river.", usage=usage),
        event({"choices": [{"delta": {}, "finish_reason": "stop", "usage": usage}]}),
        event({"choices": [], "usage": usage}),
        DONE,
    )
    assert (heard.text, heard.ended, heard.usage) == (MILL, "stop", None)


@pytest.mark.parametrize(
    ("usage", "cached"),
    [
        ({"prompt_tokens_details": {"cached_tokens": 6}}, 6),
        ({"prompt_cache_hit_tokens": 6, "prompt_cache_miss_tokens": 4}, 6),
        ({"cached_tokens": 6}, 6),
        ({"prompt_tokens_details": None}, None),
        ({"prompt_tokens_details": {"cached_tokens": 99}}, None),
    ],
)
async def test_cached_tokens_are_read_in_every_form(usage: dict[str, object], cached: int) -> None:
    counts = {"prompt_tokens": 10, "completion_tokens": 2, **usage}
    heard = await hear_openai(chunk("a"), event({"choices": [], "usage": counts}), DONE)
    assert heard.usage == Usage(10, 2, cached)


async def test_cached_tokens_are_read_in_every_dialect() -> None:
    llama = {"usage": {"prompt_tokens": 10, "completion_tokens": 2}, "timings": {"cache_n": 6}}
    answers = {
        "openai": [chunk("a"), chunk(None, "stop", **llama), DONE],
        "anthropic": [
            event({"type": "message_start", "message": {"usage": {
                "input_tokens": 4, "cache_read_input_tokens": 6, "output_tokens": 1}}}),
            event({"type": "content_block_delta", "delta": {"text": "a"}}),
            event({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
                   "usage": {"output_tokens": 2}}),
            event({"type": "message_stop"}),
        ],
        "google": [
            event({"candidates": [{"content": {"parts": [{"text": "a"}]}, "finishReason": "STOP"}],
                   "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 2,
                                     "cachedContentTokenCount": 6}}),
        ],
    }  # fmt: skip
    for name, pieces in answers.items():
        assert (await hear_raw(name, *pieces)).usage == Usage(10, 2, 6), name


# ------------------------------------------------------------------ whole answers, other forms


@pytest.mark.parametrize("pretty", [None, 1])
async def test_a_whole_answer_instead_of_a_stream_is_an_answer(pretty: int | None) -> None:
    openai = {
        "object": "chat.completion",
        "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": MILL}}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7},
    }
    answers: dict[str, object] = {
        "openai": openai,
        "anthropic": {"type": "message", "content": [{"type": "text", "text": MILL}],
                      "stop_reason": "end_turn", "usage": {"input_tokens": 5, "output_tokens": 7}},
        "google": {"candidates": [{"content": {"parts": [{"text": MILL}]}, "finishReason": "STOP"}],
                   "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 7}},
        "ollama": {"message": {"content": MILL}, "done": True, "done_reason": "stop",
                   "prompt_eval_count": 5, "eval_count": 7},
    }  # fmt: skip
    for name, answer in answers.items():
        heard = await hear_raw(name, json.dumps(answer, indent=pretty), kind="application/json")
        assert (heard.text, heard.ended, heard.usage) == (MILL, "stop", Usage(5, 7)), name
    heard = await hear_raw("google", json.dumps([answers["google"]] * 1, indent=pretty))
    assert (heard.text, heard.ended) == (MILL, "stop")


OTHER_FORMS: dict[str, list[str]] = {
    "lines instead of events": [
        chunk("The mill ")[6:-1], chunk("stands by the river.")[6:-1], chunk(None, "stop")[6:-1]],
    "one line end between events": [
        chunk("The mill ")[:-1], chunk("stands by the river.", "stop")[:-1], "data: [DONE]\n"],
    "messages instead of deltas": [
        event({"choices": [{"message": {"content": part}, "finish_reason": None}]})
        for part in ("The mill ", "stands by the river.")] + [DONE],
    "messages that grow": [
        event({"choices": [{"message": {"content": part}, "finish_reason": None}]})
        for part in ("The mill ", MILL, MILL)] + [DONE],
    "the whole message again at the end": [
        chunk("The mill "), chunk("stands by the river."),
        event({"choices": [{"message": {"content": MILL}, "finish_reason": "stop"}]}), DONE],
    "completions": [
        event({"choices": [{"text": part}]}) for part in ("The mill ", "stands by the river.")
    ] + [DONE],
    "content in parts": [
        event({"choices": [{"delta": {"content": [{"type": "text", "text": MILL}]}}]}), DONE],
    "keep-alives": [
        ": OPENROUTER PROCESSING\n\n", "data:\n\n", "data: {}\n\n", "event: ping\ndata: {}\n\n",
        "data: ping\n\n", event({"choices": []}), event({"type": "ping"}), "data: null\n\n",
        chunk("The mill "), ": \n\n", "data: [1, 2]\n\n", "retry: 3\n\n", event({"choices": None}),
        chunk("stands by the river."), event("still here"), chunk(None, "stop"), DONE],
    "fields of any type": [
        chunk("The mill ", id=1, model=None, created="x", system_fingerprint=[], error=None),
        event({"choices": [{"index": "0", "delta": {"content": "stands by ", "role": 3,
              "tool_calls": "no"}, "logprobs": [], "finish_reason": None}], "usage": 0}),
        event({"choices": [{"delta": {"content": "the river."}, "finish_reason": {"type": "stop"}}],
               "error": {}}), DONE],
    "events of the other dialects": [
        event({"type": "content_block_delta", "delta": {"text": "The mill "}}),
        event({"message": {"content": "stands by the river."}, "done": False}), DONE],
}  # fmt: skip


@pytest.mark.parametrize("form", OTHER_FORMS)
async def test_an_answer_in_another_form_is_the_same_answer(form: str) -> None:
    heard = await hear_openai(*OTHER_FORMS[form])
    assert (heard.text, heard.ended, heard.fault) == (MILL, "stop", None)


async def test_ollama_lines_that_come_as_events_are_understood() -> None:
    heard = await hear_raw(
        "ollama",
        event({"message": {"content": MILL}, "done": False}),
        event({"message": {"content": ""}, "done": True, "eval_count": 1}),
    )
    assert (heard.text, heard.ended) == (MILL, "stop")


# ------------------------------------------------------------------ errors


CREDIT = {"message": "Insufficient credits for this request", "code": 402}


@pytest.mark.parametrize("name", ["openai", "anthropic", "google", "ollama"])
@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": CREDIT}),
        json.dumps({"error": CREDIT}, indent=2),
        json.dumps({**CREDIT, "code": "402"}),
        event({"error": CREDIT}),
        "event: error\n" + event(CREDIT),
        json.dumps([{"error": CREDIT}]),
    ],
)
async def test_an_error_with_status_200_is_the_fault_it_means(name: str, body: str) -> None:
    heard = await hear_raw(name, body, kind="application/json")
    assert type(heard.fault) is NoCredit
    assert "Insufficient credits" in heard.fault.sentence
    assert heard.events == []


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ('{"error":"overloaded, try later"}', Overloaded, "overloaded"),
        ('{"detail":"Invalid API key"}', BadKey, "Invalid API key"),
        ('{"object":"error","message":"The engine died","code":500}', Overloaded, "engine"),
        ('{"code":401,"msg":"who are you"}', BadKey, "who are you"),
        (event({"choices": [BROKEN | {"delta": {"content": ""}}]}), Overloaded, "Mill API died"),
        (event({"choices": [BROKEN | {"delta": {"content": "b"}}]}), Overloaded, "Mill API died"),
        (event({"candidates": [{"error": BROKEN["error"]}]}), Overloaded, "Mill API died"),
        ("event: error\ndata: upstream overloaded\n\n", Overloaded, "upstream"),
        ("Bad Gateway", BadAnswer, "not an answer"),
        ("<html><body>Sign in</body></html>", BadAnswer, "not an answer"),
    ],
)
async def test_an_error_in_any_form_is_told_in_its_own_words(
    body: str, kind: type[ModelFault], said: str
) -> None:
    heard = await hear_openai(body)
    assert type(heard.fault) is kind
    assert said in heard.fault.sentence


async def test_text_before_and_with_an_error_comes_first() -> None:
    heard = await hear_openai(chunk("a "), chunk("b", error={"message": "overloaded"}), chunk("c"))
    assert (heard.text, type(heard.fault)) == ("a b", Overloaded)


async def test_a_payload_that_cannot_be_read_is_a_gap_that_is_told() -> None:
    heard = await hear_openai(chunk("a "), 'data: {"choices":[{"del\n\n', chunk("b"), DONE)
    assert (heard.text, type(heard.fault)) == ("a b", BadAnswer)
    assert "gap" in heard.fault.sentence


async def test_a_very_deep_payload_is_no_bug() -> None:
    heard = await hear_openai(chunk("a "), "data: " + '{"a":' * 50_000 + "\n\n", chunk("b"), DONE)
    assert (heard.text, type(heard.fault)) == ("a b", BadAnswer)
