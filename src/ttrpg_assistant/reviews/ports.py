"""What the reading of a text needs of each kind of text."""

from __future__ import annotations

from typing import Protocol

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.reviews.model import Speaker


class SpeakerFinder(Protocol):
    """Finds whose words a message has."""

    def find(self, message: Message) -> tuple[Speaker, int]:
        """The speaker, and where the words begin. What `nobody` says is not read."""
        ...
