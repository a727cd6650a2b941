"""A scene as one of its NPCs heard it. Pure: the messages are read, the prompt comes later.

What is whispered to one NPC, and what it whispers back, is in no other's hearing: those
messages are left out here, before anything is made of them (DESIGN, "Need to know").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ttrpg_assistant.conversations.model import INTERRUPTED_MARK, Message
from ttrpg_assistant.llm.types import Role
from ttrpg_assistant.prompts.facts import History, HistoryMessage, VoiceSheet
from ttrpg_assistant.prompts.sanitise import sanitise

NAME_CHARACTERS = 80
WHISPERED = "(whispered to you alone) "
SILENCE = "(Nobody says anything. It is your turn to speak.)"


@dataclass(frozen=True, slots=True)
class SceneView:
    """What one NPC heard before, and what it is to answer now."""

    history: History
    new_message: str

    def recent(self, count: int) -> list[str]:
        """The newest texts heard before, newest first."""
        return [message.content for message in reversed(self.history.messages[-count:])]


def hear_scene(said: Sequence[Message], npc_id: str, names: Mapping[str, str]) -> SceneView:
    """The scene from the place of one NPC. `said` is oldest first; `names` are those there.

    Its own lines are the answers; what the others said since its last one stands together,
    each line with its speaker's name. Words without a known speaker are nobody's and stay out.
    """
    heard: list[HistoryMessage] = []
    for message in said:
        line = hear(message, npc_id, names)
        if not line:
            continue
        role: Role = "assistant" if message.speaker_npc_id == npc_id else "user"
        last = heard[-1] if heard else None
        if last is not None and role == "user" and last.role == "user":
            heard[-1] = HistoryMessage(message.seq, "user", f"{last.content}\n{line}", "as")
        else:
            heard.append(HistoryMessage(message.seq, role, line, "as"))
    if heard and heard[-1].role == "user":
        return SceneView(History(heard[:-1]), heard[-1].content)
    return SceneView(History(heard), SILENCE)


def can_hear(message: Message, npc_id: str) -> bool:
    """Whether this NPC heard the message."""
    return message.mode == "as" and message.audience_npc_id in (None, npc_id)


def with_others(sheet: VoiceSheet, names: Mapping[str, str]) -> VoiceSheet:
    """The sheet with those that take part in the scene as the ones who are here."""
    others = tuple(name for npc_id, name in names.items() if npc_id != sheet.npc_id)
    return replace(sheet, present=others)


def hear(message: Message, npc_id: str, names: Mapping[str, str]) -> str:
    """The message as this NPC heard it; empty when it did not."""
    if not can_hear(message, npc_id) or message.role == "system":
        return ""
    if message.status in ("failed", "streaming", "unreadable"):
        return ""
    text = message.content.strip().removesuffix(INTERRUPTED_MARK).strip()
    if not text:
        return ""
    if message.role == "user":
        return f"{WHISPERED if message.audience_npc_id else ''}{text}"
    if message.speaker_npc_id == npc_id:
        return text
    name = names.get(message.speaker_npc_id or "")
    return f"{sanitise(name, NAME_CHARACTERS)}: {text}" if name else ""
