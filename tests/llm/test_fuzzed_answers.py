"""Servers that say true things in any order and any pieces, and are cut off anywhere.

Text is never lost, never doubled, and an answer that was cut is called whole only where its
provider had said before the cut that it was finished: by a finish reason, or by its last word.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.llm.dialect_cases import NAMES, Heard
from tests.llm.raw_answers import hear_bytes, hear_raw

ODD = [None, 0, -1, 2.5, "7", True, [], {}, [[]], {"a": None}, "x", 2**70]
NOTHING: dict[str, list[str]] = {
    "ollama": ["\n", "{}\n", '{"model":"m"}\n', " \r\n"],
    "": [
        ": still here\n\n",
        "data:\n\n",
        "data: {}\n\n",
        "event: ping\ndata: {}\n\n",
        "\n",
        "data: 1\n\n",
    ],
}
USAGE_NAMES = {
    "openai": ("usage", "prompt_tokens", "completion_tokens"),
    "anthropic": ("usage", "input_tokens", "output_tokens"),
    "google": ("usageMetadata", "promptTokenCount", "candidatesTokenCount"),
    "ollama": (None, "prompt_eval_count", "x_eval"),
}


@dataclass(frozen=True)
class Answer:
    """What a server means to say, and how oddly it does."""

    pieces: list[tuple[str, str]]
    """`(thinking or text or nothing or counts, what)`, in order."""
    reasons: str
    """Where the finish reason stands: last, after, every, first, never."""
    escaped: bool

    @property
    def text(self) -> str:
        return "".join(what for kind, what in self.pieces if kind == "text")

    @property
    def thinking(self) -> str:
        return "".join(what for kind, what in self.pieces if kind == "thinking")

    def encode(self, name: str) -> tuple[list[bytes], bytes]:
        """Its payloads as bytes, and the provider's last word."""
        speak = _Speaker(name, self.escaped)
        texts = [place for place, (kind, _) in enumerate(self.pieces) if kind == "text"]
        sent: list[str] = []
        for place, (kind, what) in enumerate(self.pieces):
            has_reason = (
                self.reasons == "every"
                or (self.reasons == "last" and place == texts[-1])
                or (self.reasons == "first" and place == texts[0])
            )
            sent.append(speak.say(kind, what, has_reason and kind == "text"))
        if self.reasons == "after" or (name == "google" and self.reasons in ("never", "first")):
            sent.append(speak.reason())
        return [piece.encode() for piece in sent], speak.last_word().encode()


class _Speaker:
    """Writes the payloads of a dialect."""

    def __init__(self, name: str, escaped: bool) -> None:
        self._name = name
        self._escaped = escaped

    def say(self, kind: str, what: str, has_reason: bool) -> str:
        if kind == "nothing":
            choices = NOTHING.get(self._name, NOTHING[""])
            return choices[int(what) % len(choices)]
        if kind == "counts":
            return self._counts(ODD[int(what) % len(ODD)])
        if self._name == "openai":
            field = "content" if kind == "text" else "reasoning_content"
            finish = "stop" if has_reason else None
            return self._event(choices=[{"delta": {field: what}, "finish_reason": finish}])
        if self._name == "anthropic":
            delta = {"text" if kind == "text" else "thinking": what}
            said = self._event(type="content_block_delta", delta=delta)
            return said + (self.reason() if has_reason else "")
        if self._name == "google":
            part = {"text": what} if kind == "text" else {"text": what, "thought": True}
            candidate: dict[str, Any] = {"content": {"parts": [part]}}
            if has_reason:
                candidate["finishReason"] = "STOP"
            return self._event(candidates=[candidate])
        message = {"content": what} if kind == "text" else {"content": "", "thinking": what}
        return self._event(message=message, done=has_reason)

    def reason(self) -> str:
        if self._name == "openai":
            return self._event(choices=[{"delta": {}, "finish_reason": "stop"}])
        if self._name == "anthropic":
            return self._event(type="message_delta", delta={"stop_reason": "end_turn"})
        if self._name == "google":
            return self._event(candidates=[{"finishReason": "STOP"}])
        return self._event(message={"content": ""}, done=True)

    def last_word(self) -> str:
        if self._name == "openai":
            return "data: [DONE]\n\n"
        if self._name == "anthropic":
            return self._event(type="message_stop")
        if self._name == "ollama":
            return self._event(message={"content": ""}, done=True, total_duration=1)
        return ""

    def _counts(self, odd: object) -> str:
        place, prompt, said = USAGE_NAMES[self._name]
        counts: Any = odd if isinstance(odd, list) else {prompt: odd, said: odd}
        if self._name == "openai":
            return self._event(choices=[], usage=counts)
        if self._name == "anthropic":
            return self._event(type="message_start", message={"usage": counts})
        if place is None:
            return self._event(message={"content": ""}, done=False, **{prompt: odd})
        return self._event(**{place: counts})

    def _event(self, **value: object) -> str:
        data = json.dumps(value, ensure_ascii=self._escaped)
        return f"{data}\n" if self._name == "ollama" else f"data: {data}\n\n"


