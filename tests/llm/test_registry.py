from pathlib import Path

import pytest

from tests.llm.dialect_cases import REQUEST, hear
from tests.providers import AnthropicServer, ModelCard, OllamaServer, OpenAIServer, Script
from ttrpg_assistant.errors import BadKey, InvalidInput, NotConfigured, Unreachable
from ttrpg_assistant.llm import registry as registry_module
from ttrpg_assistant.llm.addresses import ProviderAddresses
from ttrpg_assistant.llm.catalogue import ProviderListing
from ttrpg_assistant.llm.keys import KeyRing
from ttrpg_assistant.llm.registry import ModelRegistry
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import ModelDescription

NOBODY = "http://127.0.0.1:9"


class Built(ScriptedProvider):
    name = "offline"


@pytest.fixture
def make(tmp_path: Path):  # type: ignore[no-untyped-def]
    def make_registry(
        keys: dict[str, str] | None = None, scripted: bool = False, **addresses: str
    ) -> ModelRegistry:
        addresses.setdefault("ollama", NOBODY)
        return ModelRegistry(
            ProviderAddresses(**addresses),
            KeyRing(keys or {}, tmp_path, use_keyring=False),
            Built(models=("offline",)),
            (ScriptedProvider(),) if scripted else (),
        )

    return make_registry


def listing(listings: list[ProviderListing], name: str) -> ProviderListing:
    return next(entry for entry in listings if entry.name == name)


# --------------------------------------------------------------------------- choosing


def test_a_choice_names_a_provider_and_a_model(make) -> None:  # type: ignore[no-untyped-def]
    registry = make({"anthropic": "k"}, scripted=True)
    for choice, expected in [
        ("offline", ("offline", "offline")),
        ("scripted:scripted", ("scripted", "scripted")),
        ("scripted:two", ("scripted", "two")),
        ("anthropic:claude-x", ("anthropic", "claude-x")),
        ("ollama:llama3.2:3b", ("ollama", "llama3.2:3b")),
        ("ollama:ollama", ("ollama", "ollama")),
    ]:
        provider, model = registry.get_provider(choice)
        assert (provider.name, model) == expected
        assert registry.check_choice(f" {choice} ") == choice
    assert registry.check_choice("scripted") == "scripted:scripted"
    assert registry.check_choice("offline:offline") == "offline"


async def test_every_model_has_one_spelling_in_lists_choices_and_messages(make) -> None:  # type: ignore[no-untyped-def]
    registry = make({"anthropic": "k"}, scripted=True)
    for name in ("offline", "scripted", "ollama", "anthropic"):
        for model in ("a", name, "x:y"):
            described = ModelDescription(name, model).choice
            provider, found = registry.get_provider(described)
            assert provider.name == name
            assert registry.check_choice(described) == described
            assert found == ("offline" if name == "offline" else model)


@pytest.mark.parametrize(
    "choice", ["", "offlin", "anthropic", "anthropic:", "anthropic: ", ":x", "scripted",
               "nobody:x", "ollama:a\nb", "openai:" + "x" * 400]
)  # fmt: skip
def test_what_is_no_choice_is_refused(make, choice: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput):
        make().get_provider(choice)


@pytest.mark.parametrize("choice", ["anthropic:x", "openai:x", "google:x", "openai-compatible:x"])
def test_a_provider_without_key_or_address_is_not_configured(make, choice: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotConfigured):
        make().get_provider(choice)


def test_the_same_provider_is_given_while_nothing_changed(make) -> None:  # type: ignore[no-untyped-def]
    registry = make({"openai": "k"})
    assert registry.get_provider("openai:a")[0] is registry.get_provider("openai:b")[0]


def test_an_address_in_the_environment_that_is_none_is_said(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotConfigured, match="environment"):
        make({"openai": "k"}, openai="ftp://x").get_provider("openai:a")


# ------------------------------------------------------------------------------- keys


async def test_a_key_entered_on_the_page_is_used_for_its_address(make) -> None:  # type: ignore[no-untyped-def]
    async with AnthropicServer(key="right") as server:
        registry = make()
        with pytest.raises(InvalidInput):
            await registry.replace_key("anthropic", "  ")
        await registry.replace_key("anthropic", "wrong", server.base_url)
        with pytest.raises(BadKey):
            await registry.test_provider("anthropic")
        entry = await registry.replace_key("anthropic", "right")
        assert (entry.has_key, entry.key_source, entry.base_url_is_fixed) == (True, "file", False)
        assert entry.base_url == server.base_url
        assert len(await registry.test_provider("anthropic")) == 1
        provider, _ = registry.get_provider("anthropic:test-model")
        assert (await hear(provider)).fault is None
        gone = await registry.forget_key("anthropic")
        assert (gone.has_key, gone.base_url) == (False, "https://api.anthropic.com")
        await registry.aclose()


