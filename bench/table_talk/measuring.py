"""How much of the evidence stands in the prompt, for plain FTS5 and for the application."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bench.answerers import make_answerer
from bench.figures import median
from bench.table_talk.model import ASSISTANT, Line, TalkOfCampaign
from ttrpg_assistant.builtin.words import STOP_WORDS
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.model import Conversation, Message, Turn
from ttrpg_assistant.conversations.store import conversations, messages, turns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.tables import conversations as conversation_table
from ttrpg_assistant.conversations.tables import messages as message_table
from ttrpg_assistant.ids import new_id, spell_moment
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.tokens import TokenEstimator
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.meaning.meaning import Meaning
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database

TOKENS = 2_000
CONTEXT_TOKENS = 64_000
_BEGAN = datetime(2024, 1, 5, 19, tzinfo=UTC)
_removal: Callable[..., str] = add_removal


@dataclass(frozen=True, slots=True)
class Share:
    """Share of the evidence recalled, by category and over all questions, and milliseconds a
    question."""

    by_category: Mapping[str, float]
    whole: float
    took_ms: float


def measure_plain(talk: TalkOfCampaign) -> Share:
    """SQLite's FTS5 as it comes: the words of the question that mean something, best match
    first, each line below its date and evening's heading, until the room is full."""
    estimator = TokenEstimator()
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute("CREATE VIRTUAL TABLE talk USING fts5(content, evening UNINDEXED)")
        places = []
        for number, evening in enumerate(talk.evenings):
            for at, line in enumerate(evening):
                places.append((number, at))
                raw.execute("INSERT INTO talk VALUES (?, ?)", (line.content, number))
        found, took = [], []
        for question in talk.questions:
            words = re.findall(r"\w+", question.text.lower())
            meant = [word for word in words if word not in STOP_WORDS] or words
            query = " OR ".join(f'"{word}"' for word in meant)
            began = time.thread_time()
            rows = raw.execute(
                "SELECT rowid, content FROM talk WHERE talk MATCH ? ORDER BY rank LIMIT 300",
                (query,),
            ).fetchall()
            took.append(time.thread_time() - began)
            found.append(_fill(rows, places, estimator))
    return _share(talk, found, took)


def _fill(
    rows: Iterable[tuple[int, str]],
    places: Sequence[tuple[int, int]],
    estimator: TokenEstimator,
) -> set[tuple[int, int]]:
    left = TOKENS - estimator.estimate("Recalled from earlier talk:\n")
    got: set[tuple[int, int]] = set()
    evenings: set[int] = set()
    for number, content in rows:
        place = places[number - 1]
        cost = estimator.estimate(f"- {content}\n")
        if place[0] not in evenings:
            cost += estimator.estimate(f"2024-01-05, thread Evening {place[0]}:\n")
        if cost <= left:
            left -= cost
            got.add(place)
            evenings.add(place[0])
    return got


async def measure_recall(
    database: Database,
    talk: TalkOfCampaign,
    recall: TalkRecall,
    *,
    most: int | None = None,
    meaning: Meaning | None = None,
) -> Share:
    """What the application's own prompts hold. Each question is asked in a thread of its own,
    which is gone from the campaign before the next is asked. With `meaning`, which `recall`
    asks, its vectors are made first."""
    campaign_id = await fill(database, talk)
    if meaning is not None:
        await meaning.turn(True)
        await meaning.catch_up()
    context = ConversationContext(database, recall=recall)
    found, took = [], []
    for question in talk.questions[:most]:
        turn = await _ask(database, campaign_id, question.text)
        conversation, said = await _read(database, turn)
        took.append(await database.read(partial(_time, recall, conversation, said)))
        built = await context.build(turn, make_answerer("test:model", CONTEXT_TOKENS))
        sections = built.manifest["sections"]
        assert sum(one["tokens"] for one in sections if one["name"] == "recalled") <= TOKENS
        told = _plain(built.request.messages[-1].content)
        found.append(
            {
                place
                for place in question.evidence
                if _plain(_at(talk, place).content) in told or _plain(_at(talk, place).text) in told
            }
        )
        await database.write(lambda tx, id=turn.conversation_id: _unlink(tx, id))  # type: ignore[misc]
    return _share(talk, found, took)


