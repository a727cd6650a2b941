"""What recall keeps of a campaign's talk is what it would read anew, whatever happened between
two questions and whoever wrote it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection

from tests.search.test_search import new_thread
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message, Mode
from ttrpg_assistant.conversations.removals import restore_messages
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.clearing import clear_messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.search.store.lanes import Lanes
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal

WORDS = ["opal", "mill", "smuggler", "ferry", "lantern", "vault", "Orla", "Bren", "tide", "oath"]
ASKED = "Where is the opal of Orla? The mill, the ferry, the vault?"


@dataclass
class Table:
    """A campaign's talk and how it changes by chance. Nothing is announced to anybody, so what
    is kept can follow only what the database says, as after the writing of another process."""

    chance: random.Random
    campaign_id: str
    other_campaign_id: str
    npc_id: str
    talks: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    cleared: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def list_changes(self) -> list[Callable[[Connection], None]]:
        talk = [*[self.say] * 8, self.answer_anew, self.go_back, self.branch, self.stream]
        return [*talk, self.move, self.hide, self.show, self.clear, self.restore, self.rename]

    def choose(self, tx: Connection) -> Conversation:
        return conversations.get_conversation(
            tx, self.chance.choice([id for id in self.talks if id not in self.hidden])
        )

    def say(self, tx: Connection, beside: Message | None = None) -> None:
        talk = conversations.lock_conversation(tx, self.choose(tx).id)
        if beside is not None:
            talk = conversations.lock_conversation(tx, beside.conversation_id)
        mode: Mode | None = self.chance.choice(("as", "about")) if talk.kind == "npc" else None
        messages.add_message(
            tx,
            talk,
            message_id=new_id(),
            role=self.chance.choice(("user", "assistant")),
            content=" ".join(self.chance.choices(WORDS, k=self.chance.randrange(1, 6))),
            parent_id=talk.tip_message_id if beside is None else beside.parent_id,
            mode=mode,
        )

    def find_any(self, tx: Connection) -> Message | None:
        talk = self.choose(tx)
        if talk.tip_message_id is None or talk.kind == "chat":
            return None
        at = messages.get_message(tx, talk.tip_message_id)
        for _ in range(self.chance.randrange(4)):
            if at.parent_id is None or at.conversation_id != talk.id:
                break
            at = messages.get_message(tx, at.parent_id)
        return at if at.conversation_id == talk.id else None

    def answer_anew(self, tx: Connection) -> None:
        if (at := self.find_any(tx)) is not None:
            self.say(tx, beside=at)

    def go_back(self, tx: Connection) -> None:
        if (at := self.find_any(tx)) is not None:
            conversations.update_conversation(tx, at.conversation_id, tip_message_id=at.id)

    def branch(self, tx: Connection) -> None:
        at = self.find_any(tx)
        if at is None or conversations.get_conversation(tx, at.conversation_id).kind != "thread":
            return
        new = conversations.add_conversation(
            tx,
            "thread",
            purpose="general",
            campaign_id=self.campaign_id,
            branched_from_id=at.id,
            tip_message_id=at.id,
            next_seq=at.seq + 1,
        )
        self.talks.append(new.id)

    def move(self, tx: Connection) -> None:
        talk = self.choose(tx)
        if talk.kind == "thread":
            to = self.chance.choice((self.campaign_id, self.other_campaign_id))
            conversations.update_conversation(tx, talk.id, campaign_id=to)

    def hide(self, tx: Connection) -> None:
        if len(self.hidden) < len(self.talks) // 3:
            talk = self.choose(tx)
            conversations.hide_conversation(tx, talk.id, utc_now())
            self.hidden.append(talk.id)

    def show(self, tx: Connection) -> None:
        if self.hidden:
            conversations.show_conversation(tx, self.hidden.pop())

    def clear(self, tx: Connection) -> None:
        talk = self.choose(tx)
        if talk.kind == "chat" and talk.tip_message_id is not None:
            now = utc_now()
            clear_messages(tx, talk.id, now)
            conversations.update_conversation(tx, talk.id, tip_message_id=None)
            details = {"cleared_at": now, "tip_message_id": talk.tip_message_id}
            self.cleared.append((talk.id, details))

    def restore(self, tx: Connection) -> None:
        if self.cleared:
            chosen = self.chance.randrange(len(self.cleared))
            if self.cleared[chosen][0] not in self.hidden:
                restore_messages(tx, *self.cleared.pop(chosen))

    def stream(self, tx: Connection) -> None:
        """An answer that is indexed only at its end, below what was said meanwhile."""
        talk = conversations.lock_conversation(tx, self.choose(tx).id)
        added = messages.add_message(
            tx,
            talk,
            message_id=new_id(),
            role="assistant",
            content="",
            parent_id=talk.tip_message_id,
            status="streaming",
            mode="as" if talk.kind == "npc" else None,
        )
        if self.chance.random() < 0.7:
            self.say(tx)
        messages.write_streaming(tx, added.id, content="The opal mill!", status="complete")

    def rename(self, tx: Connection) -> None:
        conversations.update_conversation(tx, self.choose(tx).id, title=self.chance.choice(WORDS))


async def make_table(database: Database, seed: int) -> Table:
    campaigns, npcs = (kind(database, Changes(), removal) for kind in (Campaigns, Npcs))
    here, there = [await campaigns.create(None, {"name": name}) for name in ("Here", "There")]
    npc = await npcs.create(here.id, {"name": "Mira"})
    table = Table(random.Random(seed), here.id, there.id, npc.id)
    for _ in range(3):
        table.talks.append((await new_thread(database, campaign_id=here.id)).id)
    for kind in ("npc", "npc", "chat"):
        added = await database.write(
            lambda tx, kind=kind: conversations.add_conversation(  # type: ignore[misc]
                tx, kind, campaign_id=here.id, npc_id=npc.id if kind == "npc" else None
            )
        )
        table.talks.append(added.id)
    return table


def lay_out(
    lanes: Lanes, tx: Connection, talk: Conversation, said: Message, filters: Filters
) -> object:
    """All that a lane holds, by the messages it is of."""
    with lanes.open(tx, talk, said, filters) as lane:
        names = {code: name for name, code in lane.list_names()}
        held = {
            (id, seq): (
                lane.number_at(at),
                lane.place(np.array([lane.number_at(at)])).lengths.tolist(),
                names.get(lane.list_speakers([at])[0], ""),
                lane.find(id, seq - 1) == at - 1,
            )
            for id in sorted(lane.list_conversations())
            for seq in range(200)
            if (at := lane.find(id, seq)) is not None
        }
        assert len(held) == lane.count
        return held, lane.conversations, lane.mean_length, sorted(lane.list_conversations())


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 40))]
)
async def test_what_is_kept_of_the_talk_is_what_would_be_read_anew(
    database: Database, seed: int
) -> None:
    table, kept, recall = await make_table(database, seed), Lanes(), TalkRecall()
    told = 0
    for _ in range(16):
        for change in table.chance.choices(table.list_changes(), k=table.chance.randrange(1, 6)):
            await database.write(change)
        asked_in = await database.read(table.choose)
        mode: Mode | None = table.chance.choice(("as", "about")) if asked_in.npc_id else None

        def ask(tx: Connection, id: str = asked_in.id, mode: Mode | None = mode) -> Message:
            return messages.post_message(
                tx, id, message_id=new_id(), role="user", content=ASKED, mode=mode
            )[0]

        said = await database.write(ask)
        await Indexing(database, Changes()).catch_up()

        def compare(tx: Connection, said: Message = said) -> int:
            talk = conversations.get_conversation(tx, said.conversation_id)
            whose = Filters(campaign_id=talk.campaign_id)
            if said.mode == "as":
                whose = Filters(kind="npc", npc_id=talk.npc_id, mode="as")
            filters = Filters(
                campaign_id=whose.campaign_id,
                kind=whose.kind,
                npc_id=whose.npc_id,
                mode=whose.mode,
                with_archived=True,
                only_rehearsal=talk.id,
            )
            assert lay_out(kept, tx, talk, said, filters) == lay_out(
                Lanes(), tx, talk, said, filters
            )
            found = recall.recall(tx, talk, said, [], frozenset())
            anew = TalkRecall().recall(tx, talk, said, [], frozenset())
            # Of two that say the same, as good as each other, either may be told.
            assert {one.text for one in found} == {one.text for one in anew}
            return len(found)

        told += await database.read(compare)
    assert told > 20


async def test_where_everything_is_in_the_prompt_already_the_index_is_not_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Here"})
    thread = await new_thread(database, campaign_id=campaign.id)
    recall = TalkRecall()

    ids: list[str] = []

    async def say(text: str, talk: Conversation = thread) -> Message:
        posted = await database.write(
            lambda tx: messages.post_message(
                tx, talk.id, message_id=new_id(), role="user", content=text
            )
        )
        await Indexing(database, Changes()).catch_up()
        ids.append(posted[0].id)
        return posted[0]

    async def ask(said: Message, read: list[str]) -> list[str]:
        found = await database.read(
            lambda tx: recall.recall(
                tx, conversations.get_conversation(tx, thread.id), said, [], frozenset(read)
            )
        )
        return [one.text for one in found]

    await say("The opal is in the mill.")
    await say("So be it.")
    said = await say(ASKED)
    monkeypatch.setattr(hits, "engine_of", lambda tx: None)
    assert await ask(said, ids[:2]) == []
    monkeypatch.undo()
    assert await ask(said, ids[1:2]) == ["The opal is in the mill."]
    await say("Orla has the ferry.", await new_thread(database, campaign_id=campaign.id))
    assert await ask(said, ids[:2]) == ["Orla has the ferry."]
