"""A campaign is asked: what it holds is quoted, dated, counted, and nothing else is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection

from tests.search.test_search import new_thread
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.game_sessions import GameSessions
from ttrpg_assistant.campaigns.known_facts import KnownFacts
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message, Mode, Role
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.purposes import Purpose
from ttrpg_assistant.search.ask import MOST_SHOWN, AskCampaign
from ttrpg_assistant.search.evidence import Gathered
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.search.search import SearchTooSlow
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal


@dataclass
class Asked:
    """A campaign that is filled and asked."""

    database: Database
    ask: AskCampaign
    campaign_id: str

    async def say(
        self, talk: Conversation, text: str, role: Role = "user", mode: Mode | None = None
    ) -> Message:
        def work(tx: Connection) -> Message:
            now = conversations.lock_conversation(tx, talk.id)
            return messages.add_message(
                tx,
                now,
                message_id=new_id(),
                role=role,
                content=text,
                parent_id=now.tip_message_id,
                mode=mode,
            )

        return await self.database.write(work)

    async def thread(self, purpose: Purpose = "general") -> Conversation:
        return await self.database.write(
            lambda tx: conversations.add_conversation(
                tx, "thread", purpose=purpose, campaign_id=self.campaign_id
            )
        )

    async def evening(self, title: str, *notes: str) -> str:
        """A game session that is over, with notes."""
        games = GameSessions(self.database, Changes(), removal)
        one = await games.create(self.campaign_id, {"title": title})
        await games.start(one.id)
        for note in notes:
            await games.add_note(one.id, text=note, gm_only=False)
        await games.end(one.id)
        return one.id

    async def gather(self, question: str) -> Gathered:
        return await self.ask.gather(self.campaign_id, question)


@pytest.fixture
async def asked(database: Database) -> Asked:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    indexing = Indexing(database, Changes())
    ask = AskCampaign(database, indexing, TalkRecall(), NameIndexes())
    return Asked(database, ask, campaign.id)


def quotes(found: Gathered) -> list[str]:
    return [one.text for one in found.evidence]


async def test_who_was_first_mentioned_and_last_seen_is_answered_from_talk_and_table(
    asked: Asked,
) -> None:
    npcs = Npcs(asked.database, Changes(), removal)
    await npcs.create(asked.campaign_id, {"name": "Mira Voss", "aliases": ["the ferrywoman"]})
    talk = await asked.thread()
    first = await asked.say(talk, "Let us have a ferrywoman. The ferrywoman is called Mira Voss.")
    await asked.say(talk, "The mill burns down one day.", "assistant")
    await asked.evening("Low water", "Mira took them over at night.", "A storm came.")
    planning = await asked.thread("session_planning")
    last = await asked.say(planning, "Next time MIRA asks for her coin.")
    found = await asked.gather("When did we first meet Mira?")
    assert found.wants == "first"
    [mira] = found.subjects
    assert (mira.name, mira.mentions, mira.evenings, mira.is_cut) == ("Mira Voss", 3, 1, False)
    assert mira.first_mentioned and mira.first_mentioned.id == first.id
    assert mira.last_mentioned and mira.last_mentioned.id == last.id
    assert mira.last_mentioned.is_planned
    assert mira.last_seen and mira.last_seen.text == "Mira took them over at night."
    assert mira.last_seen.evening and mira.last_seen.evening.title == "Low water"


async def test_small_words_of_a_name_are_marked_nowhere_and_a_sheet_says_no_moment(
    asked: Asked,
) -> None:
    npcs = Npcs(asked.database, Changes(), removal)
    role = "Ferrywoman when the fog is right"
    fields = {"name": "Mira Vale", "aliases": ["the Heron"], "role": role}
    await npcs.create(asked.campaign_id, fields)
    talk = await asked.thread()
    await asked.say(talk, "The Heron came in on the tide.")
    found = await asked.gather("When did we first meet the Heron?")
    assert (quotes(found), found.total) == (["The Heron came in on the tide."], 1)
    marked = [part.text for one in found.evidence for part in one.quote if part.hit]
    assert marked == ["Heron"]
    sheet = (await asked.gather("What is Mira Vale like?")).evidence[-1]
    assert sheet.kind == "npc" and not any(p.text in ("the", "The") for p in sheet.quote if p.hit)


async def test_a_list_is_complete_or_says_that_it_is_not(asked: Asked) -> None:
    talk = await asked.thread()
    for number in range(5):
        await asked.say(talk, f"Brann cooked a new recipe, number {number}.", "assistant")
        await asked.say(talk, f"What weather on day {number}?")
    found = await asked.gather("Which recipes has Brann cooked?")
    assert (found.wants, found.total, found.is_complete) == ("list", 5, True)
    assert [f"number {n}" in quote for n, quote in enumerate(quotes(found))] == [True] * 5
    for number in range(5, MOST_SHOWN + 1):
        await asked.say(talk, f"Brann cooked a recipe, number {number}.")
    found = await asked.gather("List all recipes that Brann cooked")
    assert (found.total, found.is_complete) == (MOST_SHOWN + 1, False)
    assert len(found.evidence) == MOST_SHOWN


async def test_who_said_something_to_whom_is_told(asked: Asked) -> None:
    npc = await Npcs(asked.database, Changes(), removal).create(
        asked.campaign_id, {"name": "Old Kett"}
    )
    talk = await asked.database.write(
        lambda tx: conversations.add_conversation(
            tx, "npc", campaign_id=asked.campaign_id, npc_id=npc.id
        )
    )
    await asked.say(talk, "Where is the lantern?", "user", "as")
    await asked.say(talk, "The lantern lies in the well, friend.", "assistant", "as")
    found = await asked.gather("Who told us where the lantern lies?")
    assert found.wants == "who_said"
    told = {one.text: (one.speaker, one.listener) for one in found.evidence}
    speaker, listener = told["The lantern lies in the well, friend."]
    assert speaker and (speaker.kind, speaker.name) == ("npc", "Old Kett")
    assert listener and listener.kind == "gm"
    asked_by, asked_of = told["Where is the lantern?"]
    assert asked_by and asked_of and (asked_by.kind, asked_of.name) == ("gm", "Old Kett")


async def test_what_was_edited_away_or_belongs_to_another_campaign_is_no_evidence(
    asked: Asked,
) -> None:
    talk = await asked.thread()
    kept = await asked.say(talk, "The opal lies under the mill.")

    def answer(text: str) -> Callable[[Connection], Message]:
        return lambda tx: messages.add_message(
            tx,
            conversations.lock_conversation(tx, talk.id),
            message_id=new_id(),
            role="assistant",
            content=text,
            parent_id=kept.id,
        )

    await asked.database.write(answer("The opal is glass."))
    await asked.database.write(answer("The opal is real."))
    campaigns = Campaigns(asked.database, Changes(), removal)
    other = await campaigns.create(None, {"name": "Elsewhere"})
    elsewhere = await new_thread(asked.database, campaign_id=other.id)
    await asked.say(elsewhere, "The opal is cursed.")
    await asked.say(await new_thread(asked.database), "The opal is for sale.")
    found = await asked.gather("All about the opal, every place")
    assert sorted(quotes(found)) == ["The opal is real.", "The opal lies under the mill."]
    assert (found.total, found.is_complete) == (2, True)


async def test_plans_and_secrets_say_what_they_are(asked: Asked) -> None:
    npcs = Npcs(asked.database, Changes(), removal)
    await npcs.create(
        asked.campaign_id, {"name": "Sel", "secrets": [{"text": "Sel forged the charter."}]}
    )
    games = GameSessions(asked.database, Changes(), removal)
    await games.create(asked.campaign_id, {"title": "Next", "plan": "They find the charter."})
    facts = KnownFacts(asked.database, Changes(), removal)
    for canon in ("idea", "happened", "retconned"):
        text = f"The charter {canon}."
        await facts.add(asked.campaign_id, {"text": text, "audience": "gm", "canon": canon})
    found = await asked.gather("What about the charter?")
    secret, plan = (
        next(one for one in found.evidence if word in one.text) for word in ("forged", "find")
    )
    told = {one.text: (one.is_planned, one.is_retconned) for one in found.evidence}
    assert told["The charter idea."] == (True, False)
    assert told["The charter happened."] == (False, False)
    assert told["The charter retconned."] == (False, True)
    assert secret.is_gm_only and not secret.is_planned and secret.kind == "npc"
    assert plan.is_planned and plan.evening and plan.evening.title == "Next"


async def test_a_question_that_takes_too_long_says_what_can_be_done_about_it(
    asked: Asked,
) -> None:
    indexing = Indexing(asked.database, Changes())
    hasty = AskCampaign(asked.database, indexing, TalkRecall(), NameIndexes(), seconds=0)
    with pytest.raises(SearchTooSlow) as refused:
        await hasty.gather(asked.campaign_id, "Where is the opal?")
    assert refused.value.cure == "Ask about fewer things at once."


async def test_a_question_without_a_word_or_a_campaign_is_refused(asked: Asked) -> None:
    with pytest.raises(InvalidInput, match="no word to look for"):
        await asked.gather("What happened then?")
    with pytest.raises(NotFound):
        await asked.ask.gather(new_id(), "Where is the opal?")
