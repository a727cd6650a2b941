"""`python -m bench.provider --chunks 1000 --pace 200`: prints its base URL, serves.

The tests' own loopback provider in OpenAI's wire format. It reports no usage: a made-up
count would teach the application a wrong estimate, and with it another size of prompt.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib

import uvloop

from tests.providers import ModelCard, OpenAIServer, Script, words

CONTEXT_TOKENS = 32_768


async def serve(model: str, script: Script) -> None:
    """Serve until the process ends."""
    async with OpenAIServer(script, models=[ModelCard(model, CONTEXT_TOKENS)]) as server:
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="stub")
    parser.add_argument("--chunks", type=int, default=200)
    parser.add_argument("--pace", type=float, default=0.0, help="chunks a second; 0: at once")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        script = Script(chunks=words(given.chunks), pace=given.pace, usage=False)
        uvloop.run(serve(given.model, script))


if __name__ == "__main__":
    main()
