"""What the room of campaigns asks of others; `services.py` hands it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.live.changes import Hint


class RecordRemoval(Protocol):
    """Writes down, in the same transaction, that something can be brought back; gives the id."""

    def __call__(
        self,
        tx: Connection,
        kind: str,
        subject_id: str,
        *,
        title: str,
        count: int,
        details: dict[str, Any],
        now: str,
    ) -> str: ...


class FindFacts(Protocol):
    """Finds known facts by the words they hold, for the game master alone; the room of search's is
    handed in."""

    def __call__(self, tx: Connection, campaign_id: str, wanted: Wanted) -> Iterator[Sequence[str]]:
        """Ids of the facts of this campaign that hold something of what is wanted, whoever may
        know them, in batches: those that hold most of it first, then the newest. Facts that were
        removed may be among them."""
        ...


class CampaignTalk(Protocol):
    """The campaign's own chat, in the room of talk; `services.py` hands it in."""

    def begin_game_session(
        self, tx: Connection, campaign_id: str, game_session_id: str
    ) -> Sequence[Any]:
        """What is said from now on belongs to this game session; the conversations that changed."""
        ...

    def list_hints(self, changed: Sequence[Any]) -> Sequence[Hint]:
        """What is sent to pages when these conversations were changed."""
        ...
