"""Which encoding a text file is written in, detected from its beginning."""

from __future__ import annotations

import re

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 64 * 1024
_OLD = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_MOSTLY_LATIN = 0.25
"""Of the bytes; with fewer high ones a text is in a Latin script."""


def find_encoding(beginning: bytes) -> str:
    """The name of a codec that reads the text; what is ASCII or nothing is UTF-8.

    A text with a few broken bytes among much good UTF-8 is UTF-8 still. An old encoding has no
    mark, so the letters of the text decide.
    """
    for mark, name in _MARKS:
        if beginning.startswith(mark):
            return name
    if (wide := _find_wide(beginning)) is not None:
        return wide
    good, broken = _count_utf8(beginning)
    if broken == 0 or good > broken:
        return "utf-8"
    return _find_old(beginning)


def _find_wide(beginning: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of mostly Latin text is 0."""
    sample = beginning[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _count_utf8(beginning: bytes) -> tuple[int, int]:
    """How many runs of high bytes are good UTF-8, and how many are not."""
    good = broken = 0
    for run in _HIGH.finditer(beginning):
        try:
            run[0].decode()
            good += 1
        except UnicodeDecodeError:
            # A character that the end of the sample cuts is not broken.
            broken += run.end() < len(beginning) or run.end() - run.start() > 3
    return good, broken


def _find_old(beginning: bytes) -> str:
    sample = beginning[:_SAMPLE]
    high = sum(len(run) for run in _HIGH.findall(sample))
    if high < _MOSTLY_LATIN * len(sample) and _is_western(sample):
        return "cp1252"
    # Only for such a text, of which there are few: it takes a while to import.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OLD).best()
    return best.encoding if best is not None else "cp1252"


_WESTERN = frozenset(
    "äöüßéèêëàâáåãçñóòôõíìîïúùûýÿøæœÄÖÜÉÈÊÀÂÁÅÃÇÑÓÔÕÍÎÚÛØÆŒ‘’“”„–—…«»°§€£•·´¿¡ºª©®™\xa0"
)


def _is_western(sample: bytes) -> bool:
    """Whether nearly all that is not ASCII is what western European texts have."""
    strange = [c for c in sample.decode("cp1252", "replace") if not c.isascii()]
    return sum(c in _WESTERN for c in strange) >= 0.9 * len(strange)
