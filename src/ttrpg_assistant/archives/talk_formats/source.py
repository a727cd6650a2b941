"""A file of talk as formats read it: its beginning at once, and all of it as often as needed."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast

from ttrpg_assistant.archives.talk_formats.encodings import find_encoding
from ttrpg_assistant.archives.talk_formats.json_parts import (
    PART_BYTES,
    Part,
    cut_array,
    decode_part,
    find_shape,
)
from ttrpg_assistant.archives.talk_formats.model import Shape
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.outside_json import NOT_JSON, decode_mended

BEGINNING_BYTES = 1024**2
"""So much of a file tells what it is. The page sends as much of a transcript first."""

LINE_CHARACTERS = 8 * 1024**2
"""A longer line comes in pieces: one answer with many alternatives may have megabytes."""

UNPACKED_BYTES = 2 * 1024**3
"""Of the conversations in a zip, together."""

_ACCOUNT = re.compile(r"(?:[^/]{1,200}/){0,3}conversations(?:[-_ ]?\d{1,6})?\.json\Z")
_UNREADABLE = re.compile("[\udc80-\udcff]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `end` counts the bytes read. `is_broken`: bytes that its encoding
    does not have became U+FFFD. `is_rest`: it goes on with the line before, without a break."""

    text: str
    number: int
    end: int
    is_broken: bool = False
    is_rest: bool = False


