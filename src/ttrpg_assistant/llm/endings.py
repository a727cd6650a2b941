"""How an answer ended: the words providers use for it, and when they can be believed.

A finish reason is not the end of the text: some servers send one with every piece, or with
the first. Reading goes on until the provider's last word or the end of the body. A server
that says a reason, keeps the connection open and sends nothing more is waited for only
briefly, and only if it has shown that it says a reason at the end alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from ttrpg_assistant.llm.types import FinishReason

TAIL_SECONDS = 10.0
"""How long usage, the last word or late text are waited for after a believable reason."""

Ending = FinishReason | Literal["cut", "failed"]
"""`cut` and `failed`: the provider itself says that the answer is not whole."""

_WORDS: dict[Ending, str] = {
    "length": "length max_tokens max_length max_output_tokens max_new_tokens model_length limit "
    "token_limit model_context_window_exceeded context_length context_length_exceeded "
    "max_completion_tokens length_capped pause_turn incomplete",
    "filtered": "content_filter content_filtered contentfilter filtered filter refusal refused "
    "safety recitation blocklist prohibited_content spii image_safety sensitive moderation "
    "guardrail_intervened guardrail error_toxic",
    "cut": "abort aborted cancel cancelled canceled interrupted user_cancelled user_canceled "
    "client_disconnect disconnect",
    "failed": "error server_error internal_error network_error engine_error failed failure "
    "insufficient_system_resource overloaded timeout error_limit",
}
_ENDINGS: dict[str, Ending] = {
    word: ending for ending, words in _WORDS.items() for word in words.split()
}
_NOT_YET = frozenset(
    {"", "null", "none", "undefined", "nil", "false", "in_progress", "running", "continue",
     "unspecified", "finish_reason_unspecified"}
)  # fmt: skip


def read_ending(value: object) -> Ending | None:
    """What a finish reason in any form means; None for one that says nothing yet.

    Providers call a natural end by many names, so a word that is not known is one.
    """
    if isinstance(value, dict):
        value = value.get("type") or value.get("reason")
    if value is True:
        return "stop"
    if not isinstance(value, str):
        return None
    word = value.strip().lower().removeprefix("finish_reason.").replace("-", "_")
    if word in _NOT_YET:
        return None
    return _ENDINGS.get(word, "stop")


class Answering(Protocol):
    """What of a reader is needed to know how an answer ended."""

    reason: FinishReason | None
    closed: bool
    reasons: int
    counts: int

    @property
    def is_document(self) -> bool: ...

    def read(self, payload: bytes) -> str: ...


class EndOfAnswer:
    """Reads payloads and watches how far their finish reason can be believed."""

    def __init__(self, reader: Answering) -> None:
        self._reader = reader
        self._open = False
        """Whether text came without a reason, before the first reason."""
        self._late = False
        """Whether text came after a reason: the reason was not the end."""
        self._unended = False
        """Whether the last piece came after the last reason and the last count."""
        self._counts = 0

    def read(self, payloads: Iterable[bytes]) -> str:
        """The text of these payloads, up to the provider's last word."""
        reader = self._reader
        texts: list[str] = []
        for payload in payloads:
            if reader.reason is None:
                if text := reader.read(payload):
                    texts.append(text)
                    if not self._open and reader.reason is None:
                        self._open = True
            elif text := self._read_late(payload):
                texts.append(text)
            if reader.closed:
                break
        return texts[0] if len(texts) == 1 else "".join(texts)

    def _read_late(self, payload: bytes) -> str:
        reader = self._reader
        reasons, counts = reader.reasons, reader.counts
        text = reader.read(payload)
        if text:
            self._late = True
            self._unended = reader.reasons == reasons
            self._counts = counts
        elif reader.reasons > reasons:
            self._unended = False
        return text

    @property
    def believable(self) -> bool:
        """Whether the answer is whole even if nothing but silence or an error follows."""
        reader = self._reader
        return reader.closed or (reader.reason is not None and self._open and not self._late)

    def is_whole(self, *, delimited: bool) -> bool:
        """Whether the answer is whole now that the body has ended.

        `delimited`: HTTP itself said where the body ends, so that it was not cut.
        """
        reader = self._reader
        if reader.reason is None:
            return False
        if self.believable or reader.is_document:
            return True
        return delimited and not (self._unended and reader.counts == self._counts)