WORDS = st.sampled_from(
    [
        "The ",
        "mill ",
        "burns",
        "\n\n",
        "🏰",
        "é",
        "a [link](x) ",
        "1 > 0 & ",
        '"quoted" ',
        "data: x\n",
    ]
)
PIECES = st.lists(
    st.one_of(
        st.tuples(st.just("text"), WORDS),
        st.tuples(st.just("thinking"), WORDS),
        st.tuples(st.just("nothing"), st.integers(0, 20).map(str)),
        st.tuples(st.just("counts"), st.integers(0, 20).map(str)),
    ),
    max_size=12,
)
ANSWERS = st.builds(
    Answer,
    pieces=st.tuples(PIECES, PIECES).map(lambda p: [*p[0], ("text", "Aye"), *p[1]]),
    reasons=st.sampled_from(["last", "after", "every", "first", "never"]),
    escaped=st.booleans(),
)
ENDS = st.sampled_from(["clean", "undelimited", "broken", "silent"])
CUTS = st.lists(st.integers(1, 90), max_size=6)
FIGURES: Counter[str] = Counter()


def cut_into(data: bytes, sizes: list[int]) -> list[bytes]:
    """The data in pieces of these sizes, over and over; whole without sizes."""
    pieces, at, turn = [], 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)] if sizes else len(data)
        pieces.append(data[at : at + size])
        at, turn = at + size, turn + 1
    return pieces


async def listen(name: str, data: bytes, sizes: list[int], end: str) -> Heard:
    fault: Exception | None = None
    if end == "broken":
        fault = httpx2.ReadError("broken")
    elif end == "silent":
        fault = httpx2.ReadTimeout("silent")
    return await hear_bytes(
        name, cut_into(data, sizes), fault=fault, delimited=end != "undelimited"
    )


def check_whole(name: str, answer: Answer, sizes: list[int], end: str) -> None:
    """An answer that was sent to its last word is all there, and whole."""
    payloads, last_word = answer.encode(name)
    heard = asyncio.run(listen(name, b"".join(payloads) + last_word, sizes, end))
    assert (heard.text, heard.thinking) == (answer.text, answer.thinking)
    if last_word or end == "clean":
        assert (heard.ended, heard.fault) == ("stop", None)
    FIGURES["whole"] += 1


def said_finished(name: str, data: bytes) -> bool:
    """Whether the provider said in these bytes that its answer is finished."""
    return any(_says_finished(name, line) for line in data.split(b"\n"))


