"""Notes in many formats become things by their headings, and are never talk."""

from __future__ import annotations

import io
import re
import sys
import tomllib
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import H, List, ListItem, P

from tests.imports.paper_samples import pdf
from tests.imports.sent_files import named, read, send, words_of, zip_of
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.document_files import reading, reading_process
from ttrpg_assistant.imports.document_files.reading import Document, read_documents
from ttrpg_assistant.imports.formats.notes import FORMAT, add_parts
from ttrpg_assistant.imports.gathering import Gathering

MARKDOWN = """# Marsh

Where the river ends.

## NPCs
Everybody we met.

### Mira Vale
A **smith**.

#### Her past
Long ago.

### NPC: Tomas Reed
Ferryman.

## Places
### The Gull (tavern)
Smoky.

## Session 3
Present: Ash, Bren
Treasure: 300 gp

## House rules
HP: never below zero.

```
# not a heading
```
"""


def test_headings_make_things_and_labels_no_speakers(tmp_path: Path) -> None:
    reading = read(FORMAT, send(tmp_path, "marsh.md", MARKDOWN))
    things = named(reading)
    assert {name: one.kind for name, one in things.items()} == {
        "Marsh": "handout",
        "NPCs": "handout",
        "Mira Vale": "npc",
        "Tomas Reed": "npc",
        "The Gull": "location",
        "Session 3": "game_session",
        "House rules": "handout",
    }
    assert things["Mira Vale"].values["background"] == (
        "A **smith**.\n\n#### Her past\n\nLong ago."
    )
    assert things["Session 3"].values["recap_gm"] == "Present: Ash, Bren\nTreasure: 300 gp"
    assert "# not a heading" in things["House rules"].values["text"]
    assert reading.talk == ()


def test_notes_of_an_evening_stay_together_and_a_plan_is_a_plan(tmp_path: Path) -> None:
    evening = "Present: Robin, Alex\n\n## Loot\nTreasure: 300 gp\n\nNote: ask about the river."
    reading = read(
        FORMAT,
        send(tmp_path, "Session 12.md", evening),
        send(tmp_path, "Session 13 plan.md", "## Scenes\nThe bell."),
        send(tmp_path, "lore.txt", "Only a text without headings."),
    )
    things = named(reading)
    assert {one.kind for one in reading.things} == {"game_session", "handout"}
    assert things["Session 12"].values["recap_gm"].endswith("Note: ask about the river.")
    assert things["Session 13 plan"].values["plan"] == "## Scenes\nThe bell."
    assert things["lore"].values["text"] == "Only a text without headings."


def _word_document() -> bytes:
    made, written = docx.Document(), io.BytesIO()
    made.add_heading("Marsh", 0)
    made.add_paragraph("Intro # one")
    made.add_heading("NPCs", 1)
    made.add_heading("Mira Vale", 2)
    paragraph = made.add_paragraph("A ")
    paragraph.add_run("smith").bold = True
    made.add_paragraph("hammer", style="List Bullet")
    made.add_paragraph("anvil", style="List Bullet")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Price", "3|gp"
    made.save(written)
    return written.getvalue()


def _tangled_document(number: int) -> bytes:
    """A document whose twelve words stand in headings, tables, lists and runs."""
    made, written = docx.Document(), io.BytesIO()
    for place in range(12):
        word = f"word{number}x{place}q"
        shape = (place * 7 + number * 3) % 5
        if shape == 0:
            made.add_heading(word, 1 + place % 4)
        elif shape == 1:
            made.add_table(1, 1).cell(0, 0).text = word
        elif shape == 2:
            made.add_paragraph(word, style="List Number")
        else:
            run = made.add_paragraph("# ").add_run(f"{word}\nnext\tline")
            run.italic = shape == 3
    made.save(written)
    return written.getvalue()


def _open_document() -> bytes:
    made, written = OpenDocumentText(), io.BytesIO()
    made.text.addElement(H(outlinelevel=1, text="NPCs"))
    made.text.addElement(H(outlinelevel=2, text="Mira Vale"))
    made.text.addElement(P(text="A smith"))
    entries, entry = List(), ListItem()
    entry.addElement(P(text="hammer"))
    entries.addElement(entry)
    made.text.addElement(entries)
    table, row, cell = Table(), TableRow(), TableCell()
    cell.addElement(P(text="Price"))
    row.addElement(cell)
    table.addElement(row)
    made.text.addElement(table)
    made.write(written)
    return written.getvalue()


RICH = (
    rb"{\rtf1\ansi\ansicpg1252{\stylesheet{\s1\outlinelevel0 Heading 1;}}"
    rb"\pard\outlinelevel0 NPCs\par\pard\outlinelevel1 Mira Vale\par"
    rb"\pard A smith caf\'e9 \u8364?\par hammer\par}"
)
PAGE = (
    "<html><head><title>Marsh</title><script>steal()</script></head><body><h1>NPCs</h1>"
    "<h2>Mira Vale</h2><p onclick='steal()'>A <b>smith</b></p><ul><li>hammer</ul>"
    "<iframe src='https://example.org'></iframe></body></html>"
)


def _with_entities(document: bytes, part: str) -> bytes:
    """The document with entities that stand for each other, ten times each."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    laughs = (
        f'<!DOCTYPE lolz [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">{entities}]>'
    )
    with zipfile.ZipFile(io.BytesIO(document)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    text = files[part].decode()
    head, rest = text.split("?>", 1)
    files[part] = f"{head}?>{laughs}{rest.replace('smith', '&l11;&x;')}".encode()
    return zip_of(files)


Answers = dict[str, Document | InvalidInput]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Every document below, read by one process, as several that are imported together are."""
    folder = tmp_path_factory.mktemp("documents")
    contents = {
        "word.docx": _word_document(),
        "open.odt": _open_document(),
        "rich.rtf": RICH,
        "page.html": PAGE.encode(),
        "paper.pdf": pdf([("NPCs", 24), ("Mira Vale", 18), ("A smith", 11), ("hammer", 11)]),
        **{name: content for name, (content, _) in ATTACKS.items()},
        **{f"{number}.docx": _tangled_document(number) for number in range(4)},
    }
    files = [send(folder, name, content) for name, content in contents.items()]
    return {file.name: answer for file, answer in zip(files, read_documents(files), strict=True)}


