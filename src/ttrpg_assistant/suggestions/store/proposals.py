"""Rows of `suggestions` and `citations`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Select, Text, and_, func, or_, select, type_coerce, update

from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.suggestions.model import Citation, Suggestion
from ttrpg_assistant.suggestions.store.branches import list_shared_messages
from ttrpg_assistant.suggestions.tables import citations, reading_notes, suggestions

_s = suggestions.c
_SUGGESTION = [suggestions.c[name] for name in Suggestion.__dataclass_fields__]
_JSON = tuple(c.name for c in _SUGGESTION if isinstance(c.type, JSON))
_OBJECTS = tuple(name for name in _JSON if name != "lines")
_AS_TEXT = [type_coerce(c, Text).label(c.name) if c.name in _JSON else c for c in _SUGGESTION]
DAMAGED = "This suggestion is damaged in the database and cannot be applied."
_CITATION = [citations.c[name] for name in Citation.__dataclass_fields__]


def add_suggestion(tx: Connection, suggestion: Suggestion) -> bool:
    """Store a proposal once: False when its place in the message is taken already."""
    return _add_once(tx, suggestions, suggestion)


def add_citation(tx: Connection, citation: Citation) -> bool:
    """Store a citation once: False when its place in the message is taken already."""
    return _add_once(tx, citations, citation)


def _add_once(tx: Connection, table: Any, value: Suggestion | Citation) -> bool:
    row = {name: getattr(value, name) for name in value.__dataclass_fields__}
    keys = ["message_id", "ordinal"]
    made = insert_into(tx, table).values(row)
    return tx.execute(made.on_conflict_do_nothing(index_elements=keys)).rowcount == 1


def has_been_read(tx: Connection, message_id: str) -> bool:
    """Whether anything of this message has been stored."""
    for table in (suggestions, citations, reading_notes):
        query = select(table.c.message_id).where(table.c.message_id == message_id).limit(1)
        if tx.execute(query).first() is not None:
            return True
    return False


def get_suggestion(tx: Connection, suggestion_id: str, *, lock: bool = False) -> Suggestion:
    """The proposal; with `lock` held against other writers until the transaction ends.

    Raises `NotFound`.
    """
    query = select(*_SUGGESTION).where(_s.id == suggestion_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such suggestion.", code="suggestion_not_found")
    return Suggestion(*row)


def find_suggestion(tx: Connection, suggestion_id: str) -> Suggestion | None:
    """The proposal, or None."""
    row = tx.execute(select(*_SUGGESTION).where(_s.id == suggestion_id)).first()
    return None if row is None else Suggestion(*row)


def count_open_of_tool(tx: Connection, campaign_id: str, tool: str) -> int:
    """How many proposals of the program of this name wait for a decision in the campaign."""
    is_its_own = or_(_s.source == tool, _s.source.startswith(f"{tool} (", autoescape=True))
    query = select(func.count()).where(
        _s.campaign_id == campaign_id, is_its_own, _s.status == "pending"
    )
    return int(tx.execute(query).scalar_one())


def update_suggestion(tx: Connection, suggestion_id: str, **values: object) -> Suggestion:
    """Change columns of a proposal and give it as it is now."""
    tx.execute(
        update(suggestions).where(_s.id == suggestion_id).values(**values, updated_at=utc_now())
    )
    return get_suggestion(tx, suggestion_id)


def list_suggestions(
    tx: Connection,
    *,
    conversation_id: str | None = None,
    campaign_id: str | None = None,
    target_id: str | None = None,
    statuses: Collection[str] | None = None,
    from_tools: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Suggestion], str | None]:
    """A page of proposals in the order they were made, and the cursor of the next page.

    `from_tools` lists those of other programs, or the others. `after` is the id of the last one
    seen. Raises `InvalidInput` on a bad cursor or limit.
    Proposals of cleared messages are out of sight, like the messages. Those that a branch
    shares with the talk it goes on from are its own, too.
    """
    if not 1 <= limit <= 500:
        raise InvalidInput("The limit must be between 1 and 500.", facts={"limit": limit})
    place = (_s.created_at, _s.message_id, _s.ordinal)
    query = select(*_SUGGESTION).join(messages, messages.c.id == _s.message_id)
    query = query.where(messages.c.cleared_at.is_(None))
    if conversation_id is not None:
        shared = list_shared_messages(tx, conversation_id)
        own = _s.conversation_id == conversation_id
        query = query.where(or_(own, _s.message_id.in_(shared)) if shared else own)
    for column, wanted in (
        (_s.campaign_id, campaign_id),
        (_s.target_id, target_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if statuses is not None:
        query = query.where(_s.status.in_(list(statuses)))
    if from_tools is not None:
        query = query.where(_s.source.is_not(None) if from_tools else _s.source.is_(None))
    if after is not None:
        last = tx.execute(select(*place).where(_s.id == after)).first()
        if last is None:
            raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
        later = and_(_s.created_at == last[0], _s.message_id > last[1])
        beside = and_(_s.created_at == last[0], _s.message_id == last[1], _s.ordinal > last[2])
        query = query.where(or_(_s.created_at > last[0], later, beside))
    rows = _read_suggestions(tx, query.order_by(*place).limit(limit + 1))
    found = rows[:limit]
    return found, found[-1].id if len(rows) > limit else None


def _read_suggestions(tx: Connection, query: Select[Any]) -> list[Suggestion]:
    """The proposals a query of `_SUGGESTION` finds. One whose JSON is damaged is listed with
    nothing to apply and a note that says so; it does not hide the others."""
    try:
        return [Suggestion(*row) for row in tx.execute(query).all()]
    except ValueError:
        rows = tx.execute(query.with_only_columns(*_AS_TEXT)).all()
        return [_from_text(row._asdict()) for row in rows]


def _from_text(values: dict[str, Any]) -> Suggestion:
    for name in _JSON:
        try:
            values[name] = json.loads(values[name] or ("null" if name == "lines" else "{}"))
        except ValueError:
            values[name] = None
    if not isinstance(values["lines"], list):
        values["lines"] = None
    if not all(isinstance(values[name], dict) for name in _OBJECTS):
        values |= {name: {} for name in _OBJECTS} | {"note": DAMAGED}
    return Suggestion(**values)


def list_of_messages(
    tx: Connection, message_ids: Sequence[str]
) -> tuple[Mapping[str, list[Suggestion]], Mapping[str, list[Citation]]]:
    """The proposals and citations of these messages, by message, in their order."""
    proposed: dict[str, list[Suggestion]] = {}
    cited: dict[str, list[Citation]] = {}
    if message_ids:
        wanted = _s.message_id.in_(list(message_ids))
        for one in _read_suggestions(tx, select(*_SUGGESTION).where(wanted).order_by(_s.ordinal)):
            proposed.setdefault(one.message_id, []).append(one)
        about = citations.c.message_id.in_(list(message_ids))
        query = select(*_CITATION).where(about).order_by(citations.c.ordinal)
        for row in tx.execute(query):
            cite = Citation(*row)
            cited.setdefault(cite.message_id, []).append(cite)
    return proposed, cited
