"""Reading documents in a process of their own; what a file turns out to be."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import Timer
from typing import Any, Literal

import structlog

from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.imports.document_files.limits import FILE_BYTES, WALL_SECONDS
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.outside_json import NOT_JSON

log = structlog.get_logger(__name__)

DocumentType = Literal["docx", "odt", "rtf", "pdf", "html", "old_word"]

_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_NAMES = frozenset({".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class Document:
    """A document as Markdown. `left_out` counts what is no text."""

    file_name: str
    title: str
    text: str
    left_out: Mapping[str, int]
    warnings: tuple[str, ...]


def find_document_type(file: SourceFile) -> DocumentType | None:
    """What kind of document a file is, by its content; None for none."""
    with file.path.open("rb") as opened:
        beginning = opened.read(1024)
    if beginning.startswith(b"PK\x03\x04"):
        return _find_zipped(file)
    if beginning.startswith(_OLD_WORD):
        return "old_word"
    if beginning.startswith(b"{\\rtf"):
        return "rtf"
    if b"%PDF-" in beginning:
        return "pdf"
    start = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    is_named = PurePosixPath(file.name).suffix.lower() in _HTML_NAMES
    return "html" if is_named and b"<" in start else None


def read_documents(files: Sequence[SourceFile]) -> Iterator[Document | InvalidInput]:
    """Each document as text, or why it cannot be read (blocking)."""
    with _ReadingProcess() as process:
        for file in files:
            try:
                yield _read(process, file)
            except InvalidInput as fault:
                yield fault


def _find_zipped(file: SourceFile) -> DocumentType | None:
    try:
        with zipfile.ZipFile(file.path) as zipped:
            names = set(zipped.namelist()[:5_000])
            if "word/document.xml" in names:
                return "docx"
            if "content.xml" in names and "mimetype" in names:
                with zipped.open("mimetype") as entry:
                    is_text = entry.read(100).startswith(b"application/vnd.oasis.opendocument.text")
                return "odt" if is_text else None
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return None
    return None


def _read(process: _ReadingProcess, file: SourceFile) -> Document:
    kind = find_document_type(file)
    name = PurePosixPath(file.name.replace("\\", "/")).name[:80]
    if kind == "old_word":
        raise InvalidInput(
            f"{name} is a document of an old program (Word 97 to 2003 or one like it).",
            code="document_unreadable",
            cure="Open it in Word or LibreOffice and save it as .docx or .odt, then import that.",
        )
    if file.size > FILE_BYTES:
        raise TooLarge(
            f"{name} is larger than {FILE_BYTES // 1024**2} MB.",
            code="import_too_large",
            cure="Save it without its pictures, or in parts.",
        )
    answer = process.ask({"path": str(file.path), "type": kind})
    if "text" not in answer:
        raise fault_of(str(answer.get("refused")), name)
    return Document(
        file_name=file.name,
        title=str(answer["title"])[:200],
        text=str(answer["text"]),
        left_out=answer["left_out"],
        warnings=tuple(f"{name}: {one}" for one in answer["warnings"]),
    )


def fault_of(refused: str, name: str) -> InvalidInput:
    """Why a document is not read, as a sentence. `name` is what it is called."""
    if refused == "missing":
        return InvalidInput(
            f"{name} cannot be read: the part of this program that reads Word, ODT, RTF and PDF"
            " files is not installed.",
            code="documents_missing",
            cure='Install it with: pip install "ttrpg-assistant[documents]", and start this program'
            " again. Or save the file as HTML or Markdown.",
        )
    if refused == "too_much":
        return TooLarge(
            f"Reading {name} takes more time or memory than one document may.",
            code="import_too_large",
            cure="Save it as plain text or in parts, then import those.",
        )
    if refused == "password":
        return InvalidInput(
            f"{name} has a password.",
            code="document_unreadable",
            cure="Save it without the password, then import that.",
        )
    if refused == "no_text":
        return InvalidInput(
            f"{name} holds no text, only pictures of pages.",
            code="document_unreadable",
            cure="Turn it into text in a program that reads scans, then import that.",
        )
    return InvalidInput(
        f"{name} is damaged, or not what its ending says.",
        code="document_unreadable",
        cure="Open it in the program it was written with and save it again.",
    )


class _ReadingProcess:
    """One process, started with its first document and again after one that ended it."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> _ReadingProcess:
        return self

    def __exit__(self, *_: object) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.kill()
            running.communicate()

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Do one job. What takes too long or too much is `refused`."""
        running = self._running
        if running is None:
            running = self._running = subprocess.Popen(
                [sys.executable, "-m", "ttrpg_assistant.imports.document_files.reading_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert running.stdin is not None and running.stdout is not None
        limit = Timer(WALL_SECONDS, running.kill)
        limit.daemon = True
        limit.start()
        try:
            running.stdin.write(json.dumps(job).encode() + b"\n")
            running.stdin.flush()
            said = running.stdout.readline()
        except OSError:
            said = b""
        finally:
            limit.cancel()
        try:
            answer: dict[str, Any] = json.loads(said)
            return answer
        except NOT_JSON:
            self.__exit__()
            log.warning("document.reading_ended", returncode=running.returncode)
            return {"refused": "too_much"}
