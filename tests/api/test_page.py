"""The page's own files."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.running import running
from ttrpg_assistant.api.page import WEB


async def test_texts_come_compressed_and_are_the_same_when_unpacked(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        for path in ("app/main.js", "styles/base.css", "vendor/purify.es.mjs", "icons/mark.svg"):
            plain = await app.client.get(f"/{path}", headers={"Accept-Encoding": "identity"})
            small = await app.client.get(f"/{path}", headers={"Accept-Encoding": "gzip"})
            assert "content-encoding" not in plain.headers
            assert small.headers["content-encoding"] == "gzip"
            assert small.headers["content-type"] == plain.headers["content-type"]
            assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
            assert small.content == plain.content == (WEB / path).read_bytes()
            assert int(small.headers["content-length"]) < len(plain.content)
            again = {"Accept-Encoding": "gzip", "If-None-Match": small.headers["etag"]}
            assert (await app.client.get(f"/{path}", headers=again)).status_code == 304


async def test_fonts_come_as_they_are(tmp_path: Path) -> None:
    font = next((WEB / "fonts").glob("*.woff2"))
    async with running(tmp_path) as app:
        found = await app.client.get(f"/fonts/{font.name}", headers={"Accept-Encoding": "gzip"})
    assert found.content == font.read_bytes() and "content-encoding" not in found.headers


def test_compressing_helps() -> None:
    texts = [path.read_bytes() for path in WEB.rglob("*") if path.suffix in {".js", ".css"}]
    whole = sum(map(len, texts))
    assert sum(len(gzip.compress(text)) for text in texts) < whole / 2
