"""What is recalled into prompts, and for whom, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from tests.search.test_search import new_thread, say
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message, Mode
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.clearing import clear_messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.facts import RecalledMessage
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal


async def recall(
    database: Database,
    conversation: Conversation,
    text: str,
    mode: Mode | None = None,
    recent: Sequence[str] = (),
    kept: TalkRecall | None = None,
) -> list[RecalledMessage]:
    await Indexing(database, Changes()).catch_up()

    def work(tx: Connection) -> Message:
        return messages.post_message(
            tx, conversation.id, message_id=new_id(), role="user", content=text, mode=mode
        )[0]

    said = await database.write(work)
    asked = kept or TalkRecall()
    return await database.read(lambda tx: asked.recall(tx, conversation, said, recent, frozenset()))


async def test_a_question_in_other_words_brings_back_what_was_said_long_ago(
    database: Database,
) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    old = await new_thread(database, campaign_id=campaign.id, title="First evening")
    await say(database, old.id, "The smuggler Orla hid the opal under the mill.", "A quiet night.")
    now = await new_thread(database, campaign_id=campaign.id)
    [found, beside] = await recall(database, now, "Where did Orla conceal that opal?")
    assert beside.text == "A quiet night."
    assert found.text == "The smuggler Orla hid the opal under the mill."
    assert (found.place, found.speaker) == ("thread First evening", "the game master")
    assert set(found.because) >= {"orla", "opal"}
    again = await recall(database, now, "And why?", recent=["Tell me of Orla's opal."])
    assert found.id in [one.id for one in again[:2]], "beside it only the question asked before"


async def test_other_campaigns_and_what_was_cleared_stay_away(database: Database) -> None:
    campaigns = Campaigns(database, Changes(), removal)
    here = await campaigns.create(None, {"name": "Here"})
    there = await campaigns.create(None, {"name": "There"})
    cleared = await new_thread(database, campaign_id=here.id)
    for thread in (await new_thread(database, campaign_id=there.id), await new_thread(database)):
        await say(database, thread.id, "The opal lies in the mill.")
    await say(database, cleared.id, "The opal lies in the sea.")
    await database.write(lambda tx: clear_messages(tx, cleared.id, utc_now()))
    now = await new_thread(database, campaign_id=here.id)
    assert await recall(database, now, "Where does the opal lie?") == []
    unlinked = await new_thread(database)
    found = await recall(database, unlinked, "Where does the opal lie?")
    assert [one.text for one in found] == ["The opal lies in the mill."]


async def test_an_npc_speaks_only_from_what_was_said_as_it(database: Database) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Here"})
    npcs = Npcs(database, Changes(), removal)
    mira = await npcs.create(campaign.id, {"name": "Mira"})
    tam = await npcs.create(campaign.id, {"name": "Tam"})

    def talk_with(npc_id: str) -> Callable[[Connection], Conversation]:
        return lambda tx: conversations.add_conversation(
            tx, "npc", npc_id=npc_id, campaign_id=campaign.id
        )

    async def said(conversation: Conversation, text: str, mode: Mode | None) -> None:
        await database.write(
            lambda tx: messages.post_message(
                tx,
                conversation.id,
                message_id=new_id(),
                role="assistant",
                content=text,
                mode=mode,
            )
        )

    with_mira = await database.write(talk_with(mira.id))
    with_tam = await database.write(talk_with(tam.id))
    thread = await new_thread(database, campaign_id=campaign.id)
    await said(with_mira, "I saw the opal at the mill.", "as")
    await said(with_mira, "Mira is the traitor who sold the opal.", "about")
    await said(with_tam, "I buried the opal, tell nobody.", "as")
    await said(thread, "The opal is a fake, and only you know it.", None)
    spoken = await recall(database, with_mira, "What of the opal?", "as")
    assert [one.text for one in spoken] == ["I saw the opal at the mill."]
    about = await recall(database, with_mira, "What about this opal?", "about")
    assert {one.text for one in about} >= {
        "I saw the opal at the mill.",
        "Mira is the traitor who sold the opal.",
        "I buried the opal, tell nobody.",
        "The opal is a fake, and only you know it.",
    }


async def test_refusals_and_courtesies_bear_on_nothing(database: Database) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    old = await new_thread(database, campaign_id=campaign.id)
    nothing = "I find nothing stored that answers this. Ask about Orla's opal again."
    await say(database, old.id, "Orla's opal?", nothing)
    await say(database, old.id, "Orla's opal!", "I'm sorry, but I can't help with Orla's opal.")
    now = await new_thread(database, campaign_id=campaign.id)
    found = await recall(database, now, "Where did Orla conceal that opal?")
    assert {one.speaker for one in found} == {"the game master"}


async def test_what_was_read_before_is_told_as_it_is_now(database: Database) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Here"})
    npcs, kept = Npcs(database, Changes(), removal), TalkRecall()
    mira = await npcs.create(campaign.id, {"name": "Mira"})
    old = await new_thread(database, campaign_id=campaign.id, title="First evening")
    with_mira = await database.write(
        lambda tx: conversations.add_conversation(
            tx, "npc", npc_id=mira.id, campaign_id=campaign.id
        )
    )
    chat = await database.write(
        lambda tx: conversations.add_conversation(tx, "chat", campaign_id=campaign.id)
    )
    now = await new_thread(database, campaign_id=campaign.id)
    await say(database, old.id, "The opal is in the mill.")
    await say(database, chat.id, "Orla sold the opal.")
    await database.write(
        lambda tx: messages.post_message(
            tx,
            with_mira.id,
            message_id=new_id(),
            role="assistant",
            content="I saw the opal.",
            mode="as",
        )
    )

    async def list_told() -> set[tuple[str, str, str]]:
        found = await recall(database, now, "What of the opal?", kept=kept)
        return {(one.place, one.speaker, one.text) for one in found}

    assert await list_told() == {
        ("thread First evening", "the game master", "The opal is in the mill."),
        ("talk as Mira", "Mira", "I saw the opal."),
        ("chat Orla sold the opal", "the game master", "Orla sold the opal."),
    }
    await npcs.update(mira.id, mira.revision, {"name": "Mirabel"})
    await database.write(lambda tx: conversations.update_conversation(tx, old.id, title="The mill"))
    await database.write(lambda tx: clear_messages(tx, chat.id, utc_now()))
    await database.write(lambda tx: conversations.update_conversation(tx, chat.id))
    told = await list_told()
    assert told >= {
        ("thread The mill", "the game master", "The opal is in the mill."),
        ("talk as Mirabel", "Mirabel", "I saw the opal."),
    }
    assert not [text for _, _, text in told if "Orla" in text]
