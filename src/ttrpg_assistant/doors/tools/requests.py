"""Requests that a client offers its user by name: preparing, a recap, a voice. Pure.

They name the tools to use and in which order, and say nothing of the campaign itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput, NotFound

MOST_CHARACTERS = 500
"""Of what a user fills in."""


@dataclass(frozen=True, slots=True)
class OfferedRequest:
    """A request with at most one blank in it. `text` holds `{blank}` where it goes."""

    name: str
    title: str
    hint: str
    blank: str
    blank_hint: str
    is_required: bool
    text: str
    otherwise: str = ""
    """What stands in the blank when nothing is filled in."""


OFFERED: Mapping[str, OfferedRequest] = {
    one.name: one
    for one in (
        OfferedRequest(
            "prep",
            "Prepare the next game session",
            "What to prepare, from what is open and what happened last.",
            "focus",
            "What it should be about",
            False,
            "Help me prepare the next game session of my campaign. Read campaign_brief, last_recap,"
            " open_threads and tonight first, and get_thing for whom you use. Focus: {blank}."
            " Suggest three scenes, each with what the players can find out, who is there and what"
            " goes wrong. Name the ids you used. Propose nothing until I ask; then use"
            " propose_change, propose_new and propose_fact: I accept on my own page.",
            "what is most urgent",
        ),
        OfferedRequest(
            "recap",
            "Write a recap",
            "A recap of the last game session for the GM or the players.",
            "reader",
            "gm or players",
            False,
            "Write a recap of the last game session for {blank}. Read tonight and last_recap. Use"
            " only what stands there; for the players leave out all that is GM only. Show it to me"
            " first, then propose it with propose_recap.",
            "players",
        ),
        OfferedRequest(
            "voice",
            "Speak with an NPC",
            "Talk with an NPC in its own voice.",
            "npc",
            "Id or name",
            True,
            "I want to talk with {blank}. Send each thing I say to ask_npc with this NPC, and give"
            " me its answer word for word, without adding anything. Stop when I say so.",
        ),
    )
}


def fill_request(name: str, given: Mapping[str, str]) -> str:
    """The text of a request. Raises `NotFound`, `InvalidInput` when its blank must be filled."""
    offered = OFFERED.get(name)
    if offered is None:
        raise NotFound("There is no such prompt.", code="prompt_not_found")
    filled = " ".join(cut_text(given.get(offered.blank, ""), MOST_CHARACTERS).split())
    if not filled and offered.is_required:
        raise InvalidInput(f"The prompt {name} needs {offered.blank}.")
    return offered.text.replace("{blank}", filled or offered.otherwise)
