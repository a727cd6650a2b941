"""What a server does about replies that a dead server was writing.

Their text up to the last checkpoint is kept, marked once, and the turn is over; nothing
is sent to a model again without a person asking (seed, Strategy 5; faults 25, 30). A question
that waited behind another one and was never sent keeps its place in the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.clock import has_passed, steady_seconds
from ttrpg_assistant.conversations.endings import end_unwritten
from ttrpg_assistant.conversations.marks import with_mark
from ttrpg_assistant.conversations.store import leases, messages, turns
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.llm.fault_words import describe

SERVER_STOPPED = "server_stopped"

SERVER_STOPPED_FAULT = Fault(
    describe(SERVER_STOPPED).detail, code=SERVER_STOPPED, cure=describe(SERVER_STOPPED).cure
)


JUMP_SECONDS = 5.0
"""A living server's lease always lasts for longer than this: a smaller change of the database's
clock makes none seem to have run out."""


def recover_orphans(tx: Connection, owner: str, *, only_expired: bool) -> list[str]:
    """End every orphaned reply as interrupted, and take over the questions that waited behind
    it; returns the conversations touched, whose queues are to be resumed.

    `only_expired` is for a database that several servers share: a reply is an orphan only
    when its lease has run out. Where one server alone can have the database open, every
    reply of another owner is one.
    """
    touched: list[str] = []
    for turn in leases.list_orphans(tx, owner=owner, only_expired=only_expired):
        if leases.take_over_unasked(tx, turn, owner) or end_unwritten(
            tx, turn, "interrupted", SERVER_STOPPED_FAULT
        ):
            touched.append(turn.conversation_id)
    # Answers marked as being written that no turn stands behind: stored so by a client.
    for message in messages.list_streaming(tx):
        if only_expired and not has_passed(message.updated_at, 2 * leases.LEASE_SECONDS):
            continue
        turn_of = turns.find_turn(tx, message.id)
        if turn_of is None or turn_of.state not in ("queued", "running"):
            _interrupt(tx, message.id)
            touched.append(message.conversation_id)
    return touched


class LeaseClock:
    """Says whether leases can be judged: not just after the database's clock was set.

    Leases are moments of that clock. When it jumps forward, those of living servers seem to have
    run out until they are renewed; each renews its own within `LEASE_SECONDS`.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None
        self._judges_from = 0.0

    def can_judge(self, database_seconds: float) -> bool:
        """Look at the database's clock, in seconds since 1970, as it is now."""
        steady = steady_seconds()
        before, self._ahead = self._ahead, database_seconds - steady
        if before is not None and abs(self._ahead - before) > JUMP_SECONDS:
            self._judges_from = steady + leases.LEASE_SECONDS
        return steady >= self._judges_from


def _interrupt(tx: Connection, message_id: str) -> None:
    found = messages.find_message(tx, message_id)
    if found is not None:
        messages.write_streaming(
            tx,
            message_id,
            content=with_mark(found.content),
            status="interrupted",
            error_code=SERVER_STOPPED,
        )


def settle_turn(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `turns` from another installation: nobody here writes its answer, so one under
    way is over. What an older program did not write gets its first value."""
    row = {**row, "part": row.get("part") or 0}
    if row.get("finish_reason") == "complete":
        row["finish_reason"] = "stop"
    if row.get("state") not in ("queued", "running"):
        return row
    over = {"owner": None, "lease_expires_at": None, "ended_at": utc_now()}
    return {**row, **over, "state": "interrupted", "error_code": SERVER_STOPPED}


def settle_message(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `messages` from another installation, with what there was of its answer, ended
    as a dead server's is. Others stay as they are."""
    if row.get("status") != "streaming":
        return dict(row)
    over = {"content": with_mark(str(row.get("content") or "")), "updated_at": utc_now()}
    return {**row, **over, "status": "interrupted", "error_code": SERVER_STOPPED}