def _text(answer: Document | InvalidInput) -> str:
    assert isinstance(answer, Document)
    return answer.text


ATTACKS: dict[str, tuple[bytes, str | None]] = {
    "a.docx": (zip_of({"word/document.xml": "<x/>"}), "damaged"),
    "laughs.docx": (_with_entities(_word_document(), "word/document.xml"), "damaged"),
    "laughs.odt": (_with_entities(_open_document(), "content.xml"), "damaged"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old program"),
    "a.pdf": (b"%PDF-1.7\n1 0 obj\n<< /Type", "damaged"),
    "scan.pdf": (pdf([]), "no text"),
    "deep.rtf": (b"{\\rtf1 " + b"{" * 50_000, None),
    "deep.html": (b"<html>" + b"<div>" * 100_000 + b"words", None),
}
"""What was made to harm, and what is said of it; None where it is read all the same."""


def test_documents_are_read_with_their_headings(answers: Answers) -> None:
    head = "# NPCs\n\n## Mira Vale\n\n"
    assert _text(answers["word.docx"]) == (
        f"# Marsh\n\nIntro # one\n\n{head}A **smith**\n\n- hammer\n- anvil\n\n"
        "| Price |  |\n| --- | --- |\n|  | 3\\|gp |"
    )
    assert _text(answers["open.odt"]) == f"{head}A smith\n\n- hammer\n\n| Price |\n| --- |"
    assert _text(answers["rich.rtf"]) == f"{head}A smith café €\n\nhammer"
    assert _text(answers["page.html"]) == f"{head}A **smith**\n\n- hammer"
    assert _text(answers["paper.pdf"]) == f"{head}A smith\nhammer"
    page = answers["page.html"]
    assert isinstance(page, Document) and page.left_out == {"script": 1, "iframe": 1}


def test_documents_that_are_an_attack_say_one_true_sentence_each(answers: Answers) -> None:
    for name, (_, says) in ATTACKS.items():
        answer = answers[name]
        if isinstance(answer, InvalidInput):
            assert says is not None and says in answer.sentence, name
            assert name in answer.sentence and answer.cure, name
        else:
            assert says is None, name
            assert len(answer.text) < 10_000 and "root:" not in answer.text, name


def test_any_word_document_keeps_its_words(answers: Answers) -> None:
    for number in range(4):
        found = set(re.findall(r"word\d+x\d+q", _text(answers[f"{number}.docx"])))
        assert found == {f"word{number}x{place}q" for place in range(12)}


def test_one_broken_document_of_several_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    reading = read(
        FORMAT,
        send(tmp_path, "a.pdf", ATTACKS["a.pdf"][0]),
        send(tmp_path, "notes.docx", _word_document()),
        send(tmp_path, "b.md", "# Tomas (NPC)\nA ferryman."),
    )
    assert {name: one.kind for name, one in named(reading).items()} == {
        "Marsh": "handout",
        "Mira Vale": "npc",
        "Tomas": "npc",
    }
    (warning,) = reading.warnings
    assert warning.startswith("a.pdf is damaged")


def test_a_text_longer_than_a_field_goes_on_in_the_next_thing(tmp_path: Path) -> None:
    reading = read(FORMAT, send(tmp_path, "long.md", "# Lore\n" + "many words\n" * 30_000))
    assert [one.values["name"] for one in reading.things] == [
        "Lore",
        *(f"Lore ({number})" for number in range(2, 5)),
    ]
    assert sum(str(one.values["text"]).count("many") for one in reading.things) == 30_000


_BLOCKS = st.lists(
    st.sampled_from(
        [
            *("# {}", "## {}", "### {}", "###### {}", "{}\n===", "{}\n---", "{}", "- {}", "> # {}"),
            *("```\n# {}\n```", "| {} |\n|---|\n| {} |", "NPCs\n---\n{}", "## NPCs", "# Places"),
            *("## Session 4 {}", "# {} (npc)", "Name: {}", "    # {}", "<b>{}</b>", "[{}]: x"),
        ]
    ),
    max_size=14,
)


@settings(max_examples=30, deadline=None)
@given(_BLOCKS, st.sampled_from(["\n", "\n\n"]))
def test_every_word_of_any_markdown_ends_in_a_thing(blocks: list[str], gap: str) -> None:
    count = iter(range(10_000))
    parts = [re.sub(r"\{\}", lambda _: f"word{next(count)}q", one) for one in blocks]
    text = gap.join(parts)
    found = Gathering("notes")
    add_parts(found, "notes.md", text, {})
    reading = found.make_reading()
    assert set(re.findall(r"word\d+q", text)) <= words_of(reading)


def test_a_part_of_the_program_that_is_missing_is_named_with_the_way_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = send(tmp_path, "notes.docx", _word_document())
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "ttrpg_assistant.imports.document_files.docx_reader", False)
    answer = reading_process.do_job({"path": str(file.path), "type": "docx"})
    assert answer == {"refused": "missing"}
    fault = reading.fault_of("missing", "notes.docx")
    assert fault.code == "documents_missing" and fault.cure is not None
    extras = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert "ttrpg-assistant[documents]" in fault.cure and "documents" in extras
