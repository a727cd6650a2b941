"""Search over everything said and written, and opening what was found in its place."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store import conversations, messages, paths
from ttrpg_assistant.errors import Fault, InvalidInput, NotFound
from ttrpg_assistant.search.forms import widen
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Around, Filters, Found, NameHit, Order
from ttrpg_assistant.search.query import parse_query
from ttrpg_assistant.search.store import hits, names, places
from ttrpg_assistant.search.store.asking import Question, mark_conversations, mark_days
from ttrpg_assistant.storage.database import Database, Work

T = TypeVar("T")

SEARCH_SECONDS = 2.0
"""A search that takes longer is stopped and says so."""

THINGS = 12
"""Things of the world shown above what was said."""

_MOMENT = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[0-9:.]{0,15}Z?)?)?)?\Z")


class SearchTooSlow(Fault):
    """A search was stopped at its deadline; nothing is wrong with the database."""

    default_code = "search_too_slow"
    default_cure = "Add a word or a filter, or leave out the *."


class Search:
    """What a game master looks up. `seconds` is the deadline of one search."""

    def __init__(
        self, database: Database, indexing: Indexing, *, seconds: float = SEARCH_SECONDS
    ) -> None:
        self._database = database
        self._indexing = indexing
        self._languages = indexing.languages
        self._seconds = seconds

    async def search(
        self,
        query: str,
        filters: Filters | None = None,
        *,
        order: Order = "newest",
        limit: int = 20,
        before: str | None = None,
    ) -> Found:
        """A page of hits. Raises `InvalidInput` for a query without words, a date or cursor
        that is none; `SearchTooSlow` at the deadline."""
        filters = filters or Filters()
        check_moment(filters.since)
        check_moment(filters.until)
        terms = parse_query(query)
        number, score = _read_cursor(before, order)
        waiting = await self._indexing.catch_up()
        things_wanted = before is None and _asks_for_things(filters)

        def work(tx: Connection) -> Found:
            wanted = widen(terms, self._languages.list_spoken(tx))
            marks: list[tuple[str, ...]] = []
            named = mark_conversations(tx, filters)
            if named is not None:
                marks.append(named)
            if days := mark_days(filters.since, filters.until):
                marks.append(days)
            if filters.role is not None:
                marks.append((f"r{filters.role}",))
            question = Question(wanted, filters, order, limit + 1, tuple(marks), number, score)
            numbers = [] if named == () else hits.list_numbers(tx, question)
            page, has_more = numbers[:limit], len(numbers) > limit
            things = []
            if things_wanted:
                things = hits.read_things(tx, Question(wanted, filters, "best", THINGS))
            return Found(
                hits.read_talk(tx, [one for one, _ in page], wanted),
                things,
                has_more,
                _spell_cursor(order, page[-1]) if has_more else None,
                waiting,
            )

        return await self._read_in_time(work)

    async def list_named(
        self, query: str, *, near: str | None = None, limit: int = 8
    ) -> list[NameHit]:
        """What goes by this name or a part of it, in any campaign: at most `limit` of each kind.
        Raises `SearchTooSlow` at the deadline."""
        return await self._read_in_time(
            lambda tx: names.list_named(tx, query, near=near, limit=limit)
        )

    async def open_hit(
        self, message_id: str, *, limit: int = 60, within: str | None = None
    ) -> Around:
        """The message in the middle of a page of its own branch; `within` a conversation that
        branched from its own, if it stands on that one's path. Raises `NotFound`."""

        def work(tx: Connection) -> Around:
            message = messages.get_message(tx, message_id)
            if places.is_cleared(tx, message_id):
                raise NotFound("This message was cleared.", code="message_not_found")
            newer: list[str] = []
            for one in (within, message.conversation_id):
                conversation = conversations.get_conversation(tx, one or message.conversation_id)
                tip = conversation.tip_message_id
                newer = _list_newer(tx, tip, message) if tip is not None else []
                if is_active := bool(newer) and newer[-1] == message.id:
                    break
            if not is_active:
                tip = paths.find_newest_descendant(tx, message)
                newer = _list_newer(tx, tip, message)
            # `newer` ends with the message itself.
            after = newer[-1 - limit // 2 : -1] if len(newer) > 1 else []
            end = after[0] if after else message.id
            walked = paths.list_newest(tx, end, limit + 1)
            shown = walked[:limit][::-1]
            has_older, has_newer = len(walked) > limit, len(newer) - 1 > len(after)
            return Around(
                conversation,
                message.id,
                shown,
                is_active,
                tip or message.id,
                has_older,
                has_newer,
                shown[0].seq if has_older else None,
                shown[-1].seq if has_newer else None,
                paths.list_siblings(tx, shown),
                places.list_names(tx, conversation, shown),
            )

        return await self._read_in_time(work)

    async def _read_in_time(self, work: Work[T]) -> T:
        return await read_in_time(self._database, work, self._seconds)


async def read_in_time(database: Database, work: Work[T], seconds: float) -> T:
    """Read, or stop reading at the deadline: `SearchTooSlow`."""
    try:
        async with asyncio.timeout(seconds):
            return await database.read(work)
    except TimeoutError as error:
        raise SearchTooSlow(
            f"The search took longer than {seconds:g} seconds and was stopped."
        ) from error


def check_moment(moment: str | None) -> None:
    """`InvalidInput` for anything but a date, a month, a year or a moment."""
    if moment is None:
        return
    day = f"{moment}-01-01"[:10] if len(moment) < 8 else moment[:10]
    try:
        is_there = _MOMENT.match(moment) is not None and date.fromisoformat(day).year > 1
    except ValueError:
        is_there = False
    if not is_there:
        raise InvalidInput(
            "A date is written like 2026-11-22.", code="invalid_date", facts={"date": moment[:40]}
        )


def _list_newer(tx: Connection, tip: str, message: Message) -> list[str]:
    """Ids of the path from `tip` down to where the message would stand, newest first."""
    return [id for id, _ in paths.list_links(tx, tip, down_to=message.seq)]


def _asks_for_things(filters: Filters) -> bool:
    """Whether things of the world answer to these filters at all."""
    talk_only = (filters.kind, filters.npc_id, filters.purpose, filters.role)
    return not any(talk_only) and filters.since is None and filters.until is None


def _spell_cursor(order: Order, last: tuple[int, float]) -> str:
    number, score = last
    return f"n{number}" if order == "newest" else f"b{number}|{score!r}"


def _read_cursor(cursor: str | None, order: Order) -> tuple[int | None, float | None]:
    if cursor is None:
        return None, None
    number, _, score = cursor[1:].partition("|")
    try:
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            raise ValueError("not a number of an entry")
        if cursor[:1] == "n" and order == "newest":
            return int(number), None
        if cursor[:1] == "b" and order == "best":
            return int(number), float(score)
    except ValueError:
        pass
    raise InvalidInput("This page of results does not exist.", code="invalid_cursor")
