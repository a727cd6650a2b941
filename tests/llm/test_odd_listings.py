"""Lists of models in which anything may stand: an odd entry costs itself and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers import GeminiServer, ModelCard, OllamaServer, OpenAIServer
from tests.providers.http import ReceivedRequest
from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.gemini import GeminiProvider
from ttrpg_assistant.llm.model_listing import LONGEST_NAME, MOST_MODELS, read_listing, read_name
from ttrpg_assistant.llm.ollama import OllamaProvider, read_window
from ttrpg_assistant.llm.openai import OpenAIProvider
from ttrpg_assistant.llm.prices import MOST_DOLLARS

ODD_NAMES: Sequence[Any] = (
    "", "   ", 7, None, ["m"], "m" * (LONGEST_NAME + 1), "a\nb", "a\x00b", "\u202eevil", "a\u200bb",
    "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_cannot_be_shown_or_chosen_is_no_name(name: object) -> None:
    assert read_name(name) is None


@pytest.mark.parametrize("name", ["m", " m ", "vendor/model-8b:free", "模型", "m" * LONGEST_NAME])
def test_other_names_are_kept(name: str) -> None:
    assert read_name(name) == name.strip()


class OddOllama(OllamaServer):
    listed: object = None

    def describe(self, request: ReceivedRequest) -> object | None:
        if request.path == "/api/tags":
            return self.listed
        return super().describe(request)


class OddList(OpenAIServer):
    listed: object = None

    def _listing(self, request: ReceivedRequest) -> tuple[int, object]:
        return 200, self.listed


class OddGemini(GeminiServer):
    listed: object = None

    def _listing(self, request: ReceivedRequest) -> tuple[int, object]:
        return 200, self.listed


ENTRIES: Sequence[Any] = (
    *({"name": name, "id": name, "model": name} for name in ODD_NAMES),
    "plain", 17, None, [], {}, {"details": "x"},
    {"name": "m", "id": "m", "details": {"family": 7}, "size": "big"},
    {"name": "m2", "id": "m2", "details": None, "supportedGenerationMethods": "generateContent"},
    {"name": "m3", "id": "m3", "size": float("nan"), "created": float("-inf"), "x": "\udfff"},
    {"name": "m4", "id": "m4", "size": 10**400, "created": -(10**30)},
)  # fmt: skip


async def test_an_odd_entry_of_ollama_costs_only_itself() -> None:
    async with OddOllama() as server:
        server.listed = {"models": [*ENTRIES, {"name": "bert", "details": {"family": "bert"}}]}
        provider = OllamaProvider(server.base_url)
        assert {model.name for model in await provider.list_models()} >= {"m", "m2"}
        assert all(read_name(model.name) for model in await provider.list_models())
        server.listed = {"models": None}
        assert list(await provider.list_models()) == []
        for no_list in ({"models": "x"}, [1], "x", {"models": {"m": 1}}):
            server.listed = no_list
            with pytest.raises(BadAnswer):
                await provider.list_models()
        await provider.aclose()


async def test_an_odd_entry_costs_only_itself_at_google_and_elsewhere() -> None:
    for serve, key, make in (
        (OddGemini, "models", GeminiProvider),
        (OddList, "data", lambda url: OpenAIProvider(url, name="openai-compatible")),
    ):
        async with serve() as server:
            server.listed = {key: list(ENTRIES)}
            provider = make(server.base_url)  # type: ignore[operator]
            found = {model.name for model in await provider.list_models()}
            assert "m" in found
            assert all(read_name(name) for name in found)
            await provider.aclose()


async def test_a_list_without_end_is_cut() -> None:
    many = [{"name": f"m{number}", "id": f"m{number}"} for number in range(MOST_MODELS + 50)]
    assert len(read_listing(many) or ()) == MOST_MODELS
    async with OddOllama(models=[ModelCard()]) as server:
        server.listed = {"models": many}
        provider = OllamaProvider(server.base_url)
        assert len(await provider.list_models()) == MOST_MODELS
        await provider.aclose()


@pytest.mark.parametrize(
    "price", ["1e300", "1e400", "nan", "inf", "-1", "x", 10**400, None, [], True, "0.5", 1e-300]
)
def test_a_price_beyond_belief_is_no_price(price: object) -> None:
    (model,) = read_listing([{"id": "m", "pricing": {"prompt": price, "completion": price}}]) or ()
    if model.price is not None:
        assert 0 <= model.price.tokens_in <= MOST_DOLLARS
        assert 0 <= model.price.tokens_out <= MOST_DOLLARS


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(
            ["id", "name", "pricing", "prompt", "completion", "meta", "n_ctx", "context_length",
             "llama.context_length", "limits", "data", "models", "owned_by", "type", "task"]
        ), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(ANYTHING)
def test_whatever_is_listed_is_read_without_a_bug(value: Any) -> None:
    for model in read_listing(value) or ():
        assert read_name(model.name) == model.name
        assert model.context_tokens is None or model.context_tokens > 0
    size, is_set = read_window(value, value)
    assert size is None or size > 0
    assert not is_set


@pytest.mark.parametrize(
    ("info", "parameters", "said"),
    [
        ({"llama.context_length": "8192"}, None, (8_192, False)),
        ({"llama.context_length": 8_192.0}, "num_ctx 4096", (4_096, True)),
        ({"llama.context_length": True}, "num_ctx ٤٠٩٦", (None, False)),
        ({"llama.context_length": 0.5}, "num_ctx 0", (None, False)),
        (None, "num_ctx 99999999999999999999", (None, False)),
        ({"llama.context_length": 8_192}, "num_ctx 9999999", (8_192, True)),
    ],
)
def test_ollamas_sizes_are_read_however_they_are_written(
    info: object, parameters: object, said: tuple[int | None, bool]
) -> None:
    assert read_window(info, parameters) == said
