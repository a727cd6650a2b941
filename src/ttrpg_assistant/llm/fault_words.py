"""The words for every code that an unanswered or broken reply can carry: one table.

A fault carries its own true sentence and cure, and they are stored with the answer. These are
the words for a code alone: of answers from before they were stored, and of the page.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from ttrpg_assistant.errors import Fault, ModelFault

PAGE_CONTROLS = (
    "Settings", "Ask again", "Continue", "Edit the question", "Context size", "Answer length",
    "Key", "Address",
)  # fmt: skip
"""What a cure may name of the page, as it is labelled there (`key` and `address` in a sentence)."""

OTHER_MEANS = (
    "built-in model", "another model", "account at the provider", "Wait", "start again", "mDNS",
    "TTRPG_CA_FILE", "TTRPG_PROXY", "NO_PROXY",
)  # fmt: skip
"""What else a cure may name: things to do, and settings out of docs/settings.md."""


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What happened, and what to do about it, if there is anything."""

    detail: str
    cure: str | None = None


_ASK_AGAIN = "Ask again."

_OTHERS: Mapping[str, FaultWords] = {
    "model_fault": FaultWords(
        "The model could not answer.", "Ask again, or choose another model in Settings."
    ),
    "unexpected": FaultWords("Something went wrong while answering.", _ASK_AGAIN),
    "server_stopped": FaultWords("The assistant was stopped during this answer.", _ASK_AGAIN),
    "cannot_continue": FaultWords("The model cannot continue this answer.", _ASK_AGAIN),
    "model_only_thought": FaultWords(
        "The model only thought, and wrote no answer.",
        "Ask again, or choose another model in Settings.",
    ),
    "spoke_for_others": FaultWords(
        "The model spoke for somebody else instead of answering.", _ASK_AGAIN
    ),
    "reply_too_long": FaultWords("The answer was too long and was cut."),
    "end_not_saved": FaultWords("The end of this answer could not be saved.", _ASK_AGAIN),
    "stalled": FaultWords("The model took too long.", _ASK_AGAIN),
    "npc_not_found": FaultWords("This NPC no longer exists."),
    "persistence_unavailable": FaultWords("The answer could not be saved at the time.", _ASK_AGAIN),
    "disk_full": FaultWords("There was no space left to save the answer.", _ASK_AGAIN),
}


def describe(code: str) -> FaultWords:
    """The words for a code. An unknown one is said to be unknown, never left empty."""
    return list_words().get(code) or FaultWords("There was no whole answer.", _ASK_AGAIN)


@functools.cache
def list_words() -> Mapping[str, FaultWords]:
    """Every code with its words."""
    words = dict(_OTHERS)
    kinds: list[type[Fault]] = [ModelFault]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.default_sentence:
            words[kind.default_code] = FaultWords(kind.default_sentence, kind.default_cure)
    return words
