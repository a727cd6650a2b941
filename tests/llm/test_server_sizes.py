"""How much a server of one's own can read: listed, asked, and asked again when it answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.llm.dialect_cases import hear
from tests.llm.loopback import GOOD, RawServer
from tests.providers import ModelCard, OpenAIServer, Script
from tests.providers.http import ReceivedRequest
from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.model_listing import read_listing, read_size
from ttrpg_assistant.llm.openai import OpenAIProvider
from ttrpg_assistant.llm.server_sizes import root_of
from ttrpg_assistant.llm.types import ModelRequest, PromptMessage


class HomeServer(OpenAIServer):
    """A server with routes of its own beside the list."""

    failing = False

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.own: dict[str, object] = {}

    def describe(self, request: ReceivedRequest) -> object | None:
        if request.path in self.own:
            return self.own[request.path]
        return super().describe(request)

    def _listing(self, request: ReceivedRequest) -> tuple[int, object]:
        if self.failing:
            return 503, {"error": {"code": 503, "message": "Loading model"}}
        return super()._listing(request)


def provider_for(server: OpenAIServer) -> OpenAIProvider:
    return OpenAIProvider(server.base_url, name="openai-compatible")


@pytest.mark.parametrize(
    ("extra", "size"),
    [
        ({"max_model_len": 16_000}, 16_000),
        ({"context_length": "131072"}, 131_072),
        ({"context_window": 32_768.0}, 32_768),
        ({"max_context_length": 65_536, "loaded_context_length": 4_096}, 4_096),
        ({"meta": {"n_ctx_train": 40_960, "n_ctx": 4_096}}, 4_096),
        ({"context_length": 1_000_000, "top_provider": {"context_length": 131_072}}, 131_072),
        ({"limits": {"max_input_tokens": 128_000}}, 128_000),
    ],
)
async def test_a_window_in_the_list_is_read_in_every_spelling(
    extra: dict[str, object], size: int
) -> None:
    async with HomeServer(models=[ModelCard(context=None, extra=extra)]) as server:
        provider = provider_for(server)
        for _ in range(3):
            model = await provider.describe_model("test-model")
            assert (model.context_tokens, model.context_source) == (size, "listed")
        assert len(server.listings) == 1
        await provider.aclose()


LM_STUDIO = {"id": "test-model", "state": "loaded", "max_context_length": 131_072}


@pytest.mark.parametrize(
    ("path", "said", "size"),
    [
        ("/props", {"default_generation_settings": {"n_ctx": 2_048}}, 2_048),
        ("/api/v0/models", {"data": [LM_STUDIO | {"loaded_context_length": 8_000}]}, 8_000),
        ("/api/v0/models", {"data": [LM_STUDIO | {"state": "not-loaded"}]}, 4_096),
        ("/api/extra/true_max_context_length", {"value": 12_288}, 12_288),
        ("/api/v1/config/max_context_length", {"value": 6_144}, 6_144),
        ("/v1/internal/model/info", {"shared_settings": {"ctx_size": 10_240}}, 10_240),
        ("/v1/model", {"id": "m", "parameters": {"max_seq_len": 14_336}}, 14_336),
    ],
)
async def test_a_server_of_ones_own_is_asked_by_its_own_route(
    path: str, said: object, size: int
) -> None:
    trained = ModelCard(context=None, extra={"meta": {"n_ctx_train": 131_072}})
    async with HomeServer(models=[trained]) as server:
        server.own = {path: said}
        provider = provider_for(server)
        for _ in range(3):
            model = await provider.describe_model("test-model")
            assert (model.context_tokens, model.context_source) == (size, "asked")
        assert len([r for r in server.listings if r.path == path]) == 1
        await provider.aclose()


async def test_what_the_model_was_made_for_is_not_its_window() -> None:
    trained = ModelCard(context=None, extra={"meta": {"n_ctx_train": 131_072}})
    async with HomeServer(models=[trained]) as server:
        provider = provider_for(server)
        model = await provider.describe_model("test-model")
        assert (model.context_tokens, model.context_source) == (8_192, "assumed")
        asked = len(server.listings)
        await provider.describe_model("test-model")
        assert len(server.listings) == asked, (
            "a server without a size is not asked before each turn"
        )
        await provider.aclose()


async def test_a_server_that_was_loading_is_asked_again_when_it_answers() -> None:
    async with HomeServer(models=[ModelCard(context=None)]) as server:
        server.own = {"/props": {"default_generation_settings": {"n_ctx": 4_096}}}
        server.failing = True
        provider = provider_for(server)
        assert (await provider.describe_model("test-model")).context_source == "assumed"
        server.failing = False
        request = ModelRequest("test-model", "", (PromptMessage("user", "Hi"),))
        assert (await hear(provider, request)).fault is None
        assert (await provider.describe_model("test-model")).context_tokens == 4_096
        await provider.aclose()


async def test_llama_cpp_goes_on_from_the_beginning_of_an_answer() -> None:
    beginning = (PromptMessage("user", "Hi"), PromptMessage("assistant", "The mill st"))
    request = ModelRequest("test-model", "", beginning, continues=True)
    async with HomeServer(models=[ModelCard(context=None)]) as server:
        provider = provider_for(server)
        await provider.describe_model("test-model")
        await hear(provider, request)
        assert server.requests[0].body["messages"][-1]["role"] == "user", "asked in words"
        server.own = {"/props": {"default_generation_settings": {"n_ctx": 4_096}}}
        other = provider_for(server)
        await other.describe_model("test-model")
        server.enqueue(Script())
        await hear(other, request)
        last = server.requests[1].body["messages"][-1]
        assert last == {"role": "assistant", "content": "The mill st"}
        await provider.aclose()
        await other.aclose()


@pytest.mark.parametrize(
    ("base_url", "root"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("https://box.example/llm/v1", "https://box.example/llm"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
    ],
)
def test_a_servers_own_routes_begin_before_v1(base_url: str, root: str) -> None:
    assert root_of(base_url) == root


ODD: list[Any] = [
    {"id": "m", "object": "model"},
    {"id": "vendor/model-8b:free", "context_length": "131072"},
    {"id": None, "name": "broken"},
    {"name": "no id"},
    "plain",
    17,
    {"id": "x", "context_length": 32768.0},
    {"id": "m", "context_length": 5},
]


@pytest.mark.parametrize("listed", [ODD, {"object": "list", "data": ODD}, {"models": ODD}])
def test_an_odd_entry_costs_only_itself(listed: object) -> None:
    found = read_listing(listed)
    assert found is not None
    assert {model.name: model.context_tokens for model in found} == {
        "m": None,
        "vendor/model-8b:free": 131_072,
        "plain": None,
        "x": 32_768,
    }


def test_entries_without_an_id_are_named_by_their_name() -> None:
    found = read_listing({"models": [{"name": "m:latest", "model": "m"}, {"name": "x"}, {}]})
    assert found is not None
    assert [model.name for model in found] == ["m", "x"]


@pytest.mark.parametrize("value", ["no list", 7, None, {"error": "x"}, {"data": "x"}])
def test_what_is_no_list_is_none(value: object) -> None:
    assert read_listing(value) is None


@pytest.mark.parametrize("value", [None, True, -1, 0, "", "many", "-5", float("nan"), 1e18, []])
def test_what_is_no_size_is_none(value: object) -> None:
    assert read_size(value) is None


def test_a_routers_prices_and_limits_are_read() -> None:
    (model,) = read_listing(
        [
            {
                "id": "anthropic/claude-sonnet-5",
                "context_length": 1_000_000,
                "pricing": {
                    "prompt": "0.000002",
                    "completion": "0.00001",
                    "input_cache_read": "0.0000002",
                },
                "top_provider": {"max_completion_tokens": 128_000},
                "supported_parameters": ["reasoning", "max_tokens"],
            }
        ]
    ) or [None]
    assert model is not None
    assert model.price is not None
    assert (model.price.tokens_in, model.price.tokens_cached, model.price.tokens_out) == (
        2,
        0.2,
        10,
    )
    assert (model.answer_tokens, model.thinks, model.price.source) == (128_000, True, "listed")


async def test_a_very_deep_answer_says_no_size_and_is_no_bug() -> None:
    deep = b'{"data":' * 100_000
    async with RawServer(GOOD % (len(deep), deep)) as server:
        provider = OpenAIProvider(f"http://127.0.0.1:{server.port}/v1", name="openai-compatible")
        assert (await provider.describe_model("any")).context_source == "assumed"
        with pytest.raises(BadAnswer):
            await provider.list_models()
        await provider.aclose()