async def test_a_key_from_the_environment_stays_with_its_own_address(make) -> None:  # type: ignore[no-untyped-def]
    async with OpenAIServer() as elsewhere:
        registry = make({"openai": "env-key", "openai-compatible": "env-too"})
        await registry.replace_key("openai-compatible", "", elsewhere.base_url)
        await registry.replace_key("openai", "page-key", elsewhere.base_url)
        for choice in ("openai:m", "openai-compatible:m"):
            provider, _ = registry.get_provider(choice)
            assert (await hear(provider)).fault is None
        sent = [request.headers.get("authorization") for request in elsewhere.requests]
        assert sent == ["Bearer page-key", None]
        await registry.aclose()


async def test_a_key_from_the_environment_goes_to_the_environments_address(make) -> None:  # type: ignore[no-untyped-def]
    async with OpenAIServer() as server:
        registry = make({"openai": "env-key"}, openai=server.base_url)
        with pytest.raises(InvalidInput) as caught:
            await registry.replace_key("openai", "k", "https://elsewhere.example")
        assert caught.value.code == "base_url_is_fixed"
        provider, _ = registry.get_provider("openai:m")
        assert (await hear(provider)).fault is None
        assert server.requests[0].headers["authorization"] == "Bearer env-key"
        await registry.aclose()


@pytest.mark.parametrize("base_url", ["http://8.8.8.8/v1", "https://169.254.169.254", "file:///x"])
async def test_an_address_that_may_not_be_called_is_not_kept(make, base_url: str) -> None:  # type: ignore[no-untyped-def]
    registry = make()
    with pytest.raises(InvalidInput):
        await registry.replace_key("openai-compatible", "k", base_url)
    assert not registry.describe_access("openai-compatible").has_key


async def test_a_running_answer_outlives_a_change_of_key(make) -> None:  # type: ignore[no-untyped-def]
    async with OpenAIServer(Script(stalls=(2,))) as server:
        registry = make({"openai": "k"}, openai=server.base_url)
        provider, _ = registry.get_provider("openai:m")
        stream = provider.stream(REQUEST)
        await anext(stream)
        await registry.replace_key("openai", "k2")
        registry.get_provider("openai:m")
        server.release()
        rest = [event async for event in stream]
        assert rest[-1].reason == "stop"
        await registry.aclose()


async def test_the_built_in_model_takes_no_key(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput):
        await make().replace_key("offline", "k")
    with pytest.raises(InvalidInput):
        await make().replace_key("nobody", "k")


# -------------------------------------------------------------------------- catalogue


async def test_the_catalogue_names_every_provider_and_calls_only_those_it_may(make) -> None:  # type: ignore[no-untyped-def]
    async with OpenAIServer(models=[ModelCard("a"), ModelCard("b", None)]) as server:
        registry = make(openai=server.base_url, openai_compatible=server.base_url)
        listings = await registry.list_catalogue()
        assert [entry.name for entry in listings] == [
            "offline", "anthropic", "openai", "google", "ollama", "openai-compatible",
        ]  # fmt: skip
        assert listing(listings, "openai").models == ()
        assert listing(listings, "openai").fault is None
        compatible = listing(listings, "openai-compatible")
        assert [m.choice for m in compatible.models] == [
            "openai-compatible:a", "openai-compatible:b",
        ]  # fmt: skip
        assert listing(listings, "offline").models[0].choice == "offline"
        assert listing(listings, "offline").needs_key is False
        assert len(server.listings) == 1
        await registry.list_catalogue()
        assert len(server.listings) == 1, "a list is good for a while"
        await registry.test_provider("openai-compatible")
        assert len(server.listings) == 2, "a test asks again"
        await registry.aclose()


async def test_a_provider_in_trouble_does_not_hide_the_others(make) -> None:  # type: ignore[no-untyped-def]
    async with AnthropicServer(key="right") as server:
        registry = make(
            {"anthropic": "wrong", "openai": "k"},
            anthropic=server.base_url,
            openai=NOBODY,
            google="ftp://nonsense",
        )
        listings = await registry.list_catalogue()
        assert isinstance(listing(listings, "anthropic").fault, BadKey)
        assert isinstance(listing(listings, "openai").fault, Unreachable)
        assert isinstance(listing(listings, "google").fault, NotConfigured)
        assert listing(listings, "offline").models
        await registry.aclose()


async def test_an_ollama_at_its_usual_port_is_found_by_itself(make, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    async with OllamaServer(models=[ModelCard("llama3.2:3b")]) as server:
        monkeypatch.setitem(registry_module.DEFAULT_ADDRESSES, "ollama", server.base_url)
        registry = make(ollama="")
        found = listing(await registry.list_catalogue(), "ollama")
        assert [m.choice for m in found.models] == ["ollama:llama3.2:3b"]
        await registry.aclose()


async def test_no_ollama_is_no_fault_unless_one_was_named(make, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(registry_module.DEFAULT_ADDRESSES, "ollama", NOBODY)
    for address, faulty in (("", False), (NOBODY, True)):
        registry = make(ollama=address)
        entry = listing(await registry.list_catalogue(), "ollama")
        assert entry.models == ()
        assert (entry.fault is not None) is faulty
        await registry.aclose()
