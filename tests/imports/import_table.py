"""A campaign into which files are imported over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.running import Running

FILE = {"Content-Type": "application/octet-stream"}


class ImportTable:
    """A campaign, and what is done with files for it."""

    def __init__(self, app: Running, campaign: str) -> None:
        self.app, self.campaign = app, campaign

    async def send(
        self, content: bytes, name: str = "card.json", *, status: int = 201, **params: Any
    ) -> Any:
        """Send a file for a preview; the answer."""
        said = {"filename": name, "campaign_id": self.campaign, **params}
        wanted = {key: value for key, value in said.items() if value is not None}
        answer = await self.app.client.post(
            "/api/imports", params=wanted, content=content, headers=FILE
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    async def accept(self, preview: Any, **choices: Any) -> Any:
        """Accept a preview and wait for its end; the import with its report."""
        path = f"/api/imports/{preview['import_id']}/accept"
        began = await self.app.post(path, {"choices": choices}, status=202)
        for task in list(self.app.services.imports.tasks):
            await asyncio.wait([task])
        return await self.app.get(f"/api/imports/{began['follow']['id']}")

    async def bring(self, content: bytes, name: str = "card.json", **choices: Any) -> Any:
        """Send a file and accept it as it is."""
        return await self.accept(await self.send(content, name), **choices)

    async def undo(self, done: Any) -> Any:
        """Undo an import."""
        return await self.app.post(f"/api/imports/{done['id']}/undo")

    async def things(self, kind: str) -> list[Any]:
        """The things of a kind."""
        return (await self.app.get(f"/api/campaigns/{self.campaign}/things/{kind}"))["things"]

    async def facts(self) -> list[Any]:
        """The facts of the campaign."""
        return (await self.app.get(f"/api/campaigns/{self.campaign}/facts"))["facts"]

    async def change(self, kind: str, thing: Any, **changes: Any) -> Any:
        """Change a thing by hand."""
        path = f"/api/campaigns/{self.campaign}/things/{kind}/{thing['id']}"
        answer = await self.app.client.patch(
            path, json={"revision": thing["revision"], "changes": changes}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


async def lay(app: Running) -> ImportTable:
    """Make the campaign."""
    return ImportTable(app, (await app.post("/api/campaigns", {"name": "Marsh"}))["id"])
