"""The voices the assistant can speak in: a handful of ours, to be changed, and a GM's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import StoredVoice
from ttrpg_assistant.conversations.store import removals
from ttrpg_assistant.conversations.store import voices as store
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.voices import VOICE_CHARACTERS, VOICE_NAME_CHARACTERS
from ttrpg_assistant.storage.database import Database

WORDS_CHARACTERS = 200
"""The one sentence that says what a voice is like."""

MOST_OWN = 100
"""Voices of a game master's own: a list to choose from, not a library."""

_LIMITS = {
    "name": VOICE_NAME_CHARACTERS,
    "words": WORDS_CHARACTERS,
    "instruction": VOICE_CHARACTERS,
}
_MAY_BE_EMPTY = {"words"}


@dataclass(frozen=True, slots=True)
class VoiceRemoved:
    """What a removal did. `voice` is the built-in one as it is now, None when it is gone."""

    id: str
    removal_id: str
    voice: StoredVoice | None


class Voices:
    """What a game master does with voices."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def list_all(self) -> list[StoredVoice]:
        """Every voice there is to choose from; the built-in ones first."""
        return await self._database.read(store.list_voices)

    async def create(self, values: Mapping[str, str], voice_id: str | None = None) -> StoredVoice:
        """A voice of the game master's own. With an id of the caller's, repeating is harmless.

        Raises `InvalidInput`, `TooLarge`; `Conflict` for the id of a deleted voice.
        """
        checked = check_voice({"words": "", **values})
        if missing := sorted(_LIMITS.keys() - checked.keys()):
            raise InvalidInput(f"A voice needs a {missing[0]}.", facts={"field": missing[0]})

        def work(tx: Connection) -> StoredVoice:
            if store.count_own(tx) >= MOST_OWN:
                raise TooLarge(f"There are {MOST_OWN} voices already.", facts={"limit": MOST_OWN})
            return store.add_voice(tx, voice_id or new_id(), checked)

        return await self._write(work)

    async def update(self, voice_id: str, revision: int, changes: Mapping[str, str]) -> StoredVoice:
        """Change a voice, a built-in one too. Raises as `create`, `NotFound`, `Conflict`."""
        checked = check_voice(changes)
        return await self._write(lambda tx: store.edit_voice(tx, voice_id, revision, checked))

    async def accept(self, voice_id: str) -> StoredVoice:
        """Use a voice that came in a file from now on; accepting twice is accepting once.

        Raises `NotFound`.
        """
        return await self._write(lambda tx: store.accept_voice(tx, voice_id))

    async def remove(self, voice_id: str) -> VoiceRemoved:
        """Delete an own voice, or let a built-in one be as it came; can be undone for 30 days.

        A thread that speaks in a deleted voice sounds as usual from then on. Raises `NotFound`,
        `Conflict` for a built-in voice as it came.
        """

        def work(tx: Connection) -> VoiceRemoved:
            now = utc_now()
            before = store.remove_voice(tx, voice_id, now)
            removal_id = removals.add_removal(
                tx,
                "voice_removed",
                voice_id,
                title=f"Voice: {before.name}",
                count=0,
                details={name: getattr(before, name) for name in _LIMITS},
                now=now,
            )
            return VoiceRemoved(voice_id, removal_id, store.find_voice(tx, voice_id))

        return await self._changes.write(
            self._database,
            work,
            lambda removed: [("voices", {"id": voice_id}), ("removal", {"id": removed.removal_id})],
        )

    async def _write(self, work: Callable[[Connection], StoredVoice]) -> StoredVoice:
        return await self._changes.write(
            self._database, work, lambda voice: [("voices", {"id": voice.id})]
        )


def restore_voice(tx: Connection, voice_id: str, details: dict[str, Any]) -> int:
    """Bring back a deleted voice, or the changes of a built-in one."""
    return store.restore_voice(tx, voice_id, {name: str(details[name]) for name in _LIMITS})


def check_voice(values: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are kept. Raises `InvalidInput`, `TooLarge`."""
    checked: dict[str, str] = {}
    for name, value in values.items():
        # The instruction keeps its lines; the rest is one line.
        text = value.strip() if name == "instruction" else " ".join(value.split())
        if not text and name not in _MAY_BE_EMPTY:
            raise InvalidInput(f"The {name} must not be empty.", facts={"field": name})
        if len(text) > _LIMITS[name]:
            raise TooLarge(
                f"The {name} of a voice has at most {_LIMITS[name]:,} characters.",
                facts={"field": name, "limit": _LIMITS[name]},
            )
        checked[name] = text
    return checked
