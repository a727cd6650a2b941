"""How much of a prompt a provider has read before: each goes on from the one before it.

Twelve natural turns in each kind of talk, on the sample campaign. Counted is what a cache of
prefixes reuses: the longest common beginning of a prompt and of the one before with its
answer. The targets are those that are measured on a real server, in characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from tests.running import Running, running
from ttrpg_assistant.campaigns.sample import SAMPLE_CAMPAIGN_ID, sample_id
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import ModelRequest

CONTEXT_TOKENS = 32_768

AT_THE_TABLE = (
    "The party walks into the Low Lantern at dusk. What do they see first?",
    "Mira is behind the counter. How does she greet them?",
    "One of them asks about the missing harbour master. What is the talk of the town?",
    "Give me a name and a face for the ferryman who saw him last.",
    "They want to bribe him. What would he take instead of money?",
    "What happens if they do nothing tonight?",
    "A fight breaks out on the bridge. Two quick complications, please.",
    "How deep is the water below the bridge at this hour?",
    "Captain Brandt comes running. Whose side is she on?",
    "They ask her about the sluice key. What does she say, and what does she keep to herself?",
    "Describe the bell when it rings under water, two sentences to read aloud.",
    "How could this evening end on a good cliffhanger?",
)
ABOUT_HER = (
    "What does she want tonight, in one sentence?",
    "And what is she most afraid of?",
    "Give her one habit that players would imitate.",
    "How did she meet Tomas Reed?",
    "What would make her break a promise?",
    "Suggest a secret that is not about the inn.",
    "Shorter, and a little funnier.",
    "How does she speak when she lies?",
    "What does she think of Captain Brandt?",
    "Who would she hide in her cellar, and from whom?",
    "What would she ask of the party as a favour?",
    "How could her story end?",
)
TO_HER = (
    "Good evening. A room for the night?",
    "What is there to eat?",
    "You look tired. Long day?",
    "Who was the man who just left?",
    "We are looking for the harbour master. Seen him?",
    "People say he went below the tide line.",
    "Would you go down there?",
    "What would it cost to have you as a guide?",
    "Do you know a Captain Brandt?",
    "We could pay you in lamp oil.",
    "Then what do you want?",
    "All right. Tomorrow at low tide, then.",
)
OF_ANYTHING = (
    "A name for a tavern on a cliff, please.",
    "Another one, more sinister.",
    "What is on the menu there?",
    "Who owns it?",
    "Give the owner a secret.",
    "How would players find out?",
    "What does a room cost?",
    "Name three guests.",
    "Which of them is dangerous?",
    "What does that one want from the players?",
    "How do I describe the storm outside?",
    "What happens at midnight?",
)
ANSWER = (
    "It smells of eel pie and wet wool. Nobody looks up, but the talk drops by half, and a child "
    "counts the newcomers aloud. The one behind the counter wipes a glass that is long clean, "
    "nods at the slate with the names of those still below, and waits for them to speak first. "
    "New: number {number} on the slate has been struck out twice."
)
TARGETS = {"chat": 0.65, "thread": 0.65, "about": 0.75, "as": 0.8, "no campaign": 0.9}


def lay_out(request: ModelRequest) -> str:
    """The prompt as one text, as a chat template writes it."""
    said = [f"<{one.role}>\n{one.content}</>\n" for one in request.messages]
    return "".join([f"<system>\n{request.system}</>\n", *said, "<assistant>\n"])


def measure_reuse(requests: Sequence[ModelRequest], answers: Sequence[str]) -> float:
    """The share of all prompts that stood in the one before, with its answer."""
    before, read, reused = "", 0, 0
    for request, answer in zip(requests, answers, strict=True):
        prompt = lay_out(request)
        read += len(prompt)
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, prompt, strict=False))
        reused += sum(1 for _ in alike)
        before = f"{prompt}{answer}</>\n"
    return reused / read


async def open_talk(app: Running, kind: str) -> tuple[str, dict[str, Any]]:
    """The path that takes turns in this kind of talk, and what each turn's body needs."""
    campaign = SAMPLE_CAMPAIGN_ID
    if kind in ("about", "as"):
        npc = sample_id("npc", "mira")
        talk = await app.post(f"/api/npcs/{npc}/conversation")
        return f"/api/npc-conversations/{talk['id']}/turns", {"mode": kind}
    if kind == "thread":
        body = {"purpose": "session_planning", "campaign_id": campaign}
        thread = await app.post("/api/threads", body, status=201)
        return f"/api/threads/{thread['id']}/turns", {}
    chat_id = await app.open_chat()
    if kind == "chat":
        planned = sample_id("game_session", "down-to-the-vault")
        link = {"campaign_id": campaign, "game_session_id": planned}
        await app.post(f"/api/chat-sessions/{chat_id}/link", link)
    return f"/api/chat-sessions/{chat_id}/turns", {}


@pytest.mark.parametrize("kind", list(TARGETS))
async def test_a_prompt_goes_on_from_the_one_before(tmp_path: Path, kind: str) -> None:
    script = {"about": ABOUT_HER, "as": TO_HER, "no campaign": OF_ANYTHING}.get(kind, AT_THE_TABLE)
    model = ScriptedProvider(context_tokens=CONTEXT_TOKENS)
    answers = [ANSWER.format(number=number) for number in range(len(script))]
    async with running(tmp_path, [model]) as app:
        if kind != "no campaign":
            await app.post("/api/sample-campaign")
        path, more = await open_talk(app, kind)
        for words, answer in zip(script, answers, strict=True):
            model.enqueue([answer])
            body = {"message_id": new_id(), "content": words, **more}
            posted = await app.post(path, body, status=202)
            await app.read_reply(posted["assistant_message"]["id"])
    requests = [one for one in model.history if one.question in script]
    assert len(requests) == len(script)
    share = measure_reuse(requests, answers)
    assert share >= TARGETS[kind], f"{share:.2f}"
    # The stable part does not change at all while nothing is changed.
    assert len({one.system for one in requests}) == 1
