"""Random talk in every format: read back, nothing is lost of it."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.archives.talk_reader import Read, read_file
from tests.archives.talk_writers import WRITERS, Written
from ttrpg_assistant.archives.talk_formats import list_formats

TIMES, DEEP_TIMES = 8, 120


def check(name: str, seed: int) -> None:
    spelled, write = WRITERS[name]
    written = write(random.Random(seed))
    read = read_file(written.content, began=written.began)
    assert read.format == spelled, seed
    assert len(read.talks) == len(written.shown), seed
    for at in range(len(read.talks)):
        compare(written, read, at, seed)
    assert not [one for one in read.remarks if one.is_loss and "names the program" not in one.text]


def compare(written: Written, read: Read, at: int, seed: int) -> None:
    def spell(name: str, text: str) -> str:
        return f"{name}: {text}" if written.has_names else text

    shown = [(one.role, one.content) for one in read.path(at)]
    expected = [(role, spell(name, text)) for role, name, text, _ in written.shown[at]]
    assert shown == expected, seed
    asides = sum(one.is_alternative for one in read.talks[at][1])
    assert asides == len(written.versions[at]) - len(shown), seed
    names = {text: name for _, name, text, _ in written.shown[at]}
    said = Counter(one.content for one in read.talks[at][1])
    if written.has_names:
        assert sum(said.values()) == len(written.versions[at]), seed
        for version in written.versions[at]:
            assert any(content.endswith(version) for content in said), (seed, version, names)
    else:
        assert said == Counter(written.versions[at]), seed
    if written.has_moments:
        moments = [one.moment for one in read.path(at)]
        assert moments == [
            moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
            for *_, moment in written.shown[at]
        ], seed


@pytest.mark.parametrize("name", WRITERS)
def test_random_talk_comes_back_whole(name: str) -> None:
    for seed in range(TIMES):
        check(name, seed)


@pytest.mark.deep
@pytest.mark.parametrize("name", WRITERS)
def test_much_random_talk_comes_back_whole(name: str) -> None:
    for seed in range(TIMES, DEEP_TIMES):
        check(name, seed)
    print(f"{name}: {DEEP_TIMES - TIMES} files, nothing lost")


def test_every_format_has_a_name_of_its_own_and_is_in_the_documents() -> None:
    names = [one.name for one in list_formats()]
    assert len(names) == len(set(names)) >= 20
