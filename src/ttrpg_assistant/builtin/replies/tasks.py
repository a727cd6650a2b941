"""What the application itself asks of a model beside the talk, told by its instructions.

These instructions open the prompt; what follows its first fence is somebody's text and is
never taken for an instruction.
"""

from __future__ import annotations

import json
import random
import re

from ttrpg_assistant.builtin.asking import Question, read_count
from ttrpg_assistant.builtin.replies.evening import recap_for_gm, recap_for_players
from ttrpg_assistant.builtin.summary import condense
from ttrpg_assistant.builtin.tables import list_entries


def reply_with_task(question: Question, rng: random.Random) -> str | None:
    """The answer in exactly the form the application asked for, or None when it is talk."""
    instructions = question.system.split("###", 1)[0].lstrip()
    if "Answer with a JSON array and nothing else" in instructions:
        return clarify(question, rng, as_json=True)
    if instructions.startswith("You keep the memory of a long conversation"):
        return _condense(question)
    if instructions.startswith("You help a game master to rehearse an NPC"):
        return _speak_as_player(question, rng)
    if instructions.startswith("You write the recap of one game session for the game master"):
        return recap_for_gm(question)
    if instructions.startswith("You write the recap of one game session for its players"):
        return recap_for_players(question)
    if instructions.startswith("You read a rehearsal"):
        return "The built-in model does not judge a voice, so it proposes nothing."
    return None


def clarify(question: Question, rng: random.Random, *, as_json: bool) -> str:
    """Questions that sharpen a campaign, those near to what was said first."""
    rows = [
        tuple(part.strip() for part in entry.split("|", 2))
        for entry in list_entries("clarifying", "questions")
    ]
    near = [row for row in rows if re.search(rf"\b{row[0].rstrip('s')}", question.said)]
    pool = near + [row for row in rng.sample(rows, len(rows)) if row not in near]
    chosen = pool[: 4 if as_json else read_count(question.said, default=4)]
    if not as_json:
        return "\n".join(f"{at}. {row[2]}" for at, row in enumerate(chosen, 1))
    return json.dumps(
        [{"question": q, "field": field, "importance": weight} for field, weight, q in chosen],
        ensure_ascii=False,
    )


def _condense(question: Question) -> str:
    return condense([message.content for message in question.earlier] or [question.text])


def _speak_as_player(question: Question, rng: random.Random) -> str:
    said = " ".join(message.content for message in question.earlier)
    entries = list_entries("players", "questions")
    return rng.choice([entry for entry in entries if entry not in said] or list(entries))
