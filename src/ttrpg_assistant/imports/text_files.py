"""Text of a file in whatever encoding it was written: UTF-8, UTF-16, or one of the old ones."""

from __future__ import annotations

from pathlib import Path

from ttrpg_assistant.archives.talk_formats.encodings import find_encoding
from ttrpg_assistant.errors import TooLarge

TEXT_BYTES = 64 * 1024**2
"""The largest text that is read as one."""

UTF_8 = "utf-8"

_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


def read_text(path: Path, most: int = TEXT_BYTES) -> tuple[str, str]:
    """The text of a file with plain line ends, and the encoding it was in. Raises `TooLarge`."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge(
            f"This text is longer than {most // 1024**2} MB.",
            code="import_too_large",
            cure="Import it in parts.",
        )
    return decode_text(content)


def decode_text(content: bytes) -> tuple[str, str]:
    """The text that these bytes spell, with plain line ends, and the name of its encoding. What
    cannot be read becomes a replacement character."""
    try:
        text, encoding = content.decode("utf-8-sig"), UTF_8
        if "\0" in text[:4096]:
            raise UnicodeDecodeError(UTF_8, b"", 0, 0, "zeros stand in no text")
    except UnicodeDecodeError as wrong:
        # An old encoding is told by the letters that are not ASCII.
        start = max(0, wrong.start - 1024) // 4 * 4
        encoding = find_encoding(content[: 64 * 1024] if start == 0 else content[start:][:65_536])
        text = content.decode(encoding, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""), encoding


def is_text(beginning: bytes) -> bool:
    """Whether the first bytes of a file are of a text in some encoding. They may end within a
    character."""
    if not beginning:
        return False
    if find_encoding(beginning).startswith(("utf-16", "utf-32")):
        return True
    sample = beginning[:4096]
    return sum(byte in _CONTROLS for byte in sample) * 100 <= len(sample)


def decode_beginning(beginning: bytes) -> str:
    """The first bytes of a text as text; its end may be cut within a character."""
    if not is_text(beginning):
        return ""
    text = beginning.decode(find_encoding(beginning), "ignore")
    return text.replace("\r\n", "\n").replace("\r", "\n")
