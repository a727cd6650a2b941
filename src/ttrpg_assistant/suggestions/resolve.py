"""Which thing of the campaign a proposal or citation means, by name, when it is read.

A name that several things share is left open, with a note: a person says which. A change to
an NPC, place or plot point that does not exist becomes a proposal to make it; a proposal to
make one that exists becomes a change to it, so that nobody is doubled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS, list_things
from ttrpg_assistant.campaigns.store.naming import find_named
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.suggestions.kinds import list_targets
from ttrpg_assistant.suggestions.meaning import Cited, Proposal
from ttrpg_assistant.suggestions.model import TargetKind
from ttrpg_assistant.suggestions.store.targets import find_game_session_numbered, find_values
from ttrpg_assistant.suggestions.wizard_steps import ENTITY_LISTS, FIELDS, OPEN_ENTRIES

_ANSWER_LISTS = {kind: f"initial_content.{name}" for name, kind in ENTITY_LISTS.items()}
_NUMBERED = re.compile(r"(?:game )?session\s*+(?:#\s*+)?(\d{1,6})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """What a proposal is meant for. `id` None: a new thing, or one still to be named."""

    kind: TargetKind
    id: str | None = None
    name: str | None = None
    note: str | None = None


def said_missing(name: str) -> str:
    """The note beside a change to something that is not there."""
    return f"There is no {name} yet; accepting creates it."


def said_shared(name: str) -> str:
    """The note beside a proposal whose name could mean several."""
    return f"Several are called {name}; choose which."


def said_existing(name: str) -> str:
    """The note beside something new that is there already."""
    return f"{name} exists already; this changes what is there."


def said_nothing_new(name: str) -> str:
    """The note beside a proposal that says the name of something that is there, and no more."""
    return f"{name} exists already, and the suggestion says nothing new."


def resolve_proposal(
    tx: Connection, conversation: Conversation, proposal: Proposal
) -> tuple[Proposal, Target]:
    """The proposal as it is to be kept, and its target."""
    entity = list_targets()[proposal.kind].name
    if conversation.wizard_id is not None and conversation.campaign_id is None:
        answers: dict[str, object] = {
            _answer_name(name): one for name, one in proposal.fields.items()
        }
        if entity == "game_session":
            told = "\n".join(str(one) for one in proposal.fields.values())
            answers = {"initial_content.first_session": told}
        elif entity in _ANSWER_LISTS:
            answers = {_ANSWER_LISTS[entity]: [proposal.fields]}
        return replace(proposal, fields=answers), Target("wizard", conversation.wizard_id)
    if entity == "campaign":
        return proposal, _campaign(tx, conversation)
    if entity == "game_session":
        return proposal, _game_session(tx, conversation, proposal)
    return _named(tx, conversation, proposal, entity)


def _answer_name(name: str) -> str:
    """The wizard's answer that a field of the campaign to be is kept in."""
    if name.startswith(OPEN_ENTRIES):
        return f"initial_content.{name}"
    return f"basics.{name}" if name in FIELDS["basics"] else "review.notes"


def _campaign(tx: Connection, conversation: Conversation) -> Target:
    if conversation.campaign_id is None:
        return Target("campaign", note="This conversation belongs to no campaign yet.")
    values = find_values(tx, "campaign", conversation.campaign_id)
    name = None if values is None else str(values["name"])
    return Target("campaign", conversation.campaign_id, name)


def _game_session(tx: Connection, conversation: Conversation, proposal: Proposal) -> Target:
    campaign_id = conversation.campaign_id
    if proposal.target is not None and campaign_id is not None:
        numbered = _NUMBERED.fullmatch(proposal.target.strip())
        if numbered is not None:
            found = find_game_session_numbered(tx, campaign_id, int(numbered[1]))
            if found is not None:
                return Target("game_session", *found)
        named = find_named(tx, KINDS["game_session"], campaign_id, proposal.target)
        if len(named) == 1:
            return Target("game_session", *named[0])
    if conversation.game_session_id is not None:
        values = find_values(tx, "game_session", conversation.game_session_id)
        if values is not None:
            return Target("game_session", conversation.game_session_id, str(values["title"]))
    return Target("game_session")


def _named(
    tx: Connection, conversation: Conversation, proposal: Proposal, kind: KindName
) -> tuple[Proposal, Target]:
    name_field = KINDS[kind].name_field
    name = proposal.target
    if name is None and proposal.kind == "npc_trait":
        return proposal, _npc_talked_about(tx, conversation)
    if name is None:
        said = proposal.fields.get(name_field)
        name = said if isinstance(said, str) else None
    if name is None:
        return proposal, Target(kind)
    found: list[tuple[str, str]] = []
    if conversation.campaign_id is not None:
        found = find_named(tx, KINDS[kind], conversation.campaign_id, name)
    if len(found) > 1:
        return proposal, Target(kind, None, name, said_shared(name))
    if not found:
        if proposal.target is None:
            return proposal, Target(kind, None, name)
        missing = said_missing(name)
        return _as_new(proposal, name_field, name), Target(kind, None, name, missing)
    id, own_name = found[0]
    note = None
    if proposal.target is None:
        fields = dict(proposal.fields)
        if fold(str(fields.get(name_field, ""))) == fold(own_name):
            del fields[name_field]
        note = said_existing(own_name) if fields else said_nothing_new(own_name)
        proposal = replace(proposal, fields=fields)
    return proposal, Target(kind, id, own_name, note)


def _as_new(proposal: Proposal, name_field: str, name: str) -> Proposal:
    return replace(proposal, fields={name_field: name, **proposal.fields})


def _npc_talked_about(tx: Connection, conversation: Conversation) -> Target:
    if conversation.npc_id is not None:
        values = find_values(tx, "npc", conversation.npc_id)
        if values is not None:
            return Target("npc", conversation.npc_id, str(values["name"]))
    return Target("npc", note="The suggestion does not name the NPC; choose which.")


def resolve_citation(
    tx: Connection, campaign_id: str | None, cited: Cited
) -> tuple[KindName, str] | None:
    """The one thing of the campaign that a citation names, or None."""
    if campaign_id is None:
        return None
    numbered = _NUMBERED.match(cited.source_name.strip())
    if numbered is not None:
        game = find_game_session_numbered(tx, campaign_id, int(numbered[1]))
        if game is not None:
            return "game_session", game[0]
    for kind in (*list_things(), KINDS["game_session"], KINDS["campaign"]):
        named = find_named(tx, kind, campaign_id, cited.source_name)
        if named:
            return (kind.name, named[0][0]) if len(named) == 1 else None
    return None
