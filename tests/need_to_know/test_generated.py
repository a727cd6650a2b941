"""Generated campaigns: what is hidden from an NPC is in none of its prompts, on any path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.need_to_know.generated import Generated, Generator
from tests.need_to_know.hidden import check_withheld, find_leaks, flat
from tests.need_to_know.remembering import RememberingProvider
from tests.need_to_know.rounds import CONTEXT_TOKENS, Round, answer_offline
from tests.npc_table import all_of
from tests.running import Running, running

FEW, MANY = 3, 200
"""Two hundred take minutes: they are run with NEED_TO_KNOW=full."""


async def check_campaign(
    app: Running, model: RememberingProvider, made: Generated, *, long: bool
) -> int:
    """Every NPC through every path; gives how many prompts were looked at."""
    naming = f"What of {', '.join(made.names)}?"
    looked_at = 0
    for number, npc in enumerate(made.npcs):
        model.history.clear()
        held = Round(app, model, npc)
        await held.go(naming, npc.own_secrets, other=made.npcs[number - 1], long=long)
        check_withheld(npc, held.spoken)
        assert find_leaks(npc, [all_of(held.about[0])]), "the search finds what is there"
        answers = answer_offline(held.spoken[:2], seed=looked_at)
        assert not find_leaks(npc, answers), npc.name
        # A field longer than the prompt takes is cut at 500 characters.
        own = flat(all_of(held.about[0]))
        assert [text for text in npc.own_secrets if flat(text)[:400] not in own] == []
        looked_at += len(held.spoken)
    return looked_at


async def check_campaigns(tmp_path: Path, count: int, *, seed: int) -> int:
    """The rule held over so many campaigns; gives how many prompts were looked at."""
    model = RememberingProvider(context_tokens=CONTEXT_TOKENS)
    generator = Generator(seed)
    async with running(tmp_path, [model]) as app:
        looked_at = 0
        for number in range(count):
            made = await app.services.database.write(generator.make)
            looked_at += await check_campaign(app, model, made, long=number % 10 == 0)
        return looked_at


async def test_nothing_hidden_is_sent_for_an_npc_of_a_few_campaigns(tmp_path: Path) -> None:
    assert await check_campaigns(tmp_path, FEW, seed=20261122) >= FEW * 3 * 7


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("NEED_TO_KNOW") != "full", reason="NEED_TO_KNOW=full runs it")
async def test_nothing_hidden_is_sent_for_an_npc_of_two_hundred_campaigns(tmp_path: Path) -> None:
    assert await check_campaigns(tmp_path, MANY, seed=7) >= MANY * 3 * 7
