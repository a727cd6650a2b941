"""Rows of `voices`, laid over the voices that come with the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ttrpg_assistant.conversations.model import StoredVoice
from ttrpg_assistant.conversations.tables import voices
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.prompts.voices import BUILT_IN, BuiltInVoice, Voice

_c = voices.c
_COLUMNS = (_c.id, _c.name, _c.words, _c.instruction, _c.revision, _c.removed_at, _c.waiting_since)
_BUILT_IN = {voice.id: voice for voice in BUILT_IN}


def list_voices(tx: Connection) -> list[StoredVoice]:
    """Every voice: the built-in ones in their order, then the game master's own, oldest first."""
    rows = tx.execute(select(*_COLUMNS).order_by(_c.created_at, _c.id)).all()
    by_id = {row.id: row for row in rows}
    built_in = [_over(voice, by_id.get(voice.id)) for voice in BUILT_IN]
    own = [_own(row) for row in rows if row.id not in _BUILT_IN and row.removed_at is None]
    return [*built_in, *own]


def find_voice(tx: Connection, voice_id: str | None) -> StoredVoice | None:
    """The voice; None when there is none of this id, or no longer."""
    if voice_id is None:
        return None
    row = tx.execute(select(*_COLUMNS).where(_c.id == voice_id)).first()
    if voice_id in _BUILT_IN:
        return _over(_BUILT_IN[voice_id], row)
    return None if row is None or row.removed_at is not None else _own(row)


def find_spoken(tx: Connection, voice_id: str | None) -> Voice | None:
    """The voice as a prompt takes it. Without a voice of this id, and while it waits to be
    accepted, the assistant sounds as usual."""
    found = find_voice(tx, voice_id)
    if found is None or found.is_waiting:
        return None
    return Voice(found.name, found.instruction)


def get_voice(tx: Connection, voice_id: str) -> StoredVoice:
    """The voice; raises `NotFound`."""
    found = find_voice(tx, voice_id)
    if found is None:
        raise NotFound("There is no such voice.", code="voice_not_found")
    return found


def count_own(tx: Connection) -> int:
    """How many voices the game master has made."""
    own = (_c.id.not_in(list(_BUILT_IN)), _c.removed_at.is_(None))
    return int(tx.execute(select(func.count()).select_from(voices).where(*own)).scalar_one())


def add_voice(tx: Connection, voice_id: str, values: Mapping[str, str]) -> StoredVoice:
    """A new voice of the game master's. The same id again gives the first one."""
    if (found := find_voice(tx, voice_id)) is None:
        now = utc_now()
        if _exists(tx, voice_id):
            raise Conflict("This voice was deleted.", code="voice_removed")
        _insert(tx, voice_id, values, revision=1, now=now)
        found = get_voice(tx, voice_id)
    return found


def edit_voice(
    tx: Connection, voice_id: str, revision: int, changes: Mapping[str, str]
) -> StoredVoice:
    """Change `name`, `words` or `instruction`. Raises `NotFound`, and `Conflict` when stale."""
    current = get_voice(tx, voice_id)
    theirs = {name: getattr(current, name) for name in changes}
    if theirs == dict(changes):
        return current
    if current.revision != revision:
        raise Conflict(
            "This voice was changed elsewhere in the meantime; nothing was overwritten.",
            code="stale_revision",
            facts={
                "id": voice_id,
                "revision": current.revision,
                "mine": dict(changes),
                "theirs": theirs,
            },
        )
    return _write(tx, current, changes)


def accept_voice(tx: Connection, voice_id: str) -> StoredVoice:
    """Let a voice that came in a file be used from now on. Raises `NotFound`."""
    get_voice(tx, voice_id)
    tx.execute(update(voices).where(_c.id == voice_id).values(waiting_since=None))
    return get_voice(tx, voice_id)


def remove_voice(tx: Connection, voice_id: str, now: str) -> StoredVoice:
    """Delete a voice, or take the changes of a built-in one away; as it was before.

    Raises `NotFound`, and `Conflict` for a built-in voice that nobody changed.
    """
    current = get_voice(tx, voice_id)
    if current.is_built_in and not current.is_changed:
        raise Conflict("This voice is built in and cannot be deleted.", code="voice_built_in")
    tx.execute(
        update(voices)
        .where(_c.id == voice_id)
        .values(removed_at=now, updated_at=now, revision=current.revision + 1)
    )
    return current


def restore_voice(tx: Connection, voice_id: str, values: Mapping[str, str]) -> int:
    """Bring back what `remove_voice` took away; how many voices that were, 0 or 1."""
    current = find_voice(tx, voice_id)
    if current is not None and (not current.is_built_in or current.is_changed):
        return 0
    row = tx.execute(select(*_COLUMNS).where(_c.id == voice_id)).first()
    if row is None:
        return 0
    tx.execute(
        update(voices)
        .where(_c.id == voice_id)
        .values(removed_at=None, updated_at=utc_now(), revision=row.revision + 1, **values)
    )
    return 1


def _write(tx: Connection, current: StoredVoice, changes: Mapping[str, str]) -> StoredVoice:
    now = utc_now()
    before = {name: getattr(current, name) for name in ("name", "words", "instruction")}
    whole = {**before, **changes}
    if not _exists(tx, current.id):
        _insert(tx, current.id, whole, revision=current.revision + 1, now=now)
        return get_voice(tx, current.id)
    tx.execute(
        update(voices)
        .where(_c.id == current.id)
        .values(removed_at=None, updated_at=now, revision=current.revision + 1, **whole)
    )
    return get_voice(tx, current.id)


def _insert(
    tx: Connection, voice_id: str, values: Mapping[str, str], *, revision: int, now: str
) -> None:
    tx.execute(
        insert(voices).values(
            id=voice_id, revision=revision, created_at=now, updated_at=now, **values
        )
    )


def _exists(tx: Connection, voice_id: str) -> bool:
    return tx.execute(select(_c.id).where(_c.id == voice_id)).first() is not None


def _own(row: Any) -> StoredVoice:
    is_waiting = row.waiting_since is not None
    return StoredVoice(
        row.id, row.name, row.words, row.instruction, row.revision, is_waiting=is_waiting
    )


def _over(voice: BuiltInVoice, row: Any) -> StoredVoice:
    """A built-in voice, in the game master's words where it was changed."""
    is_changed = row is not None and row.removed_at is None
    name, words, text = (
        (row.name, row.words, row.instruction)
        if is_changed
        else (voice.name, voice.words, voice.text)
    )
    revision = 1 if row is None else row.revision
    return StoredVoice(
        voice.id, name, words, text, revision, is_built_in=True, is_changed=is_changed
    )
