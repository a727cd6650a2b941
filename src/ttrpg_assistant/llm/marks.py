"""The marks that models put into their text: around what they think, and where a turn ends.

A server should take them out; many do not. This file only says what they look like;
`answer_text` acts on them. Every pattern here is bounded, so a text costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

STARTS = "<[◁"
"""Every mark begins with one of these."""

# ------------------------------------------------------------------ around thinking

_NAMES = (
    "think", "thinking", "thought", "thoughts", "reasoning", "reason", "reflection",
    "scratchpad", "analysis", "seed:think", "inner_thoughts", "antthinking",
)  # fmt: skip

FINAL_HEADERS = tuple(
    end + start + "<|channel|>final<|message|>"
    for end in ("<|end|>", "")
    for start in ("<|start|>assistant", "")
)
"""Where a model that writes in channels begins what others may read."""

CHANNELS = tuple(
    start + f"<|channel|>{name}<|message|>"
    for start in ("<|start|>assistant", "")
    for name in ("analysis", "commentary")
)

ENDS_OF_THINKING: dict[str, tuple[str, ...]] = {
    **{f"<{name}>": (f"</{name}>",) for name in _NAMES},
    "<think>": ("</think>", "</thinking>"),
    "<thinking>": ("</thinking>", "</think>"),
    "[think]": ("[/think]",),
    "◁think▷": ("◁/think▷",),
    "<|begin_of_thought|>": ("<|end_of_thought|>",),
    "<|start_thinking|>": ("<|end_thinking|>",),
    "<|thinking|>": ("<|/thinking|>", "</thinking>"),
    "<|channel>thought": ("<channel|>",),
    "<unused94>thought": ("<unused95>",),
    **{channel: (*FINAL_HEADERS, "<|end|>", "<|return|>") for channel in CHANNELS},
}
"""Each mark that opens thinking, in lower case, with those that close it."""

SPOKEN_CHANNEL = re.compile(r"analysis(?=[A-Z])")
"""The same channels where a server removed the marks: "analysisWe need … assistantfinalAye"."""
SPOKEN_FINAL = ("assistantfinal",)

CLOSINGS = (
    tuple(
        dict.fromkeys(
            close
            for opening, closes in ENDS_OF_THINKING.items()
            if opening not in CHANNELS
            for close in closes
        )
    )
    + FINAL_HEADERS
)
"""What closes thinking whose opening mark never came: the model's template wrote it."""


@lru_cache
def one_of(closes: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of these marks, the longest one at a place first."""
    longest_first = sorted(closes, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


OPENING = one_of(tuple(ENDS_OF_THINKING))
CLOSING = one_of(CLOSINGS)

# ------------------------------------------------------------------ around a turn

_FIXED = (
    "</s>", "<s>", "<eos>", "<bos>", "<end_of_turn>", "<start_of_turn>", "<end_of_text>",
    "<turn|>", "<|turn>", "<channel|>", "[inst]", "[/inst]", "<<sys>>", "<</sys>>",
    "[end of text]", "</assistant>", "<end_of_utterance>",
)  # fmt: skip
TURN = re.compile(
    r"<\|[A-Za-z0-9_.:/-]{1,40}\|>|<｜[\w▁]{1,40}｜>|" + "|".join(map(re.escape, _FIXED)),
    re.IGNORECASE,
)
"""A mark of a chat template: at the beginning it is dropped, later it ends the answer."""

HEADER = re.compile(
    r"<\|(?:im_start|start_header_id|start|header_start|role_start)\|>|<start_of_turn>|<\|turn>",
    re.IGNORECASE,
)
"""The turn marks that are followed by the name of a role."""

ROLE = re.compile(r"([A-Za-z]{2,12})[ \t]*(?:\r?\n|<\|[a-z_]{1,20}\|>)")
UNFINISHED_ROLE = re.compile(r"[A-Za-z]{1,12}[ \t]{0,4}\r?(?:<\|?[a-z_]{0,20}\|?)?")
ASSISTANTS = frozenset({"assistant", "model", "ai", "bot", "gpt"})
OTHERS = frozenset({"user", "human", "system", "tool", "developer", "ipython", "observation"})

_UNFINISHED = re.compile(r"<(?:\|[A-Za-z0-9_.:/-]{0,40}\|?)?|<｜?[\w▁]{0,40}｜?", re.IGNORECASE)
_ALL_FIXED = tuple(dict.fromkeys((*_FIXED, *ENDS_OF_THINKING, *CLOSINGS)))
LONGEST = max(48, *map(len, _ALL_FIXED))


@lru_cache
def _beginnings(marks: tuple[str, ...]) -> frozenset[str]:
    """Every text that one of these marks begins with, none of them whole."""
    return frozenset(mark[:count] for mark in marks for count in range(len(mark)))


_ALL_BEGINNINGS = _beginnings(_ALL_FIXED)


def may_become_mark(text: str) -> bool:
    """Whether a text that begins like a mark may be one when more of it has come."""
    if len(text) >= LONGEST:
        return False
    if text.lower() in _ALL_BEGINNINGS:
        return True
    return text.startswith(("<|", "<｜")) and _UNFINISHED.fullmatch(text) is not None


def may_become(text: str, marks: tuple[str, ...]) -> bool:
    """Whether the text is the beginning of one of these marks, and not yet all of it."""
    return text.lower() in _beginnings(marks)


def _spell(marks: Iterable[str], *ends: str) -> str:
    """A pattern for any of these texts, behind its first character only as far as a text goes."""
    rests: dict[str, list[str]] = {}
    for mark in filter(None, marks):
        rests.setdefault(mark[0], []).append(mark[1:])
    ways = [re.escape(first) + _spell(rest, r"\Z") for first, rest in sorted(rests.items())]
    return f"(?:{'|'.join([*ways, *ends])})" if ways else ""


MAYBE = re.compile(
    _spell([*(mark[:3] for mark in _ALL_FIXED if mark[:2] != "<|"), "<|", "<｜"]), re.IGNORECASE
)
"""Where a mark may begin, as far as its first three characters say, or as many as there are."""
