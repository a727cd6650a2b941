"""Files in and out of the real server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.archives.store import talk_rows
from ttrpg_assistant.ids import new_id

FILE = {"Content-Type": "application/octet-stream"}


async def upload(app: Running, text: bytes, **params: str) -> Any:
    answer = await app.client.post("/api/transcripts", content=text, params=params, headers=FILE)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def end_of(app: Running, begun: Any) -> Any:
    """The import when its task has ended."""
    for task in list(app.services.imports.tasks):
        await asyncio.wait([task])
    return await app.get(f"/api/imports/{begun['id']}")


async def test_a_transcript_becomes_a_thread_and_is_found(tmp_path: Path) -> None:
    text = b"GM: The gate is shut.\nMira: I knock.\nTwice.\n\nAssistant: It creaks.\n"
    async with running(tmp_path) as app:
        done = await end_of(app, await upload(app, text, title="Evening 1"))
        assert (done["state"], done["messages"]) == ("done", 3)
        page = await app.get(f"/api/threads/{done['conversation_id']}/messages")
        assert [(m["role"], m["content"]) for m in page["messages"]] == [
            ("user", "GM: The gate is shut."),
            ("user", "Mira: I knock.\nTwice."),
            ("assistant", "It creaks."),
        ]
        found = await app.get("/api/search", q="creaks")
        assert found["hits"][0]["title"] == "Evening 1"
        path = f"/api/conversations/{done['conversation_id']}/export"
        told = (await app.client.get(path)).text
        assert told.startswith("# Evening 1\n") and "It creaks." in told
        lines = (await app.client.get(path, params={"format": "jsonl"})).text
        again = await end_of(app, await upload(app, lines.encode(), format="jsonl"))
        assert (again["state"], again["messages"]) == ("done", 3)


async def test_a_cancelled_import_and_a_damaged_file_leave_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        text = b"GM: " + b"a line of talk\nGM: " * 60_000
        begun = await upload(app, text)
        cancelled = await app.post(f"/api/imports/{begun['id']}/cancel")
        assert cancelled["state"] in ("cancelled", "done")
        bad = await end_of(app, await upload(app, b"\n\n"))
        assert (bad["state"], bad["fault"]["code"]) == ("failed", "transcript_empty")
        deep = await end_of(app, await upload(app, b"[" * 100_000 + b"\n", format="jsonl"))
        assert (deep["state"], deep["fault"]["code"]) == ("failed", "malformed_json")
        for one in (begun, bad, deep):
            if one is begun and cancelled["state"] == "done":
                continue
            await app.get(f"/api/threads/{one['conversation_id']}", status=404)
        await app.get("/api/imports/" + new_id(), status=404)
        answer = await app.client.post("/api/transcripts", json={})
        assert answer.status_code == 415


async def test_what_a_dead_server_left_half_taken_in_is_swept_away(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        database, id = app.services.database, new_id()
        await database.write(
            lambda tx: talk_rows.begin_hidden(tx, {"id": id, "purpose": "general", "title": "x"})
        )
        assert await app.services.transcripts.sweep() == 1
        assert await app.services.transcripts.sweep() == 0


async def test_a_campaign_goes_out_and_comes_back_over_http(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        made = await app.post("/api/sample-campaign")
        answer = await app.client.get(f"/api/campaigns/{made['id']}/archive")
        assert answer.status_code == 200
        assert 'filename="' in answer.headers["content-disposition"]
        back = await app.client.post("/api/archives", content=answer.content, headers=FILE)
        assert back.status_code == 201, back.text
        assert back.json()["is_copy"] is True
        campaign = await app.get(f"/api/campaigns/{back.json()['campaign_id']}")
        assert campaign["name"] == back.json()["name"]
        assert campaign["name"].startswith(f"{made['name']} (imported ")


async def test_a_restore_goes_on_when_whoever_waited_for_it_is_gone(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        made = await app.post("/api/sample-campaign")
        file = (await app.client.get(f"/api/campaigns/{made['id']}/archive")).content
        imports = app.services.imports
        asking = asyncio.create_task(app.client.post("/api/archives", content=file, headers=FILE))
        while not imports.tasks:  # noqa: ASYNC110
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking, *imports.tasks])
        assert asking.cancelled()
        [ended] = (await app.get("/api/imports"))["imports"]
        assert ended["state"] == "done"
        await app.get(f"/api/campaigns/{ended['restored']['campaign_id']}")


async def test_whoever_waits_for_a_restore_hears_that_it_was_cancelled(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        made = await app.post("/api/sample-campaign")
        file = (await app.client.get(f"/api/campaigns/{made['id']}/archive")).content
        asking = asyncio.create_task(app.client.post("/api/archives", content=file, headers=FILE))
        while not app.services.imports.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
        [begun] = app.services.imports.running
        assert (await app.services.imports.cancel(begun.id)).state == "cancelled"
        answer = await asking
        assert (answer.status_code, answer.json()["code"]) == (409, "import_cancelled")
        assert len((await app.get("/api/campaigns"))["campaigns"]) == 1


async def test_a_look_at_a_transcript_names_its_speakers_and_stores_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app:

        async def look(text: bytes, **params: str) -> Any:
            path = "/api/transcripts/preview"
            return await app.client.post(path, content=text, params=params, headers=FILE)

        text = b"Once upon\nGM: The gate is shut.\nMira: I knock.\nMira: Twice.\nAI: It creaks.\n"
        seen = (await look(text)).json()
        assert (seen["format"], seen["messages"], seen["more_speakers"]) == ("text", 5, 0)
        assert [(one["name"], one["role"], one["messages"]) for one in seen["speakers"]] == [
            ("Mira", "user", 2),
            ("", "user", 1),
            ("GM", "user", 1),
            ("AI", "assistant", 1),
        ]
        assert seen["first"][2]["content"] == "Mira: I knock."
        cut = (await look(text + b"Tom\xc3", whole="false")).json()
        assert cut["messages"] == 5
        lines = b'{"conversation": {}}\n{"role": "assistant", "text": "Aye."}\n'
        seen = (await look(lines)).json()
        assert (seen["format"], seen["speakers"][0]["name"]) == ("jsonl", "Assistant")
        for wrong, code in ((b"%PDF-1.7 \xff", "not_talk"), (b"\n \n", "transcript_empty")):
            answer = await look(wrong)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert (await app.get("/api/threads"))["threads"] == []
        assert (await app.get("/api/imports"))["imports"] == []


async def test_who_answers_in_a_transcript_can_be_said(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        text = "Tom: Hail!\nMira: What?\n" + "Tom: " + "long " * 50_000 + "end\n"
        begun = await app.client.post(
            "/api/transcripts",
            content=text.encode(),
            params=[("answers", "Mira"), ("answers", "")],
            headers=FILE,
        )
        done = await end_of(app, begun.json())
        assert (await app.get("/api/imports"))["imports"][0]["id"] == done["id"]
        page = await app.get(f"/api/threads/{done['conversation_id']}/messages")
        said = page["messages"]
        assert [m["role"] for m in said] == ["user", "assistant", "user", "user"]
        assert (said[2]["content"] + said[3]["content"]).endswith("long end")


async def test_all_talk_of_a_campaign_goes_out_as_one_file(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        made = await app.post("/api/sample-campaign")
        path = f"/api/campaigns/{made['id']}/talk"
        told = await app.client.get(path)
        assert told.status_code == 200 and told.headers["content-type"].startswith("text/markdown")
        talks = (await app.get(f"/api/campaigns/{made['id']}/conversations"))["purposes"]
        titles = [talk["title"] for purpose in talks for talk in purpose["threads"]]
        assert titles and all(f"# {title}\n" in told.text for title in titles)
        # A person reads it: what is proposed is said in words.
        assert "Suggestion: " in told.text and "```suggestion" not in told.text
        lines = (await app.client.get(path, params={"format": "jsonl"})).text.splitlines()
        assert any("```suggestion" in line for line in lines)
        heads = [line for line in lines if line.startswith('{"conversation":')]
        assert len(heads) == told.text.count("\n# ") + told.text.startswith("# ")
        await app.get(f"/api/campaigns/{new_id()}/talk", status=404)
