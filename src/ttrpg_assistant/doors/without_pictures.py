"""Takes out of an answer what would make the program that shows it load something from elsewhere.

Chat programs show answers as Markdown, and many of them HTML as well. A picture with an address of
somebody else's choosing is asked for the moment it is shown, and the address can carry away what
the answer was made from. So a picture becomes a link, which only a person follows, and a tag that
loads becomes plain text, as on our own page. Pure.
"""

from __future__ import annotations

import re

LOADING = (
    *("applet", "audio", "base", "body", "embed", "form", "frame", "frameset", "iframe", "image"),
    *("img", "input", "link", "meta", "object", "picture", "script", "source", "style", "svg"),
    *("table", "td", "th", "tr", "track", "video"),
)
"""Tags that load something, or give an address or a style to what does."""

_LOADS = re.compile(rf"<(?=/?(?:{'|'.join(LOADING)})\b)", re.IGNORECASE)
_LONGEST = 2 + max(map(len, LOADING))


class PictureFilter:
    """An answer that loads nothing, as it comes. Holds back no more than a few characters."""

    def __init__(self) -> None:
        self._held = ""
        self._last = ""

    def feed(self, text: str) -> str:
        """What can be shown by now."""
        said = self._held + text
        opened = said.rfind("<", max(0, len(said) - _LONGEST))
        decided = len(said) if opened < 0 else opened
        self._held = said[decided:]
        return self._show(said[:decided])

    def rest(self) -> str:
        """What is still held back when the answer has ended."""
        rest, self._held = self._held, ""
        return self._show(rest)

    def _show(self, text: str) -> str:
        shown = without_pictures(self._last + text)[len(self._last) :]
        self._last = text[-1:] or self._last
        return shown


def without_pictures(text: str) -> str:
    """The text with links where there were pictures, and without tags that load anything."""
    return _LOADS.sub("&lt;", text.replace("![", "! ["))
