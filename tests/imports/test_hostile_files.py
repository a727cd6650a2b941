"""Files made to hurt: each gets one true sentence, bounded memory, and nothing of it stays."""

from __future__ import annotations

import io
import random
import stat
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.imports.card_samples import card, chunk, png, spell, text_chunk, world, zipped
from tests.imports.import_table import lay
from tests.running import running
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.imports.reading import read_files
from ttrpg_assistant.imports.store import sources

MOST_BYTES = 48 * 1024**2
"""What reading a small hostile file may take, with what it unpacks before it is refused."""

BOMB = 40 * 1024**2


def with_link(target: str) -> bytes:
    """A zip with a card and a link that leads out of it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("card.json", spell(card(3, assets=[link_to("assets/key.png")])))
        link = zipfile.ZipInfo("assets/key.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, target)
    return made.getvalue()


def link_to(path: str) -> dict[str, str]:
    """A picture that a card names in its own zip."""
    return {"type": "icon", "name": "main", "uri": f"embeded://{path}", "ext": "png"}


def zip_bomb(name: str) -> bytes:
    """A zip whose one entry unpacks to far more than it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as entry:
        piece = b" " * 1024**2
        for _ in range(BOMB // len(piece)):
            entry.write(piece)
    return made.getvalue()


def text_bomb() -> bytes:
    """A picture whose packed text unpacks to far more than it is."""
    packing = zlib.compressobj(9)
    piece = b"A" * 1024**2
    packed = b"".join(packing.compress(piece) for _ in range(BOMB // len(piece)))
    return png(chunk(b"zTXt", b"chara\0\0" + packed + packing.flush()))


DEEP = b'{"spec":"chara_card_v2","data":{"name":"Deep","extensions":' + b"[" * 20_000


def list_hostile() -> Iterator[tuple[str, bytes]]:
    """Files that must be refused."""
    yield "bomb.charx", zip_bomb("card.json")
    yield "bomb.zip", zip_bomb("notes/a.json")
    yield "bomb.png", text_bomb()
    yield "deep.json", DEEP
    yield "deep_but_whole.json", DEEP + b"]" * 20_000 + b"}}"
    yield "cut.charx", zipped({"card.json": spell(card(3))})[:-40]
    yield "no_end.png", png(b"\xff\xff\xff\xfftEXtchara\0")
    yield "nested.zip", zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": b"x"})})})
    yield "half.json", b'{"name": "\\ud83d", "description": "x"'


async def test_a_hostile_file_gets_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    hostile = list(list_hostile())
    async with running(tmp_path) as app:
        table = await lay(app)
        for name, content in hostile:
            answer = await app.client.post(
                "/api/imports",
                params={"filename": name, "campaign_id": table.campaign},
                content=content,
                headers={"Content-Type": "application/octet-stream"},
            )
            assert answer.status_code in (413, 422), (name, answer.text)
            assert answer.json()["detail"].count("\n") == 0 and answer.json()["detail"], name
        assert [path for path in (tmp_path / "imported").rglob("*") if path.is_file()] == []
        assert await table.things("npc") == []


@pytest.mark.deep
def test_reading_a_hostile_file_takes_bounded_memory(tmp_path: Path) -> None:
    with (tmp_path / "gigabyte.bin").open("wb") as file:
        file.truncate(1024**3)
    files = [(name, content) for name, content in list_hostile()]
    for name, content in [*files, ("gigabyte.json", b""), ("gigabyte.png", b"")]:
        path = tmp_path / name
        if content:
            path.write_bytes(content)
        else:
            path = tmp_path / "gigabyte.bin"
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        tracemalloc.start()
        with pytest.raises(Fault):
            read_files([SourceFile(name, path, path.stat().st_size)], folder)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"{name}: {path.stat().st_size / 1024**2:.1f} MB, at most {peak / 1024**2:.1f} MB")
        assert peak < MOST_BYTES + 4 * len(content), name


async def test_names_links_and_false_pictures_do_not_get_out_of_a_card(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    inside = {
        "card.json": spell(card(3, description=script, assets=[link_to("assets/a.png")])),
        "assets/a.png": svg,
        "../../outside.txt": b"outside",
        "/etc/absolute": b"x",
        "..\\..\\windows.txt": b"x",
    }
    async with running(tmp_path / "data") as app:
        table = await lay(app)
        seen = await table.send(zipped(inside), "evil.charx")
        assert seen["warnings"][0].startswith("3 files in the card of Mira Vale were left out")
        done = await table.accept(seen)
        (npc,) = await table.things("npc")
        assert npc["background"] == script, "text stays text"
        (left,) = done["report"]["pictures_left_out"]
        assert left["name"] == "assets/a.png" and "pictures" not in done["report"]["counts"]
        linked = await table.send(with_link("/etc/passwd"), "linked.charx")
        assert linked["things"][0]["pictures"] == 0 and linked["warnings"]
    assert [path for path in tmp_path.iterdir() if path.name != "data"] == []


def mutate(content: bytes, chance: random.Random) -> bytes:
    """The file with some bytes changed, cut out, doubled or cut off."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 2)):
        at, length = chance.randrange(len(changed)), chance.randint(1, 12)
        what = chance.randrange(4)
        if what == 0:
            changed[at : at + length] = chance.randbytes(length)
        elif what == 1 and len(changed) > 200:
            del changed[at : at + length]
        elif what == 2:
            changed[at:at] = changed[at : at + length]
        elif chance.random() < 0.2 and len(changed) > 200:
            del changed[-length:]
    return bytes(changed)


SEEDS: tuple[tuple[str, bytes], ...] = (
    ("card.json", spell(card(1))),
    ("card.json", spell(card(2))),
    ("card.png", png(text_chunk(b"chara", card(2)), text_chunk(b"ccv3", card(3)))),
    ("card.png", png(text_chunk(b"ccv3", card(3), b"iTXt"))),
    ("card.png", png(text_chunk(b"chara", card(2), b"zTXt"))),
    ("card.charx", zipped({"card.json": spell(card(3)), "assets/a.png": png()})),
    ("book.json", spell({"spec": "lorebook_v3", "data": card(2)["data"]["character_book"]})),
    ("world.json", spell(world())),
)


def test_a_mutated_file_is_read_or_refused_by_name(tmp_path: Path) -> None:
    chance = random.Random(47)
    read = 0
    for number in range(96):
        name, seed = SEEDS[number % len(SEEDS)]
        content = seed if number < len(SEEDS) else mutate(seed, chance)
        path = tmp_path / f"{number}.bin"
        path.write_bytes(content)
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        try:
            found = read_files([SourceFile(name, path, len(content))], folder)
        except Fault as fault:
            assert fault.sentence and fault.code, content
            continue
        read += 1
        assert found.reading.things or found.reading.facts or found.reading.talk
    assert read > 20, "some are still cards"


@pytest.mark.deep
async def test_a_thousand_mutated_cards_are_given_back_as_received(tmp_path: Path) -> None:
    chance = random.Random(16)
    kept = refused = 0
    async with running(tmp_path) as app:
        for number in range(1_000):
            if number % 200 == 0:
                table = await lay(app)
            name, seed = SEEDS[number % 6]
            content = mutate(seed, chance)
            answer = await app.client.post(
                "/api/imports",
                params={"filename": f"{number}-{name}", "campaign_id": table.campaign},
                content=content,
                headers={"Content-Type": "application/octet-stream"},
            )
            if answer.status_code != 201:
                assert answer.status_code in (413, 422), answer.text
                refused += 1
                continue
            seen: Any = answer.json()
            if seen["format"] != "character_card":
                continue
            done = await table.accept(seen)
            assert done["state"] == "done", done
            ids = [one["entity_id"] for one in seen["things"]]
            things = await table.things("npc")
            thing = next((one for one in things if one["id"] in ids), things[-1])
            found = await app.services.database.read(
                lambda tx, id=thing["id"]: sources.find_source(tx, "npc", id)
            )
            every = await app.services.database.read(
                lambda tx, id=done["id"]: sources.list_of_import(tx, id)
            )
            own = next(one for one in every if one.kind == "npc")
            assert found is not None
            assert app.services.kept_files.open_file(own).read_bytes() == content
            kept += 1
    print(f"{kept} cards given back byte for byte, {refused} refused by name")
    assert kept > 100
