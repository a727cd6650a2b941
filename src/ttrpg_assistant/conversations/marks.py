"""The mark at the end of a reply whose server died in the middle of it (seed, Strategy 5)."""

from __future__ import annotations

from ttrpg_assistant.conversations.model import INTERRUPTED_MARK


def with_mark(text: str) -> str:
    """The text with one "[Stream interrupted]" at its end."""
    if text.endswith(INTERRUPTED_MARK):
        return text
    return f"{text}\n\n{INTERRUPTED_MARK}" if text else INTERRUPTED_MARK


def without_mark(text: str) -> str:
    """The text as the model said it."""
    return text.removesuffix(INTERRUPTED_MARK).rstrip("\n") if INTERRUPTED_MARK in text else text
