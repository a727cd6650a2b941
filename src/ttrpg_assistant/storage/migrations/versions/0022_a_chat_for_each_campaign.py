"""Each campaign has its own active chat; what was said in one chat for all goes where it was asked.

A message belongs to the campaign and game session that its turn was asked under; where the turn
does not say, to those in the record of its prompt. An answer belongs to its question, anything
else to the message before it, or to where the chat is linked. A chat with talk of several places
becomes a conversation for each: ids, numbers and order of the messages stay, and each hangs below
the nearest earlier message of its own conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from ttrpg_assistant.ids import new_id, utc_now

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

Place = tuple[str | None, str | None]
"""A campaign and a game session. Neither: the quick chat."""

_ACTIVE = "kind = 'chat' AND archived_at IS NULL AND removed_at IS NULL"


def _table(name: str, columns: str, structured: str = "") -> Any:
    return sa.table(
        name,
        *(sa.column(column) for column in columns.split()),
        *(sa.column(column, sa.JSON) for column in structured.split()),
    )


_conversations = _table(
    "conversations",
    "id kind campaign_id game_session_id tip_message_id next_seq message_count"
    " unread_count last_message_at archived_at removed_at created_at updated_at",
)
_messages = _table("messages", "id conversation_id seq parent_id role cleared_at created_at")
_turns = _table(
    "turns",
    "id conversation_id user_message_id assistant_message_id attempt part",
    "asked_under manifest",
)
_summaries = _table(
    "summaries", "id conversation_id after_message_id first_message_id last_message_id"
)
_suggestions = _table("suggestions", "conversation_id message_id")
_removals = _table("removals", "id kind subject_id title count created_at undone_at", "details")


def upgrade() -> None:
    """Split chats by where their messages were asked, then let each campaign have its own."""
    tx = op.get_bind()
    op.drop_index("uq_conversations_one_active_chat", "conversations")
    _split_chats(tx)
    for name, column, wanted in (
        ("uq_conversations_active_chat", "campaign_id", _ACTIVE),
        ("uq_conversations_quick_chat", "kind", f"{_ACTIVE} AND campaign_id IS NULL"),
    ):
        which: dict[str, Any] = {
            f"{engine}_where": sa.text(wanted) for engine in ("sqlite", "postgresql")
        }
        op.create_index(name, "conversations", [column], unique=True, **which)


def _split_chats(tx: sa.Connection) -> None:
    world = _World(tx)
    c = _conversations.c
    wanted = sa.select(_conversations).where(c.kind == "chat", c.removed_at.is_(None))
    for chat in tx.execute(wanted.order_by(c.created_at, c.id)).mappings().all():
        _Chat(tx, dict(chat), world).split()


class _World:
    """Which campaign owns what, and when its game sessions were held."""

    def __init__(self, tx: sa.Connection) -> None:
        self._owners: dict[str, str] = {}
        rows = tx.execute(sa.text("SELECT id FROM campaigns"))
        self.campaigns = set(rows.scalars())
        games = tx.execute(
            sa.text("SELECT id, campaign_id, started_at, ended_at FROM game_sessions")
        ).all()
        self.games = {row[0]: row[1:] for row in games}
        for name in ("npcs", "locations", "plot_points"):
            self._owners.update(
                (row[0], row[1])
                for row in tx.execute(sa.text(f"SELECT id, campaign_id FROM {name}"))
            )

    def place(self, campaign_id: object, game_session_id: object) -> Place:
        """These two as far as they exist and belong together."""
        if not isinstance(campaign_id, str) or campaign_id not in self.campaigns:
            return None, None
        owner = self.games.get(str(game_session_id), (None,))[0]
        return campaign_id, str(game_session_id) if owner == campaign_id else None

    def find_in_manifest(self, manifest: object, moment: str) -> Place | None:
        """The campaign that a prompt was made of; None where there is no record of it."""
        if not isinstance(manifest, dict):
            return None
        for entity in _list_entities(manifest):
            owner = self._find_owner(entity.get("id"))
            if owner is not None:
                return owner, self._find_held(owner, moment)
        return None, None

    def _find_owner(self, id: object) -> str | None:
        if not isinstance(id, str):
            return None
        if id in self.campaigns:
            return id
        return self.games[id][0] if id in self.games else self._owners.get(id)

    def _find_held(self, campaign_id: str, moment: str) -> str | None:
        for id, (owner, began, ended) in self.games.items():
            is_held = began is not None and began <= moment and (ended is None or moment <= ended)
            if owner == campaign_id and is_held:
                return str(id)
        return None


def _list_entities(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in manifest.get("sections") or ():
        if isinstance(section, dict):
            for entity in (*(section.get("entities") or ()), *(section.get("left_out") or ())):
                if isinstance(entity, dict):
                    yield entity


class _Part:
    """What of a chat was said in one place."""

    def __init__(self, place: Place, id: str) -> None:
        self.place = place
        self.id = id
        self.rows: list[Any] = []
        self.tip: str | None = None

    @property
    def seen(self) -> list[Any]:
        return [row for row in self.rows if row.cleared_at is None]


class _Chat:
    """One chat of an older file."""

    def __init__(self, tx: sa.Connection, chat: dict[str, Any], world: _World) -> None:
        self._tx = tx
        self._chat = chat
        self._world = world
        m = _messages.c
        self._rows = tx.execute(
            sa.select(m.id, m.seq, m.parent_id, m.role, m.cleared_at, m.created_at)
            .where(m.conversation_id == chat["id"])
            .order_by(m.seq)
        ).all()
        self._by_id = {row.id: row for row in self._rows}

    def split(self) -> None:
        """Move what was said elsewhere into conversations of its own."""
        chat = self._chat
        linked: Place = (chat["campaign_id"], chat["game_session_id"])
        if linked[0] is None:
            linked = (None, None)  # It had left its game session's table.
        places = self._find_places(linked)
        parts: dict[Place, _Part] = {}
        for row in self._rows:
            place = places[row.id]
            parts.setdefault(place, _Part(place, new_id())).rows.append(row)
        if not parts:
            parts[linked] = _Part(linked, chat["id"])
        newest = self._by_id.get(chat["tip_message_id"]) or next(reversed(self._rows), None)
        stays = parts[linked if newest is None else places[newest.id]]
        stays.id = chat["id"]
        if len(parts) == 1:
            self._link(stays)
            return
        self._find_tips(parts, places)
        self._put_conversations(parts, stays)
        self._move(parts, places)

    def _link(self, part: _Part) -> None:
        c = _conversations.c
        self._tx.execute(
            sa.update(_conversations)
            .where(c.id == part.id)
            .values(campaign_id=part.place[0], game_session_id=part.place[1])
        )

    def _find_places(self, linked: Place) -> dict[str, Place]:
        asked, question_of = self._find_asked()
        places: dict[str, Place] = {}
        for row in self._rows:
            before = question_of.get(row.id, row.parent_id)
            places[row.id] = asked.get(row.id) or places.get(before or "", linked)
        return places

    def _find_asked(self) -> tuple[dict[str, Place], dict[str, str]]:
        """Where each question was asked, as far as its turns say, and each answer's question."""
        t = _turns.c
        asked: dict[str, Place] = {}
        question_of: dict[str, str] = {}
        unsaid: list[str] = []
        rows = self._tx.execute(
            sa.select(t.user_message_id, t.assistant_message_id, t.asked_under)
            .where(t.conversation_id == self._chat["id"], t.user_message_id.is_not(None))
            .order_by(t.user_message_id, t.attempt, t.part)
        )
        for question, answer, under in rows:
            question_of[answer] = question
            if question in asked or unsaid[-1:] == [question]:
                continue
            if isinstance(under, dict):
                asked[question] = self._world.place(
                    under.get("campaign_id"), under.get("game_session_id")
                )
            else:
                unsaid.append(question)
        for part in _in_parts(unsaid):
            manifests = self._tx.execute(
                sa.select(t.user_message_id, t.manifest)
                .where(t.user_message_id.in_(part))
                .order_by(t.user_message_id, t.attempt, t.part)
            )
            for question, manifest in manifests:
                row = self._by_id.get(question)
                if question in asked or row is None:
                    continue
                found = self._world.find_in_manifest(manifest, row.created_at)
                if found is not None:
                    asked[question] = found
        return asked, question_of

    def _find_tips(self, parts: dict[Place, _Part], places: dict[str, Place]) -> None:
        """Each part ends where the active path leaves it; one beside it with its newest."""
        at = self._by_id.get(self._chat["tip_message_id"])
        while at is not None:
            part = parts[places[at.id]]
            part.tip = part.tip or at.id
            at = self._by_id.get(at.parent_id)
        for part in parts.values():
            if part.tip is None and part.seen:
                part.tip = part.seen[-1].id

    def _put_conversations(self, parts: dict[Place, _Part], stays: _Part) -> None:
        c, chat, now = _conversations.c, self._chat, utc_now()
        newest: dict[str | None, _Part] = {}
        for part in sorted(parts.values(), key=lambda one: one.rows[-1].seq):
            newest[part.place[0]] = part
        for part in parts.values():
            is_active = chat["archived_at"] is None and newest[part.place[0]] is part
            seen = part.seen or part.rows
            values = {
                "campaign_id": part.place[0],
                "game_session_id": part.place[1],
                "tip_message_id": part.tip,
                "message_count": len(part.seen),
                "last_message_at": seen[-1].created_at,
                "archived_at": None if is_active else chat["archived_at"] or now,
                "created_at": part.rows[0].created_at,
                "updated_at": seen[-1].created_at,
            }
            if part is stays:
                changed: Any = sa.update(_conversations).where(c.id == part.id).values(values)
            else:
                changed = sa.insert(_conversations).values(
                    id=part.id, kind="chat", next_seq=chat["next_seq"], unread_count=0, **values
                )
            self._tx.execute(changed)

    def _move(self, parts: dict[Place, _Part], places: dict[str, Place]) -> None:
        ids = {place: part.id for place, part in parts.items()}
        parents = self._find_parents(places)
        self._move_summaries(ids, places, parents)
        message = _moving(_messages, "id").values(parent_id=sa.bindparam("parent"))
        turn = _moving(_turns, "assistant_message_id")
        suggestion = _moving(_suggestions, "message_id")
        old = self._chat["id"]
        moved = [
            {"the_id": row.id, "its": ids[places[row.id]], "parent": parents[row.id]}
            for row in self._rows
            if ids[places[row.id]] != old or parents[row.id] != row.parent_id
        ]
        for chunk in _in_parts(moved):
            self._tx.execute(message, chunk)
            elsewhere = [
                {"the_id": one["the_id"], "its": one["its"]} for one in chunk if one["its"] != old
            ]
            if elsewhere:
                self._tx.execute(turn, elsewhere)
                self._tx.execute(suggestion, elsewhere)
        self._move_removals(parts, places)

    def _find_parents(self, places: dict[str, Place]) -> dict[str, str | None]:
        """The nearest earlier message of the same place, along the path of each message."""
        before: dict[str, str | None] = {}
        """Of each message, the nearest earlier one of another place: a whole run is one step."""
        parents: dict[str, str | None] = {}
        for row in self._rows:
            parent = row.parent_id
            if parent is None or parent not in places:
                before[row.id] = parents[row.id] = parent
                continue
            is_same = places[parent] == places[row.id]
            before[row.id] = before[parent] if is_same else parent
            at: str | None = parent
            while at is not None and at in places and places[at] != places[row.id]:
                at = before[at]
            parents[row.id] = at
        return parents

    def _move_summaries(
        self, ids: dict[Place, str], places: dict[str, Place], parents: dict[str, str | None]
    ) -> None:
        """Summaries of talk that stays together go with it; others are made again."""
        s, m = _summaries.c, _messages.c
        here = sa.select(m.id).where(m.conversation_id == self._chat["id"])
        found = self._tx.execute(
            sa.select(_summaries).where(
                sa.or_(s.conversation_id == self._chat["id"], s.first_message_id.in_(here))
            )
        ).all()
        for row in found:
            told = self._list_places(row.first_message_id, row.last_message_id, places)
            if len(told) != 1:
                self._tx.execute(sa.delete(_summaries).where(s.id == row.id))
                continue
            values = {"after_message_id": parents.get(row.first_message_id)}
            if row.conversation_id == self._chat["id"]:
                values["conversation_id"] = ids[told.pop()]
            self._tx.execute(sa.update(_summaries).where(s.id == row.id).values(values))

    def _list_places(self, first: str, last: str, places: dict[str, Place]) -> set[Place]:
        """Where a stretch of talk was said; a stretch that ends in other talk is not known."""
        told: set[Place] = set()
        at: str | None = last
        while at is not None and at in places:
            told.add(places[at])
            if at == first:
                return told
            at = self._by_id[at].parent_id
        return set()

    def _move_removals(self, parts: dict[Place, _Part], places: dict[str, Place]) -> None:
        """What was cleared can be brought back in every part that holds some of it."""
        r = _removals.c
        wanted = (r.subject_id == self._chat["id"], r.kind == "messages_cleared")
        for row in self._tx.execute(sa.select(_removals).where(*wanted)).mappings().all():
            details = row["details"]
            cleared_at = details.get("cleared_at") if isinstance(details, dict) else None
            is_first = True
            for part in parts.values():
                gone = [one.id for one in part.rows if one.cleared_at == cleared_at]
                if not gone:
                    continue
                tip = self._find_end(details.get("tip_message_id"), part.place, places)
                values = {
                    "subject_id": part.id,
                    "count": len(gone),
                    "details": {**details, "tip_message_id": tip or gone[-1]},
                }
                if is_first:
                    changed: Any = sa.update(_removals).where(r.id == row["id"]).values(values)
                else:
                    changed = sa.insert(_removals).values({**row, "id": new_id(), **values})
                self._tx.execute(changed)
                is_first = False

    def _find_end(self, at: str | None, place: Place, places: dict[str, Place]) -> str | None:
        while at is not None and at in places and places[at] != place:
            at = self._by_id[at].parent_id
        return at


def _moving(rows: Any, key: str) -> sa.Update:
    moving = sa.update(rows).where(rows.c[key] == sa.bindparam("the_id"))
    return moving.values(conversation_id=sa.bindparam("its"))


def _in_parts(things: list[Any], size: int = 500) -> Iterable[list[Any]]:
    return (things[start : start + size] for start in range(0, len(things), size))
