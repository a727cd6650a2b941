"""What was said in any script is recalled by a question in the same, other forms of words too."""

from __future__ import annotations

from tests.search.test_recall import recall
from tests.search.test_search import new_thread, say
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

ASKED = [
    ("黑门后面睡着一条红龙。", "红龙在哪里？"),
    ("赤い竜は城の地下で眠っている。", "赤い竜はどこ？"),
    ("ﾄﾞﾗｺﾞﾝの宝物", "ドラゴンについて教えて"),
    ("붉은 드래곤이 탑에 산다.", "드래곤을 어디서 찾지?"),
    ("มังกรแดงหลับอยู่ใต้ปราสาท", "ปราสาทอยู่ที่ไหน"),
    ("Дракон спит под старой мельницей.", "Что делали с драконом?"),
    ("Der Schatz liegt in alten Kisten.", "Wo ist die alte Kiste?"),
    ("الملك في القلعة القديمة", "أين قلعة"),
    ("राजा किले में सोता है।", "किला कहाँ है?"),
]


async def test_every_script_is_recalled(database: Database) -> None:
    campaign = await Campaigns(database, Changes(), add_removal).create(None, {"name": "Marsh"})
    for said, _ in ASKED:  # Each by itself: what stands beside an answer is recalled with it.
        old = await new_thread(database, campaign_id=campaign.id)
        await say(database, old.id, said)
    now = await new_thread(database, campaign_id=campaign.id)
    for said, question in ASKED:
        found = [one.text for one in await recall(database, now, question)]
        assert said in found[:1], (question, found)
