"""A sample campaign written for newcomers: loaded in one step, removed in one step.

Its ids are derived from the keys in `campaign.toml`, so loading it twice is loading it once.
The talk in `talk.toml` belongs to another room and is given out as plain values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal
from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1d2d0e-5b1c-4c1e-9d55-6a1f0c7be901")


def sample_id(kind: str, key: str) -> str:
    """The fixed id of a thing in the sample, e.g. ``sample_id("npc", "mira")``."""
    return str(uuid5(_NAMESPACE, f"{kind}:{key}"))


SAMPLE_CAMPAIGN_ID = sample_id("campaign", "the-ninth-tide")


def read_sample() -> dict[str, Any]:
    """What `campaign.toml` says."""
    return _read("campaign.toml")


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """One message of the sample talk."""

    id: str
    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class SampleConversation:
    """A chat, or a thread with its purpose, of the sample campaign."""

    id: str
    title: str
    purpose: str | None
    campaign_id: str
    game_session_id: str
    messages: tuple[SampleMessage, ...]


@dataclass(frozen=True, slots=True)
class SampleTalk:
    """What was said in the sample campaign, oldest first."""

    chat: SampleConversation
    thread: SampleConversation


def read_sample_talk() -> SampleTalk:
    """What `talk.toml` says, with fixed ids, for the room that keeps talk."""
    said = _read("talk.toml")
    return SampleTalk(_conversation(said["chat"]), _conversation(said["thread"]))


def _conversation(said: Mapping[str, Any]) -> SampleConversation:
    return SampleConversation(
        id=sample_id("conversation", said["key"]),
        title=said["title"],
        purpose=said.get("purpose"),
        campaign_id=SAMPLE_CAMPAIGN_ID,
        game_session_id=sample_id("game_session", said["game_session"]),
        messages=tuple(
            SampleMessage(
                sample_id("message", f"{said['key']}/{at}"), one["role"], one["content"].strip()
            )
            for at, one in enumerate(said["messages"])
        ),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
