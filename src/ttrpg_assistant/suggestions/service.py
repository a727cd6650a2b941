"""Proposals as the application uses them: list, look at, accept, reject, undo.

The decisions themselves are in `decide` and `undoing`; here they get their transaction, and
open pages are told afterwards, as a hint.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection

from ttrpg_assistant.errors import Conflict, Fault
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.decide import accept_suggestion, reject_suggestion
from ttrpg_assistant.suggestions.model import (
    OPEN_STATUSES,
    Acceptance,
    AcceptanceEvent,
    Citation,
    Decision,
    DraftStep,
    Suggestion,
    SuggestionView,
)
from ttrpg_assistant.suggestions.store import decisions, proposals, reading_notes
from ttrpg_assistant.suggestions.undoing import undo_suggestion
from ttrpg_assistant.suggestions.viewing import view_suggestion


class Suggestions:
    """The proposals of all conversations."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    # ── Deciding ───────────────────────────────────────────────────────────────────────

    async def accept(
        self,
        suggestion_id: str,
        how: Acceptance | None = None,
        *,
        message_id: str | None = None,
    ) -> Decision:
        """Apply a proposal to what is there now. Accepting the same twice applies it once.

        Raises `Conflict` with the `difference` when a field was changed since it was proposed
        (nothing is applied then), when it was decided otherwise, or its target is gone;
        `NotFound`; `InvalidInput` when a value does not fit.
        """
        decision = await self._decide(
            lambda tx: accept_suggestion(tx, suggestion_id, how or Acceptance(), message_id)
        )
        _check_applied(decision)
        return decision

    async def accept_all(self, suggestion_ids: Sequence[str]) -> list[Decision | Fault]:
        """Accept several as they are, each by itself: one that cannot be does not stop the
        others. The answers are in the order asked."""
        outcomes: list[Decision | Fault] = []
        for suggestion_id in suggestion_ids:
            try:
                outcomes.append(await self.accept(suggestion_id))
            except Fault as fault:
                outcomes.append(fault)
        return outcomes

    async def reject(
        self, suggestion_id: str, reason: str | None = None, *, message_id: str | None = None
    ) -> Decision:
        """Turn a proposal down. Raises `NotFound`, `Conflict` when it was accepted."""
        return await self._decide(
            lambda tx: reject_suggestion(tx, suggestion_id, reason, message_id)
        )

    async def undo(self, suggestion_id: str) -> Decision:
        """Take the decision back. Raises `NotFound`, `Conflict`."""
        return await self._decide(lambda tx: undo_suggestion(tx, suggestion_id))

    async def _decide(self, work: Callable[[Connection], Decision]) -> Decision:
        return await self._changes.write(self._database, work, _list_hints)

    # ── Reading ────────────────────────────────────────────────────────────────────────

    async def get(self, suggestion_id: str) -> SuggestionView:
        """A proposal with the difference it would make now. Raises `NotFound`."""
        return await self._database.read(
            lambda tx: view_suggestion(tx, proposals.get_suggestion(tx, suggestion_id))
        )

    async def list_pending(
        self, conversation_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[list[SuggestionView], str | None]:
        """What is still open in a conversation, oldest first, and the next cursor.

        A branch also lists what is open in the talk before its fork.
        """
        return await self.list_all(
            conversation_id=conversation_id, statuses=OPEN_STATUSES, after=after, limit=limit
        )

    async def list_all(
        self,
        *,
        conversation_id: str | None = None,
        campaign_id: str | None = None,
        target_id: str | None = None,
        statuses: Collection[str] | None = None,
        from_tools: bool | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> tuple[list[SuggestionView], str | None]:
        """A page of proposals, oldest first, and the next cursor. Raises `InvalidInput`."""

        def work(tx: Connection) -> tuple[list[SuggestionView], str | None]:
            found, cursor = proposals.list_suggestions(
                tx,
                conversation_id=conversation_id,
                campaign_id=campaign_id,
                target_id=target_id,
                statuses=statuses,
                from_tools=from_tools,
                after=after,
                limit=limit,
            )
            return [view_suggestion(tx, one) for one in found], cursor

        return await self._database.read(work)

    async def list_of_messages(
        self, message_ids: Sequence[str]
    ) -> tuple[Mapping[str, list[Suggestion]], Mapping[str, list[Citation]]]:
        """The proposals and the citations of these messages, by message id, in their order."""
        return await self._database.read(lambda tx: proposals.list_of_messages(tx, message_ids))

    async def list_notes(self, message_ids: Sequence[str]) -> Mapping[str, list[str]]:
        """What could not be taken from these messages as it was written, by message id."""
        return await self._database.read(lambda tx: reading_notes.list_notes(tx, message_ids))

    async def list_decisions(
        self, suggestion_id: str
    ) -> tuple[list[AcceptanceEvent], list[DraftStep]]:
        """Every decision about a proposal, those taken back too, and the log of its draft."""

        def work(tx: Connection) -> tuple[list[AcceptanceEvent], list[DraftStep]]:
            proposals.get_suggestion(tx, suggestion_id)
            events = decisions.list_events(tx, suggestion_id, even_undone=True)
            draft = decisions.find_draft(tx, suggestion_id)
            return events, [] if draft is None else decisions.list_draft_steps(tx, draft.id)

        return await self._database.read(work)


def _check_applied(decision: Decision) -> None:
    conflicts = [patch for patch in decision.difference if patch.outcome == "conflict"]
    if not conflicts or decision.event is not None:
        return
    raise Conflict(
        "Something this suggestion would change was changed in the meantime; nothing was done.",
        code="suggestion_conflict",
        cure="Compare the versions, then accept the other fields or decide again.",
        facts={
            "id": decision.suggestion.id,
            "fields": [patch.field for patch in conflicts],
            "difference": [
                {name: getattr(patch, name) for name in patch.__dataclass_fields__}
                for patch in decision.difference
            ],
        },
    )


def _list_hints(decision: Decision) -> list[Hint]:
    if decision.already:
        return []
    suggestion = decision.suggestion
    told: list[Hint] = [("suggestions", {"id": suggestion.conversation_id})]
    if suggestion.campaign_id is not None and suggestion.target_kind != "wizard":
        told.append(("campaign", {"id": suggestion.campaign_id}))
    elif suggestion.target_kind == "wizard":
        told.append(("wizard", {"id": suggestion.target_id}))
    if decision.removal_id is not None:
        told.append(("removal", {"id": decision.removal_id}))
    return told
