"""The other forms of a word that search looks for: endings, particles, and joined spellings.

They are made from the word that is asked for, so the indexes hold every text as it is and nothing
else, both databases find the same, and what fits exactly can be told from what does not
(`store/sqlite.py` and `store/postgresql.py` put it first). Scripts tell their language; for Latin
letters only the languages are used that something was written in (`store/languages.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from ttrpg_assistant.builtin.words import list_irregular_forms, stem
from ttrpg_assistant.script_words import is_unspaced
from ttrpg_assistant.search import endings
from ttrpg_assistant.search.asian_forms import list_japanese_forms, list_korean_forms
from ttrpg_assistant.search.model import Foreign, Term

MOST_FORMS = 240
"""Of one word: each is looked up in the index by itself."""

_LEAST_BASE = 3
"""Letters that must be left of a word without its ending."""

_LONGEST = 32
"""A longer word has no other forms."""

_LEAST_PART = 2
"""Letters of each part of a word that may be written in two."""

_Classes = tuple[tuple[str, ...], ...]


def _read(table: str) -> _Classes:
    """The endings of each line, the longest first, so that the longest is taken off a word."""
    return tuple(
        tuple(sorted(line.replace("-", " ").split(), key=len, reverse=True))
        + (("",) if line.startswith("- ") or " - " in line else ())
        for line in table.strip().splitlines()
        if line[0] != "="
    )


def _read_whole(*tables: str) -> dict[str, list[str]]:
    """What each word that is inflected irregularly has for other forms."""
    lines = (line[1:].split() for table in tables for line in table.splitlines() if line[:1] == "=")
    return {word: words for words in lines for word in words}


_LATIN = {
    "german": _read(endings.GERMAN),
    "french": _read(endings.FRENCH),
    "spanish": _read(endings.SPANISH),
    "italian": _read(endings.ITALIAN),
    "portuguese": _read(endings.PORTUGUESE),
    "dutch": _read(endings.DUTCH),
    "polish": _read(endings.POLISH),
    "swedish": _read(endings.SWEDISH),
    "danish": _read(endings.DANISH),
}
_ENGLISH = _read(endings.ENGLISH)
_SIGNS = {language: tuple(words.split()) for language, words in endings.SIGNS.items()}
_COMMON = {
    language: {*signs, *" ".join(endings.FUNCTION_WORDS[language]).split()}
    for language, signs in _SIGNS.items()
}
_WITHOUT_ENDING = frozenset(endings.ENGLISH_WITHOUT_ENDING.split())
_RUSSIAN = _read(endings.RUSSIAN)
_IRREGULAR = {
    "english": _read_whole(endings.ENGLISH),
    "french": _read_whole(endings.FRENCH),
}
_POLISH_SHORT = _read(endings.POLISH_CHANGES)
_RUSSIAN_SHORT = _read(endings.RUSSIAN_VOWELS_COME_AND_GO)
_GREEK = _read(endings.GREEK)
_HINDI = _read(endings.HINDI)


def widen(terms: Iterable[Term], languages: Iterable[str]) -> tuple[Term, ...]:
    """The terms with the other forms of their words. What is in quotes, begun with `*` or
    excluded stays as it is."""
    spoken = sorted(languages)
    latin = tuple(language for language in spoken if language in _LATIN)
    alone = latin if len(spoken) == 1 else ()
    return tuple(
        term
        if term.is_quoted or term.is_prefix or term.is_excluded
        else replace(
            term,
            others=list_others(term.words, alone),
            foreign=() if alone else tuple(_list_foreign(term.words, latin)),
        )
        for term in terms
    )


def list_other_words(terms: Iterable[Term]) -> list[tuple[str, ...]]:
    """What counts beside the words themselves, as sequences of words."""
    others = [words for term in terms for words in term.others]
    return others + [(form,) for term in terms for one in term.foreign for form in one.forms]


def find_languages(words: Iterable[str]) -> tuple[str, ...]:
    """In which languages with Latin letters a text is, by two of their commonest words."""
    there = set(words)
    return tuple(
        language for language, common in _COMMON.items() if len(there.intersection(common)) > 1
    )


def _list_foreign(words: tuple[str, ...], languages: tuple[str, ...]) -> Iterator[Foreign]:
    if len(words) > 1 or not words[0].isascii():
        return
    ours = list_forms(words[0], ())
    for language in languages:
        forms = tuple(form for form in list_forms(words[0], (language,)) if form not in ours)
        if forms:
            yield Foreign(forms, _SIGNS[language])


@lru_cache(maxsize=4_096)
def list_others(words: tuple[str, ...], languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What counts as these words, which follow each other: other forms of a single one, and the
    same letters joined or in two words."""
    made: dict[tuple[str, ...], None] = {}
    if all(map(is_unspaced, words)):
        made.update(dict.fromkeys(list_korean_forms(words)))
        made.update(dict.fromkeys(list_japanese_forms(words)))
    elif len(words) == 1:
        made.update(dict.fromkeys((form,) for form in list_forms(words[0], languages)))
        made.update(dict.fromkeys(_list_halves(words[0])))
    elif not any(map(is_unspaced, words)):
        made["".join(words),] = None
        for form in list_forms(words[-1], languages):
            made[*words[:-1], form] = None
    made.pop(words, None)
    return tuple(made)[:MOST_FORMS]


