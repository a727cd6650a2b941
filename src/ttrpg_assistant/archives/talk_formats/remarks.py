"""What is said of a file besides its talk, in the words a game master reads."""

from __future__ import annotations

from typing import Any

from ttrpg_assistant.archives.talk_formats.model import Remark
from ttrpg_assistant.archives.talk_formats.moments import read_moment

TIME_UNREADABLE = "A time cannot be read, so the message gets the time of the one before it."
NOT_JSON_LINE = "A line is not JSON that can be read."
NOT_JSON_PART = "A conversation is damaged and cannot be read."
PART_TOO_LARGE = "A conversation of more than 48 MB is too large."
NO_TEXT = "An entry has no text."
NO_MESSAGES = "A conversation has no messages."
PICTURE = "A picture or file of the other program does not come along."
THINKING = "What a model thought before an answer does not come along."
SETTINGS = "A line of settings is no message."
BROKEN_BYTES = "Some bytes cannot be read and became \ufffd."
NO_DATE = "The times count from the beginning of the recording and name no day."


def tell_moment(
    given: Any, line: int, *, day_first: bool | None = None
) -> tuple[str | None, list[Remark]]:
    """The moment, and a remark when something is there that cannot be read."""
    if given is None or given == "":
        return None, []
    found = read_moment(given, day_first=day_first)
    return found, [] if found is not None else [Remark(TIME_UNREADABLE, line, is_loss=False)]
