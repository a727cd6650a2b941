"""Vaults and books: what other readers make of them, hostile texts, how they are asked for."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.need_to_know.test_every_kind import Maker
from tests.running import running
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound, TooLarge
from ttrpg_assistant.exports import printing
from ttrpg_assistant.exports.command import export_to_file
from ttrpg_assistant.exports.html_text import prose
from ttrpg_assistant.storage.engines import create_database

HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3))
![picture](http://127.0.0.1:9/pixel.png) <http://example.invalid> # no heading
# A heading

| a | b |
|---|---|
| 1 | <b>2</b> |
"""
NAMES = ["Mira | Vale [the] #smith", "con", "CON", "yes", "---\nttrpg_id: evil", "../../etc/passwd"]


def test_html_in_a_text_is_text_and_nothing_is_fetched() -> None:
    spelled = prose(HOSTILE)
    assert re.findall(r"<(?!/)(\w+)", spelled).count("script") == 0
    assert "<img" not in spelled and 'href="javascript' not in spelled
    assert "<h4>A heading</h4>" in spelled and "<td>&lt;b&gt;2&lt;/b&gt;</td>" in spelled
    for text in ("[" * 6_000, "*a " * 3_000, "> " * 4_000, "`" * 6_000, "<" * 6_000):
        assert prose(text)


async def test_a_vault_links_every_note_and_its_heads_are_yaml(tmp_path: Path) -> None:
    database = create_database(tmp_path / "ttrpg_assistant.db")
    await database.open()

    def fill(tx: Any) -> str:
        made = Maker(5).make(tx)
        for name in NAMES:
            values = {"name": name.replace("\n", " "), "background": HOSTILE, "role": name[:50]}
            values["tags"] = ["two words", "#odd"]
            add_entity(tx, NPC, made.id, NPC.check_new(values))
        return made.id

    campaign_id = await database.write(fill)
    target = tmp_path / "vault.zip"
    # The database is open here, as a running server has it.
    written = await export_to_file(
        tmp_path / "ttrpg_assistant.db", tmp_path, campaign_id, "vault", None, target
    )
    assert written == target
    with pytest.raises(InvalidInput, match="There is a file"):
        await export_to_file(
            tmp_path / "ttrpg_assistant.db", tmp_path, campaign_id, "vault", None, target
        )
    with pytest.raises(NotFound, match="no campaign"):
        await export_to_file(tmp_path / "ttrpg_assistant.db", tmp_path, "?", "vault", None, None)
    await database.close()
    assert not [
        one for one in (tmp_path / "arriving").rglob("*") if one.suffix in (".db", ".export")
    ]
    with zipfile.ZipFile(target) as zipped:
        texts = {one: zipped.read(one).decode() for one in zipped.namelist()}
    assert not [one for one in texts if ".." in one or one.startswith("/") or "\\" in one]
    assert len({one.casefold() for one in texts}) == len(texts)
    notes = {one.rsplit("/", 1)[1].removesuffix(".md") for one in texts}
    ids = set()
    for name, text in texts.items():
        head = text.removeprefix("---\n").split("\n---\n")[0] if text.startswith("---\n") else ""
        values = yaml.safe_load(head) or {}
        if "ttrpg_id" in values:
            ids.add(values["ttrpg_id"])
            assert isinstance(values.get("role", ""), str), name
        for link in re.findall(r"\[\[([^\]|]+)", text.replace(HOSTILE, "")):
            assert link in notes, (name, link)
    assert len(ids) > 15 and "evil" not in ids


async def test_exports_are_asked_for_over_http(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = await app.post("/api/campaigns", {"name": "Marsh: a/b"})
        path = f"/api/campaigns/{campaign['id']}/export"
        npc = await app.post(f"/api/campaigns/{campaign['id']}/npcs", {"name": "Mira"})
        found = await app.client.get(path, params={"format": "book.html", "edition": "players"})
        assert found.status_code == 200 and "Mira" not in found.text
        assert "book%20for%20players.html" in found.headers["content-disposition"]
        for params, code in (
            ({"format": "epub"}, "unknown_format"),
            ({"format": "kanka", "edition": "players"}, "unknown_edition"),
            ({"format": "archive", "edition": "players"}, "unknown_format"),
        ):
            refused = await app.client.get(path, params=params)
            assert (refused.status_code, refused.json()["code"]) == (422, code)
        gone = await app.client.get(
            path.replace(campaign["id"], npc["id"]), params={"format": "vault"}
        )
        assert gone.status_code == 404
        book = await app.client.get(f"/api/campaigns/{campaign['id']}/lorebook?format=sillytavern")
        assert book.json()["name"] == "Marsh: a/b"


async def test_a_book_that_cannot_be_printed_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "book.html"
    source.write_text("<p>Once.</p>")
    monkeypatch.setattr(printing, "MOST_BYTES", 3)
    if printing.importlib.util.find_spec("weasyprint") is not None:
        with pytest.raises(TooLarge) as large:
            await printing.print_html(source, tmp_path / "book.pdf")
        assert large.value.cure is not None and "HTML" in large.value.cure
    monkeypatch.setattr(printing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Conflict) as missing:
        await printing.print_html(source, tmp_path / "book.pdf")
    assert missing.value.code == "pdf_not_installed"
    assert missing.value.cure is not None and printing.INSTALL in missing.value.cure


async def test_a_book_is_printed_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    secret, source = tmp_path / "secret.png", tmp_path / "book.html"
    secret.write_bytes(b"not a picture")
    source.write_text(f'<h1>Once</h1><img src="{secret.as_uri()}"><img src="http://127.0.0.1:9/x">')
    await printing.print_html(source, tmp_path / "book.pdf")
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF-")
