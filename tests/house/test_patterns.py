"""No regular expression is used before its worst texts have been looked for."""

from __future__ import annotations

from tests.patterns.builders import BUILT
from tests.patterns.listing import list_places


def test_every_pattern_is_known_before_it_is_used() -> None:
    unknown = {
        f"{place.module}.{place.built_in}" for place in list_places() if not place.patterns
    } - set(BUILT)
    assert not unknown, f"A new pattern needs its samples in builders.py: {sorted(unknown)}"
