"""What a model read and found is kept once, on both databases."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.store import edits
from ttrpg_assistant.continuity.findings import Finding
from ttrpg_assistant.continuity.model import Source, make_key
from ttrpg_assistant.continuity.store import looks
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.storage.database import Database


def _add_campaign(tx: Connection) -> str:
    made = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": "The Salt Road"}))
    return made.id


def _finding(**said: object) -> Finding:
    key = make_key("owed", new_id())
    source = Source("note", new_id())
    made = Finding(key, "owed", "found", "They owe.", source, "They owe.", made_by="a:b")
    return replace(made, **said)  # type: ignore[arg-type]


async def test_a_part_is_read_once_and_counted_once(database: Database) -> None:
    campaign_id = await database.write(_add_campaign)
    begun = await database.write(lambda tx: looks.begin_look(tx, campaign_id, "a:b"))
    key = make_key("part")
    for is_first in (True, False):
        noted = await database.write(lambda tx: looks.note_read(tx, begun.id, key, 3))
        assert noted is is_first
    now = await database.read(lambda tx: looks.get_look(tx, begun.id))
    assert (now.done, now.left_out) == (1, 3)
    again = await database.write(lambda tx: looks.begin_look(tx, campaign_id, "a:c"))
    assert (again.id, again.done, again.made_by) == (begun.id, 0, "a:c")
    assert await database.read(lambda tx: looks.list_read_keys(tx, begun.id)) == {key}


async def test_a_verdict_stands_with_what_it_is_on_and_the_latest_counts(
    database: Database,
) -> None:
    campaign_id = await database.write(_add_campaign)
    found = _finding()
    pair = _finding(kind="contradiction", old=Source("fact", new_id()), old_quote="Before.")
    elsewhere = make_key("promised", "built in")
    end = Source("note", new_id())

    def judge(key: str, says: str) -> Finding:
        return _finding(key=key, kind="verdict", says=says, source=end, quote="Paid.", text="")

    await database.write(lambda tx: looks.put_findings(tx, campaign_id, [found, pair]))
    for says in ("real", "settled"):
        words = [judge(key, says) for key in (found.key, pair.key, elsewhere)]
        await database.write(lambda tx, words=words: looks.put_findings(tx, campaign_id, words))
    # Found once more, it stays judged.
    await database.write(lambda tx: looks.put_findings(tx, campaign_id, [found]))
    kept = await database.read(lambda tx: looks.list_findings(tx, campaign_id))
    assert {one.says for one in kept.values()} == {"settled"} and len(kept) == 3
    assert (kept[found.key].quote, kept[found.key].old, kept[found.key].old_quote) == (
        "They owe.",
        end,
        "Paid.",
    )
    assert kept[pair.key].old == pair.old and kept[pair.key].old_quote == "Before."
    assert (kept[elsewhere].kind, kept[elsewhere].source) == ("verdict", end)
    await database.write(lambda tx: looks.forget_all(tx, campaign_id))
    assert await database.read(lambda tx: looks.list_findings(tx, campaign_id)) == {}