async def list_recalled(
    database: Database, recall: TalkRecall, campaign_id: str, question: str
) -> list[str]:
    """What is recalled for a question, best first."""
    turn = await _ask(database, campaign_id, question)
    conversation, said = await _read(database, turn)
    found = await database.read(lambda tx: recall.recall(tx, conversation, said, [], frozenset()))
    await database.write(lambda tx: _unlink(tx, conversation.id))
    return [f"{one.speaker}: {one.text}" for one in found]


def _at(talk: TalkOfCampaign, place: tuple[int, int]) -> Line:
    return talk.evenings[place[0]][place[1]]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _share(
    talk: TalkOfCampaign, found: Sequence[set[tuple[int, int]]], took: Sequence[float]
) -> Share:
    shares: dict[str, list[float]] = defaultdict(list)
    for question, got in zip(talk.questions, found, strict=False):
        held = sum(place in got for place in question.evidence) / len(question.evidence)
        shares[question.category].append(held)
    every = [one for some in shares.values() for one in some]
    by_category = {name: sum(some) / len(some) for name, some in sorted(shares.items())}
    return Share(by_category, sum(every) / len(every), median(took) * 1_000)


async def fill(database: Database, talk: TalkOfCampaign) -> str:
    """Store the talk as an import of transcripts does, a thread an evening; the campaign's id."""
    campaign = await Campaigns(database, Changes(), _removal).create(None, {"name": talk.name})
    for number, evening in enumerate(talk.evenings):
        await database.write(
            lambda tx, number=number, evening=evening: _add_evening(  # type: ignore[misc]
                tx, campaign.id, number, evening
            )
        )
    await Indexing(database, Changes()).catch_up(batches=100_000)
    return campaign.id


def _add_evening(tx: Connection, campaign_id: str, number: int, evening: Sequence[Line]) -> None:
    thread = conversations.add_conversation(
        tx, "thread", purpose="general", campaign_id=campaign_id, title=f"Evening {number}"
    )
    parent, made = None, []
    began = _BEGAN + timedelta(days=14 * number)
    for seq, line in enumerate(evening, 1):
        moment = spell_moment(began + timedelta(seconds=20 * seq))
        made.append(
            {
                "id": new_id(),
                "conversation_id": thread.id,
                "seq": seq,
                "parent_id": parent,
                "role": "assistant" if line.speaker == ASSISTANT else "user",
                "status": "complete",
                "origin": "imported",
                "content": line.content,
                "created_at": moment,
                "updated_at": moment,
            }
        )
        parent = made[-1]["id"]
    tx.execute(message_table.insert(), made)
    tx.execute(
        conversation_table.update()
        .where(conversation_table.c.id == thread.id)
        .values(tip_message_id=parent, next_seq=len(made) + 1, message_count=len(made))
    )


async def _ask(database: Database, campaign_id: str, question: str) -> Turn:
    def work(tx: Connection) -> Turn:
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign_id
        )
        return turns.post_turn(
            tx, thread.id, message_id=new_id(), content=question, owner="bench"
        ).turn

    return await database.write(work)


def _time(recall: TalkRecall, conversation: Conversation, said: Message, tx: Connection) -> float:
    """Seconds of this process's own work, whatever else the machine does."""
    began = time.thread_time()
    recall.recall(tx, conversation, said, [], frozenset())
    return time.thread_time() - began


async def _read(database: Database, turn: Turn) -> tuple[Conversation, Message]:
    return await database.read(
        lambda tx: (
            conversations.get_conversation(tx, turn.conversation_id),
            messages.get_message(tx, turn.user_message_id or ""),
        )
    )


def _unlink(tx: Connection, conversation_id: str) -> None:
    tx.execute(
        conversation_table.update()
        .where(conversation_table.c.id == conversation_id)
        .values(campaign_id=None)
    )
