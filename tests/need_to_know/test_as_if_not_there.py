"""What is hidden changes nothing for whoever may not know it: not a word, a number or an order.

Each campaign is made twice, with and without what is hidden, and everything that an NPC's prompt,
a character, the party or the players' exports are told must be the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from tests.exports.reading import exports_of, read_texts
from tests.need_to_know.same import find_difference, name_alike
from tests.need_to_know.twins import CANARY, Twin, TwinMaker
from ttrpg_assistant.campaigns.audiences import viewer_of
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.doors.visible import count_seen, get_seen, list_seen, search_seen
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.exports.registry import FORMATS
from ttrpg_assistant.prompts.audience import ANYBODY, PARTY, Viewer
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import compose_voice
from ttrpg_assistant.prompts.facts import History, persona_of
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.storage.database import Database

PLAYERS = [one.name for one in FORMATS.values() if "players" in one.editions and not one.is_printed]
FEW, MANY = 2, 200
NONCE = "abcdefghij"


def list_prompts(tx: Connection, twin: Twin) -> list[str]:
    """What an NPC is told when nothing, when everything open and when what is hidden is named."""
    source, told = CampaignFactSource(find_facts), list[str]()
    everything = ", ".join(twin.open_names)
    for said in ("Well?", everything, f"{', '.join(twin.hidden_names)}; {everything}"):
        voice = source.gather(tx, twin.campaign_id, None, [said], twin.speaker, "as").voice
        assert voice is not None
        told.append(msgspec.json.encode(voice).decode() + "\n".join(persona_of(voice).knows))
        for tokens in (100_000, 4_000):
            prompt = compose_voice(
                sheet=voice,
                history=History(),
                new_message="Well?",
                budget=Budget.for_context(tokens),
                nonce=NONCE,
            )
            told.append("\n".join([prompt.system, *(one.content for one in prompt.messages)]))
    return told


def list_hidden(twin: Twin) -> list[str]:
    """Some ids and names of what is hidden."""
    step = 1 + len(twin.hidden_ids) // 5
    return [*twin.hidden_ids[::step], *twin.hidden_names[::step]]


def list_looks(tx: Connection, twin: Twin) -> list[str]:
    """What each of those who look is shown, whatever it asks for."""
    return list(_look(tx, twin))


def _look(tx: Connection, twin: Twin) -> Iterator[str]:
    speaker = get_entity(tx, NPC, twin.speaker)
    character = Viewer("character", twin.character)
    for viewer in (ANYBODY, PARTY, character, viewer_of(speaker)):
        yield str(count_seen(tx, twin.campaign_id, viewer))
        for kind in list_things():
            yield str(list_seen(tx, twin.campaign_id, viewer, kind, 2))
        for asked in (*twin.open_ids[::6], *twin.open_names[::6], *list_hidden(twin), "?"):
            try:
                yield str(get_seen(tx, twin.campaign_id, viewer, None, asked))
            except Fault as fault:
                yield f"{fault.sentence} {fault.cure} {fault.facts}"
        for query in (*twin.open_names[:2], *twin.hidden_names[:2], "met"):
            yield str(search_seen(tx, twin.campaign_id, viewer, query, 12))


def compare(twins: tuple[Twin, Twin], told: list[list[str]]) -> int:
    """Hold the rule; gives how many answers were compared."""
    for bare, full in zip(*told, strict=True):
        same = tuple(name_alike(*one) for one in zip(twins, (bare, full), strict=True))
        assert not find_difference(*same), find_difference(*same)
        assert CANARY not in full or CANARY in bare, "only what was asked is said back"
    return len(told[0])


async def check_campaigns(
    database: Database, folder: Path, count: int, seed: int, *, every: int = 4
) -> list[int]:
    """The rule held over so many campaigns, the first of `every` of them crowded; gives how many
    prompts, looks and files were compared."""
    exports, sums = exports_of(database, folder), [0, 0, 0]
    for number in range(count):
        maker = TwinMaker(seed + number, crowd=number % every == 0)
        twins = await database.write(maker.make)
        prompts = [await database.read(partial(list_prompts, twin=one)) for one in twins]
        looks = [await database.read(partial(list_looks, twin=one)) for one in twins]
        sums[0] += compare(twins, prompts)
        sums[1] += compare(twins, looks)
        files: list[list[str]] = [[], []]
        for told, twin in zip(files, twins, strict=True):
            for name in PLAYERS:
                file = folder / "export"
                await exports.write(twin.campaign_id, name, file, "players")
                told.append(read_texts(file))
        sums[2] += compare(twins, files)
    return sums


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_nobody_can_tell_whether_there_is_anything_that_is_not_for_them(
    database: Database, tmp_path: Path
) -> None:
    prompts, looks, files = await check_campaigns(database, tmp_path, FEW, seed=20261130)
    assert prompts == FEW * 9
    assert looks > FEW * 100
    assert files == FEW * len(PLAYERS) and len(PLAYERS) >= 3


@pytest.mark.deep
async def test_of_two_hundred_campaigns_nobody_can_tell_what_is_hidden(
    database: Database, tmp_path: Path
) -> None:
    prompts, looks, files = await check_campaigns(database, tmp_path, MANY, seed=7, every=8)
    print(f"{MANY} pairs, {prompts} prompts, {looks} looks, {files} files: all the same")
