"""How much of a model on one's own machine is used."""

from __future__ import annotations

import pytest

from tests.providers import ModelCard, OllamaServer
from ttrpg_assistant.llm.ollama import UNASKED_WINDOW, OllamaProvider


@pytest.mark.parametrize(("window", "used"), [(UNASKED_WINDOW, 16_384), (65_536, 65_536)])
async def test_a_larger_window_is_used_when_it_was_asked_for(window: int, used: int) -> None:
    async with OllamaServer(models=[ModelCard("roomy", 131_072)]) as server:
        provider = OllamaProvider(server.base_url, window=window)
        try:
            assert (await provider.describe_model("roomy")).context_tokens == used
        finally:
            await provider.aclose()