@lru_cache(maxsize=8_192)
def list_forms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The other forms of a folded word, at most `MOST_FORMS`."""
    if len(word) > _LONGEST or not any(map(str.isalpha, word)):
        return ()
    first = word[0]
    if first.isascii():
        forms = _list_latin_forms(word, languages)
    elif "\u0400" <= first < "\u0530":
        forms = _list_russian_forms(word)
    elif "\u0370" <= first < "\u0400":
        forms = _list_greek_forms(word)
    elif "\u0900" <= first < "\u0980":
        forms = _inflect(word, _HINDI, least=2)
    elif "\u0600" <= first < "\u0700":
        forms = _list_arabic_forms(word)
    elif "\u05d0" <= first < "\u05eb":
        forms = _list_hebrew_forms(word)
    else:
        return ()
    return tuple(form for form in dict.fromkeys(forms) if form != word)[:MOST_FORMS]


def _inflect(word: str, classes: _Classes, least: int = _LEAST_BASE) -> Iterator[str]:
    for line in classes:
        for ending in line:
            base = word.removesuffix(ending)
            if word.endswith(ending) and len(base) >= least:
                yield from (base + other for other in line)


def _list_latin_forms(word: str, languages: tuple[str, ...]) -> Iterator[str]:
    yield from _list_english_forms(word)
    for language in languages:
        yield from _IRREGULAR.get(language, {}).get(word, ())
        yield from _inflect(word, _LATIN[language])
        if language == "polish":
            yield from _inflect(word, _POLISH_SHORT, least=2)
        if language == "spanish" and word.endswith("z"):
            yield f"{word[:-1]}ces"
        if language == "spanish" and word.endswith("ces"):
            yield f"{word[:-3]}z"
        if language in ("german", "dutch"):
            yield from _list_participles(word)


def _list_participles(word: str) -> Iterator[str]:
    """`kampfen` – `gekampft`, and back."""
    if word.startswith("ge") and len(word) > 2 + _LEAST_BASE:
        inner = word[2:]
        for ending in ("et", "en", "t", "d"):
            if inner.endswith(ending):
                base = inner.removesuffix(ending)
                yield from (base + other for other in ("en", "e", "t", "te", "ten", "st", ""))
    for ending in ("en", "ten", "te", "t", "e", "n"):
        base = word.removesuffix(ending)
        if word.endswith(ending) and len(base) >= _LEAST_BASE:
            yield from (
                f"ge{base}{other}" for other in ("t", "et", "en", "te", "ten", "ter", "tes")
            )


def _list_english_forms(word: str) -> Iterator[str]:
    if word in _WITHOUT_ENDING:
        yield f"{word}s"
        return
    if word.endswith(("ss", "us", "is")):
        yield f"{word}es"
        return
    yield from _IRREGULAR["english"].get(word, ())
    yield from _inflect(word, _ENGLISH)
    for base in (word, word.removesuffix("s")):
        if base[-1:] not in "aeiouwxys" and base[-2:-1] in tuple("aeiou") and len(base) < 8:
            yield from (f"{base}{base[-1]}ed", f"{base}{base[-1]}ing")
    for ending in ("ed", "ing"):
        base = word.removesuffix(ending)
        if word.endswith(ending) and len(base) > 3 and base[-1] == base[-2]:
            yield from (base[:-1] + other for other in ("", "s", "ed", "ing"))
    root = stem(word)
    irregular = [form for form in list_irregular_forms(root) if form not in ("dead", "death")]
    inflected = [root + other for other in ("", "e", "s", "es", "ing")]
    if irregular and (word in irregular or word in inflected):
        yield from (*irregular, *inflected)


def _list_russian_forms(word: str) -> Iterator[str]:
    for ending in ("ся", "сь"):
        base = word.removesuffix(ending)
        if word.endswith(ending) and len(base) > _LEAST_BASE:
            for form in _inflect(base, _RUSSIAN):
                yield from (f"{form}ся", f"{form}сь")
            return
    yield from _inflect(word, _RUSSIAN_SHORT, least=2)
    yield from _inflect(word, _RUSSIAN)


def _list_greek_forms(word: str) -> Iterator[str]:
    yield from _inflect(word, _GREEK)
    if word[0] == "ε" and len(word) > _LEAST_BASE + 2:  # έψαχνα, ψάχνω
        yield from _inflect(word[1:], _GREEK)
    for ending in ("ουμε", "ετε", "ουν", "εισ", "ει", "ω"):
        base = word.removesuffix(ending)
        if word.endswith(ending) and len(base) >= _LEAST_BASE:
            yield from (f"ε{base}{past}" for past in ("α", "εσ", "ε", "αν"))


def _list_arabic_forms(word: str) -> Iterator[str]:
    before = _split(endings.ARABIC_BEFORE)
    after = _split(endings.ARABIC_AFTER)
    bases = [word]
    for beginning in ("وال", "بال", "فال", "كال", "ال", "لل"):
        if word.startswith(beginning) and len(word) - len(beginning) >= 2:
            bases.append(word.removeprefix(beginning))
            break
    for base in tuple(bases):
        for ending in ("تها", "ته", "ات", "ين", "ون", "ان", "ها", "هم", "ة", "ه"):
            if base.endswith(ending) and len(base) - len(ending) >= _LEAST_BASE:
                bases.append(base.removesuffix(ending))
                break
    for base in bases[::-1]:
        for spelled in _spell_alef(base):
            yield from (beginning + spelled for beginning in before)
    for base in bases[::-1]:
        yield from (beginning + base + "ة" for beginning in before)
        yield from (beginning + base + ending for ending in after for beginning in before[:4])


def _spell_alef(word: str) -> Iterator[str]:
    """The word with its first and last letters as they are written with and without care."""
    firsts = "اأإآ" if word[0] in "اأإآ" else word[0]
    lasts = {"ة": "ةه", "ه": "هة", "ى": "ىي", "ي": "يى"}.get(word[-1], word[-1])
    yield from (first + word[1:-1] + last for first in firsts for last in lasts)


_FINALS = dict(zip("כמנפצ", "ךםןףץ", strict=True))
_OPEN = {final: letter for letter, final in _FINALS.items()}


def _list_hebrew_forms(word: str) -> Iterator[str]:
    bases = [word]
    if word[0] in "הו" and len(word) > 3:
        bases.append(word[1:])
    for base in tuple(bases):
        for ending in ("ים", "ות", "ה", "ת"):
            if base.endswith(ending) and len(base) - len(ending) >= 2:
                cut = base.removesuffix(ending)
                bases.append(cut[:-1] + _FINALS.get(cut[-1], cut[-1]))
                break
    for base in bases:
        open_base = base[:-1] + _OPEN.get(base[-1], base[-1])
        for beginning in _split(endings.HEBREW_BEFORE):
            yield beginning + base
            yield from (beginning + open_base + e for e in _split(endings.HEBREW_AFTER) if e)


def _split(listed: str) -> list[str]:
    return ["" if one == "-" else one for one in listed.split()]


def _list_halves(word: str) -> Iterator[tuple[str, ...]]:
    """The word written in two: `blacksmith` as `black smith`, `kelthas` as `Kel'thas`."""
    if _LEAST_PART * 2 < len(word) <= _LONGEST and word.isalpha():
        for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
            yield word[:at], word[at:]