@dataclass(frozen=True)
class TalkSource:
    """`openers` open the file, or one after another the files of a zip. `size` is their bytes."""

    openers: tuple[Callable[[], BinaryIO], ...]
    size: int
    beginning: bytes
    is_whole: bool = True
    began: str | None = field(default=None, compare=False)
    """The moment a recording began, when a game master says it."""

    @cached_property
    def encoding(self) -> str:
        """The codec that reads it."""
        return find_encoding(self.beginning)

    @cached_property
    def text(self) -> str:
        """The beginning as text, up to its last whole line when there is more."""
        raw = self.beginning
        if len(raw) < self.size:
            raw = raw[: raw.rfind(b"\n") + 1] or raw
        return raw.decode(self.encoding, "replace").replace("\x00", "").lstrip("\ufeff")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the beginning."""
        return self.text.splitlines()

    @cached_property
    def shape(self) -> Shape:
        """What the outermost JSON is, as far as the beginning shows."""
        return find_shape(self.text)

    @cached_property
    def values(self) -> list[Any]:
        """The JSON of the first lines that are JSON; nothing for one document over many lines."""
        found: list[Any] = []
        for line in self.lines[:200]:
            if not line.strip():
                continue
            try:
                found.append(decode_mended(line.encode("utf-8", "replace")))
            except NOT_JSON:
                continue
            if len(found) == 20:
                break
        return found

    @contextmanager
    def open_all(self) -> Iterator[Iterator[BinaryIO]]:
        """Each file of it in turn, closed when the next is asked for."""
        opened: list[BinaryIO] = []

        def each() -> Iterator[BinaryIO]:
            for opener in self.openers:
                while opened:
                    opened.pop().close()
                opened.append(opener())
                yield opened[-1]

        try:
            yield each()
        finally:
            while opened:
                opened.pop().close()

    def read_parts(self, inside: bytes | None = None) -> Iterator[Part]:
        """The elements of the outer array of each file; see `cut_array`."""
        with self.open_all() as files:
            for file in files:
                if not self.encoding.startswith("utf-8"):
                    recoded = codecs.EncodedFile(file, "utf-8", self.encoding, "replace")
                    file = cast(BinaryIO, recoded)
                for part in cut_array(file, inside=inside):
                    if self.is_whole or not part.is_cut:
                        yield part

    def read_bytes(self) -> bytes:
        """The whole of one document, in UTF-8. Raises `InvalidInput` for one that is too large."""
        with self.open_all() as files:
            content = next(files).read(PART_BYTES + 1)
        if len(content) > PART_BYTES:
            raise InvalidInput(
                f"This file holds a single chat of more than {PART_BYTES // 1024**2} MB.",
                code="chat_too_large",
                cure="Export a part of it, or export it as lines of text.",
            )
        if not self.encoding.startswith("utf-8"):
            content = content.decode(self.encoding, "replace").encode()
        return content.removeprefix(b"\xef\xbb\xbf")

    def read_document(self) -> Any:
        """The whole file as one JSON value. Raises `InvalidInput` for one that is too large or
        not JSON."""
        content = self.read_bytes()
        try:
            return decode_part(content)
        except NOT_JSON:
            raise InvalidInput(
                "This file begins as JSON and is damaged or cut off.",
                code="malformed_json",
                cure="Export it once more from the other program.",
            ) from None

    def read_lines(self) -> Iterator[Line]:
        """Every line, decoded."""
        is_utf8 = self.encoding.startswith("utf-8")
        with self.open_all() as files:
            for file in files:
                text = io.TextIOWrapper(
                    file, self.encoding, "surrogateescape" if is_utf8 else "replace", newline=None
                )
                yield from _number_lines(text, file)


def open_source(
    given: Path | bytes, *, is_whole: bool = True, began: str | None = None
) -> TalkSource:
    """A file on the disk, or the beginning of one. Raises `InvalidInput` for a zip without talk.

    Of a beginning the last line is left out: it may be half of one.
    """
    if isinstance(given, bytes):
        kept = given if is_whole else given[: given.rfind(b"\n") + 1]
        return TalkSource(
            (lambda: io.BytesIO(kept),), len(kept), kept[:BEGINNING_BYTES], is_whole, began=began
        )
    size = given.stat().st_size
    with given.open("rb") as file:
        beginning = file.read(BEGINNING_BYTES)
    if beginning.startswith(b"PK\x03\x04"):
        return _open_zip(given, began)
    if not is_whole and size > 0:
        kept = given.read_bytes()
        return open_source(kept, is_whole=False, began=began)
    return TalkSource((lambda: given.open("rb"),), size, beginning, began=began)


def _open_zip(path: Path, began: str | None) -> TalkSource:
    """The conversations of an account's export."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(
                (one for one in archive.infolist() if _ACCOUNT.match(one.filename)),
                key=lambda one: one.filename,
            )
            is_campaign = "manifest.json" in archive.namelist() and any(
                name.endswith(".jsonl") for name in archive.namelist()
            )
            if not members:
                raise _no_talk_in_zip(is_campaign)
            with archive.open(members[0]) as first:
                beginning = first.read(BEGINNING_BYTES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise InvalidInput(
            "This zip is damaged, cut off or protected by a password.",
            code="zip_unreadable",
            cure="Unpack it, and import the conversations.json that is inside.",
        ) from error
    size = sum(one.file_size for one in members)
    if size > UNPACKED_BYTES:
        raise TooLarge(
            "The conversations in this zip are larger than 2 GB when they are unpacked.",
            code="zip_too_large",
        )
    openers = tuple(lambda one=one: _open_member(path, one) for one in members)
    return TalkSource(openers, size, beginning, began=began)


def _open_member(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    return _Member(path, member)


class _Member(io.BufferedReader):
    """A file in a zip; closing it closes the zip too."""

    def __init__(self, path: Path, member: zipfile.ZipInfo) -> None:
        self._archive = zipfile.ZipFile(path)
        super().__init__(self._archive.open(member))  # type: ignore[arg-type]

    def close(self) -> None:
        """Close both."""
        super().close()
        self._archive.close()


def _no_talk_in_zip(is_campaign: bool) -> InvalidInput:
    if is_campaign:
        return InvalidInput(
            "This is an archive of a campaign, not a conversation.",
            code="not_talk",
            cure="Choose it on the Import page, which restores campaigns.",
        )
    return InvalidInput(
        "There is no conversations.json in this zip, so it holds no conversations that can be "
        "imported.",
        code="not_talk",
        cure="Unpack it and choose the file with the conversation.",
    )


def _number_lines(text: io.TextIOWrapper, file: BinaryIO) -> Iterator[Line]:
    number, is_rest = 1, False
    while piece := text.readline(LINE_CHARACTERS):
        is_ended = piece.endswith("\n")
        piece = piece.removesuffix("\n").replace("\x00", "")
        if number == 1 and not is_rest:
            piece = piece.lstrip("\ufeff")
        mended = piece if piece.isascii() else _UNREADABLE.sub("\ufffd", piece)
        yield Line(mended, number, file.tell(), mended is not piece and mended != piece, is_rest)
        is_rest = not is_ended
        number += is_ended
    text.detach()
