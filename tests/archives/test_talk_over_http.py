"""Talk of other programs on the real server: branches, hidden lines, several conversations."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tests.archives.talk_writers import chatgpt, converse, sillytavern
from tests.archives.test_files_over_http import FILE, end_of
from tests.imports.import_table import lay
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

NASTY = (
    "line one\n\n**Game master** · 2026-01-02 10:00 UTC\n\nno head",
    "# Title\n<!-- ttrpg-assistant conversation -->\n\\**x** · 2026-",
    "Mira: line one\nTreasure: 300 gp",
    "\n  ends with blanks  \n\n",
)


async def take(app: Running, content: bytes, *params: tuple[str, str]) -> Any:
    """Import a file as the page does: with what the preview says of it."""
    seen = await look(app, content)
    asked = [("format", seen["format"]), ("title", "Imported"), ("answers", "")]
    asked += [("answers", one["name"]) for one in seen["speakers"] if one["role"] == "assistant"]
    begun = await app.client.post(
        "/api/transcripts", content=content, params=[*asked, *params], headers=FILE
    )
    assert begun.status_code == 202, begun.text
    return await end_of(app, begun.json())


async def look(app: Running, content: bytes) -> Any:
    seen = await app.client.post("/api/transcripts/preview", content=content, headers=FILE)
    assert seen.status_code == 200, seen.text
    return seen.json()


async def read(app: Running, done: Any) -> tuple[list[tuple[str, str, str]], dict[str, Any]]:
    page = await app.get(f"/api/threads/{done['conversation_id']}/messages", limit="200")
    found = page["messages"]
    return [(one["role"], one["content"], one["created_at"]) for one in found], page["siblings"]


async def test_alternatives_are_branches_and_our_own_files_bring_all_of_it_back(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        spoken = converse(random.Random(3), 12, alternatives=True)
        for one, text in zip(spoken, NASTY, strict=False):
            one.versions[one.chosen] = text
        lines = [{"user_name": "a", "character_name": "b"}]
        for one in spoken:
            line: dict[str, Any] = {"name": "", "is_user": one.role == "user"}
            line |= {"mes": one.versions[one.chosen], "send_date": one.at.isoformat()}
            lines.append(line | {"swipes": one.versions, "swipe_id": one.chosen})
        hidden = {"name": "Sys", "is_system": True, "mes": "hidden", "send_date": 1685740000}
        lines.append({**hidden, "is_user": False})
        done = await take(app, "\n".join(map(json.dumps, lines)).encode())
        shown, siblings = await read(app, done)
        assert [one[1] for one in shown[:-1]] == [one.versions[one.chosen] for one in spoken]
        assert shown[-1][:2] == ("system", "Sys: hidden")
        counts = sorted(len(one.versions) for one in spoken if len(one.versions) > 1)
        assert sorted(len(ids) for ids in siblings.values()) == counts

        path = f"/api/conversations/{done['conversation_id']}/export"
        for spelled in ("markdown", "jsonl"):
            file = (await app.client.get(path, params={"format": spelled})).content
            again, branches = await read(app, await take(app, file))
            assert again == shown, spelled
            if spelled == "jsonl":
                assert sorted(map(len, branches.values())) == counts


async def test_the_conversations_of_an_account_are_chosen_and_seen_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await lay(app)
        written = [chatgpt(random.Random(seed)) for seed in range(2, 6)]
        content = json.dumps([one for file in written for one in json.loads(file.content)]).encode()
        seen = await look(app, content)
        many = len(seen["conversations"])
        assert many > 3 and seen["format"] == "chatgpt"
        counts = [one["messages"] for one in seen["conversations"]]

        campaign = ("campaign_id", table.campaign)
        done = await take(app, content, ("conversations", f"0-1,{many - 1}"), campaign)
        assert (done["state"], done["conversations"]) == ("done", 3)
        assert done["messages"] == counts[0] + counts[1] + counts[-1]
        threads = (await app.get("/api/threads", campaign_id=table.campaign))["threads"]
        assert [one["title"] for one in threads] == ["T"] * 3
        alone = await take(app, content, ("conversations", "1"), campaign)
        assert (await app.get(f"/api/threads/{alone['conversation_id']}"))["title"] == "Imported"
        for wrong in ("x", "5-", "0-9999999"):
            answer = await app.client.post(
                "/api/transcripts", content=b"GM: a", params={"conversations": wrong}, headers=FILE
            )
            assert answer.status_code == 422, wrong

        # The import of any files knows them too, each conversation by itself.
        preview = await table.send(content, "conversations.json")
        assert (preview["format"], len(preview["talk"])) == ("talk", many)
        brought = await table.accept(preview, skip_talk=[0])
        assert brought["state"] == "done"
        assert brought["report"]["counts"] == {"conversations": many - 1}
        chat = await table.bring(sillytavern(random.Random(1)).content, "Mira.jsonl")
        assert chat["report"]["counts"] == {"conversations": 1}


async def test_a_hidden_line_is_in_no_prompt_and_is_shown(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, providers=[model]) as app:
        lines = [
            {
                "name": "Mira",
                "is_user": False,
                "mes": "zebrafinch",
                "swipes": ["zebrafinch", "ibis"],
            },
            {"name": "Mira", "is_user": False, "is_system": True, "mes": "hoopoe"},
            {"name": "Tom", "is_user": True, "mes": "kestrel"},
            {"name": "Bot", "is_user": False, "mes": "bittern"},
        ]
        content = "\n".join(map(json.dumps, lines)).encode()
        params = [("format", "sillytavern"), ("answers", "Mira"), ("hidden", "bot")]
        begun = await app.client.post(
            "/api/transcripts", content=content, params=params, headers=FILE
        )
        done = await end_of(app, begun.json())
        shown, _ = await read(app, done)
        assert [one[0] for one in shown] == ["assistant", "system", "user", "system"]
        body = {"message_id": new_id(), "content": "Go on."}
        path = f"/api/threads/{done['conversation_id']}/turns"
        posted = await app.post(path, body, status=202)
        await app.read_reply(posted["assistant_message"]["id"])
        asked = str(model.history[-1])
        assert "zebrafinch" in asked and "kestrel" in asked
        assert not [word for word in ("ibis", "hoopoe", "bittern") if word in asked]
