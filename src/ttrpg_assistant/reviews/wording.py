"""Proposals in the words of the gate: how what was found becomes a `Proposal`."""

from __future__ import annotations

from ttrpg_assistant.builtin.words import shorten
from ttrpg_assistant.llm.lenient import Value
from ttrpg_assistant.suggestions.fields import LINE_CHARACTERS, NAME_CHARACTERS, clean
from ttrpg_assistant.suggestions.kinds import kind_of, list_targets
from ttrpg_assistant.suggestions.meaning import Proposal, read_proposal

FACT, RELATION, RECAP = "fact", "relation", "recap"
TITLE_CHARACTERS = 120


def propose_fact(text: str) -> Proposal:
    """Something that is true from now on."""
    said = clean(text, LINE_CHARACTERS)
    return Proposal(FACT, None, {"text": said}, f"Fact: {shorten(said, TITLE_CHARACTERS)}")


def propose_relation(one: str, label: str, other: str) -> Proposal:
    """How one thing is related to another."""
    fields = {
        "from": clean(one, NAME_CHARACTERS),
        "label": clean(label, NAME_CHARACTERS),
        "to": clean(other, NAME_CHARACTERS),
    }
    title = f"Relation: {fields['from']} → {fields['to']}"
    return Proposal(RELATION, None, dict(fields), title)


def propose_recap(field: str, text: str) -> Proposal:
    """A recap of the game session, for one of its two readers."""
    reader = "players" if field == "recap_players" else "GM"
    return Proposal(RECAP, None, {field: text}, f"Recap for the {reader}")


def propose_thread(title: str, description: str) -> Proposal:
    """A plot point that was opened at the table."""
    fields = {"title": shorten(title, TITLE_CHARACTERS)}
    if description.rstrip(".!") != fields["title"]:
        fields["description"] = description
    return propose_thing("plot_point", dict(fields))


def propose_thing(kind: str, fields: dict[str, Value]) -> Proposal:
    """A thing of a kind, new or named."""
    return read_proposal({"kind": kind, "fields": fields}, is_clean=True)


def is_thing(kind: str) -> bool:
    """Whether there are suggestions of this kind that make a thing."""
    found = kind_of({"kind": kind})
    return found is not None and list_targets()[found].is_thing
