"""Earlier messages as a model is sent them: the right ones, without what nobody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ttrpg_assistant.llm.types import PromptMessage
from ttrpg_assistant.prompts.facts import (
    History,
    HistoryMessage,
    Mode,
    RecalledMessage,
    Summary,
)
from ttrpg_assistant.prompts.fence import without_nonce
from ttrpg_assistant.prompts.sanitise import sanitise

INTERRUPTED = "[Stream interrupted]"
"""The note that recovery puts at the end of a reply (seed, Strategy 5). Models copy it."""

# Line ends and tabs are the writer's; lone surrogates, other controls, bidi controls and
# Unicode tags are nobody's.
_NEVER_SENT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPEAKER_LIMIT = 80


def clean_message(text: str) -> str:
    """The message as it may be sent: what its writer saw, and nothing that is never seen."""
    if text.replace("\n", " ").isprintable():
        return text  # most messages, and far quicker than the search
    return _NEVER_SENT.sub("", text)


def prepare(message: HistoryMessage) -> str:
    """What is sent of the message: cleaned, without a note of interruption, in a scene with
    its speaker's name. Empty when nothing remains."""
    content = message.content.rstrip()
    while content.endswith(INTERRUPTED):
        content = content.removesuffix(INTERRUPTED).rstrip()
    content = clean_message(content)
    if content and message.speaker:
        content = f"{sanitise(message.speaker, _SPEAKER_LIMIT)}: {content}"
    return content


def newest_first(
    history: History, mode: Mode | None, nonce: str
) -> Iterator[tuple[int, PromptMessage]]:
    """Seq and message, for the messages of this mode, prepared only as they are asked for.

    An answer that repeated a marker loses its nonce here: it could close a block otherwise.
    """
    for message in reversed(history.messages):
        if mode is None or message.mode == mode:
            content = prepare(message)
            if content:
                yield message.seq, PromptMessage(message.role, without_nonce(content, nonce))


def count_messages(history: History, mode: Mode | None) -> int:
    """How many earlier messages there are for a prompt of this mode."""
    counted = sum(
        1
        for message in history.messages
        if message.content and (mode is None or message.mode == mode)
    )
    return counted + history.older_count


def find_summary(history: History, mode: Mode | None) -> Summary | None:
    """The summary, when it was made from talk of this very mode."""
    summary = history.summary
    return summary if summary is not None and summary.mode == mode else None


def find_recalled(history: History, mode: Mode | None) -> Sequence[RecalledMessage]:
    """What was recalled for a prompt of this mode: as an NPC, only what was said as one."""
    if mode == "as":
        return [one for one in history.recalled if one.mode == "as"]
    return history.recalled
