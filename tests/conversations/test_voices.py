"""The assistant's voices: chosen for a thread, changed, deleted, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.conversations.removals import Removals
from ttrpg_assistant.conversations.voices import MOST_OWN, Voices, restore_voice
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.prompts.voices import BUILT_IN, VOICE_CHARACTERS
from ttrpg_assistant.storage.database import Database

SAILOR = {"name": "Old salt", "words": "Tired and kind.", "instruction": "Talk like a sailor."}


async def refused(work: Any) -> Fault:
    try:
        await work
    except Fault as fault:
        return fault
    raise AssertionError("it was allowed")


async def test_the_built_in_voices_are_there_before_anybody_wrote_one(database: Database) -> None:
    found = await Voices(database, Changes()).list_all()
    assert [voice.id for voice in found] == [voice.id for voice in BUILT_IN]
    assert all(voice.is_built_in and not voice.is_changed for voice in found)


async def test_own_voices_come_after_the_built_in_ones_and_are_made_once(
    database: Database,
) -> None:
    voices = Voices(database, Changes())
    own_id = new_id()
    first = await voices.create(SAILOR, own_id)
    assert await voices.create({**SAILOR, "name": "Another"}, own_id) == first
    second = await voices.create({"name": "  Two   words ", "instruction": " a\nb "})
    assert (second.name, second.instruction, second.words) == ("Two words", "a\nb", "")
    found = await voices.list_all()
    assert [voice.id for voice in found[len(BUILT_IN) :]] == [first.id, second.id]


async def test_a_built_in_voice_is_changed_and_comes_back_as_it_came(database: Database) -> None:
    changes = Changes()
    voices = Voices(database, changes)
    removals = Removals(database, changes, {"voice_removed": restore_voice})
    came = (await voices.list_all())[0]
    changed = await voices.update(came.id, came.revision, {"name": "Curt"})
    assert (changed.name, changed.instruction) == ("Curt", came.instruction)
    assert changed.is_built_in and changed.is_changed and changed.revision == 2

    removed = await voices.remove(came.id)
    assert removed.voice is not None
    assert (removed.voice.name, removed.voice.is_changed) == (came.name, False)
    assert (await refused(voices.remove(came.id))).code == "voice_built_in"

    (entry,) = await removals.list_all()
    assert entry.title == "Voice: Curt"
    assert await removals.undo(entry.id) == 1
    assert (await voices.list_all())[0].name == "Curt"


async def test_a_deleted_voice_is_brought_back_whole(database: Database) -> None:
    changes = Changes()
    voices = Voices(database, changes)
    removals = Removals(database, changes, {"voice_removed": restore_voice})
    made = await voices.create(SAILOR)
    removed = await voices.remove(made.id)
    assert removed.voice is None and len(await voices.list_all()) == len(BUILT_IN)
    assert (await refused(voices.remove(made.id))).code == "voice_not_found"
    assert (await refused(voices.create(SAILOR, made.id))).code == "voice_removed"
    assert await removals.undo(removed.removal_id) == 1
    assert (await voices.list_all())[-1].instruction == SAILOR["instruction"]


async def test_two_who_change_a_voice_at_once_do_not_overwrite_each_other(
    database: Database,
) -> None:
    voices = Voices(database, Changes())
    made = await voices.create(SAILOR)
    await voices.update(made.id, 1, {"words": "mine"})
    fault = await refused(voices.update(made.id, 1, {"words": "yours"}))
    assert fault.code == "stale_revision"
    assert (fault.facts["mine"], fault.facts["theirs"]) == ({"words": "yours"}, {"words": "mine"})
    assert (await voices.update(made.id, 1, {"words": "mine"})).revision == 2


async def test_what_does_not_fit_is_refused_with_the_reason(database: Database) -> None:
    voices = Voices(database, Changes())
    for values, code in (
        ({"name": "x"}, "invalid_input"),
        ({"name": " ", "instruction": "x"}, "invalid_input"),
        ({"name": "x", "instruction": "x" * (VOICE_CHARACTERS + 1)}, "too_large"),
        ({"name": "x" * 61, "instruction": "x"}, "too_large"),
    ):
        assert (await refused(voices.create(values))).code == code
    for _ in range(MOST_OWN):
        await voices.create(SAILOR)
    assert (await refused(voices.create(SAILOR))).code == "too_large"


async def make_thread(app: Running, **more: Any) -> str:
    body = {"purpose": "general", **more}
    return str((await app.post("/api/threads", body, status=201))["id"])


async def say(app: Running, thread_id: str, content: str = "Well?") -> str:
    body = {"message_id": new_id(), "content": content}
    posted = await app.post(f"/api/threads/{thread_id}/turns", body, status=202)
    await app.read_reply(posted["assistant_message"]["id"])
    return str(posted["assistant_message"]["id"])


async def test_a_thread_speaks_in_its_voice_and_its_branch_does_too(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        own = await app.post("/api/voices", SAILOR, status=201)
        thread_id = await make_thread(app, personality=own["id"])
        answer_id = await say(app, thread_id)
        assert "Talk like a sailor." in model.history[-1].system
        manifest = await app.get(f"/api/replies/{answer_id}/manifest")
        assert "Voice: Old salt" in [section["title"] for section in manifest["sections"]]

        branch = await app.post(f"/api/threads/{thread_id}/branch", {"message_id": answer_id})
        assert branch["personality"] == own["id"]
        await say(app, branch["id"])
        assert "Talk like a sailor." in model.history[-1].system

        terse = {"personality": "terse"}
        changed = await app.client.patch(f"/api/threads/{thread_id}", json=terse)
        assert changed.json()["personality"] == "terse"
        await say(app, thread_id)
        assert BUILT_IN[0].text.splitlines()[0] in model.history[-1].system
        await say(app, branch["id"])
        assert "Talk like a sailor." in model.history[-1].system


async def test_without_a_voice_or_with_one_that_is_gone_it_sounds_as_usual(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        own = await app.post("/api/voices", SAILOR, status=201)
        thread_id = await make_thread(app, personality=own["id"])
        await app.client.delete(f"/api/voices/{own['id']}")
        await say(app, thread_id)
        assert "VOICE" not in model.history[-1].system

        usual = await app.client.patch(f"/api/threads/{thread_id}", json={"personality": ""})
        assert usual.json()["personality"] is None
        kept = await app.client.patch(f"/api/threads/{thread_id}", json={"title": "Other"})
        assert (kept.json()["title"], kept.json()["personality"]) == ("Other", None)


async def test_a_voice_that_is_not_there_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        body = {"purpose": "general", "personality": "pirate"}
        assert (await app.post("/api/threads", body, status=422))["code"] == "voice_not_found"
        thread_id = await make_thread(app)
        answer = await app.client.patch(f"/api/threads/{thread_id}", json={"personality": "x"})
        assert (answer.status_code, answer.json()["code"]) == (422, "voice_not_found")
