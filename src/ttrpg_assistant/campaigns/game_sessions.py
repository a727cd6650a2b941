"""Game sessions: planned, run against a clock, ended with a recap (FR-101)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import checks
from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.last_played import LastGameSession, find_last_game_session
from ttrpg_assistant.campaigns.model import (
    GameSession,
    Page,
    RunningTable,
    SessionEvent,
    SessionNote,
)
from ttrpg_assistant.campaigns.ports import CampaignTalk
from ttrpg_assistant.campaigns.store import game_sessions, table_log
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import check_id
from ttrpg_assistant.live.changes import Hint

KIND_LENGTH = 40
"""Characters of the word that says what kind of event it was."""


class GameSessions(Entities[GameSession]):
    """Game sessions, numbered by themselves; at most one of a campaign runs at a time."""

    kind = GAME_SESSION
    talk: CampaignTalk | None = None

    async def start(self, id: str) -> GameSession:
        """Start, or go on after a pause or the end; the campaign's chat is its own from now on.
        Raises `Conflict` while another runs."""
        talk = self.talk
        changed: list[Any] = []

        def work(tx: Connection) -> GameSession:
            game = game_sessions.run_game_session(tx, id)
            if talk is not None:
                changed[:] = talk.begin_game_session(tx, game.campaign_id, game.id)
            return game

        def hints(started: GameSession) -> list[Hint]:
            chats = [] if talk is None else talk.list_hints(changed)
            return [("campaign", {"id": started.campaign_id}), *chats]

        return await self._changes.write(self._database, work, hints)

    async def resume(self, id: str) -> GameSession:
        """Go on with a paused or ended game session; the same as `start`, for the reader."""
        return await self.start(id)

    async def pause(self, id: str) -> GameSession:
        """Stop the clock, not the game session. Raises `Conflict` when it does not run."""
        return await self._write(lambda tx: game_sessions.pause_game_session(tx, id))

    async def end(self, id: str) -> GameSession:
        """End it and stop the clock. Raises `Conflict` when it never started."""
        return await self._write(lambda tx: game_sessions.end_game_session(tx, id))

    async def find_running(self, campaign_id: str) -> GameSession | None:
        """The game session that runs now, or None."""
        return await self._database.read(
            lambda tx: game_sessions.find_running_game_session(tx, campaign_id)
        )

    async def list_running(self) -> list[RunningTable]:
        """Every game session that runs now, the one started last first."""
        return await self._database.read(game_sessions.list_running)

    async def find_last(
        self, campaign_id: str, before: int | None = None
    ) -> LastGameSession | None:
        """What the game session played last (below number `before`) was about, for the GM; None
        before the first. Raises `NotFound` without the campaign."""

        def work(tx: Connection) -> LastGameSession | None:
            get_entity(tx, CAMPAIGN, campaign_id)
            return find_last_game_session(tx, campaign_id, before)

        return await self._database.read(work)

    async def add_note(
        self,
        game_session_id: str,
        text: str,
        *,
        gm_only: bool = True,
        id: str | None = None,
        at: str | None = None,
    ) -> SessionNote:
        """Note something down. `at` is when it was captured, if not now (a note written while
        nothing could be saved). Notes are for the GM alone unless said otherwise."""
        kept, own_id, moment = _check_entry(text, id, at)
        return await self._changes.write(
            self._database,
            lambda tx: table_log.add_session_note(
                tx, game_session_id, kept, gm_only=gm_only, id=own_id, at=moment
            ),
            _hint_of,
        )

    async def update_note(
        self, id: str, revision: int, changes: Mapping[str, object]
    ) -> SessionNote:
        """Change `text` or `gm_only` of a note. Raises `NotFound`, `Conflict` when stale."""
        allowed: dict[str, checks.Check] = {
            "text": checks.check_prose,
            "gm_only": checks.check_flag,
        }
        if unknown := sorted(set(changes) - set(allowed)):
            raise InvalidInput(f"A note has no field {unknown[0]}.", code="unknown_field")
        checked = {name: allowed[name](name, value) for name, value in changes.items()}
        return await self._changes.write(
            self._database,
            lambda tx: table_log.edit_session_note(tx, id, revision, checked),
            _hint_of,
        )

    async def remove_note(self, id: str) -> None:
        """Take a note away; `restore_note` brings it back. Raises `NotFound`."""
        await self._mark(lambda tx: table_log.mark_note_removed(tx, id, removed=True))

    async def restore_note(self, id: str) -> None:
        """Bring a removed note back. Raises `NotFound`."""
        await self._mark(lambda tx: table_log.mark_note_removed(tx, id, removed=False))

    async def list_notes(
        self, game_session_id: str, *, after: str | None = None, limit: int = 100
    ) -> Page[SessionNote]:
        """Notes in the order of their time."""
        return await self._database.read(
            lambda tx: table_log.list_session_notes(tx, game_session_id, after=after, limit=limit)
        )

    async def add_event(
        self,
        game_session_id: str,
        kind: str,
        text: str,
        *,
        entity_kind: str | None = None,
        entity_id: str | None = None,
        id: str | None = None,
        at: str | None = None,
    ) -> SessionEvent:
        """Write down what happened, and to whom. `kind` is a word of the GM's choosing."""
        kept, own_id, moment = _check_entry(text, id, at)
        word = checks.check_text("kind", checks.check_name("kind", kind), KIND_LENGTH)
        return await self._changes.write(
            self._database,
            lambda tx: table_log.add_session_event(
                tx,
                game_session_id,
                word,
                kept,
                entity_kind=entity_kind,
                entity_id=entity_id,
                id=own_id,
                at=moment,
            ),
            _hint_of,
        )

    async def remove_event(self, id: str) -> None:
        """Take an event away. Raises `NotFound`."""
        await self._mark(lambda tx: table_log.mark_event_removed(tx, id, removed=True))

    async def restore_event(self, id: str) -> None:
        """Bring a removed event back. Raises `NotFound`."""
        await self._mark(lambda tx: table_log.mark_event_removed(tx, id, removed=False))

    async def list_events(
        self,
        game_session_id: str,
        *,
        kind: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[SessionEvent]:
        """Events in the order of their time, or those of one `kind`."""
        return await self._database.read(
            lambda tx: table_log.list_session_events(
                tx, game_session_id, kind=kind, after=after, limit=limit
            )
        )

    async def _mark(self, work: Callable[[Connection], str]) -> None:
        await self._changes.write(
            self._database, work, lambda campaign_id: [("campaign", {"id": campaign_id})]
        )

    def _add(
        self, tx: Connection, campaign_id: str | None, values: Mapping[str, object], id: str | None
    ) -> GameSession:
        if campaign_id is None:
            raise InvalidInput("A game session belongs to a campaign.")
        return game_sessions.add_game_session(tx, campaign_id, values, id)

    def _remove(self, tx: Connection, id: str) -> GameSession:
        return game_sessions.remove_game_session(tx, id)

    def _restore(self, tx: Connection, id: str) -> GameSession:
        return game_sessions.restore_game_session(tx, id)


def _hint_of(entry: SessionNote | SessionEvent) -> list[Hint]:
    return [("campaign", {"id": entry.campaign_id})]


def _check_entry(
    text: object, id: str | None, at: str | None
) -> tuple[str, str | None, str | None]:
    kept = checks.check_prose("text", text).strip()
    if not kept:
        raise InvalidInput("The note is empty.", facts={"field": "text"})
    own_id = None if id is None else check_id(id)
    return kept, own_id, None if at is None else checks.check_moment("at", at)
