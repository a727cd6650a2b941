"""No parser takes more than linear time over any text that its grammar can spell.

Growth is measured, not speed: eight times the text may cost about eight times as much.
"""

from __future__ import annotations

import pytest

from tests.patterns.attacks import Attack
from tests.patterns.file_parsers import FILE_PARSERS
from tests.patterns.growth import cost, is_too_steep
from tests.patterns.parsers import PARSERS, Fed, Parser
from tests.patterns.server_parsers import SERVER_PARSERS
from ttrpg_assistant.prompts.guard import prepare

QUICK, DEEP = 10, 800
"""Attacks on each parser."""

LENGTHS = (1_000, 10_000, 100_000, 200_000)

EVERY = (*PARSERS, *SERVER_PARSERS, *FILE_PARSERS)


def find_slow(parser: Parser, most: int) -> tuple[Attack, str] | None:
    """The first attack whose cost grows faster than its length, and how fast."""
    for attack in parser.attacks(most):
        steep = is_too_steep(parser.run, attack.text, 300)
        if steep is not None:
            return attack, steep
    return None


def test_the_search_finds_a_parser_that_looks_back() -> None:
    def count_earlier(text: str) -> int:
        return sum(1 for at in range(len(text)) for earlier in text[:at] if earlier == "b")

    assert find_slow(Parser("bad", count_earlier, ("a", "b")), 1) is not None


@pytest.mark.parametrize("parser", EVERY, ids=lambda parser: parser.name)
def test_no_parser_costs_more_than_linear_time(parser: Parser) -> None:
    prepare()
    found = find_slow(parser, QUICK)
    assert found is None, f"{parser.name}: {found}"


@pytest.mark.deep
@pytest.mark.parametrize("parser", EVERY, ids=lambda parser: parser.name)
def test_no_parser_costs_more_than_linear_time_however_long_one_looks(parser: Parser) -> None:
    """Prints the worst text found for each parser, and what it costs up to the longest text that
    the parser is given; for one that is fed in pieces, also what a piece costs."""
    prepare()
    found = find_slow(parser, DEEP)
    assert found is None, f"{parser.name}: {found}"
    attacks = parser.attacks(DEEP)
    slow = sorted(attacks, key=lambda attack: -_spend(parser, attack, 1_000))[:12]
    worst = max(slow, key=lambda attack: _spend(parser, attack, 50_000))
    lengths = [length for length in LENGTHS if length < parser.most]
    spent = (f"{n:,}: {_spend(parser, worst, n):.2f} ms" for n in [*lengths, parser.most])
    print(f"{parser.name:28}", *spent, *_say_pieces(parser, worst), worst, sep=" · ")


def _spend(parser: Parser, attack: Attack, length: int) -> float:
    text = attack.text(length)
    return 1000 * cost(lambda: parser.run(text), 1)


def _say_pieces(parser: Parser, attack: Attack) -> list[str]:
    """What is fed piece by piece holds up nobody for longer than a piece."""
    if not isinstance(parser.run, Fed):
        return []
    spent = parser.run.time_pieces(attack.text(parser.most))
    mean = sum(spent) / len(spent)
    return [f"{len(spent):,} pieces: mean {1e6 * mean:.1f}, longest {1e6 * max(spent):.0f} µs"]
