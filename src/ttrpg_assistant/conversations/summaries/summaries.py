"""What a game master does with the summaries of a conversation: reads, corrects, has them
made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.ports import Cast
from ttrpg_assistant.conversations.prompt_settings import (
    choose_whole_history,
    find_whole_history,
)
from ttrpg_assistant.conversations.store import conversations, scenes, summaries
from ttrpg_assistant.conversations.summaries.making import MADE_BY, SummaryMaker, find_made_by
from ttrpg_assistant.conversations.summaries.model import (
    Listener,
    MadeBy,
    StoredSummary,
    list_listeners,
)
from ttrpg_assistant.conversations.summaries.planning import find_newest_end
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import put_preference

MOST_EDITED = 200


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a conversation remembers of its older talk, newest first.

    `summaries` together cover all of it, as few as can be; `elsewhere` are those a person
    wrote for talk that is not on the active path any more. `names` are the NPCs of a scene.
    With `whole_history` prompts get all talk that fits, and summaries only for the rest.
    """

    summaries: list[StoredSummary]
    elsewhere: list[StoredSummary]
    names: Mapping[str, str]
    is_at_work: bool
    whole_history: bool


class Summaries:
    """Summaries as a person sees them."""

    def __init__(
        self, database: Database, changes: Changes, maker: SummaryMaker, cast: Cast
    ) -> None:
        self._database = database
        self._changes = changes
        self._maker = maker
        self._cast = cast

    async def list_remembered(self, conversation_id: str) -> Remembered:
        """What prompts of this conversation are told of its older talk. Raises `NotFound`."""
        is_at_work = self._maker.is_at_work(conversation_id)

        def work(tx: Connection) -> Remembered:
            conversation = conversations.get_conversation(tx, conversation_id)
            members = scenes.list_members(tx, conversation_id) if conversation.is_scene else []
            found = [
                one
                for listener in list_listeners(conversation, members)
                for one in _cover(tx, conversation, listener, only_current=True)
            ]
            edited = summaries.list_edited(tx, conversation_id, MOST_EDITED)
            there = {one.id for one in self._list_on_path(tx, conversation, edited)}
            elsewhere = [one for one in edited if one.id not in there]
            names = self._cast.name_npcs(tx, members)
            whole = find_whole_history(tx, conversation_id)
            return Remembered(found, elsewhere, names, is_at_work, whole)

        return await self._database.read(work)

    async def choose_whole_history(self, conversation_id: str, whole: bool) -> bool:
        """Send all talk that fits from now on, or the recent part. Raises `NotFound`."""
        return await choose_whole_history(self._database, conversation_id, whole)

    async def get_made_by(self) -> MadeBy:
        """Who makes summaries."""
        return await self._database.read(find_made_by)

    async def choose_made_by(self, made_by: MadeBy) -> MadeBy:
        """Let the chosen model make them, the built-in one, or nobody; those there are stay."""
        await self._database.write(lambda tx: put_preference(tx, MADE_BY, made_by))
        return made_by

    async def list_made_of(self, summary_id: str) -> list[StoredSummary]:
        """The summaries that one is made of, oldest first; none for one made of messages.

        Raises `NotFound`.
        """

        def work(tx: Connection) -> list[StoredSummary]:
            group = summaries.get_summary(tx, summary_id)
            return [] if group.level == 1 else summaries.list_made_of(tx, group)

        return await self._database.read(work)

    async def update(self, summary_id: str, text: str | None) -> StoredSummary:
        """Write one's own text in place of what was made, or None to go back to that.

        What was made from it is made again. Raises `NotFound`.
        """

        def work(tx: Connection) -> StoredSummary:
            found = summaries.get_summary(tx, summary_id)
            if found.own_text != text:
                summaries.put_own_text(tx, summary_id, text)
                summaries.mark_outdated(tx, [one.id for one in summaries.list_above(tx, found)])
            return summaries.get_summary(tx, summary_id)

        updated = await self._database.write(work)
        self._ask_for(updated.conversation_id)
        return updated

    async def remake(self, summary_id: str) -> StoredSummary:
        """Have one made again by the model that answers now. A person's own text stays.

        Raises `NotFound`.
        """

        def work(tx: Connection) -> StoredSummary:
            found = summaries.get_summary(tx, summary_id)
            above = summaries.list_above(tx, found)
            summaries.mark_outdated(tx, [found.id, *(one.id for one in above)])
            return summaries.get_summary(tx, summary_id)

        marked = await self._database.write(work)
        self._ask_for(marked.conversation_id)
        return marked

    async def remake_all(self, conversation_id: str) -> int:
        """Have those made again that prompts are told now; returns how many will be.

        Raises `NotFound`.
        """

        def work(tx: Connection) -> list[StoredSummary]:
            conversation = conversations.get_conversation(tx, conversation_id)
            members = scenes.list_members(tx, conversation_id) if conversation.is_scene else []
            wanted = [
                one
                for listener in list_listeners(conversation, members)
                for one in _cover(tx, conversation, listener, only_current=False)
                if one.own_text is None
            ]
            summaries.mark_outdated(tx, [one.id for one in wanted])
            return wanted

        marked = await self._changes.write(
            self._database,
            work,
            lambda marked: [("summaries", {"id": one.conversation_id}) for one in marked],
            tell_here=False,
        )
        for spoken_in in {conversation_id, *(one.conversation_id for one in marked)}:
            self._ask_for(spoken_in)
        return len(marked)

    def _list_on_path(
        self, tx: Connection, conversation: Conversation, edited: Sequence[StoredSummary]
    ) -> list[StoredSummary]:
        """Those of the edited ones whose talk is on the active path."""
        wanted = {one.id for one in edited}
        found: list[StoredSummary] = []
        for listener in {one.listener for one in edited}:
            layers = list(_cover(tx, conversation, listener, only_current=False))
            while layers:
                found += [one for one in layers if one.id in wanted]
                layers = [
                    below
                    for one in layers
                    if one.level > 1
                    for below in summaries.list_made_of(tx, one)
                ]
        return found

    def _ask_for(self, conversation_id: str) -> None:
        self._maker.ask_for(conversation_id, by_person=True)
        self._changes.announce("summaries", {"id": conversation_id})


def _cover(
    tx: Connection, conversation: Conversation, listener: Listener, *, only_current: bool
) -> list[StoredSummary]:
    end = find_newest_end(tx, conversation, listener)
    return list(summaries.iterate_cover(tx, end, listener, only_current=only_current))
