"""What another program proposes: read by the same rules as a model's reply, kept once each.

It becomes a message with one block in the campaign's thread for other tools, and the suggestion of
that block. So it has its card, its place in archives and its undo like every other; what the
parser would not take from a model is refused. Nothing here accepts anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.edits import rewind_values
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import OTHER_TOOLS, Conversation
from ttrpg_assistant.conversations.store.conversations import add_conversation, list_conversations
from ttrpg_assistant.conversations.store.messages import find_message, post_message
from ttrpg_assistant.errors import Conflict, InvalidInput
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.suggestions.fields import (
    LINE_CHARACTERS,
    NAME_CHARACTERS,
    OBJECT_CHARACTERS,
    Json,
    clean,
)
from ttrpg_assistant.suggestions.meaning import Proposal
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.parse import parse_reply
from ttrpg_assistant.suggestions.patch import view_of
from ttrpg_assistant.suggestions.reader import resolve_suggestion
from ttrpg_assistant.suggestions.records import RECORDS
from ttrpg_assistant.suggestions.store import decisions, proposals
from ttrpg_assistant.suggestions.store.targets import find_values

TITLE = "From other tools"
SOURCE_CHARACTERS = 200
MOST_OPEN = 200
"""Of one program in one campaign. Nobody decides on more; a program that repeats itself fills
neither the database nor the place of the others."""

RECAPS = frozenset({"recap_players", "recap_gm"})


@dataclass(frozen=True, slots=True)
class OutsideProposal:
    """What another program proposes. `id` is made by it, so that asking twice proposes once.

    `kind` is a kind of suggestion, `fact`, `relation` or `recap`; `target` the name or id of what
    would be changed; `base_revision` the revision of it that the program had read; `source` what
    the program is called, which begins with the name of its token, `tool`.
    """

    id: str
    kind: str
    fields: Mapping[str, Json] = field(hash=False)
    target: str | None = None
    rationale: str = ""
    base_revision: int | None = None
    source: str = ""
    tool: str = ""


def check_proposal(asked: OutsideProposal) -> Proposal:
    """The proposal, as it would be read in a reply. Raises `InvalidInput`; what it raises depends
    on nothing but what was asked."""
    kind = asked.kind.strip().casefold()
    if len(msgspec.json.encode(dict(asked.fields))) > OBJECT_CHARACTERS:
        raise InvalidInput("The fields are too long.", code="proposal_too_long")
    if kind in RECORDS:
        return _check_record(kind, asked)
    if kind == "recap":
        return _check_recap(asked)
    parsed = parse_reply(_spell(asked))
    if len(parsed.suggestions) != 1 or not parsed.suggestions[0].fields:
        raise InvalidInput(
            next(iter(parsed.notes), "This proposes nothing that can be read."),
            code="proposal_unreadable",
            cure="Name a kind that `list_kinds` has, and give one or more of its fields.",
        )
    return parsed.suggestions[0]


def propose(
    tx: Connection, campaign_id: str, asked: OutsideProposal, proposal: Proposal
) -> tuple[Suggestion, bool]:
    """Keep the proposal, as `check_proposal` gave it; False when it was kept before.

    An id that something else has, which is not this program's to know of, is as good as a free one:
    the proposal is kept under another, the same one each time. Raises `Conflict` when this program
    used the id for something else, or too many of its proposals wait.
    """
    find_values(tx, "campaign", campaign_id, lock=True)
    content = _spell(asked)
    for id in (asked.id, _stand_in(asked)):
        before = proposals.find_suggestion(tx, id)
        if before is None and find_message(tx, id) is None:
            asked = replace(asked, id=id)
            break
        if before is not None and _is_same(tx, campaign_id, before, content):
            return before, False
        if before is not None and _is_own(campaign_id, before, asked.tool):
            raise _id_reused()
    else:
        raise _id_reused()
    if proposals.count_open_of_tool(tx, campaign_id, asked.tool) >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} suggestions of this tool wait for a decision already.",
            code="too_many_proposals",
            cure="Accept or reject some under “From other tools”.",
        )
    thread = _get_thread(tx, campaign_id)
    message, _ = post_message(tx, thread.id, message_id=asked.id, role="assistant", content=content)
    hit("propose_message")
    made = _resolve(tx, thread, message.id, asked, proposal)
    proposals.add_suggestion(tx, made)
    hit("propose_suggestion")
    decisions.add_draft(tx, made)
    return made, True


def _stand_in(asked: OutsideProposal) -> str:
    return str(uuid.uuid5(uuid.UUID(asked.id), asked.tool))


def _is_same(tx: Connection, campaign_id: str, before: Suggestion, content: str) -> bool:
    message = find_message(tx, before.message_id)
    said = None if message is None or before.source is None else message.content
    return (before.campaign_id, said) == (campaign_id, content)


def _is_own(campaign_id: str, before: Suggestion, tool: str) -> bool:
    source = before.source or ""
    is_tool = source == tool or source.startswith(f"{tool} (")
    return before.campaign_id == campaign_id and is_tool


def _id_reused() -> Conflict:
    return Conflict(
        "This id was used for something else.",
        code="proposal_id_reused",
        cure="Propose it again with a new id.",
    )


def _get_thread(tx: Connection, campaign_id: str) -> Conversation:
    wanted = {"kind": "thread", "campaign_id": campaign_id, "purpose": OTHER_TOOLS}
    found, _ = list_conversations(tx, limit=1, include_archived=False, equal=wanted)
    if found:
        return found[0]
    return add_conversation(
        tx,
        "thread",
        purpose=OTHER_TOOLS,
        title=TITLE,
        title_by="person",
        campaign_id=campaign_id,
    )


def _resolve(
    tx: Connection,
    thread: Conversation,
    message_id: str,
    asked: OutsideProposal,
    proposal: Proposal,
) -> Suggestion:
    if proposal.kind in RECORDS or proposal.kind == "recap":
        made = _plain(tx, thread, message_id, proposal)
    else:
        made = resolve_suggestion(tx, thread, message_id, 1, proposal)
    source = cut_text(asked.source, SOURCE_CHARACTERS) or None
    return _on_base(tx, replace(made, id=asked.id, source=source), asked.base_revision)


def _on_base(tx: Connection, made: Suggestion, base_revision: int | None) -> Suggestion:
    """The suggestion on what the program had read: what was changed since is a conflict."""
    if base_revision is None or made.target_id is None or made.base_revision is None:
        return made
    if base_revision == made.base_revision:
        return made
    values = find_values(tx, made.target_kind, made.target_id) or {}
    if base_revision > made.base_revision:
        # Nothing has this revision: whatever stands there was not what the program read.
        return replace(made, base_values={})
    earlier = rewind_values(tx, made.target_kind, made.target_id, values, base_revision)
    return replace(made, base_revision=base_revision, base_values=view_of(earlier, made.fields))


def _plain(tx: Connection, thread: Conversation, message_id: str, proposal: Proposal) -> Suggestion:
    """A fact, a relation or a recap: what no reply proposes."""
    is_recap = proposal.kind == "recap"
    kind = "session_plan" if is_recap else "npc"
    stand_in = Proposal(kind, proposal.target, {}, proposal.title, proposal.rationale)
    made = resolve_suggestion(tx, thread, message_id, 1, stand_in)
    if not is_recap:
        made = replace(
            made,
            target_kind=proposal.kind,
            target_id=None,
            target_name=None,
            base_revision=None,
            base_values={},
            note=None,
        )
    values = find_values(tx, "game_session", made.target_id) if made.target_id else None
    return replace(
        made,
        kind=proposal.kind,
        fields=proposal.fields,
        base_values=view_of(values or {}, proposal.fields),
    )


def _check_record(kind: str, asked: OutsideProposal) -> Proposal:
    wanted = RECORDS[kind].fields
    said = {name: clean(str(asked.fields.get(name, "")), LINE_CHARACTERS) for name in wanted}
    unknown = sorted(set(asked.fields) - wanted)
    if unknown or not all(said.values()) or not _are_texts(asked.fields):
        raise InvalidInput(
            f"A {RECORDS[kind].noun} has the fields {', '.join(sorted(wanted))}, each a text.",
            code="proposal_unreadable",
            facts={"field": unknown[0] if unknown else sorted(wanted)[0]},
        )
    if kind == "relation":
        title = f"Relation: {said['from']} → {said['to']}"
    else:
        title = f"Fact: {said['text']}"
    return _proposal(kind, asked, dict(said), title)


def _check_recap(asked: OutsideProposal) -> Proposal:
    if not asked.fields or not set(asked.fields) <= RECAPS or not _are_texts(asked.fields):
        raise InvalidInput(
            f"A recap has the fields {' and '.join(sorted(RECAPS))}, each a text.",
            code="proposal_unreadable",
            facts={"field": "fields"},
        )
    checked = KINDS["game_session"].check_changes(dict(asked.fields))
    return _proposal("recap", asked, dict(checked), "Recap")


def _are_texts(fields: Mapping[str, Json]) -> bool:
    return all(isinstance(value, str) and value.strip() for value in fields.values())


def _proposal(kind: str, asked: OutsideProposal, fields: dict[str, Json], title: str) -> Proposal:
    return Proposal(
        kind,
        clean(asked.target or "", NAME_CHARACTERS) or None,
        fields,
        clean(title, NAME_CHARACTERS),
        clean(asked.rationale, LINE_CHARACTERS),
    )


def _spell(asked: OutsideProposal) -> str:
    """The proposal as the block of a reply."""
    said: dict[str, object] = {"kind": asked.kind.strip(), "fields": dict(asked.fields)}
    if asked.target is not None:
        said["target"] = asked.target
    if asked.rationale:
        said["rationale"] = asked.rationale
    # On one line, so that nothing in it can end the block.
    return f"```suggestion\n{msgspec.json.encode(said).decode()}\n```"
