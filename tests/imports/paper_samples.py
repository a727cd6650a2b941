"""PDF files, written by hand."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(lines: Sequence[tuple[str, int]]) -> bytes:
    """A page with these lines, each with the size of its letters."""
    return pdf_pages([lines], step=30)


def pdf_pages(pages: Sequence[Sequence[tuple[str, int]]], step: int = 15) -> bytes:
    """Several pages, each of its lines so many points under the one before."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids.encode(), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = [
            f"BT /F1 {size} Tf 72 {740 - step * at} Td ({text}) Tj ET"
            for at, (text, size) in enumerate(lines)
        ]
        content = "\n".join(shown).encode()
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    written = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return written + trailer % (len(objects) + 1, start)
