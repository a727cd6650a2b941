"""Files with wrong endings, in old encodings, of systems and of other trades: read by what they
are, or refused in a true sentence that names the way."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.imports.card_samples import card, spell
from tests.imports.sent_files import send, zip_of
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.reading import Read, read_files

CARD = spell(card(2))
DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
VAULT = {
    "V/.obsidian/app.json": "{}",
    "V/NPCs/Mira.md": "---\nrole: smith\n---\nShe works.",
}


def read_one(folder: Path, name: str, content: bytes | str) -> Read:
    given, into = folder / "given", folder / "into"
    given.mkdir()
    into.mkdir()
    return read_files([send(given, name, content)], into)


@pytest.mark.parametrize(
    ("name", "content", "format", "thing"),
    [
        ("mira.txt", CARD, "character_card", "Mira Vale"),
        ("mira.json", CARD.decode().encode("utf-16"), "character_card", "Mira Vale"),
        ("mira.json", b"\xef\xbb\xbf" + CARD, "character_card", "Mira Vale"),
        ("t.txt", "# Таверна «Чайка»\nДымно и тесно, у реки.\n".encode("cp1251"), "notes",
         "Таверна «Чайка»"),
        ("t.md", "# The Gull\nA tavern".encode("utf-16"), "notes", "The Gull"),
        ("../../etc/passwd.md", "# The Gull\nA tavern", "notes", "The Gull"),
        ("n.tsv", "Name\tRole\nMira\tsmith\nWim\tferry\n".encode("utf-16"), "tables", "Mira"),
        ("c.zip", zip_of({"m.json": CARD, "__MACOSX/._m.json": DOUBLE, ".DS_Store": b"\0\0\0\1"}),
         "character_card", "Mira Vale"),
        ("v.zip", zip_of({**VAULT, "__MACOSX/V/NPCs/._Mira.md": DOUBLE, "V/Thumbs.db": b"\xd0"}),
         "obsidian_vault", "Mira"),
    ],
)  # fmt: skip
def test_what_a_file_is_is_seen_by_its_content(
    tmp_path: Path, name: str, content: bytes | str, format: str, thing: str
) -> None:
    reading = read_one(tmp_path, name, content).reading
    assert (reading.format, reading.things[0].values["name"]) == (format, thing)
    assert not [one for one in reading.ignored if "format" in one.text]


@pytest.mark.parametrize(
    ("name", "content", "sentence", "way"),
    [
        ("a.txt", b"", "is empty", None),
        ("a.png", b"", "is empty", None),
        ("a.md", b"  \n\n", "no text in a.md", None),
        ("a.zip", b"PK\x05\x06" + bytes(18), "no file in this zip", "can be imported: "),
        ("a.zip", zip_of({".DS_Store": b"\0"}), "no file in this zip", "can be imported: "),
        ("a.zip", zip_of(VAULT)[:150], "damaged or cut off", "again"),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "archive", "Unpack"),
        ("a.json.gz", gzip.compress(CARD), "compressed", "Unpack"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old program", ".docx"),
        ("a.xlsx", zip_of({"xl/workbook.xml": "<x/>"}), "a spreadsheet", "CSV"),
        ("a.pptx", zip_of({"ppt/presentation.xml": "<x/>"}), "a presentation", "PDF"),
        ("a.pages", zip_of({"Index/Document.iwa": b"\0"}), "Pages", "PDF"),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 ", "picture without", "page of an NPC"),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", "a recording", "Write down"),
        ("a.mp4", b"\0\0\0\x20ftypisom" + bytes(40), "a recording", "Write down"),
        ("a.svg", b"<svg xmlns='x'><script>1</script></svg>", "a drawing", "PNG"),
        ("a.xml", b"<?xml version='1.0'?><npc/>", "XML", "JSON"),
        ("a.json", b'{"temperature": 0.7, "prompts": []}', "JSON of a kind", "can be imported: "),
        ("a.canvas", b'{"nodes":[{"id":"1"}]}', "JSON of a kind", "can be imported: "),
        ("a.json", CARD[:80], "or damaged", "can be imported: "),
        ("a.fountain", b"INT. TAVERN\n\nMIRA\nHello.\n", "not in a format", ".txt"),
        ("all.zip", zip_of({"in.zip": zip_of({"m.json": CARD})}), "zip within a zip", "alone"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_way(
    tmp_path: Path, name: str, content: bytes, sentence: str, way: str | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_one(tmp_path, name, content)
    assert sentence in refused.value.sentence
    assert way is None or (refused.value.cure is not None and way in refused.value.cure)


def test_beside_others_it_is_named_with_what_it_is(tmp_path: Path) -> None:
    files = {"m.json": CARD, "in.zip": zip_of({"m.json": CARD}), "b.rar": b"Rar!\x1a\x07\x01\0",
             "c.txt": b""}  # fmt: skip
    reading = read_one(tmp_path, "all.zip", zip_of(files)).reading
    assert {one.field: one.text for one in reading.ignored} == {
        "in.zip": "a zip within a zip",
        "b.rar": "an archive in a format that is not read here",
        "c.txt": "empty",
    }
