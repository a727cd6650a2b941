"""What older talk came to: made behind the talk, for exactly the path it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.archives.test_campaign_archive import archives_of
from tests.conversations.summary_table import SMALL_CONTEXT, Memory, end_of, lines
from tests.running import running
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store import conversations, messages, scenes
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.summaries.model import Listener
from ttrpg_assistant.conversations.summaries.wording import GaveWay
from ttrpg_assistant.errors import ModelRefused, NotFound, Unreachable
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal


async def test_talk_that_fits_is_not_summarised(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 12))
    assert await memory.maker.catch_up(thread.id) == 0
    assert memory.model.history == []


async def test_older_talk_is_summarised_in_layers_and_stays_as_it_was_said(
    database: Database,
) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    said = await memory.say(thread.id, lines(1, 300))
    made = await memory.maker.catch_up(thread.id)
    cover = await memory.list_all(thread.id)
    assert [(one.level, end_of(one, said)) for one in cover] == [
        (1, 264), (1, 240), (1, 216), (2, 192),
    ]  # fmt: skip
    assert made == len(memory.model.history) == 12
    assert sum(one.message_count for one in cover) == 264
    parts = await memory.service.list_made_of(cover[-1].id)
    assert [end_of(one, said) for one in parts] == list(range(24, 193, 24))
    stored = await database.read(lambda tx: messages.get_message(tx, said[0].id))
    assert stored == said[0]
    assert await memory.maker.catch_up(thread.id) == 0, "everything is there already"


async def test_each_stretch_is_told_to_the_model_alone_and_whole(database: Database) -> None:
    memory = Memory(database, ScriptedProvider(default=["Told."], context_tokens=1_800))
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 100))
    await memory.maker.catch_up(thread.id)
    first = memory.model.history[0]
    assert [message.content for message in first.messages[:-1]] == lines(1, 24)
    assert first.system.startswith("You keep the memory of a long conversation")


async def test_a_summary_reads_words_and_neither_blocks_nor_addresses(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    block = '```suggestion\n{"kind": "npc", "name": "Hesper", "role": "ferrywoman"}\n```'
    text = f"On day {{n}} they met [Mira](ttrpg:npc/m1).\n{block}"
    await memory.say(thread.id, [text.replace("{n}", str(n)) for n in range(1, 101)])
    await memory.maker.catch_up(thread.id)
    told = [one.content for one in memory.model.history[0].messages[:-1]]
    assert told[0] == "On day 1 they met Mira.\nSuggestion: Hesper; ferrywoman"
    await memory.service.choose_made_by("offline")
    cover = await memory.list_all(thread.id)
    again = await memory.service.remake(cover[-1].id)
    assert again is not None
    await memory.maker.catch_up(thread.id)
    texts = [one.text for one in await memory.list_all(thread.id)]
    assert not [text for text in texts if "```" in text or "ttrpg:" in text or '"kind"' in text]


async def test_a_branch_shares_what_was_made_of_the_shared_part(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    said = await memory.say(thread.id, lines(1, 120))
    await memory.maker.catch_up(thread.id)
    at = said[59]
    branch = await memory.new_thread(
        branched_from_id=at.id, tip_message_id=at.id, next_seq=at.seq + 1
    )
    await memory.say(branch.id, lines(1, 60, "In the other tale, on day {n}, they sailed away."))
    before = await memory.count()
    made = await memory.maker.catch_up(branch.id)
    ends = [one.last_message_id for one in await memory.list_all(branch.id)]
    assert ends[-2:] == [said[47].id, said[23].id]
    assert (made, await memory.count()) == (len(ends) - 2, before + made)
    told = "\n".join(
        m.content for request in memory.model.history[-made:] for m in request.messages
    )
    assert "On day 60 " in told and "On day 61 " not in told
    assert said[71].id in [one.last_message_id for one in await memory.list_all(thread.id)]


async def test_an_edit_leaves_the_summary_of_the_old_words_behind(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    said = await memory.say(thread.id, lines(1, 120))
    await memory.maker.catch_up(thread.id)
    [newest, *_, oldest] = await memory.list_all(thread.id)
    await memory.service.update(newest.id, "I wrote this myself.")

    def edit(tx: Connection) -> Message:
        conversation = conversations.lock_conversation(tx, thread.id)
        return messages.add_message(
            tx,
            conversation,
            message_id=new_id(),
            role="user",
            content="It was otherwise.",
            parent_id=said[29].id,
        )

    await database.write(edit)
    after = await memory.service.list_remembered(thread.id)
    assert [one.id for one in after.summaries] == [oldest.id]
    assert [one.own_text for one in after.elsewhere] == ["I wrote this myself."]
    assert await memory.remember(thread.id, 10) == [oldest.text]
    await memory.say(thread.id, lines(1, 90, "Otherwise, on day {n}."))
    await memory.maker.catch_up(thread.id)
    told = "\n".join(m.content for m in memory.model.history[-1].messages)
    assert "Otherwise, on day" in told and "On day 31 " not in told


async def test_ones_own_words_are_never_written_over(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 260))
    await memory.maker.catch_up(thread.id)
    group = (await memory.list_all(thread.id))[-1]
    part = (await memory.service.list_made_of(group.id))[2]
    await memory.service.update(part.id, "Orla is the spy.")
    covered = [one.id for one in await memory.list_all(thread.id)]
    assert group.id not in covered and part.id in covered, "until it is made anew, its parts stand"

    memory.model.enqueue(["All of it, anew."])
    assert await memory.maker.catch_up(thread.id) == 1
    assert "Orla is the spy." in "".join(m.content for m in memory.model.history[-1].messages)
    again = (await memory.list_all(thread.id))[-1]
    assert (again.id, again.text) == (group.id, "All of it, anew.")

    await memory.service.update(group.id, "My own summary.")
    await memory.service.remake_all(thread.id)
    await memory.service.remake(part.id)
    await memory.maker.catch_up(thread.id)
    kept = (await memory.list_all(thread.id))[-1]
    assert (kept.text, kept.made_text) == ("My own summary.", "All of it, anew.")
    assert kept.outdated_at is not None, "it is shown that what it was made from has changed"
    [mine] = [one for one in await memory.service.list_made_of(group.id) if one.own_text]
    assert mine.text == "Orla is the spy."
    back = await memory.service.update(group.id, None)
    assert back.text == "All of it, anew."


async def test_the_two_modes_of_talk_with_an_npc_never_meet(database: Database) -> None:
    memory = Memory(database)
    talk = await database.write(lambda tx: conversations.add_conversation(tx, "npc"))
    for round in range(5):
        first = round * 20
        await memory.say(
            talk.id, lines(first, first + 19, "SECRET-{n} she is the traitor."), "about"
        )
        await memory.say(talk.id, lines(first, first + 19, "spoken-{n} of boots and rain."), "as")
    memory.model.enqueue(["SECRETLY a traitor."])
    await memory.maker.catch_up(talk.id)
    for request in memory.model.history:
        words = "\n".join([request.system, *(m.content for m in request.messages)])
        assert ("SECRET-" in words) != ("spoken-" in words)
    told = await memory.remember(talk.id, 10, Listener("as"))
    assert told and not any("SECRET" in text for text in told)
    assert await memory.remember(talk.id, 10, Listener("about"))
    assert await memory.remember(talk.id, 10) == []


async def test_in_a_scene_each_remembers_only_what_it_heard(database: Database) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    npcs = Npcs(database, Changes(), removal)
    mira, tomas = [(await npcs.create(campaign.id, {"name": n})).id for n in ("Mira", "Tomas")]
    model = ScriptedProvider(default=["Tomas spoke Aloud."], context_tokens=SMALL_CONTEXT)
    memory = Memory(database, model, names={mira: "Mira", tomas: "Tomas"})
    scene = await database.write(
        lambda tx: scenes.add_scene(tx, [mira, tomas], campaign.id, "The cellar")
    )
    for number in range(4):
        aloud = lines(number * 20, number * 20 + 19, "Aloud {n}: the water rises in the cellar.")
        await memory.say(scene.id, aloud, "as", speaker_npc_id=tomas)
        whispered = lines(1, 2, "WHISPER the key is in the well.")
        await memory.say(scene.id, whispered, "as", audience_npc_id=mira)
    await memory.maker.catch_up(scene.id)
    found = await memory.service.list_remembered(scene.id)
    assert {one.hearer_npc_id for one in found.summaries} == {mira, tomas} == set(found.names)
    first_asked = [
        ["WHISPER" in m.content for m in request.messages] for request in memory.model.history
    ]
    of_mira = len([one for one in found.summaries if one.hearer_npc_id == mira])
    assert all(any(asked) for asked in first_asked[:of_mira])
    assert not any(any(asked) for asked in first_asked[of_mira:])
    assert "Tomas: Aloud 0" not in memory.model.history[of_mira].messages[0].content
    assert await memory.remember(scene.id, 10, Listener("as", tomas))
    assert await memory.remember(scene.id, 10, Listener("as")) == []


async def test_a_run_that_was_cut_off_goes_on_where_the_rows_end(database: Database) -> None:
    model = ScriptedProvider(default=["Told."], context_tokens=SMALL_CONTEXT)
    model.enqueue(["First."])
    model.enqueue([Unreachable("Nobody answers.")])
    memory = Memory(database, model)
    thread = await memory.new_thread()
    said = await memory.say(thread.id, lines(1, 110))
    with pytest.raises(Unreachable):
        await memory.maker.catch_up(thread.id)
    assert await memory.count() == 1
    assert await Memory(database, model).maker.catch_up(thread.id) == 2
    cover = await memory.list_all(thread.id)
    assert [(end_of(one, said), one.text) for one in cover] == [
        (72, "Told."), (48, "Told."), (24, "First."),
    ]  # fmt: skip


async def test_two_servers_at_once_make_each_summary_once(database: Database) -> None:
    memory, other = Memory(database), Memory(database)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 110))
    await asyncio.gather(memory.maker.catch_up(thread.id), other.maker.catch_up(thread.id))
    assert await memory.count() == 3


async def test_what_a_model_will_not_tell_is_picked_out_by_the_built_in_one(
    database: Database,
) -> None:
    model = ScriptedProvider(context_tokens=SMALL_CONTEXT)
    model.enqueue([ModelRefused("No.")])
    model.enqueue(["  \n"])
    memory = Memory(database, model)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 86))
    await memory.maker.catch_up(thread.id)
    cover = await memory.list_all(thread.id)
    assert [one.made_by for one in cover] == ["offline"] * len(cover) and cover
    assert "they walked on through the marsh" in cover[0].text


async def test_a_model_on_this_machine_is_let_go_of_when_somebody_asks_it(
    database: Database,
) -> None:
    gate = Gate()
    model = ScriptedProvider(default=["Told."], context_tokens=SMALL_CONTEXT)
    model.enqueue([gate, "Late."])
    memory = Memory(database, model, choice="ollama:small", is_busy=gate.reached.is_set)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 100))
    with pytest.raises(GaveWay):
        await memory.maker.catch_up(thread.id)
    assert model.stopped == 1 and await memory.count() == 0


async def test_the_next_summary_waits_while_somebody_is_answered(database: Database) -> None:
    answered = [False] * 3 + [True] * 2  # two are made, then somebody asks
    asked: list[int] = []

    def is_busy() -> bool:
        asked.append(len(memory.model.history))
        return answered.pop(0) if answered else False

    memory = Memory(database, is_busy=is_busy)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 150))
    await memory.maker.catch_up(thread.id)
    made = await memory.count()
    assert made > 3 and len(memory.model.history) == made
    assert asked[:6] == [0, 1, 2, 3, 3, 3], "none was made while somebody was answered"


async def test_a_long_past_taken_in_at_once_does_not_go_through_the_model_whole(
    database: Database,
) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 1_250))
    await memory.maker.catch_up(thread.id)
    told = [r for r in memory.model.history if "Each message above" not in r.messages[-1].content]
    assert len(told) == 40
    assert {one.made_by for one in await memory.list_all(thread.id)} > {"scripted:scripted"}


async def test_who_makes_them_is_the_game_masters_choice(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 100))
    assert await memory.service.get_made_by() == "model"
    await memory.service.choose_made_by("off")
    assert await memory.maker.catch_up(thread.id) == 0
    await memory.service.choose_made_by("offline")
    assert await memory.maker.catch_up(thread.id) > 0
    assert memory.model.history == []
    assert {one.made_by for one in await memory.list_all(thread.id)} == {"offline"}


async def test_summaries_over_http_and_in_the_next_prompt(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["So it was."], context_tokens=4_000)
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        memory = Memory(app.services.database)
        await memory.say(chat_id, lines(1, 400))
        model.enqueue(["They owe the ferryman."])
        await app.services.summary_maker.catch_up(chat_id)
        listed = await app.get(f"/api/conversations/{chat_id}/summaries")
        oldest = listed["summaries"][-1]
        assert oldest["level"] == 2 and not listed["elsewhere"]
        parts = (await app.get(f"/api/summaries/{oldest['id']}/parts"))["summaries"]
        assert parts[0]["text"] == "They owe the ferryman."
        changed = await app.client.patch(
            f"/api/summaries/{oldest['id']}", json={"text": "They owe the ferrywoman."}
        )
        assert changed.json()["own_text"] == changed.json()["text"] == "They owe the ferrywoman."

        posted = await app.say(chat_id, "Whom do they owe?")
        reply = posted["assistant_message"]["id"]
        await app.read_reply(reply)
        assert "They owe the ferrywoman." in model.history[-1].system
        seen = await app.get(f"/api/replies/{reply}/manifest")
        [older] = [one for one in seen["sections"] if one["name"] == "older_talk"]
        assert oldest["id"] in [use["id"] for use in older["entities"]]
        assert seen["history"]["dropped"] > 100

        await app.client.patch(f"/api/summaries/{oldest['id']}", json={"text": None})
        marked = await app.post(f"/api/conversations/{chat_id}/summaries/remake", status=202)
        assert marked["marked"] == len(listed["summaries"])
        empty = await app.client.patch(f"/api/summaries/{oldest['id']}", json={"text": "  "})
        assert empty.json()["code"] == "summary_empty"
        await app.get(f"/api/conversations/{new_id()}/summaries", status=404)
        chosen = await app.client.put("/api/summaries/made-by", json={"made_by": "offline"})
        assert chosen.json() == await app.get("/api/summaries/made-by") == {"made_by": "offline"}


async def test_a_campaigns_archive_carries_its_summaries(
    database: Database, tmp_path: Path
) -> None:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Marsh"})
    memory = Memory(database)
    thread = await memory.new_thread(campaign_id=campaign.id)
    await memory.say(thread.id, lines(1, 260))
    await memory.maker.catch_up(thread.id)
    [*_, oldest] = await memory.list_all(thread.id)
    await memory.service.update(oldest.id, "In my words.")
    archives = archives_of(database)
    await archives.write(campaign.id, tmp_path / "marsh.zip")
    copied = await archives.restore(tmp_path / "marsh.zip")
    assert copied.is_copy
    found, _ = await database.read(
        lambda tx: conversations.list_conversations(
            tx, limit=5, equal={"campaign_id": copied.campaign_id}
        )
    )
    texts = [one.text for one in await memory.list_all(thread.id)]
    assert [one.text for one in await memory.list_all(found[0].id)] == texts
    assert await memory.remember(found[0].id, 10) == texts[::-1] and texts[-1] == "In my words."


async def test_a_removed_conversation_has_no_summaries_to_show(database: Database) -> None:
    memory = Memory(database)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 100))
    await memory.maker.catch_up(thread.id)
    [one, *_] = await memory.list_all(thread.id)
    await database.write(lambda tx: conversations.hide_conversation(tx, thread.id, one.made_at))
    with pytest.raises(NotFound):
        await memory.service.update(one.id, "Gone.")
    with pytest.raises(NotFound):
        await memory.maker.catch_up(thread.id)
