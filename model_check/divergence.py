"""Where consecutive prompts begin to differ, in the model's own tokens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import httpx2

from model_check.recording import Call

AROUND = 160


async def describe_divergence(name: str, origin: str, calls: Sequence[Call]) -> None:
    """Print, for each pair of calls, how many tokens they share and the texts that differ."""
    async with httpx2.AsyncClient(base_url=origin, timeout=300, trust_env=False) as client:

        async def render(call: Call) -> str:
            body = {"messages": call.body["messages"]}
            return str((await _post(client, "/apply-template", body))["prompt"])

        async def count(text: str) -> int:
            body = {"content": text, "add_special": True}
            return len((await _post(client, "/tokenize", body))["tokens"])

        prompts = [await render(call) for call in calls]
        for number, (before, after) in enumerate(pairwise(prompts), 2):
            at = next(
                (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
                min(len(before), len(after)),
            )
            shared, whole = await count(after[:at]), await count(after)
            print(f"{name}, turn {number}: {shared} of {whole} tokens are as before; then")
            print(f"    shared  …{before[max(0, at - AROUND) : at]!r}")
            print(f"    before  {before[at : at + AROUND]!r}")
            print(f"    after   {after[at : at + AROUND]!r}", flush=True)


async def _post(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
    return dict(answer.json())