def _says_finished(name: str, line: bytes) -> bool:
    payload = line.removeprefix(b"data: ")
    if name == "openai" and payload == b"[DONE]":
        return True
    try:
        said = json.loads(payload)
    except ValueError:
        return False  # Cut in the middle.
    if not isinstance(said, dict):
        return False
    if name == "openai":
        return any(choice["finish_reason"] for choice in said.get("choices", ()))
    if name == "anthropic":
        return said.get("type") in ("message_delta", "message_stop")
    if name == "google":
        return any("finishReason" in candidate for candidate in said.get("candidates", ()))
    return bool(said.get("done"))


def check_cut(name: str, answer: Answer, sizes: list[int], end: str, where: int) -> None:
    """An answer that was cut anywhere keeps what came, and is called whole only where its provider
    had said that it was finished, and then with all its text unless the provider was wrong."""
    payloads, last_word = answer.encode(name)
    data = b"".join(payloads) + last_word
    data = data[: where % (len(data) + 1)]
    heard = asyncio.run(listen(name, data, sizes, end))
    arrived, at = "", 0
    for (kind, what), payload in zip(answer.pieces, payloads, strict=False):
        at += len(payload)
        if kind == "text" and at <= len(data):
            arrived += what
    # A payload without only its line end is whole too.
    assert answer.text.startswith(heard.text)
    assert heard.text.startswith(arrived)
    assert (heard.ended is None) == (heard.fault is not None)
    if heard.ended is None:
        FIGURES["cut, told"] += 1
        return
    assert said_finished(name, data), "it was cut and called whole"
    if heard.text == answer.text:
        FIGURES["cut, all its text here, its provider had said that it was finished"] += 1
        return
    # A server that says that it has ended and then ends properly has to be believed. So has a word
    # that came apart from the text, as Claude's does, as long as no text follows it.
    assert answer.reasons in ("every", "first"), "it was cut and called whole"
    assert end == "clean" or name == "anthropic", "it was cut and called whole"
    FIGURES["cut, its provider had said too early that it was finished"] += 1


every_dialect = pytest.mark.parametrize("name", NAMES)
few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
many = settings(few, max_examples=1_500)


@every_dialect
@few
@given(answer=ANSWERS, sizes=CUTS, end=ENDS)
def test_a_whole_answer_is_heard_whole(
    name: str, answer: Answer, sizes: list[int], end: str
) -> None:
    check_whole(name, answer, sizes, end)


@every_dialect
@few
@given(answer=ANSWERS, sizes=CUTS, end=ENDS, where=st.integers(0, 100_000))
def test_a_cut_answer_keeps_its_text_and_is_never_called_whole(
    name: str, answer: Answer, sizes: list[int], end: str, where: int
) -> None:
    check_cut(name, answer, sizes, end, where)


@every_dialect
@settings(few, max_examples=8)
@given(answer=ANSWERS, cut=st.booleans())
def test_the_same_holds_over_a_real_connection(name: str, answer: Answer, cut: bool) -> None:
    payloads, last_word = answer.encode(name)
    sent = [payload.decode() for payload in payloads]
    if cut:
        heard = asyncio.run(hear_raw(name, *sent, end="broken"))
        assert heard.text == answer.text
    else:
        heard = asyncio.run(hear_raw(name, *sent, last_word.decode()))
        assert (heard.text, heard.ended) == (answer.text, "stop")


@pytest.mark.deep
@every_dialect
@many
@given(answer=ANSWERS, sizes=CUTS, end=ENDS)
def test_thousands_of_whole_answers_are_heard_whole(
    name: str, answer: Answer, sizes: list[int], end: str
) -> None:
    check_whole(name, answer, sizes, end)


@pytest.mark.deep
@every_dialect
@many
@given(answer=ANSWERS, sizes=CUTS, end=ENDS, where=st.integers(0, 100_000))
def test_thousands_of_cut_answers_are_never_called_whole(
    name: str, answer: Answer, sizes: list[int], end: str, where: int
) -> None:
    check_cut(name, answer, sizes, end, where)


@pytest.fixture(scope="module", autouse=True)
def _say_figures() -> Any:
    yield
    print(f"\nfuzzed answers: {dict(FIGURES)}")
