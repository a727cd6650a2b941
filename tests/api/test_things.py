"""Things of every kind over HTTP, and rolls on random tables."""

from __future__ import annotations

from pathlib import Path

from tests.running import running


async def test_a_random_table_is_rolled_on_with_the_tables_it_leads_to(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = await app.post("/api/campaigns", {"name": "The Marsh"})
        other = await app.post("/api/campaigns", {"name": "Elsewhere"})
        tables = f"/api/campaigns/{campaign['id']}/things/random_table"
        await app.post(tables, {"fields": {"name": "Beasts", "entries": "marsh cats"}})
        fields = {"name": "Night", "dice": "1d1", "entries": "1 [[2d1]] [[beasts]] by the fire"}
        made = await app.post(tables, {"fields": fields})
        rolled = await app.post(f"{tables}/{made['id']}/roll")
        assert rolled["text"] == "2 marsh cats by the fire"
        assert [one["table"] for one in rolled["rolls"]] == ["Night", "", "Beasts"]
        elsewhere = f"/api/campaigns/{other['id']}/things/random_table/{made['id']}/roll"
        await app.post(elsewhere, status=404)
        empty = await app.post(tables, {"fields": {"name": "Empty"}})
        fault = await app.post(f"{tables}/{empty['id']}/roll", status=422)
        assert fault["code"] == "empty_table" and fault["cure"]


async def test_a_list_is_narrowed_by_a_few_tags_and_not_by_thousands(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = await app.post("/api/campaigns", {"name": "The Marsh"})
        items = f"/api/campaigns/{campaign['id']}/things/item"
        await app.get(items, status=422, tag=["a"] * 1_500)
        assert (await app.get(items, tag=["a", "b"]))["things"] == []


async def test_the_numbers_of_a_stat_block_come_with_its_creature_and_are_never_stored(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        campaign = await app.post("/api/campaigns", {"name": "The Marsh"})
        creatures = f"/api/campaigns/{campaign['id']}/things/creature"
        fields = {"name": "Marsh cat", "stat_block": "AC 12, HP 9\nBite: +3 to hit, 1d6+1"}
        made = await app.post(creatures, {"fields": fields})
        stats = [{"label": "AC", "value": "12"}, {"label": "HP", "value": "9"}]
        rolls = [{"label": "Bite", "dice": "d20+3"}, {"label": "Bite", "dice": "1d6+1"}]
        assert made["numbers"] == {"stats": stats, "rolls": rolls}
        (listed,) = (await app.get(creatures))["things"]
        assert listed == made
        item = await app.post(
            f"/api/campaigns/{campaign['id']}/things/item", {"fields": {"name": "AC 12"}}
        )
        assert "numbers" not in item
