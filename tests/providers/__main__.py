"""`python -m tests.providers openai --chunks 1000 --pace 200`: prints its base URL, serves."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.providers import SERVERS, ModelCard, Script, words


async def serve(name: str, port: int, script: Script, models: list[ModelCard]) -> None:
    server = SERVERS[name](script, models=models)
    server.port = port
    async with server:
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("provider", choices=sorted(SERVERS))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--chunks", type=int, default=200)
    parser.add_argument("--pace", type=float, default=0.0, help="chunks a second; 0: at once")
    parser.add_argument("--model", action="append", default=[])
    given = parser.parse_args()
    script = Script(chunks=words(given.chunks), pace=given.pace)
    models = [ModelCard(name) for name in given.model] or [ModelCard()]
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.provider, given.port, script, models))


if __name__ == "__main__":
    main()
