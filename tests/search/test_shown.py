"""What a search shows of a thing is one field of it, marked where it is a secret; of a message,
what a person reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.gm_questions.table import watch_for
from tests.running import running


def _shown(hit: dict[str, Any]) -> str:
    return "".join(part["text"] for part in hit["snippet"])


async def test_search_shows_no_machinery_and_no_secret_without_its_mark(tmp_path: Path) -> None:
    watch = watch_for("fresh")
    async with running(tmp_path) as app:
        await app.post("/api/sample-campaign")
        spare = (await app.get("/api/search", q="spare sluice"))["things"][0]
        assert (spare["name"], spare["field"], spare["is_gm_only"]) == ("Mira Vale", "Secret", True)
        assert _shown(spare) == (
            "She cut a spare for the great sluice gate and sold it, to pay a surgeon."
        )
        oar = (await app.get("/api/search", q="oilskin"))["things"][0]
        assert (oar["field"], oar["is_gm_only"]) == ("Appearance", False)
        named = (await app.get("/api/search", q="Ysolde"))["things"]
        assert any(thing["name"] == "Ysolde Quill" for thing in named)
        for query in ("oath", "korrin", "npc", "rationale", "value", "ledgers", "tonight", "bell",
                      "surgeon", "boats", "debt", "whistle", "coat", "kiln", "door"):  # fmt: skip
            found = await app.get("/api/search", q=query)
            for hit in found["hits"]:
                assert not any(mark in _shown(hit) for mark in ("{", "```", "ttrpg:")), query
            for thing in found["things"]:
                mark = " gm only" if thing["is_gm_only"] else ""
                faults = watch.list_faults(f"{_shown(thing)}{mark} planned")
                assert not faults, (query, thing)
