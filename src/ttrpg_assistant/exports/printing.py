"""A book of HTML as PDF pages, by WeasyPrint in a process of its own: what takes too long or too
much is ended without the server.

WeasyPrint is an optional part (`ttrpg-assistant[book]`); without it, HTML is printed by a browser.
"""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
from pathlib import Path

import structlog

from ttrpg_assistant.errors import Conflict, TooLarge
from ttrpg_assistant.exports.printing_process import CANNOT_IMPORT

log = structlog.get_logger(__name__)

INSTALL = 'pip install "ttrpg-assistant[book]"'
MOST_BYTES = 2 * 1024**2
"""Of HTML without its pictures: some 1,500 pages, which take two minutes of a processor and 1.7 GB
in the process that prints."""
MOST_WITH_PICTURES = 64 * 1024**2
SECONDS = 900.0
_PICTURE = re.compile(rb"base64,[A-Za-z0-9+/=]+")
_OTHERWISE = "export the book as HTML and print it from a browser"


def check_can_print() -> None:
    """Raises `Conflict` (`pdf_not_installed`) where WeasyPrint is not there."""
    if importlib.util.find_spec("weasyprint") is None:
        raise Conflict(
            "Printing as PDF is not installed.",
            code="pdf_not_installed",
            cure=f"Run: {INSTALL}. Or {_OTHERWISE}.",
        )


def _is_too_long(source: Path) -> bool:
    if source.stat().st_size > MOST_WITH_PICTURES:
        return True
    return len(_PICTURE.sub(b"", source.read_bytes())) > MOST_BYTES


async def print_html(source: Path, target: Path) -> None:
    """Print an HTML file into a PDF file. Nothing is fetched that is not inside of it.

    Raises `Conflict` (`pdf_not_installed`, `pdf_failed`) and `TooLarge` (`pdf_too_large`).
    """
    check_can_print()
    if await asyncio.to_thread(_is_too_long, source):
        raise TooLarge(
            f"This book is too long to print as PDF: at most {MOST_BYTES // 1024**2} MB of text"
            f" and {MOST_WITH_PICTURES // 1024**2} MB with pictures are printed.",
            code="pdf_too_large",
            cure=f"{_OTHERWISE[0].upper()}{_OTHERWISE[1:]}.",
        )
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ttrpg_assistant.exports.printing_process"),
        *(str(source), str(target)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            _, said = await running.communicate()
    except TimeoutError:
        said = b"it took too long"
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    if running.returncode == CANNOT_IMPORT:
        raise Conflict(
            "WeasyPrint is installed, but the libraries it needs are not: it found no Pango.",
            code="pdf_not_installed",
            cure=f"Install Pango with the tools of your system. Or {_OTHERWISE}.",
        )
    if running.returncode != 0:
        log.warning("printing.failed", returncode=running.returncode, said=said[-400:].decode())
        raise Conflict(
            "The book could not be printed as PDF: it took too long or too much memory.",
            code="pdf_failed",
            cure=f"{_OTHERWISE[0].upper()}{_OTHERWISE[1:]}.",
        )
