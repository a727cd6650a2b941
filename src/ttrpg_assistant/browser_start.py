"""Opens the page in the browser without showing any other user of the machine how to get in.

The command line of a browser can be read by every user, so it names a file that only its owner
can read. The file leads to the page with a code that works once, for two minutes. It is removed
when the code has been used, and at the end of the server.
"""

from __future__ import annotations

import html
import os
import secrets
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import structlog

from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.private_files import make_folder, write_file

log = structlog.get_logger(__name__)

FOLDER: Final = "start"

OLD_SECONDS: Final = 600.0
"""A file that is older than this was left by a server that was killed."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<title>TTRPG Assistant</title>
</head>
<body><p><a rel="noreferrer" href="{address}">Open TTRPG Assistant</a></p>
<p>This link works once. Otherwise open the link that was printed where it was started.</p></body>
</html>
"""


class StartPage:
    """The file that the browser is given, while it is there."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._path: Path | None = None

    def write(self, page_address: str, issue_code: Callable[[Callable[[], None]], str]) -> Path:
        """Make the file. `page_address` ends with `/`; `issue_code` gives a code and takes what is
        to be done when it is used. Raises `OSError`."""
        make_folder(self._folder)
        self._remove_left_ones()
        self._path = self._folder / f"open-{secrets.token_hex(8)}.html"
        code = issue_code(self.remove)
        address = html.escape(f"{page_address}?token={quote(code, safe='')}", quote=True)
        write_file(self._path, _PAGE.format(address=address))
        return self._path

    def remove(self) -> None:
        """Take the file away, if it is there."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _remove_left_ones(self) -> None:
        for left in self._folder.glob("open-*.html"):
            with suppress(OSError):
                if has_passed(left.stat().st_mtime, OLD_SECONDS):
                    left.unlink()


@contextmanager
def browser_start(
    data_dir: Path, page_address: str, issue_code: Callable[[Callable[[], None]], str]
) -> Iterator[Callable[[], None]]:
    """Gives what opens the page in the browser; afterwards nothing of it is left in the folder."""
    page = StartPage(data_dir)

    def open_page() -> None:
        if not has_screen():
            return
        try:
            path = page.write(page_address, issue_code)
        except OSError as trouble:
            log.warning("browser.not_opened", reason=trouble.strerror)
            return
        # Without waiting for it: some browsers end only when they are closed.
        threading.Thread(target=webbrowser.open, args=(path.as_uri(),), daemon=True).start()

    try:
        yield open_page
    finally:
        page.remove()


def has_screen() -> bool:
    """Whether there is a screen to open a browser on. Without one, Python would fall back to a
    browser for terminals, which takes this one over."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
