"""A card that was imported goes out byte for byte, or as it is now with all nobody touched."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exports.test_cards import read_png
from tests.imports.card_samples import card, png, spell, text_chunk, zipped
from tests.imports.import_table import ImportTable, lay
from tests.running import running

OURS = "ttrpg-assistant"
READER = os.environ.get("CARD_READER", "")
"""A folder in whose `node_modules` the package `character-card-utils` is."""

MANY = int(os.environ.get("CARDS", "1000"))
CHANGED = ["description", "personality", "first_mes", "mes_example", "creator_notes", "scenario"]

_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    """A card of version 2 or 3 with odd texts, and with things in it that nobody knows."""
    made = copy.deepcopy(card(draw(st.sampled_from([2, 3]))))
    inner = made["data"]
    inner["name"] = draw(_text.filter(str.strip))
    for name in draw(st.sets(st.sampled_from(CHANGED))):
        inner[name] = draw(_text)
    inner["alternate_greetings"] = draw(st.lists(_text, max_size=3))
    inner["extensions"] |= draw(st.dictionaries(_text, _json, max_size=3))
    for entry in inner["character_book"]["entries"]:
        entry["content"] = draw(_text)
        entry["extensions"] |= draw(st.dictionaries(_text, _json, max_size=2))
    return made


def meaning_of(whole: dict[str, Any]) -> dict[str, Any]:
    """What a card says, without what an export of ours adds to it."""
    inner = copy.deepcopy(whole["data"])
    own = inner["extensions"].pop(OURS, {})
    tail = own.get("description_tail") or ""
    if tail:
        inner["description"] = inner["description"].removesuffix(tail).rstrip("\n")
    for entry in inner.get("character_book", {}).get("entries", ()):
        entry.pop("use_regex", None)
    for only_in_one in ("group_only_greetings", "nickname"):
        inner.pop(only_in_one, None)
    return inner


async def export(table: ImportTable, npc: Any, **params: str) -> bytes:
    answer = await table.app.client.get(f"/api/npcs/{npc['id']}/card", params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


async def find_npc(table: ImportTable, done: Any) -> Any:
    del done
    npcs = await table.things("npc")
    return max(npcs, key=lambda one: one["created_at"])


async def test_what_was_received_comes_back_and_only_what_was_changed_differs(
    tmp_path: Path,
) -> None:
    v3 = card(3, assets=[{"type": "icon", "uri": "embeded://a/b.png", "name": "x", "ext": "png"}])
    sent = {
        "both.png": png(text_chunk(b"chara", card(2)), text_chunk(b"ccv3", card(3))),
        "old.json": spell(card(1, name="Old Tom")),
        "odd.charx": zipped(
            {"card.json": spell(v3), "a/b.png": png(), "module.risum": b"\x00 kept \xff"}
        ),
    }
    async with running(tmp_path) as app:
        for name, content in sent.items():
            table = await lay(app)
            npc = await find_npc(table, await table.bring(content, name))
            assert await export(table, npc, **{"as": "received"}) == content
            same = json.loads(await export(table, npc, container="json"))
            if name != "old.json":
                assert meaning_of(same) == meaning_of(v3 if name == "odd.charx" else card(3))
            else:
                assert same["data"]["first_mes"] == card(1)["first_mes"]
            again = await export(table, npc, container="charx")
            (tmp_path / "again.charx").write_bytes(again)
            kept = shutil.unpack_archive(tmp_path / "again.charx", tmp_path / name, "zip")
            assert kept is None
            if name == "odd.charx":
                assert (tmp_path / name / "module.risum").read_bytes() == b"\x00 kept \xff"
            changed = await table.change("npc", npc, personality="amused", name="Mira Reed")
            facts = await table.facts()
            bell = next((one for one in facts if "rings" in one["text"]), None)
            if bell is not None:
                edit = {"text": "The bell rings no more."}
                answer = await app.client.patch(
                    f"/api/facts/{bell['id']}", json={"revision": bell["revision"], "changes": edit}
                )
                assert answer.status_code == 200, answer.text
            spelled = read_png(await export(table, changed, format="v2"))
            expected = meaning_of(same)
            expected |= {"name": "Mira Reed", "personality": "amused"}
            if bell is not None:
                entries = expected["character_book"]["entries"]
                entries[1]["content"] = "@@depth 2\n@@unknown x\nThe bell rings no more."
            assert meaning_of(spelled["ccv3"]) == expected
            assert await export(table, changed, **{"as": "received"}) == content
        made = await app.post(f"/api/campaigns/{table.campaign}/npcs", {"name": "Wim"})
        answer = await app.client.get(f"/api/npcs/{made['id']}/card?as=received")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_imported")


async def test_a_card_that_went_out_comes_back_as_the_same_npc(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await lay(app)
        path = f"/api/campaigns/{table.campaign}/npcs"
        values = {"name": "Wim", "background": "A ferryman.", "role": "ferryman", "status": "tired"}
        npc = await app.post(path, values)
        out = await export(table, npc, container="png")
        preview = await table.send(out, "wim.png")
        assert [(one["name"], one["action"]) for one in preview["things"]] == [("Wim", "same")]


@pytest.mark.deep
@pytest.mark.skipif(not READER or shutil.which("node") is None, reason="CARD_READER is not set")
async def test_a_thousand_cards_are_given_back_whole_to_an_independent_reader(
    tmp_path: Path,
) -> None:
    made: list[dict[str, Any]] = []

    @settings(max_examples=MANY, database=None, suppress_health_check=list(HealthCheck))
    @given(cards())
    def draw(one: dict[str, Any]) -> None:
        made.append(one)

    draw()
    chance, out = random.Random(1), tmp_path / "out"
    out.mkdir()
    async with running(tmp_path) as app:
        for number, one in enumerate(made[:MANY]):
            table = await lay(app)
            is_png = chance.random() < 0.5
            content = png(text_chunk(b"chara", one)) if is_png else spell(one)
            await table.bring(content, f"card.{'png' if is_png else 'json'}")
            (npc,) = await table.things("npc")
            assert await export(table, npc, **{"as": "received"}) == content
            edited = await export(table, npc, container="json", format="v3")
            assert meaning_of(json.loads(edited)) == meaning_of(one), number
            older = await export(table, npc, container="json", format="v2")
            (out / f"{number}.json").write_bytes(older)
    script = (
        "const u = require('character-card-utils'), fs = require('fs');"
        "let bad = 0, read = 0; for (const f of fs.readdirSync(process.argv[1])) {"
        " const card = JSON.parse(fs.readFileSync(process.argv[1] + '/' + f, 'utf8'));"
        " const found = u.safeParseToV2(card); read += 1;"
        " if (!found.success || found.data.data.name !== card.data.name"
        " || found.data.data.description !== card.data.description"
        " || JSON.stringify(found.data.data.extensions) !== JSON.stringify(card.data.extensions)"
        " || found.data.data.character_book.entries.length !== card.data.character_book.entries"
        ".length) bad += 1; } console.log(JSON.stringify({ read, bad }));"
    )
    command = ["node", "-e", script, str(out)]
    said = await asyncio.to_thread(subprocess.check_output, command, cwd=READER, text=True)
    print(f"{len(made)} cards: {said.strip()}")
    assert json.loads(said) == {"read": len(made[:MANY]), "bad": 0}
