"""The real programs: llama.cpp's server, and the application as a person starts it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from bench.programs import read_first_line, spawn, stop
from model_check.conversation import Application

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-model-check"
PEER_PYTHON = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TOKEN = "a-launch-token-for-the-model-check"


@asynccontextmanager
async def llama_server(context_tokens: int) -> AsyncIterator[str]:
    """llama.cpp with an empty cache; its origin."""
    script = str(Path(__file__).parent / "llama_server.py")
    weights = str(PEERS / "gemma.gguf")
    command = [str(PEER_PYTHON), script, "--context", str(context_tokens), "--weights", weights]
    process = spawn(command, dict(os.environ))
    try:
        yield await asyncio.to_thread(read_first_line, process)
    finally:
        await asyncio.to_thread(stop, process)


@asynccontextmanager
async def application(
    data_dir: Path, model: str, variables: Mapping[str, str], tree: Path = ROOT
) -> AsyncIterator[Application]:
    """The server of a work tree with one model, until the block ends.

    `variables` name the provider's address and key, as docs/settings.md does.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TTRPG_")}
    clean |= {
        "PYTHONPATH": str(tree / "src"),
        "TTRPG_TOKEN": TOKEN,
        "TTRPG_MODEL": model,
        "OLLAMA_HOST": "http://127.0.0.1:9",
        **variables,
    }
    serve = ["serve", "--no-browser", "--port", "0", "--data-dir", str(data_dir)]
    process = spawn([sys.executable, "-m", "ttrpg_assistant", *serve], clean)
    try:
        line = await asyncio.to_thread(read_first_line, process)
        address = line.removeprefix("Listening on ").partition("/?")[0]
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(
            base_url=address, headers=headers, timeout=900, trust_env=False
        ) as client:
            yield Application(client)
    finally:
        await asyncio.to_thread(stop, process)
