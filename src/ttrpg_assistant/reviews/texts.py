"""What a review asks of the text that it reads: a transcript, in which somebody speaks, and notes,
which stand under headings. Everything else is the same for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.conversations.model import NOTES as NOTES_PURPOSE
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.prompts.compose import Task
from ttrpg_assistant.reviews.headings import Headings
from ttrpg_assistant.reviews.model import Speaker
from ttrpg_assistant.reviews.ports import SpeakerFinder
from ttrpg_assistant.reviews.speakers import SpeakerMap

TextName = Literal["transcript", "notes"]


@dataclass(frozen=True, slots=True)
class Text:
    """A kind of text. `task` and `request` say what a model is asked of its parts; `needs_model`:
    the built-in model does not read it. `is_played`: it tells what happened at a table, so it has
    speakers, a game session and recaps, and what it opens has happened."""

    name: TextName
    task: Task
    request: str
    needs_model: bool
    is_played: bool
    find_speakers: Callable[[Sequence[Speaker]], SpeakerFinder]


TRANSCRIPT = Text(
    "transcript",
    "transcript_part",
    "List what happened in the lines above, as a JSON list.",
    needs_model=False,
    is_played=True,
    find_speakers=SpeakerMap,
)
NOTES = Text(
    "notes",
    "notes_part",
    "List what the lines above say of the campaign, as a JSON list.",
    needs_model=True,
    is_played=False,
    find_speakers=lambda _: Headings(),
)


def text_of(conversation: Conversation) -> Text:
    """What kind of text a conversation holds."""
    return NOTES if conversation.purpose == NOTES_PURPOSE else TRANSCRIPT
