"""Letters that look like other letters.

`fold` turns every letter into the plain lower-case Latin letter it passes for, one code
point for one code point. Real Cyrillic or Greek words become nonsense by it, but always the
same nonsense: patterns in those languages are folded the same way before they are matched.
"""

from __future__ import annotations

_PAIRS = (
    # Cyrillic, small letters (capitals follow by rule)
    "аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi јj ԛq ԝw ѡw ԁd һh ӏl ьb гr пn ѵv ԍg зe ӡe "
    # Greek, small and capital, which do not look alike
    "αa βb γy εe ηn ιi κk νv οo ρp ςc τt υu χx ωw ϲc ϳj "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC "
    # Latin letters outside the alphabet that NFKC leaves alone
    "ıi ɑa ɐa ɡg łl øo đd ħh ŧt ƒf ǝe əe ɛe ɔo ʌv ɯm ɹr ʇt ʎy ɩi ɪi ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg "
    "ʜh ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ƙk ɗd ɓb ƥp ƭt ŋn ƞn ɦh ɱm "
    # Armenian and Cherokee
    "օo ոn սu հh ցg զq ӀI ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎥI ᎫJ ᏦK ᏞL ᎷM ᏢP ᏒR ᏚS ᎢT ᏙV ᎳW ᏃZ"
)


def _build() -> dict[int, str]:
    table = {ord(capital): chr(ord(capital) + 32) for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    for pair in _PAIRS.split():
        shown, plain = pair[0], pair[1]
        table[ord(shown)] = plain.lower()
        capital = shown.upper()
        if len(capital) == 1 and ord(capital) not in table:
            table[ord(capital)] = plain.lower()
    for first in (0x1F150, 0x1F170, 0x1F1E6, 0x24D0, 0x24B6, 0x1F130):
        for offset in range(26):
            table[first + offset] = chr(ord("a") + offset)
    return table


_TABLE = _build()


def fold(text: str) -> str:
    """The text as it looks, in plain small letters, of the same length."""
    if text.isascii():
        return text.lower()
    return swap(text, _TABLE)


_FEW = 40


def swap(text: str, table: dict[int, str]) -> str:
    """`text.translate(table)` for a table of single characters, none of which stands in it both
    before and after unless both are ASCII. Many times as fast on a long text of few characters,
    as most are."""
    different = set(text)
    if len(different) < len(table):
        changed = {one: table[ord(one)] for one in different if ord(one) in table}
    else:
        changed = {chr(code): new for code, new in table.items() if chr(code) in different}
    plain = {one: changed.pop(one) for one in list(changed) if one.isascii()}
    if len(changed) > _FEW:
        return text.translate(table)
    if plain:
        # In UTF-8 no byte of another character is one of an ASCII character.
        octets = bytes.maketrans("".join(plain).encode(), "".join(plain.values()).encode())
        spelled = text.encode("utf-8", "surrogatepass").translate(octets)
        text = spelled.decode("utf-8", "surrogatepass")
    for one, other in changed.items():
        text = text.replace(one, other)
    return text
