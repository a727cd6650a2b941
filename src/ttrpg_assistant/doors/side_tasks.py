"""What chat programs ask for themselves beside the talk: a title for it, tags, what to say next.

Open WebUI sends these to the model that is talked with, as one message that names the JSON it
wants and quotes the talk. It is nothing that is said to an NPC, and no model is asked: a title is
made of the talk that is quoted, and the lists, which a program can do without, are empty. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.doors.talking import MESSAGE_CHARACTERS, Asked, End
from ttrpg_assistant.errors import InvalidInput

BEGINS = "### Task:"
QUOTES = "<chat_history>"
OUTPUT = "### Output:"

TITLE = "title"
LISTS = frozenset({"tags", "follow_ups", "queries"})

TITLE_CHARACTERS = 60

_KEY = re.compile(r'\{\s{0,80}"([a-z_]{1,40})"')
_SAID = re.compile(r"^USER: *(\S[^\n]{0,400})", re.MULTILINE)


def find_side_task(asked: Asked) -> str | None:
    """The message that asks for something beside the talk; None where somebody is talked to, also
    with a message that is too long."""
    if len(asked.talk) != 1 or len(asked.talk[0].content) > MESSAGE_CHARACTERS:
        return None
    text = asked.talk[0].content
    is_task = text.lstrip().startswith(BEGINS) and QUOTES in text and OUTPUT in text
    return text if is_task else None


def do_side_task(task: str, name: str) -> End:
    """What the program gets, in the JSON that it names. `name` is whom it talks with. Raises
    `InvalidInput` for what is not done here."""
    wanted = _KEY.search(task, task.index(OUTPUT))
    key = wanted[1] if wanted else ""
    if key == TITLE:
        return _spell({TITLE: _make_title(task, name)})
    if key in LISTS:
        return _spell({key: []})
    raise InvalidInput(
        "This is a task about the talk, and nothing that is said to somebody.",
        code="side_task",
        cure="Choose another model for such tasks in the settings of the program that asks.",
    )


def _make_title(task: str, name: str) -> str:
    """Whom the talk is with, and what was said first of what is quoted."""
    said = _SAID.search(task, task.rindex(QUOTES))
    if said is None:
        return name
    line = " ".join(said[1].split())
    kept = cut_text(line, TITLE_CHARACTERS)
    return f"{name}: {kept if kept == line else f'{kept.rstrip()} …'}"


def _spell(answer: Mapping[str, Any]) -> End:
    return End("stop", 0, 0, json.dumps(answer, ensure_ascii=False))
