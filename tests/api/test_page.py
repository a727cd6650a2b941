"""The page's own files."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.running import running
from ttrpg_assistant.api.page import WEB
from ttrpg_assistant.api.page_edition import EDITIONS_KEPT, Made, PageEditions

FOR_GOOD = "public, max-age=31536000, immutable"


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


async def test_everything_the_page_names_is_there_and_kept_for_good(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        page = await app.client.get("/chat")
        assert page.headers["cache-control"] == "no-cache"
        named = set(re.findall(r'"(/[\w./-]+\.\w+)"', page.text))
        # A system that installs the page asks for these again under the same addresses.
        installed = {path for path in named if path.startswith("/icons/")}
        named -= installed
        assert len(installed) == 3
        for path in installed:
            assert (await app.client.get(path)).headers["cache-control"] == "no-cache", path
        assert {path.rsplit("/", 1)[-1] for path in named} >= {"page.js", "page.css", "first.js"}
        style = next(path for path in named if path.endswith("page.css"))
        fonts = set(re.findall(r'url\("(/[^"]+)"', (await app.client.get(style)).text))
        assert len(fonts) >= 8
        for path in named | fonts:
            found = await app.client.get(path)
            assert found.status_code == 200, path
            assert found.headers["cache-control"] == FOR_GOOD, path
        # What only the import map names is fetched when it is needed.
        at_once = named & set(re.findall(r'(?:src|href)="([^"]+)"', page.text))
        assert len(at_once) < 16
        late = {path.rsplit("/", 1)[-1].split("-")[0] for path in named - at_once}
        assert late == {"d3"}


async def test_a_joined_text_comes_compressed_and_with_a_map_that_is_there(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        page = (await app.client.get("/chat")).text
        for name, kind in (("page.js", "text/javascript"), ("page.css", "text/css")):
            found = re.search(rf'"(/v/\w+/{re.escape(name)})"', page)
            assert found
            plain = await app.client.get(found[1], headers={"Accept-Encoding": "identity"})
            small = await app.client.get(found[1], headers={"Accept-Encoding": "gzip"})
            assert small.headers["content-encoding"] == "gzip"
            assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
            assert plain.headers["content-type"].startswith(kind)
            assert small.content == plain.content
            assert (await app.client.get(f"{found[1]}.map")).json()["version"] == 3


async def test_a_forgotten_edition_is_answered_with_the_newest_and_not_kept(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        found = await app.client.get("/v/0123456789abcdef/page.js")
        assert found.status_code == 200 and found.headers["cache-control"] == "no-cache"
        library = await app.client.get("/v/0123456789abcdef/vendor/preact.mjs")
        assert library.headers["cache-control"] == "public, max-age=86400"
        for path in ("0123456789abcdef/other.js", "x/app/main.js", "x/vendor/none.mjs"):
            assert (await app.client.get(f"/v/{path}")).status_code == 404


def small_page(folder: Path) -> Path:
    """A page of the same make with two modules and two style sheets."""
    texts = {
        "index.html": '<script src="/app/first.js"></script>\n'
        '    <link rel="stylesheet" href="/styles/one.css">\n'
        '    <link rel="stylesheet" href="/styles/two.css">\n'
        '<script type="module" src="/app/main.js"></script>\n',
        "app/first.js": "first();\n",
        "app/main.js": 'import { word } from "./word.js";\n',
        "app/word.js": 'export const word = "before";\n',
        "styles/one.css": "one {}\n",
        "styles/two.css": "two {}\n",
        "vendor/library.mjs": "export const a = 1;\n",
        "fonts/one.woff2": "",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_an_edited_file_is_in_the_next_edition_without_a_build(tmp_path: Path) -> None:
    editions = PageEditions(small_page(tmp_path))
    before = editions.current()
    assert b'"before"' in before.made["page.js"].text
    assert editions.current() is before
    (tmp_path / "app" / "word.js").write_text('export const word = "after, and longer";\n')
    after = editions.current()
    assert b'"after, and longer"' in after.made["page.js"].text
    assert after.version != before.version and f"/v/{after.version}/".encode() in after.index
    assert editions.find(before.version) is before, "a page opened just before still finds its own"


def test_a_file_touched_but_not_changed_keeps_its_name(tmp_path: Path) -> None:
    editions = PageEditions(small_page(tmp_path))
    before = editions.current()
    os.utime(tmp_path / "app" / "word.js", ns=(1, 1))
    assert editions.current().version == before.version


def test_only_a_few_editions_are_remembered(tmp_path: Path) -> None:
    editions = PageEditions(small_page(tmp_path))
    first = editions.current()
    for length in range(1, EDITIONS_KEPT + 1):
        (tmp_path / "styles" / "two.css").write_text("two {}\n" * (length + 1))
        editions.current()
    assert editions.find(first.version) is None


def test_a_page_that_cannot_be_joined_is_sent_file_by_file(tmp_path: Path) -> None:
    (small_page(tmp_path) / "app" / "word.js").write_text("export let word = 1;\n")
    edition = PageEditions(tmp_path).current()
    assert edition.index == (tmp_path / "index.html").read_bytes() and not edition.made


def test_a_changed_library_has_another_address(tmp_path: Path) -> None:
    web = tmp_path / "web"
    shutil.copytree(WEB, web)
    before = PageEditions(web)
    (web / "vendor" / "htm.module.js").write_text("export default 1;\n")
    after = PageEditions(web)
    assert before.vendored != after.vendored
    assert before.script_hashes() != after.script_hashes(), "the import map names it"


def test_compressing_helps() -> None:
    texts = [path.read_bytes() for path in WEB.rglob("*") if path.suffix in {".js", ".css"}]
    whole = sum(map(len, texts))
    assert sum(len(gzip.compress(text)) for text in texts) < whole / 2


async def test_only_the_paths_of_screens_open_the_page(tmp_path: Path) -> None:
    screens = re.findall(r'path: "([^"]+)"', (WEB / "app" / "routes.js").read_text("utf-8"))
    assert len(screens) > 8
    async with running(tmp_path) as app:
        for path in ("/", *(re.sub(r":\w+", "one", screen) for screen in screens)):
            for spelled in (path, f"{path.rstrip('/')}/"):
                opened = await app.client.get(spelled)
                assert (opened.status_code, opened.headers["content-type"][:9]) == (
                    200,
                    "text/html",
                ), spelled
        for path in ("/v2/models", "/api/v1/models", "/chat/a/b", "/nowhere", "/app", "/x.y"):
            missing = await app.client.get(path, headers={"Accept": "application/json"})
            assert missing.status_code == 404, path
            assert missing.json()["code"] == "not_found"


async def test_a_browser_with_an_old_link_is_told_by_the_page(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        shown = await app.client.get("/gone/away", headers={"Accept": "text/html,*/*;q=0.8"})
    assert shown.status_code == 404 and "<script" in shown.text


async def test_what_the_page_names_is_compressed_when_a_browser_has_the_page(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        page = await app.client.get("/", headers={"Accept": "text/html"})
        [address] = set(re.findall(r"/v/[0-9a-f]+/page\.js", page.text))
        small = await app.client.get(address, headers={"Accept-Encoding": "gzip"})
        plain = await app.client.get(address, headers={"Accept-Encoding": "identity"})
        assert small.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert plain.content == small.content


def test_a_text_is_the_same_before_and_after_it_is_compressed() -> None:
    made = Made(b"said " * 1000, "text/css")
    with ThreadPoolExecutor(4) as threads:
        [small] = {small for small in threads.map(lambda _: made.compress(), range(8))}
    assert gzip.decompress(small) == made.text == b"said " * 1000
