"""Which declarations of other rooms hold for which archived column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from ttrpg_assistant.campaigns import checks, model
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold, fold_group, spell_group_keys
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.relations import ENDS, FIELDS, check_relation
from ttrpg_assistant.campaigns.tables import things
from ttrpg_assistant.conversations.answering import REPLY_CHARACTERS
from ttrpg_assistant.conversations.endings import DETAIL_CHARACTERS
from ttrpg_assistant.conversations.marks import with_mark
from ttrpg_assistant.conversations.model import (
    FINISH_REASONS,
    MESSAGE_CHARACTERS,
    AskedUnder,
    Beginning,
    Conversation,
    Message,
    StoredVoice,
    Turn,
)
from ttrpg_assistant.conversations.summaries.model import OWN_CHARACTERS, StoredSummary
from ttrpg_assistant.conversations.voices import check_voice
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.pictures.model import AUDIENCES, ROLES, Picture
from ttrpg_assistant.reviews.model import SPEAKERS, Part, Review
from ttrpg_assistant.storage.content_files import ENDINGS
from ttrpg_assistant.suggestions.decide import REASON_CHARACTERS
from ttrpg_assistant.suggestions.model import (
    AcceptanceEvent,
    Citation,
    Draft,
    DraftStep,
    Suggestion,
)
from ttrpg_assistant.suggestions.store.wizards import Wizard
from ttrpg_assistant.suggestions.wizard_steps import check_answers, check_step

Row = Mapping[str, Any]

LARGEST_INTEGER = 2**31 - 1
LARGEST_LONG = 2**63 - 1
"""What PostgreSQL stores in an INTEGER and in a BIGINT; SQLite stores both."""

DOCUMENT_DEPTH = 40
"""Levels of a JSON value: twice what a person may write, because a change is stored inside one."""

COUNTED_FROM_ONE = frozenset(
    {"revision", "session_number", "seq", "next_seq", "level", "first_seq", "last_seq"}
)
"""Numbers that begin at 1; all others begin at 0."""

LEAST = {("relations", "attitude"): -2}
"""Numbers that may be below 0."""

_ANSWER_CHARACTERS = REPLY_CHARACTERS + len(with_mark("")) + MESSAGE_CHARACTERS
"""An answer is stopped by the piece that makes it too long, and may then get a mark."""

SHAPES: dict[str, type[Any]] = {
    **{kind.table.name: kind.value for kind in KINDS.values()},
    "session_notes": model.SessionNote,
    "session_events": model.SessionEvent,
    "relations": model.Relation,
    "known_facts": model.KnownFact,
    "entity_sources": model.EntitySource,
    "pictures": Picture,
    "conversations": Conversation,
    "messages": Message,
    "turns": Turn,
    "summaries": StoredSummary,
    "voices": StoredVoice,
    "wizards": Wizard,
    "suggestions": Suggestion,
    "citations": Citation,
    "drafts": Draft,
    "draft_status_log": DraftStep,
    "acceptance_events": AcceptanceEvent,
    "transcript_reviews": Review,
    "transcript_parts": Part,
}
"""What the stores read a row into. Tables of links and of plain texts have no such value."""

TEXT_CHARACTERS: dict[tuple[str, str], int] = {
    ("messages", "content"): _ANSWER_CHARACTERS,
    ("reasonings", "content"): _ANSWER_CHARACTERS,
    ("summaries", "own_text"): OWN_CHARACTERS,
    ("turns", "error_detail"): DETAIL_CHARACTERS,
    ("turns", "error_cure"): DETAIL_CHARACTERS,
    ("suggestions", "reason"): REASON_CHARACTERS,
    ("draft_status_log", "reason"): REASON_CHARACTERS,
    ("acceptance_events", "reason"): REASON_CHARACTERS,
}
"""Characters of a text that has a limit of its own; all others have that of prose."""


def _check_finish_reason(field: str, value: object) -> object:
    if value not in FINISH_REASONS:
        raise InvalidInput(f"There is no such {field}.")
    return value


def _check_voice_id(field: str, value: object) -> object:
    """A built-in voice's word, or the UUID of an own one."""
    text = str(value)
    if not (0 < len(text) <= 36 and text.isascii() and text.replace("-", "a").isalnum()):
        raise InvalidInput(f"There is no such {field}.")
    return text


def _check_hash(field: str, value: object) -> object:
    if len(str(value)) != 64 or not set(str(value)) <= set("0123456789abcdef"):
        raise InvalidInput(f"The {field} is no hash.")
    return value


def _check_own_answers(field: str, value: object) -> object:
    """Stored step by step; checked under the names that a save of the wizard gives."""
    for step, kept in _check_object(field, value).items():
        answers = _check_object(field, kept)
        check_answers({f"{step}.{name}": one for name, one in answers.items()})
    return value


def _check_notes(field: str, value: object) -> object:
    return [checks.check_text(field, one) for one in checks.check_lines(field, value)]


