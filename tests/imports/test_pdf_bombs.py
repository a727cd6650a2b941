"""PDF files made to hurt: each costs one sentence, in a process that is ended at its limits."""

from __future__ import annotations

import resource
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.imports.sent_files import send
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.document_files.limits import MEMORY_BYTES
from ttrpg_assistant.imports.reading import read_files

DEEP = 60_000
WIDE = 40_000
GIGABYTE = 1024**3
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def write_pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    root = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(written) + root % (len(objects) + 1, trailer, start)


def stream(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    return b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(content), filters, content)


def pack(size: int, times: int = 1) -> bytes:
    """So many blanks, packed as often."""
    packing = zlib.compressobj(9)
    piece = b" " * 1024**2
    packed = b"".join(packing.compress(piece) for _ in range(size // len(piece))) + packing.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    return packed


def pages(kids: bytes, count: int) -> bytes:
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)


BOMBS = {
    "a stream that unpacks to a gigabyte": lambda: write_pdf(
        [CATALOG, pages(b"3 0 R", 1), PAGE, stream(pack(GIGABYTE))]
    ),
    "a stream that was packed three times": lambda: write_pdf(
        [CATALOG, pages(b"3 0 R", 1), PAGE,
         stream(pack(GIGABYTE, 3), b"[/FlateDecode /FlateDecode /FlateDecode]")]
    ),
    "pages within pages, sixty thousand deep": lambda: write_pdf(
        [CATALOG, *(pages(b"%d 0 R" % (number + 3), 1) for number in range(DEEP)), PAGE]
    ),
    "pages that hold themselves": lambda: write_pdf(
        [CATALOG, pages(b"2 0 R 3 0 R", 2), pages(b"2 0 R", 1)]
    ),
    "forty thousand times the same page": lambda: write_pdf(
        [CATALOG, pages(b"3 0 R " * WIDE, WIDE), PAGE, stream(pack(1024**2))]
    ),
    "a billion pages by its own word": lambda: write_pdf(
        [CATALOG, pages(b"3 0 R", 1_000_000_000), PAGE, stream(zlib.compress(b"BT ET"))]
    ),
    "brackets within brackets": lambda: write_pdf(
        [CATALOG, pages(b"3 0 R", 1), PAGE, stream(zlib.compress(b"[" * 3_000_000))]
    ),
    "a table of places that leads to itself": lambda: write_pdf(
        [CATALOG, pages(b"3 0 R", 1), PAGE, stream(zlib.compress(b"BT ET"))], b"/Prev 9"
    ),
}  # fmt: skip


def measure_memory() -> int:
    """The most this process and any that has ended held, in bytes."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return own * 1024


@pytest.mark.parametrize(
    "what",
    [pytest.param(one, marks=pytest.mark.deep if "stream" in one else ()) for one in BOMBS],
)
def test_a_pdf_made_to_hurt_is_refused_in_one_sentence(tmp_path: Path, what: str) -> None:
    content = BOMBS[what]()
    given, into = tmp_path / "given", tmp_path / "into"
    given.mkdir()
    into.mkdir()
    file = send(given, "bomb.pdf", content)
    before = measure_memory()
    with pytest.raises(InvalidInput) as refused:
        read_files([file], into)
    taken = measure_memory() - before
    assert refused.value.sentence.count(". ") == 0 and "bomb.pdf" in refused.value.sentence
    assert refused.value.cure
    assert taken < 64 * 1024**2, "what reads documents is a process of its own"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MEMORY_BYTES
    assert list(into.iterdir()) == []
    print(f"{what}: {len(content):,} bytes, {taken:,} taken here: {refused.value.sentence}")
