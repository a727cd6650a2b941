"""Text as a reader sees it: words, stems and sentences. English first, any script welcome."""

from __future__ import annotations

import re
from functools import lru_cache

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.normal_forms import decompose, without_accents

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])(?![。！？])|\n+")
_MARKUP = re.compile(
    r"!?\[([^\[\]\n]{0,200})\]\([^)\n\[]{0,300}\)"  # a link or an image leaves its words
    r"|^\s{0,8}(?:#{1,6}\s+|>\s*|[-*+]\s+|\d{1,3}[.)]\s+)"
    r"|`{1,3}|~~|\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)",
    re.MULTILINE,
)
_MAY_BE_MARKUP = re.compile(r"[\[#>\-*+`~_]|\A\s*\d")
"""What a line without line ends holds where `_MARKUP` finds anything in it."""

_ABBREVIATION = re.compile(r"(?:^|\s)(?:[A-Z]|[Mm]rs?|[Mm]s|[Dd]r|[Ss]t|[Cc]apt|e\.g|i\.e|vs)\.$")

_LONGEST_ABBREVIATION = len(" Capt.")

_SMALL_WORDS = """
    a about above after again all also am an and any anybody anyone anything are as at be
    because been before being between both but by can cannot could did do does doing done down
    during each either else ever every few find for from further get give go going got had has
    have having he her here hers him his how i if in into is it its itself just know last let
    like list look made make many may me mean might mine more most much must my need neither
    no nor not now of off on once one only or other our ours out over own party perhaps please
    possible quite rather really regarding remember remind said same say says see shall she
    should show so some someone something still such take talk talked tell than that the their
    them then there these they thing things think this those through to told too under until
    up us use very want was we well went were what whatever when where whether which while who
    whom whose why will with without would write wrote yes yet you your yours s t d ll ve re m
    don doesn didn isn wasn aren weren won wouldn couldn shouldn hasn haven
"""
STOP_WORDS = frozenset(_SMALL_WORDS.split())
"""Words too common to look for."""


_IRREGULAR_FORMS = """
    met meet, stole steal, stolen steal, left leave, won win, lost lose, bought buy, sold sell,
    fought fight, fled flee, broke break, broken break, hid hide, hidden hide, knew know,
    known know, spoke speak, spoken speak,
    swore swear, sworn swear, rode ride, fell fall, fallen fall,
    held hold, kept keep, led lead, paid pay, ran run, sent send, sang sing, sank sink, sunk sink,
    shot shoot, slept sleep, taught teach, threw throw, thrown throw, woke wake, wore wear,
    built build, caught catch, chose choose, chosen choose, drank drink, drew draw, drawn draw,
    drove drive, ate eat, eaten eat, slain slay, slew slay, struck strike, bound bind, dug dig,
    rang ring, rung ring, rose rise, risen rise, shone shine, swam swim, dead die, death die,
    dying die, men man, women woman, children child, wolves wolf, thieves thief, knives knife,
    dwarves dwarf, elves elf, lives life, staves staff, mice mouse, feet foot, teeth tooth
"""
_IRREGULAR = dict(pair.split() for pair in _IRREGULAR_FORMS.split(","))


def fold(text: str) -> str:
    """The text without case, accents and compatibility forms: what two spellings share."""
    if text.isascii():
        return text.lower()
    return without_accents(decompose(text.casefold()))


def list_words_in(text: str) -> list[str]:
    """Every word, folded. Scripts written without blanks give pairs of letters instead."""
    words: list[str] = []
    for word in _WORD.findall(fold(text)):
        if len(word) > 2 and not word.isascii() and _UNSPACED.search(word):
            words.extend(word[at : at + 2] for at in range(len(word) - 1))
        else:
            words.append(word)
    return words


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """The part of an English word that its forms share, roughly: smuggled, smuggler → smuggl."""
    if "'" in word or "’" in word:
        for mark in ("'s", "’s", "'", "’"):
            word = word.removesuffix(mark)
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    for ending in ("ing", "ers", "ies", "er", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + ("i" if ending == "ies" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def list_irregular_forms(root: str) -> tuple[str, ...]:
    """Words that have this stem without beginning with it: steal → stole, stolen."""
    return _FORMS_OF.get(root, ())


def list_stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order, repeats included."""
    words = list_words_in(text)
    # Two letters have no ending; a text without blanks is made of pairs of them.
    return [
        word if len(word) < 3 and word.isalnum() else stem(word)
        for word in words
        if word not in STOP_WORDS
    ]


def _group_irregular() -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for form in _IRREGULAR:
        root = stem(form)
        if not form.startswith(root):
            grouped.setdefault(root, []).append(form)
    return {root: tuple(forms) for root, forms in grouped.items()}


_FORMS_OF = _group_irregular()


def plain(text: str) -> str:
    """One line without Markdown's marks, so that a quote cannot change the page around it."""
    line = " ".join(_unmark(text).split())
    if line.isprintable():
        return line
    return " ".join("".join(char if char.isprintable() else " " for char in line).split())


def list_sentences(text: str) -> list[str]:
    """The sentences of a text, plain, none empty. Lines end sentences too."""
    sentences: list[str] = []
    for line in filter(None, _unmark(text).splitlines()):
        begun: list[str] = []
        """A sentence that goes on behind an abbreviation: "Dr. Voss" is not two."""
        for part in _SENTENCE_END.split(line):
            piece = plain(part)
            if not piece:
                continue
            if piece[-1] == ".":
                if piece[-2:] == ".." and piece[-3:] != "...":
                    piece = piece[:-1]  # sheets join lines that may end with a stop of their own
                if _ABBREVIATION.search(piece, max(0, len(piece) - _LONGEST_ABBREVIATION)):
                    begun.append(piece)
                    continue
            if begun:
                piece = " ".join([*begun, piece])
                begun.clear()
            sentences.append(piece)
        if begun:
            sentences.append(" ".join(begun))
    return sentences


def _unmark(text: str) -> str:
    if _MAY_BE_MARKUP.search(text) is None and "\n" not in text:
        return text
    return _MARKUP.sub(lambda found: found[1] or "", text)


def finish(sentence: str) -> str:
    """The sentence with a full stop when it ends without any mark, as the lines of sheets do."""
    return sentence if not sentence or sentence[-1] in ".!?…。！？:;\"”’')" else f"{sentence}."


def shorten(text: str, characters: int) -> str:
    """The text, cut at a word with an ellipsis when it is longer than `characters`."""
    if len(text) <= characters:
        return text
    cut = cut_text(text, characters - 1)
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > characters // 2 else cut).rstrip(" ,;:") + "…"
