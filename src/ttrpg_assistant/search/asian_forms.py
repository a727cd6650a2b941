"""Other forms of Japanese and Korean words, as sequences of letters."""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = (
    "うわいえおっ",
    "くきけこかい",
    "ぐぎげごがい",
    "すしせそさ",
    "つちてとたっ",
    "ぬにねのなん",
    "ぶびべぼばん",
    "むみめもまん",
    "るりれろらっ",
)
"""What a verb that ends with the first goes on with: 戦う, 戦わない, 戦い, 戦った."""

_ADJECTIVE = "いくかけさ"
_AFTER_A_VOWEL = "るたてなまらろよ"
_MOST_KANA = 4

_PARTICLES = (
    *("은", "는", "이", "가", "을", "를", "의", "에", "도", "만", "와", "과", "로", "으로"),
    *("에서", "에게", "한테", "까지", "부터", "처럼", "보다", "이나", "나", "라고", "께서"),
    *("들", "들이", "들을", "들은", "들의", "이다", "이라", "이여", "아", "야"),
)
_FIRST, _LAST, _FINALS, _VOWELS = 0xAC00, 0xD7A3, 28, 21
_PAST = 20
"""ㅆ among the final letters; ㄴ is 4, ㄹ is 8, ㅂ is 17."""

_MERGED = {13: 14, 8: 9, 20: 6, 18: 4, 0: 0, 1: 1, 4: 4, 5: 5, 6: 6}
"""The vowel of a verb, and what it becomes before 어: 우 → 워, 오 → 와, 이 → 여, 으 → 어."""


def list_japanese_forms(letters: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A verb or adjective written as characters with kana behind them, in its other forms."""
    kana = len(letters)
    while kana and "ぁ" <= letters[kana - 1][0] <= "ゖ":
        kana -= 1
    if not kana or kana == len(letters) or len(letters) - kana > _MOST_KANA:
        return
    if not "\u3400" <= letters[kana - 1][0] <= "\u9fff":
        return
    base, ending = letters[:kana], "".join(letters[kana:])
    goes_on: dict[str, None] = {}
    for row in _ROWS:
        if ending[0] in row:
            goes_on.update(dict.fromkeys(row))
    if ending[0] in _ADJECTIVE:
        goes_on.update(dict.fromkeys(_ADJECTIVE))
    yield from ((*base, one) for one in goes_on)
    if len(ending) > 1 and ending[1] in _AFTER_A_VOWEL:  # 食べる, 食べた
        yield from ((*base, ending[0], one) for one in _AFTER_A_VOWEL)
    if ending in ("る", "た", "て", "ます", "ない", "ました"):  # 見る, 見た
        yield from ((*base, one) for one in _AFTER_A_VOWEL)


def list_korean_forms(letters: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A noun without its particle or with others, a verb in its other forms."""
    if not all(_FIRST <= ord(one[0]) <= _LAST for one in letters):
        return
    word = "".join(letters)
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= 1:
            base = word.removesuffix(particle)
            if len(base) > 1:
                yield tuple(base)
            else:
                yield from (tuple(base + other) for other in _PARTICLES)
    for ending in ("는다", "다", "는", "은", "고", "지", "면"):
        if word.endswith(ending) and len(word) > len(ending):
            yield from _list_korean_verbs(word.removesuffix(ending))
            break


def _list_korean_verbs(stem: str) -> Iterator[tuple[str, ...]]:
    """Forms of a verb by its stem, which may be that of the past: 싸우, 싸웠."""
    code = ord(stem[-1]) - _FIRST
    final = code % _FINALS
    if final == _PAST and len(stem) > 1 and stem[-1] in "았었였":
        yield tuple(stem[:-1])  # 잡았다, 먹었다
        return
    start, vowel = code - final, code // _FINALS % _VOWELS
    vowels = {vowel}
    if final == _PAST:
        vowels |= {plain for plain, merged in _MERGED.items() if merged == vowel}
    elif final not in (0, 4, 8, 17):
        yield tuple(stem)
        return
    vowels |= {_MERGED[one] for one in vowels if one in _MERGED}
    for one in sorted(vowels):
        at = _FIRST + start + (one - vowel) * _FINALS
        for ending in (0, 4, 8, 17, _PAST):
            yield (*stem[:-1], chr(at + ending))
