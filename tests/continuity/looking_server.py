"""A model server on loopback that looks through campaigns; and a campaign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.table import until
from tests.providers import Script
from tests.providers.minded import MindedServer
from tests.reviews.review_table import Caller
from ttrpg_assistant.continuity.asking import ASK

PROMISE = "We promised Mira to bring her brother home."
DEBT = "It is time that the guild of Tarrow remembers who lent Tomas the boat."
RETURN = "Mira wept when they set him down by her fire."


class LookingServer(MindedServer):
    """Answers each question about a campaign by what `mind` makes of the prompt."""

    def __init__(self, mind: Callable[[str], str | Script]) -> None:
        super().__init__(self._look)
        self.mind = mind
        self.prompts: list[str] = []

    def _look(self, prompt: str, _: str) -> str | Script:
        if ASK not in prompt:
            return "Yes."
        self.prompts.append(prompt)
        return self.mind(prompt)


def find_number(prompt: str, words: str) -> int:
    """The number of the line that says these words; 0 where none does."""
    line = next((one for one in prompt.splitlines() if words in one and "[" in one), "")
    return int(line.partition("[")[2].partition("]")[0] or 0)


def find_letter(prompt: str, words: str) -> str:
    """The letter under which something is asked about; nothing where it is not."""
    line = next((one for one in prompt.splitlines() if words in one and " (line" in one), "")
    return line.removeprefix("- ").partition(" (")[0]


async def lay(app: Caller, *more: str) -> str:
    """A campaign with two evenings: a promise that another line keeps, a debt in no plain words."""
    campaign = await app.post("/api/campaigns", {"name": "The Salt Road"})
    path = f"/api/campaigns/{campaign['id']}"
    for name in ("Mira", "Tomas"):
        await app.post(f"{path}/npcs", {"name": name})
    for texts in ((PROMISE, "Mira lives in Tarrow."), (DEBT, RETURN, *more)):
        game = await app.post(f"{path}/game-sessions", {})
        await app.post(f"/api/game-sessions/{game['id']}/start")
        for text in texts:
            await app.post(f"/api/game-sessions/{game['id']}/notes", {"text": text})
        await app.post(f"/api/game-sessions/{game['id']}/end")
    return path


async def look(app: Caller, path: str, **body: Any) -> Any:
    """Let the model look, and what is said when it does no more."""
    await app.post(f"{path}/model-look", body, status=202)
    return await wait(app, path)


async def wait(app: Caller, path: str) -> Any:
    async def ended() -> Any:
        state = await app.get(f"{path}/model-look")
        return None if state["look"]["status"] == "reading" else state

    return await until(ended, 60)
