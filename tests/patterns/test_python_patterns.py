"""No pattern of the package takes more than linear time over any text.

The patterns are listed from the source; what is hard for each is derived from the pattern.
Growth is measured, not speed: eight times the text may cost about eight times as much.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import cache

import pytest

from tests.patterns.attacks import Attack, attacks_on
from tests.patterns.builders import BUILT, OWN_TEXT
from tests.patterns.growth import WORST, cost, is_too_steep
from tests.patterns.listing import list_places

AnyPattern = re.Pattern[str] | re.Pattern[bytes]

QUICK, DEEP = 8, 600
"""Attacks on each pattern."""

KNOWN_TO_BE_SLOW = (
    r"[\[<{]\s*/?\s*system",
    r"\s*\S+\s*",
    r"<[^>]*>",
    r"(?:a|b|ab)*c",
    r"(\d+(?:\.\d+)?)(ms|s)",
    r"paraphras\w+\w*ing(?!\w)",
    r"session\s*#?\s*(\d{1,4})\b",
    r"[.!?]+[\"']*(?:\s+|$)",
)


@cache
def list_patterns() -> dict[tuple[str, AnyPattern], bool]:
    """Every pattern with the place it stands, and whether it is only tried at one place."""
    found: dict[tuple[str, AnyPattern], bool] = {}
    for place in list_places():
        if place.module in OWN_TEXT:
            continue
        built = BUILT.get(f"{place.module}.{place.built_in}")
        patterns = place.patterns or (built() if built else ())
        for pattern in patterns:
            found[place.name, pattern] = place.is_anchored and bool(place.patterns)
    return found


def _runner(pattern: AnyPattern, is_anchored: bool) -> Callable[[str], object]:
    is_bytes = isinstance(pattern.pattern, bytes)

    def run(text: str) -> object:
        given = text.encode("utf-8", "replace") if is_bytes else text
        if is_anchored:
            return pattern.fullmatch(given)  # type: ignore[arg-type]
        return sum(1 for _ in pattern.finditer(given))  # type: ignore[arg-type]

    return run


def find_slow(pattern: AnyPattern, is_anchored: bool, most: int) -> tuple[Attack, str] | None:
    """The first attack whose cost grows faster than its length, and how fast."""
    run = _runner(pattern, is_anchored)
    for attack in attacks_on(pattern, most):
        before = 0.0
        for length in (24, 48, 96, 300, 2400):  # Slowly up: an exponential one never comes back.
            text = attack.text(length)
            begun = time.thread_time()
            run(text)
            spent = time.thread_time() - begun
            if before > 0.001 and spent > WORST * before:
                return attack, f"{spent / before:.0f} times the cost at {length} characters"
            if length == 2400 and spent > WORST * before:
                steep = is_too_steep(run, attack.text, 300)
                if steep:
                    return attack, steep
            before = spent
    return None


@pytest.mark.parametrize("text", KNOWN_TO_BE_SLOW)
def test_the_search_finds_what_is_known_to_be_slow(text: str) -> None:
    assert find_slow(re.compile(text), False, QUICK) is not None


@pytest.mark.parametrize("part", range(4))
def test_no_pattern_costs_more_than_linear_time(part: int) -> None:
    assert len(list_patterns()) > 200
    slow = []
    for (name, pattern), is_anchored in list(list_patterns().items())[part::4]:
        found = find_slow(pattern, is_anchored, QUICK)
        if found is not None:
            slow.append(f"{name} {str(pattern.pattern)[:60]!r}: {found[0]}: {found[1]}")
    assert not slow, "\n".join(slow)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(16))
def test_no_pattern_costs_more_than_linear_time_however_long_one_looks(part: int) -> None:
    """Prints a table: the worst text found for each pattern, and what it costs at each length."""
    slow = []
    for (name, pattern), is_anchored in list(list_patterns().items())[part::16]:
        found = find_slow(pattern, is_anchored, DEEP)
        if found is not None:
            slow.append(f"{name} {str(pattern.pattern)[:60]!r}: {found[0]}: {found[1]}")
            continue
        print(f"{name:44}", *_figures(pattern, is_anchored))
    assert not slow, "\n".join(slow)


def _figures(pattern: AnyPattern, is_anchored: bool) -> list[object]:
    """Milliseconds at 1,000, 10,000, 100,000 and 200,000 characters of the worst text found."""
    run = _runner(pattern, is_anchored)

    def spend(attack: Attack, length: int) -> float:
        text = attack.text(length)
        return 1000 * cost(lambda: run(text), 1)

    worst = max(attacks_on(pattern, DEEP), key=lambda attack: spend(attack, 500))
    return [*(f"{spend(worst, n):9.2f} ms" for n in (1_000, 10_000, 100_000, 200_000)), worst]
