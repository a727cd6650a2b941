"""How much of what was said long ago a prompt is told, on words alone and on meaning as well."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Line, median, ms, percentile
from bench.filled import make_empty
from bench.planted import FACTS, UNSEEN, MadeUpTalk
from bench.recalling import ask, ask_as, fill, recalled_tokens, told
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.search.meaning.encoder import find_folder
from ttrpg_assistant.search.meaning.meaning import Meaning
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

MESSAGES, PLANTED = 20_000, 300
TOKENS = 2_000
AS_ASKED = 60
QUICK, QUICK_BY_MEANING = 0.015, 0.040

_removal: Callable[..., str] = add_removal
_SETS = (
    ("questions the ranking was tuned on", FACTS, 0.9),
    ("questions it never saw", UNSEEN, 0.5),
)
_BY_MEANING = 0.75


async def measure(place: Path) -> list[Line]:
    """Two campaigns of made-up talk, each with its own facts and questions.

    The second is asked by meaning as well where the optional model is installed; reading 20,000
    messages for that takes about seven minutes of one core.
    """
    lines = []
    for number, (what, kinds, least) in enumerate(_SETS):
        folder = place / str(number)
        folder.mkdir()
        database = create_database(await make_empty(folder))
        await database.open()
        try:
            talk = MadeUpTalk(MESSAGES, PLANTED, kinds)
            campaign_id = await fill(database, talk)
            asked = f"{PLANTED} facts among {MESSAGES:,} messages, {what}"
            recall = TalkRecall()
            lines.append(
                await _measure(database, talk, campaign_id, recall, f"{asked}: words", least)
            )
            if kinds is UNSEEN and find_folder() is not None:
                meaning = Meaning(database, Changes())
                await meaning.turn(True)
                await meaning.catch_up()
                recall = TalkRecall(meaning)
                what = f"{asked}: words and meaning"
                lines.append(await _measure(database, talk, campaign_id, recall, what, _BY_MEANING))
            lines.append(await _measure_leaks(database, talk, campaign_id, recall))
        finally:
            await database.close()
    return lines


async def _measure(
    database: Database,
    talk: MadeUpTalk,
    campaign_id: str,
    recall: TalkRecall,
    what: str,
    least: float,
) -> Line:
    with_recall = ConversationContext(database, CampaignFactSource(find_facts), recall=recall)
    without = ConversationContext(database, CampaignFactSource(find_facts))
    found, took, bare = 0, [], []
    for planted in talk.planted:
        began = time.perf_counter()
        await ask(database, without, campaign_id, planted.question)
        middle = time.perf_counter()
        built = await ask(database, with_recall, campaign_id, planted.question)
        took.append(time.perf_counter() - middle)
        bare.append(middle - began)
        found += planted.fact in told(built) and recalled_tokens(built) <= TOKENS
    share = found / len(talk.planted)
    quick = QUICK if least != _BY_MEANING else QUICK_BY_MEANING
    cost = median(took) - median(bare)
    p95 = percentile(took, 0.95) - median(bare)
    return Line(
        what,
        f"{share:.1%} in the prompt, +{ms(cost)} p50, +{ms(p95)} p95",
        f"{ms(median(bare))} for the prompt without recall",
        f"{(cost + median(bare)) / median(bare):.2f} ×",
        f"≥ {least:.0%} within {TOKENS:,} tokens, ≤ {ms(quick)}",
        share >= least and cost <= quick,
    )


async def _measure_leaks(
    database: Database, talk: MadeUpTalk, campaign_id: str, recall: TalkRecall
) -> Line:
    context = ConversationContext(database, CampaignFactSource(find_facts), recall=recall)
    leaked = await _count_leaks(database, context, talk, campaign_id)
    what = f"the same facts, asked of a speaking NPC {AS_ASKED} times"
    return Line(what, f"{leaked} told", "", "", "none", leaked == 0)


async def _count_leaks(
    database: Database, context: ConversationContext, talk: MadeUpTalk, campaign_id: str
) -> int:
    npc = await Npcs(database, Changes(), _removal).create(campaign_id, {"name": "Mira Voss"})
    leaked = 0
    for planted in talk.planted[: AS_ASKED * 4 : 4]:
        text = told(await ask_as(database, context, npc.id, campaign_id, planted.question))
        leaked += sum(one.fact in text for one in talk.planted)
    return leaked
