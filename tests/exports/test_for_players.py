"""What is exported for players: all that they may know, and not one word of the game master's.

Campaigns are drawn with a mark in every field of every kind, in every relation, fact, note and
recap; each format is read whole.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.canaries import PlayersMaker
from tests.exports.reading import exports_of, read_texts
from ttrpg_assistant.exports.registry import FORMATS
from ttrpg_assistant.storage.database import Database

PLAYERS = [one.name for one in FORMATS.values() if "players" in one.editions and not one.is_printed]
FEW, MANY = 2, 200


async def check_campaigns(database: Database, folder: Path, count: int, seed: int) -> list[int]:
    """Draw so many campaigns and read each format for players; files, marks told and withheld."""
    maker, exports, sums = PlayersMaker(seed), exports_of(database, folder), [0, 0, 0]
    for _ in range(count):
        drawn = await database.write(maker.draw)
        for name in PLAYERS:
            file = folder / "export"
            await exports.write(drawn.id, name, file, "players")
            text = read_texts(file).casefold()
            assert not [mark for mark in drawn.withheld if mark.casefold() in text], name
            assert not [mark for mark in drawn.told if mark.casefold() not in text], name
            sums = [sums[0] + 1, sums[1] + len(drawn.told), sums[2] + len(drawn.withheld)]
    return sums


async def test_players_are_given_what_they_know_and_no_word_more(
    database: Database, tmp_path: Path
) -> None:
    files, told, withheld = await check_campaigns(database, tmp_path, FEW, seed=20261130)
    assert files == FEW * len(PLAYERS) and len(PLAYERS) >= 3
    assert told > files * 10
    assert withheld > files * 80


@pytest.mark.deep
async def test_of_two_hundred_campaigns_players_are_given_no_word_more(
    database: Database, tmp_path: Path
) -> None:
    files, told, withheld = await check_campaigns(database, tmp_path, MANY, seed=7)
    print(f"{MANY} campaigns, {files} files, {told} marks told, {withheld} withheld, 0 found")