def _check_object(field: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InvalidInput(f"The {field} must be an object.")
    return value


def _shaped(shape: type[Any]) -> Callable[[str, object], object]:
    def check(field: str, value: object) -> object:
        try:
            msgspec.convert(value, shape)
        except msgspec.ValidationError:
            raise InvalidInput(f"The {field} has another shape.") from None
        return value

    return check


LIMITS: dict[tuple[str, str], Callable[[str, object], object]] = {
    ("known_facts", "text"): checks.check_prose,
    ("session_notes", "text"): checks.check_prose,
    ("session_events", "text"): checks.check_prose,
    ("session_events", "kind"): checks.check_name,
    ("fact_audience", "group_name"): checks.check_name,
    ("entity_edits", "entity_kind"): checks.one_of(*KINDS),
    ("entity_edits", "before"): _check_object,
    ("pictures", "thing_kind"): checks.one_of(*KINDS),
    ("pictures", "role"): checks.one_of(*ROLES),
    ("pictures", "caption"): checks.check_line,
    ("pictures", "audience"): checks.one_of(*AUDIENCES),
    ("pictures", "media_type"): checks.one_of(*ENDINGS),
    ("pictures", "sha256"): _check_hash,
    ("conversations", "personality"): _check_voice_id,
    ("turns", "finish_reason"): _check_finish_reason,
    ("turns", "continues"): _shaped(Beginning),
    ("turns", "asked_under"): _shaped(AskedUnder),
    ("turns", "manifest"): _check_object,
    ("wizards", "step"): lambda _, value: check_step(str(value)),
    ("wizards", "answers"): _check_own_answers,
    ("reading_notes", "notes"): _check_notes,
    ("file_imports", "report"): _check_object,
    ("imported_files", "sha256"): _check_hash,
    ("import_sources", "base"): _check_object,
    ("import_sources", "before"): _check_object,
    ("import_sources", "kept"): _check_object,
}
"""Checks that other rooms declare for what they store, beside the fields of entities."""


def _derive_entity(kind: EntityKind[Any], row: Row) -> dict[str, Any]:
    more = checks.check_object("more", row["more"])
    values = {**kind.blank_more, **more, **{name: row[name] for name in kind.fields if name in row}}
    kept = kind.check_changes({name: values[name] for name in kind.fields})
    kept_more = {**more, **{name: kept[name] for name in kind.blank_more}}
    made: dict[str, Any] = {name: one for name, one in kept.items() if name in row}
    made |= {"more": kept_more, "search_names": kind.search_names(kept)}
    if "search_text" in row:
        made["search_text"] = kind.search_text(kept)
    if "group_keys" in row:
        groups = kept["groups"]
        assert isinstance(groups, list)
        made["group_keys"] = spell_group_keys(map(str, groups))
    if "names_stamp" in row:
        made["names_stamp"] = new_id()
    return made


def _derive_thing(row: Row) -> dict[str, Any]:
    """Things of all kinds without a table of their own share one."""
    kind = KINDS.get(row["entity_kind"])
    if kind is None or kind.table is not things:
        raise InvalidInput("There is no such kind of thing.")
    return _derive_entity(kind, row)


def _check_relation(row: Row) -> dict[str, Any]:
    kept = check_relation({name: row[name] for name in FIELDS})
    if not all(KINDS[kept[name]].is_thing for name in ENDS if name.endswith("_kind")):
        raise InvalidInput("There are no things of this kind.")
    return kept


def _derive_fact(row: Row) -> dict[str, Any]:
    if not row["text"].strip():
        raise InvalidInput("A fact needs a text.")
    return {"search_text": fold(row["text"])}


def _derive_listener(row: Row) -> dict[str, Any]:
    group = row["group_name"]
    return {"group_key": None if group is None else fold_group(group)}


def _check_message(row: Row) -> dict[str, Any]:
    """An answer may be longer than what a person sends."""
    if row["role"] != "assistant" and len(row["content"]) > MESSAGE_CHARACTERS:
        raise InvalidInput("This message is too long.")
    return {}


def _check_review(row: Row) -> dict[str, Any]:
    """What comes in a file is read when a person says so, not at the next start."""
    if len(row["speakers"]) > SPEAKERS:
        raise InvalidInput("There are too many speakers.")
    return {"status": "stopped"} if row["status"] == "reading" else {}


def _check_voice(row: Row) -> dict[str, Any]:
    return dict(check_voice({name: row[name] for name in ("name", "words", "instruction")}))


DERIVED: dict[str, Callable[[Row], dict[str, Any]]] = {
    **{kind.table.name: partial(_derive_entity, kind) for kind in KINDS.values()},
    things.name: _derive_thing,
    "relations": _check_relation,
    "known_facts": _derive_fact,
    "fact_audience": _derive_listener,
    "messages": _check_message,
    "voices": _check_voice,
    "transcript_reviews": _check_review,
}
"""What is checked over a whole row, and what is worked out again from other columns."""
