"""Reads a finished reply and keeps what it proposes and cites, and what could not be read.

The TurnRunner calls this after the reply is stored. Reading changes nothing in the campaign
and is safe to repeat: a message is read once, whoever reads it and however often.
"""

from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.conversations.store.conversations import find_conversation
from ttrpg_assistant.conversations.store.messages import find_message
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.meaning import Cited, Proposal
from ttrpg_assistant.suggestions.model import Citation, Suggestion
from ttrpg_assistant.suggestions.parse import ParsedReply, parse_reply
from ttrpg_assistant.suggestions.patch import view_of
from ttrpg_assistant.suggestions.recalled import find_cited_message
from ttrpg_assistant.suggestions.resolve import Target, resolve_citation, resolve_proposal
from ttrpg_assistant.suggestions.store import (
    decisions,
    proposals,
    reading_notes,
    targets,
    wizards,
)

FIRST_NAMED = 1_001
"""The ordinal of the first source named in double brackets: behind every block, so that blocks
of a reply that grew keep theirs."""

CATCH_UP_ANSWERS = 2
"""How many of the newest answers of each conversation are looked through at the start: one is
written at a time."""

CATCH_UP_AT_ONCE = 50


class SuggestionReader:
    """The `ReplyReader` that the TurnRunner is handed."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def read_reply(self, message: Message) -> None:
        """Keep the proposals and citations of a stored reply. Raises what `Database.write` does."""
        if message.role != "assistant" or not _may_hold_blocks(message.content):
            return
        # A runaway reply takes seconds to read; nobody else is to wait for it.
        parsed = await asyncio.to_thread(parse_reply, message.content)
        if not (parsed.suggestions or parsed.citations or parsed.notes or parsed.named):
            return
        await self._changes.write(
            self._database,
            lambda tx: store_parsed(tx, message, parsed),
            lambda count: [("suggestions", {"id": message.conversation_id})] if count else [],
        )

    async def catch_up(self) -> None:
        """Read what a server that died had stored but not yet read. Repeating is harmless."""
        ids = await self._database.read(lambda tx: turns.list_newest_answers(tx, CATCH_UP_ANSWERS))
        for at in range(0, len(ids), CATCH_UP_AT_ONCE):
            some = ids[at : at + CATCH_UP_AT_ONCE]
            for message in await self._database.read(partial(_list_messages, ids=some)):
                await self.read_reply(message)


def _list_messages(tx: Connection, ids: list[str]) -> list[Message]:
    found = (find_message(tx, message_id) for message_id in ids)
    return [
        message for message in found if message is not None and _may_hold_blocks(message.content)
    ]


def _may_hold_blocks(content: str) -> bool:
    return "```" in content or "~~~" in content or "[[" in content


def store_parsed(tx: Connection, message: Message, parsed: ParsedReply) -> int:
    """Store what a reply proposes and cites, and what could not be read; how many were new.

    A reply that was continued is read again as a whole. Its text only grew, so what was read
    before keeps its place; what could not be read of a block that was cut off may be whole now.
    """
    was_read = proposals.has_been_read(tx, message.id)
    if was_read and not turns.was_continued(tx, message.id):
        return 0
    conversation = find_conversation(tx, message.conversation_id)
    if conversation is None:
        return 0
    count = 0
    for ordinal, proposal in enumerate(parsed.suggestions, 1):
        suggestion = resolve_suggestion(tx, conversation, message.id, ordinal, proposal)
        if proposals.add_suggestion(tx, suggestion):
            count += 1
            failpoints.hit("read_suggestion")
            decisions.add_draft(tx, suggestion)
    for ordinal, cited in enumerate(parsed.citations, 1):
        citation = _citation(tx, conversation, message, ordinal, cited)
        count += proposals.add_citation(tx, citation)
    said = {cited.source_name.casefold() for cited in parsed.citations}
    for ordinal, cited in enumerate(parsed.named, FIRST_NAMED):
        citation = _citation(tx, conversation, message, ordinal, cited)
        # Double brackets are a source only where there is such a thing.
        if citation.is_verified and cited.source_name.casefold() not in said:
            count += proposals.add_citation(tx, citation)
    if was_read:
        reading_notes.forget_notes(tx, message.id)
    if parsed.notes:
        count += reading_notes.add_notes(tx, message.id, parsed.notes)
    failpoints.hit("read_citations")
    return count


def resolve_suggestion(
    tx: Connection,
    conversation: Conversation,
    message_id: str,
    ordinal: int,
    proposal: Proposal,
) -> Suggestion:
    """A proposal with its target and the base it was made on, not stored yet."""
    proposal, target = resolve_proposal(tx, conversation, proposal)
    revision, values = _base(tx, target)
    now = utc_now()
    notes = [note for note in (proposal.note, target.note) if note]
    return Suggestion(
        id=new_id(),
        conversation_id=conversation.id,
        message_id=message_id,
        ordinal=ordinal,
        campaign_id=conversation.campaign_id,
        kind=proposal.kind,
        target_kind=target.kind,
        target_id=target.id,
        target_name=target.name or proposal.target,
        title=proposal.title,
        fields=proposal.fields,
        rationale=proposal.rationale,
        note=" ".join(notes) or None,
        base_revision=revision,
        base_values=view_of(values, proposal.fields),
        status="pending",
        reason=None,
        decided_at=None,
        created_at=now,
        updated_at=now,
    )


def _base(tx: Connection, target: Target) -> tuple[int | None, dict[str, object]]:
    """What the target says now: the base of a later three-way comparison."""
    if target.id is None:
        return None, {}
    if target.kind == "wizard":
        wizard = wizards.find_wizard(tx, target.id)
        return (None, {}) if wizard is None else (wizard.revision, wizard.answers)
    values = targets.find_values(tx, target.kind, target.id)
    return (None, {}) if values is None else (int(values["revision"]), values)


def _citation(
    tx: Connection, conversation: Conversation, message: Message, ordinal: int, cited: Cited
) -> Citation:
    entity: tuple[str, str] | None = resolve_citation(tx, conversation.campaign_id, cited)
    if entity is None and (said := find_cited_message(tx, message, cited)) is not None:
        entity = "message", said
    return Citation(
        id=new_id(),
        message_id=message.id,
        ordinal=ordinal,
        source_name=cited.source_name,
        location=cited.location,
        excerpt=cited.excerpt,
        confidence=cited.confidence,
        entity_kind=None if entity is None else entity[0],
        entity_id=None if entity is None else entity[1],
        is_verified=entity is not None,
    )
