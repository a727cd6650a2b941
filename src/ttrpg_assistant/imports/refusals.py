"""What is said of files that no format knows: what each is, and the way that leads on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.imports.text_files import decode_beginning
from ttrpg_assistant.imports.unpacking import is_zip

_PICTURE = "Add it as a picture on the page of an NPC or a location."
_UNPACK = "Unpack it with another program, then import the files in it, or zip them."
_WRITE = "Write down what is said in it, with the name of the speaker before each part."
_SHEET = "Save each of its sheets as CSV, then import these."
_PAGES = "Export it as PDF or as a Word document, then import that."

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a picture without a character card in it", _PICTURE),
    (b"\xff\xd8\xff", "a picture without a character card in it", _PICTURE),
    (b"GIF8", "a picture without a character card in it", _PICTURE),
    (b"Rar!", "an archive in a format that is not read here", _UNPACK),
    (b"7z\xbc\xaf", "an archive in a format that is not read here", _UNPACK),
    (b"\x1f\x8b", "a compressed file", _UNPACK),
    (b"BZh", "a compressed file", _UNPACK),
    (b"\xfd7zXZ", "a compressed file", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a compressed file", _UNPACK),
    (b"OggS", "a recording", _WRITE),
    (b"fLaC", "a recording", _WRITE),
    (b"ID3", "a recording", _WRITE),
    (b"\xff\xfb", "a recording", _WRITE),
    (b"MZ", "a program", "Programs are not imported, and none is run."),
    (b"\x7fELF", "a program", "Programs are not imported, and none is run."),
    (
        b"SQLite format 3\0",
        "the database of another program",
        "Export what is in it from that program, as JSON, Markdown or CSV.",
    ),
)
_SVG = re.compile(r"\s{0,100}(?:<\?xml[^<>]{0,300}>\s{0,100})?<svg\b", re.I)
_XML = re.compile(r"\s{0,100}<\?xml\b", re.I)
_JSON = re.compile(r"\s{0,100}[\[{]\s{0,100}[\"\[{\]}\d-]")
_NOTES = frozenset({".md", ".markdown", ".txt", ".text", ""})


def refuse(
    files: Sequence[SourceFile], read_beginning: Callable[[SourceFile], bytes], known: str
) -> InvalidInput:
    """A true sentence about files that no format knows. `known` names what can be imported."""
    everything = f"What can be imported: {known}."
    if len(files) != 1:
        said = "None of these files is in a format that can be imported."
        if not files:
            said = "There is no file in this zip."
        return InvalidInput(said, code="import_not_recognised", cure=everything)
    (file,) = files
    name = file.name.replace("\\", "/").rsplit("/", 1)[-1][:80]
    if not file.size:
        return InvalidInput(f"{name} is empty.", code="import_empty")
    beginning = read_beginning(file)
    suffix = PurePosixPath(name).suffix.lower()
    text = decode_beginning(beginning)
    if suffix in _NOTES and not text.strip() and not beginning.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return InvalidInput(f"There is no text in {name}.", code="import_empty")
    found = find_what(file, beginning, text)
    if found is None:
        said = f"{name} is not in a format that can be imported."
        if text.strip() and suffix not in _NOTES:
            everything = f"If it is notes, give it the ending .txt and import it. {everything}"
        return InvalidInput(said, code="import_not_recognised", cure=everything)
    what, cure = found
    return InvalidInput(f"{name} is {what}.", code="import_not_recognised", cure=cure or everything)


def find_what(file: SourceFile, beginning: bytes, text: str) -> tuple[str, str] | None:
    """What a file is that no format knows, and the way that leads on, "" for the usual one. None
    where nobody knows."""
    for signature, what, cure in _SIGNATURES:
        if beginning.startswith(signature):
            return what, cure
    if beginning.startswith(b"RIFF"):
        is_picture = beginning[8:12] == b"WEBP"
        return (_SIGNATURES[0][1], _PICTURE) if is_picture else ("a recording", _WRITE)
    if beginning[4:8] == b"ftyp":
        return "a recording", _WRITE
    if beginning[257:262] == b"ustar":
        return "an archive in a format that is not read here", _UNPACK
    if is_zip(beginning):
        return "a zip within a zip", "Import it alone."
    if _SVG.match(text):
        return "a drawing", "Save it as PNG, then add it as a picture of an NPC or a location."
    if _JSON.match(text):
        return "JSON of a kind that is not known here, or damaged", ""
    if _XML.match(text):
        return (
            "XML of a kind that is not known here",
            "Export it as JSON, Markdown or CSV from the other program.",
        )
    return None


def find_zipped_document(names: Sequence[str]) -> tuple[str, str] | None:
    """What a zip is by the names in it, where it is a document that is not read; None for others,
    and for zips of files."""
    folders = {PurePosixPath(one).parts[0] for one in names if "/" in one}
    if "xl" in folders:
        return "a spreadsheet", _SHEET
    if "ppt" in folders:
        return "a presentation", _PAGES
    if "Index" in folders and any(one.endswith(".iwa") for one in names):
        return "a document of Pages, Numbers or Keynote", _PAGES
    return None
