"""A campaign whose things have pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.running import Running

FILE = {"Content-Type": "application/octet-stream"}


class Table:
    """A campaign with an NPC and a location, and their pictures."""

    def __init__(self, app: Running, campaign: str, npc: str, location: str) -> None:
        self.app, self.campaign, self.npc, self.location = app, campaign, npc, location

    async def upload(
        self, content: bytes, *, status: int = 201, kind: str = "npc", **said: Any
    ) -> Any:
        """Add a picture of the NPC, or of the location; the answer."""
        named = {"kind": kind, "thing_id": self.npc if kind == "npc" else self.location, **said}
        path = f"/api/campaigns/{self.campaign}/pictures"
        answer = await self.app.client.post(path, params=named, content=content, headers=FILE)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def show(self, picture: str, size: str = "full", status: int = 200) -> Any:
        """The picture itself."""
        path = f"/api/pictures/{picture}"
        answer = await self.app.client.get(path, params={"size": size})
        assert answer.status_code == status, answer.text
        return answer

    async def list_page(self, **wanted: Any) -> Any:
        """A page of the campaign's pictures."""
        return await self.app.get(f"/api/campaigns/{self.campaign}/pictures", **wanted)

    async def list_ids(self, **wanted: Any) -> list[str]:
        """The ids of the campaign's pictures."""
        return [one["id"] for one in (await self.list_page(**wanted))["pictures"]]


async def lay(app: Running) -> Table:
    """Make the campaign."""
    campaign = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
    npc = (await app.post(f"/api/campaigns/{campaign}/npcs", {"name": "Mira"}))["id"]
    place = (await app.post(f"/api/campaigns/{campaign}/locations", {"name": "Harbour"}))["id"]
    return Table(app, campaign, npc, place)


def list_files(folder: Path) -> list[str]:
    """The files of pictures in a data folder."""
    return sorted(
        str(path.relative_to(folder / "pictures"))
        for path in (folder / "pictures").rglob("*")
        if path.is_file()
    )
