"""What the payloads of one answer have said so far: the part all dialects share.

A dialect reads its usual payloads with types, because they come a thousand times a second.
Anything else is read here field by field, in every form that servers are known to send: an
odd count, a whole answer instead of pieces, an error with status 200. What can be read
counts, what cannot is left out.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ttrpg_assistant.errors import BadAnswer, CutOff, ModelFault, ModelRefused, Overloaded
from ttrpg_assistant.llm.endings import read_ending
from ttrpg_assistant.llm.payloads import (
    Piece,
    find_complaint,
    find_error,
    find_pieces,
    list_counts,
)
from ttrpg_assistant.llm.types import FinishReason
from ttrpg_assistant.llm.wire_decoding import decode_payload
from ttrpg_assistant.llm.wire_faults import spoken_fault
from ttrpg_assistant.outside_json import check_nesting

MAX_COUNT = 2**31 - 1
"""No answer has more tokens, and no column of a database holds more."""

_ANY = msgspec.json.Decoder()
_UNREADABLE = object()


class Reading:
    """The state of one answer. Dialects add `read`."""

    __slots__ = (
        "_label",
        "_messages",
        "_refusing",
        "_secret",
        "_spoke",
        "_thought_field",
        "_whole",
        "closed",
        "complaint",
        "counts",
        "fault",
        "gap",
        "reason",
        "reasons",
        "thoughts",
        "tokens_cached",
        "tokens_in",
        "tokens_out",
    )

    def __init__(self, label: str, secret: str | None = None) -> None:
        self._label = label
        self._secret = secret
        self._refusing = False
        self._spoke = False
        self._messages = 0
        self._whole = ""
        self._thought_field: str | None = None
        self.reason: FinishReason | None = None
        """The latest finish reason. Text may still follow it."""
        self.reasons = 0
        """How many payloads had a reason."""
        self.closed = False
        """Set once the provider has said its last word; nothing more is waited for."""
        self.thoughts: list[str] = []
        """Thinking that came apart from the text; the listener takes it out."""
        self.fault: ModelFault | None = None
        """What the provider said went wrong. The text of the same payload comes before it."""
        self.complaint: ModelFault | None = None
        """Perhaps the same; it counts only if no proper answer came."""
        self.gap = False
        """Whether a payload was unreadable, so that text may be missing."""
        self.tokens_in: int | None = None
        self.tokens_out: int | None = None
        self.tokens_cached: int | None = None
        self.counts = 0
        """How many payloads had counts."""

    @property
    def is_document(self) -> bool:
        """Whether the answer came as one whole document; half a one could not be read."""
        return self._messages == 1 and not self._spoke

    def read(self, payload: bytes) -> str:
        """The text of the next payload, empty when it has none."""
        raise NotImplementedError

    def read_odd(self, payload: bytes) -> str:
        """The text of a payload that is not of the usual form."""
        value = _decode(payload)
        if value is not _UNREADABLE:
            return self.read_value(value)
        texts: list[str] = []
        # A server that forgets the empty line between events sends several as one.
        lines = payload.split(b"\n")
        if values := _decode_each(lines):
            texts.extend(self.read_value(value) for value in values)
        elif b"[DONE]" in payload[-16:] and len(lines) > 1:
            while len(lines) > 1 and b"[DONE]" in b"\n".join(lines[-16:])[-16:]:
                lines.pop()  # all of them at once: a payload may be made of last words
            texts.append(self.read_odd(b"\n".join(lines)))
            self.close()
        elif payload.lstrip().startswith((b"{", b"[{")):
            self.gap = True
        return "".join(texts)

    def read_value(self, value: Any) -> str:
        """The text of a decoded payload in any known form."""
        if isinstance(value, list):
            return "".join([self.read_value(item) for item in value if isinstance(item, dict)])
        if not isinstance(value, dict):
            return ""
        pieces = find_pieces(value)
        error = find_error(value)
        if error is not None:
            # Before the finish reason, which often says no more than that there was an error.
            self.fail(spoken_fault(error, self._label, self._secret))
        texts = [self._take_piece(piece) for piece in pieces]
        for counts in list_counts(value):
            self.count(counts)
        if error is None and not pieces and (complaint := find_complaint(value)) is not None:
            self.complaint = spoken_fault(complaint, self._label, self._secret)
        return "".join(texts)

    def _take_piece(self, piece: Piece) -> str:
        if piece.thinking and self._thought_field in (None, piece.thought_field):
            # Some servers say each thought under two names at once.
            self._thought_field = piece.thought_field
            self.thoughts.append(piece.thinking)
        text = piece.text
        if piece.refusal:
            # The model's own words for "no": they are shown, and named for what they are.
            self._refusing = True
            text = text or piece.refusal
        if piece.blocked:
            self.fail(ModelRefused(f"{self._label} blocked the question ({piece.blocked})."))
        if piece.is_whole:
            text = self._read_whole(text)
        elif text:
            self._spoke = True
        self.end(piece.reason, otherwise=piece.otherwise)
        if piece.closes and self.fault is None:
            self.close()
        return text

    def _read_whole(self, text: str) -> str:
        """A message where a piece was expected: all of the answer, again or for once."""
        if self._spoke:
            return ""  # it came in pieces before
        self._messages += 1
        before = self._whole
        if len(before) >= 8 and text.startswith(before):
            self._whole = text
            return text[len(before) :]
        self._whole = before + text
        return text

    def end(self, reason: object, otherwise: FinishReason = "stop") -> None:
        """Note a finish reason in any form. `otherwise` is what an unknown word means."""
        ending = read_ending(reason)
        if ending is None:
            return
        if ending == "cut":
            self.fail(CutOff(f"{self._label} stopped in the middle of its answer."))
        elif ending == "failed":
            self.fail(Overloaded(f"{self._label} failed in the middle of its answer."))
        else:
            if ending == "stop" and otherwise != "stop" and str(reason).lower() not in _STOPS:
                ending = otherwise
            self.reason = "filtered" if self._refusing else ending
            self.reasons += 1

    def close(self) -> None:
        """The provider's last word."""
        self.closed = True
        self.reason = self.reason or ("filtered" if self._refusing else "stop")

    def fail(self, fault: ModelFault) -> None:
        """Note what the provider says went wrong; the first one counts."""
        self.fault = self.fault or fault

    def settle(self) -> None:
        """Called once the answer has ended, for what is worth reading only then."""

    def count(self, usage: Any) -> None:
        """Note the counts that can be read; nothing else in any of them matters."""
        if not isinstance(usage, dict):
            return
        self.counts += 1
        prompt = _first_count(usage, "prompt_tokens", "promptTokenCount", "prompt_eval_count")
        if prompt is None and (prompt := _first_count(usage, "input_tokens")) is not None:
            # Text read from or written to the provider's cache was sent all the same.
            prompt += _first_count(usage, "cache_creation_input_tokens") or 0
            prompt += _first_count(usage, "cache_read_input_tokens") or 0
        if prompt is not None and (prompt or self.tokens_in is None):
            self.tokens_in = min(prompt, MAX_COUNT)
        said = _first_count(
            usage, "completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count"
        )
        thought = _first_count(usage, "thoughtsTokenCount")
        if said is not None or thought is not None:
            self.tokens_out = min((said or 0) + (thought or 0), MAX_COUNT)
        cached = _first_count(
            usage,
            "prompt_cache_hit_tokens",
            "cache_read_input_tokens",
            "cachedContentTokenCount",
            "cached_tokens",
            "cache_n",
        )
        for name in ("prompt_tokens_details", "input_tokens_details"):
            details = usage.get(name)
            if cached is None and isinstance(details, dict):
                cached = _first_count(details, "cached_tokens")
        if cached is not None:
            self.tokens_cached = cached


_STOPS = frozenset({"stop", "end_turn", "stop_sequence", "eos", "true"})
"""A natural end for a provider whose other words mean that its filter stepped in."""


def _decode_each(lines: list[bytes]) -> list[Any]:
    """The values of several lines; empty when there is one line only, or one says nothing."""
    values: list[Any] = []
    for line in lines if len(lines) > 1 else ():
        if line.strip():
            values.append(_decode(line))
            if values[-1] is _UNREADABLE:
                return []
    return values


def _decode(payload: bytes) -> Any:
    try:
        value = decode_payload(_ANY, payload)
        check_nesting(value, payload)
    except (BadAnswer, ValueError):
        return _UNREADABLE
    return value


def _first_count(counts: dict[str, Any], *names: str) -> int | None:
    """The first of these that is a whole number a count can be."""
    for name in names:
        number = counts.get(name)
        if type(number) is int and 0 <= number <= MAX_COUNT:
            return number
    return None
