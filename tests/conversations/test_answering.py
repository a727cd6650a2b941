"""The model that answers now: how much it can read is never remembered wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conversations.summary_table import OneModel
from tests.providers import GeminiServer, ModelCard, OllamaServer
from tests.providers.server import ProviderServer
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.llm.gemini import GeminiProvider
from ttrpg_assistant.llm.ollama import OllamaProvider
from ttrpg_assistant.llm.ports import Provider


class ByName(OneModel):
    """The one provider, asked for the model that is named."""

    def get_provider(self, choice: str) -> tuple[Provider, str]:
        return self.provider, choice.partition(":")[2]


async def test_a_size_that_was_only_guessed_gives_way_to_the_real_one() -> None:
    async with OllamaServer(models=[]) as server:
        server.parameters = "num_ctx 32768"
        provider = OllamaProvider(server.base_url)
        answering = AnsweringModel(ByName(provider), lambda: "ollama:late")
        assert (await answering.get()).context_tokens == 8_192, "it is not there yet"
        server.models.append(ModelCard("late", 65_536))
        assert (await answering.get()).context_tokens == 32_768
        await provider.aclose()


@pytest.mark.parametrize("size", [32_768, None])
@pytest.mark.parametrize(
    ("serve", "make"), [(OllamaServer, OllamaProvider), (GeminiServer, GeminiProvider)]
)
async def test_what_a_server_has_said_of_a_size_is_not_asked_for_before_every_turn(
    serve: type[ProviderServer], make: Callable[[str], Provider], size: int | None
) -> None:
    async with serve(models=[ModelCard("there", size)]) as server:
        provider = make(server.base_url)
        answering = AnsweringModel(ByName(provider), lambda: "whoever:there")
        said = {(await answering.get()).context_tokens for _ in range(3)}
        assert len(said) == len(server.listings) == 1
        await provider.aclose()
