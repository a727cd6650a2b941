"""Which messages are shown but not sent to a model: questions that were refused or failed."""

from __future__ import annotations

from collections.abc import Iterable

from ttrpg_assistant.conversations.model import Message


def is_failed_without_text(message: Message) -> bool:
    """Whether this is an answer of which nothing came."""
    return message.role == "assistant" and message.status == "failed" and not message.content


def find_left_out(talk: Iterable[Message]) -> set[str]:
    """The messages of a path, given oldest first, that are shown but not sent to a model.

    An answer that failed before its first word, and the question when every answer to it did:
    what a provider refused once, it would refuse again with every later question.
    """
    found: set[str] = set()
    question: Message | None = None
    failed: list[str] = []
    answered = False

    def close() -> None:
        found.update(failed)
        if question is not None and failed and not answered:
            found.add(question.id)

    for message in talk:
        if message.role == "user":
            close()
            question, failed, answered = message, [], False
        elif is_failed_without_text(message):
            failed.append(message.id)
        elif message.role == "assistant":
            answered = True
    close()
    return found
