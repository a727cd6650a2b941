"""What the page offers to ask really is answered by the built-in model, on an empty install too."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from scripts.check_page import NODE
from tests.house.source_tree import PACKAGE
from tests.running import Running, running
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.campaigns.sample import SAMPLE_CAMPAIGN_ID, sample_id
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.types import BUILT_IN

WORDS = PACKAGE / "web" / "app" / "words" / "en" / "start.js"
USELESS = (
    "Nothing is recorded",
    "This was said",
    "Nothing stored",
    "That is part of this conversation",
)

EMPTY_INSTALL = {
    "Roll 2d6+3 for the ambush": r"`2d6\+3` → \[[1-6], [1-6]\] \+ 3 = \*\*\d+\*\*",
    "Give me three names for a smuggler": r"1\. \w+.*\n2\. \w+.*\n3\. \w+",
    "Invent a tavern for tonight": r"\*\*The .+\.\*\* .+",
    "Yes or no: do the guards believe them?": r"\*\*(?:Yes|No)\b",
    "What can you do?": r"\*\*Roll\*\*",
}
SAMPLE_TABLE = {
    "Who are the NPCs in this campaign?": r"Mira Vale",
    "What happened last time?": r"(?s)recap|last time|Game session",
    "Which plot points are still open?": r"The vault opens",
    "Give me a complication": r"\w+ \w+.*\.",
    "Give me three names for an innkeeper": r"1\. \w+.*\n2\. \w+.*\n3\. \w+",
}
DRAWN = r"\w+ \w+"
BLANK_CAMPAIGN = EMPTY_INSTALL | {
    "Plan the next session": r"(?s)strong start.*Complications",
    "Give me three complications": r"(?s)1\. .*2\. .*3\. ",
    "Give me three rumours": r"(?s)1\. .*2\. .*3\. ",
    "Give me three plot hooks": r"(?s)1\. .*2\. .*3\. ",
    "Give me three names for an innkeeper": r"(?s)1\. .*2\. .*3\. ",
    "Give me an NPC": r"(?s)\*\*Looks:\*\*.*\*\*Wants:\*\*",
    "Give me a secret": DRAWN,
    "Give me a location": DRAWN,
    "Give me a motive": DRAWN,
    "Give me an opening for the first session": r"Start \w+",
    "Is the old enemy still alive? Unlikely": r"\*\*(?:Yes|No)\b",
}
ABOUT_MIRA = {
    "What does Mira Vale want?": r"(?i)want|name|father|toll|crossing|ferry",
    "What is Mira Vale hiding?": r"(?i)secret|GM only",
    "How does Mira Vale speak?": r"(?i)short|count|voice|speak",
}


def read_words() -> dict[str, Any]:
    """The texts of the first screens, with Mira's name where one belongs."""
    script = (
        f"import {{ start }} from {json.dumps(WORDS.as_uri())};"
        "const about = start.aboutTries('Mira Vale');"
        "console.log(JSON.stringify({ ...start, about }));"
    )
    command = [NODE, "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    words: dict[str, Any] = json.loads(done.stdout)
    return words


async def check(
    expected: dict[str, str], offered: list[str], ask: Callable[[str], Awaitable[str]]
) -> None:
    """Every text that is offered is expected here, and answered as expected."""
    assert set(offered) <= set(expected), "an example that no test has tried"
    for text in offered:
        answer = await ask(text)
        assert re.search(expected[text], answer), f"{text}\n{answer}"
        assert not any(words in answer for words in USELESS), f"{text}\n{answer}"


async def test_every_question_the_page_offers_has_a_useful_answer(tmp_path: Path) -> None:
    words = read_words()
    async with running(tmp_path, [OfflineModel(pace=0)], model=BUILT_IN) as app:

        async def send(path: str, text: str, **more: str) -> str:
            body = {"message_id": new_id(), "content": text, **more}
            turn = await app.post(path, body)
            answer: str = (await app.read_reply(turn["assistant_message"]["id"]))["content"]
            return answer

        async def chat_path(**campaign: str) -> str:
            chat = await app.post("/api/chat-sessions/active", campaign)
            return f"/api/chat-sessions/{chat['id']}/turns"

        quick = await chat_path()
        await check(EMPTY_INSTALL, words["tries"], lambda text: send(quick, text))

        blank = (await app.post("/api/campaigns", {"name": "Blank"}))["id"]
        for name in sorted(words):
            if name.startswith("tries") and name != "tries":
                thread = {"purpose": "general", "campaign_id": blank}
                path = f"/api/threads/{(await app.post('/api/threads', thread))['id']}/turns"
                await check(BLANK_CAMPAIGN, words[name], partial(send, path))

        await app.post("/api/sample-campaign")
        table = await chat_path(campaign_id=SAMPLE_CAMPAIGN_ID)
        asked = ("askNpcs", "askLastTime", "askOpen", "askRoll", "askComplication", "askName")
        await check(
            EMPTY_INSTALL | SAMPLE_TABLE,
            [words[name] for name in asked],
            lambda text: send(table, text),
        )
        await check_talk_with_mira(app, words, send)


async def check_talk_with_mira(
    app: Running, words: dict[str, Any], send: Callable[..., Awaitable[str]]
) -> None:
    mira = sample_id("npc", "mira")
    talk = await app.post(f"/api/npcs/{mira}/conversation")
    path = f"/api/npc-conversations/{talk['id']}/turns"
    await check(ABOUT_MIRA, words["about"], lambda text: send(path, text, mode="about"))
