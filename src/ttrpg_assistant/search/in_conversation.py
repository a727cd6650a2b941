"""Finding one's way within one conversation: words in it, a day of it, another branch of it."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import MessagePage
from ttrpg_assistant.conversations.store import conversations, messages, paths
from ttrpg_assistant.search.forms import list_other_words, widen
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters, FoundInside, OpenedDay
from ttrpg_assistant.search.query import parse_query
from ttrpg_assistant.search.search import SEARCH_SECONDS, check_moment, read_in_time
from ttrpg_assistant.search.store import hits, places
from ttrpg_assistant.search.store.asking import Question
from ttrpg_assistant.storage.database import Database

MOST_HITS = 10_000
"""Messages of one conversation that a search within it names."""


class InConversation:
    """What a reader of a long conversation asks. `seconds` is the deadline of one question."""

    def __init__(
        self, database: Database, indexing: Indexing, *, seconds: float = SEARCH_SECONDS
    ) -> None:
        self._database = database
        self._indexing = indexing
        self._seconds = seconds

    async def find(self, conversation_id: str, query: str) -> FoundInside:
        """Every message of the active path with these words. Raises `NotFound`, `InvalidInput`
        for a query without words, `SearchTooSlow` at the deadline."""
        terms = parse_query(query)
        await self._indexing.catch_up()

        def work(tx: Connection) -> FoundInside:
            wanted = widen(terms, self._indexing.languages.list_spoken(tx))
            conversation = conversations.get_conversation(tx, conversation_id)
            sources = places.list_sources(tx, conversation)
            marks = (tuple(f"v{id.replace('-', '')}" for id in sources),)
            asked = Question(wanted, Filters(with_archived=True), "newest", MOST_HITS + 1, marks)
            numbers = [number for number, _ in hits.list_numbers(tx, asked)]
            stand = places.read_places(tx, numbers[:MOST_HITS])
            found = {id: source for id, source in stand.values()}
            path = places.list_path_moments(tx, conversation.tip_message_id) if found else []
            shown = [id for id, _ in path if id in found]
            own = sum(source == conversation.id for source in found.values())
            on_path = sum(found[id] == conversation.id for id in shown)
            others = [list(words) for words in list_other_words(wanted)]
            return FoundInside(shown, own - on_path, len(numbers) > MOST_HITS, others)

        return await read_in_time(self._database, work, self._seconds)

    async def open_day(
        self, conversation_id: str, since: str, until: str | None = None
    ) -> OpenedDay:
        """The first message of the active path said from `since` on, before `until` if there is
        one; else the first after, else the last of all. Raises `NotFound`, `InvalidInput`."""
        check_moment(since)
        check_moment(until)

        def work(tx: Connection) -> OpenedDay:
            conversation = conversations.get_conversation(tx, conversation_id)
            path = places.list_path_moments(tx, conversation.tip_message_id)
            end = until or f"{since}~"
            that_day = [place for place in path if since <= place[1] < end][:1]
            later = [place for place in path if place[1] >= end][:1]
            for id, moment in (*that_day, *later, *path[-1:]):
                return OpenedDay(id, moment, bool(that_day))
            return OpenedDay(None, None, False)

        return await read_in_time(self._database, work, self._seconds)

    async def list_branch(
        self,
        message_id: str,
        *,
        limit: int,
        before: int | None = None,
        after: int | None = None,
    ) -> MessagePage:
        """A page of the path that ends with this message, active or not. Raises `NotFound`."""

        def work(tx: Connection) -> MessagePage:
            tip = messages.get_message(tx, message_id)
            conversation = conversations.get_conversation(tx, tip.conversation_id)
            branch = replace(conversation, tip_message_id=tip.id)
            return paths.list_path(tx, branch, limit=limit, before=before, after=after)

        return await self._database.read(work)
