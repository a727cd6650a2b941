import pytest

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.llm.addresses import (
    ProviderAddresses,
    check_base_url,
    origin_of,
    tidy_base_url,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "http://127.0.0.1:1234/v1",
        "http://localhost:8080",
        "http://192.168.1.5:1234/v1/",
        "http://[::1]:11434",
        "https://10.0.0.1",
    ],
)
def test_an_address_one_may_call_is_taken(url: str) -> None:
    assert check_base_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "https://user:pass@example.com",
        "https://example.com/v1?key=1",
        "https://example.com/#x",
        "https://exa mple.com",
        "https://example.com\r\nx: y",
        "https://example.com:99999",
        "https://exämple.com",
        "http://8.8.8.8",
        "http://134744072",
        "http://0x08080808",
        "http://[::ffff:8.8.8.8]",
        "https://169.254.169.254/latest",
        "https://2852039166",
        "https://[::ffff:a9fe:a9fe]",
        "https://[64:ff9b::a9fe:a9fe]",
        "https://0.0.0.0",
        "https://" + "a" * 3_000,
    ],
)
def test_an_address_one_may_not_call_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_base_url(url)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::]:11434", "http://127.0.0.1:11434"),
        (":4000", "http://127.0.0.1:4000"),
        ("gamingpc", "http://gamingpc:11434"),
        ("http://localhost:11434/v1/", "http://localhost:11434"),
        ("https://ollama.example/base/", "https://ollama.example/base"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(given: str, url: str) -> None:
    assert tidy_base_url("ollama", given) == url


def test_an_openai_address_without_a_path_gets_its_usual_one() -> None:
    assert (
        tidy_base_url("openai-compatible", "http://localhost:1234/") == "http://localhost:1234/v1"
    )
    assert tidy_base_url("openai", "https://x.example/api/v1") == "https://x.example/api/v1"


def test_fixed_addresses_are_found_by_provider_name() -> None:
    addresses = ProviderAddresses(openai_compatible="http://localhost:1", ollama=" ")
    assert addresses.find("openai-compatible") == "http://localhost:1/v1"
    assert addresses.find("openai") is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://API.example.com/v1", "https://api.example.com:443"),
        ("http://localhost", "http://localhost:80"),
        ("http://[::1]:9/x", "http://[::1]:9"),
    ],
)
def test_an_origin_has_one_spelling(url: str, origin: str) -> None:
    assert origin_of(url) == origin


HOME = "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("provider", "pasted", "url"),
    [
        ("openai-compatible", "http://127.0.0.1:8080/v1/chat/completions", HOME),
        ("openai-compatible", "http://127.0.0.1:8080/v1/models/", HOME),
        ("openai-compatible", "127.0.0.1:8080", HOME),
        ("openai-compatible", " http://127.0.0.1:8080/v1/ ", HOME),
        ("openai-compatible", "http://127.0.0.1:8080/chat/completions", HOME),
        ("openai-compatible", "http://127.0.0.1:8080/api/v1", HOME),
        ("openai-compatible", "http://127.0.0.1:8080/api/v0/models", HOME),
        ("openai-compatible", "http://127.0.0.1:8080/api", HOME),
        ("openai-compatible", "localhost:11434/api/chat", "http://localhost:11434/v1"),
        ("openai-compatible", "gpu-box:8000", "http://gpu-box:8000/v1"),
        ("openai-compatible", "openrouter.ai/api", "https://openrouter.ai/api/v1"),
        (
            "openai-compatible",
            "https://openrouter.ai/api/v1/chat/completions",
            "https://openrouter.ai/api/v1",
        ),
        ("openai-compatible", "https://x.example/llm/v2", "https://x.example/llm/v2"),
        ("openai", "api.openai.com", "https://api.openai.com/v1"),
        ("openai", "https://api.openai.com/v1/responses", "https://api.openai.com/v1"),
        ("anthropic", "https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1"),
        (
            "google",
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
            "https://generativelanguage.googleapis.com/v1beta",
        ),
        (
            "google",
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "https://generativelanguage.googleapis.com/v1beta",
        ),
        ("ollama", "http://box:11434/api/chat", "http://box:11434"),
        ("ollama", "http://box:11434/v1/chat/completions", "http://box:11434"),
    ],
)
def test_what_people_paste_is_understood(provider: str, pasted: str, url: str) -> None:
    assert tidy_base_url(provider, pasted) == url
    assert tidy_base_url(provider, url) == url, "what is kept is understood again"


@pytest.mark.parametrize("pasted", ["", "  ", "/v1", "http://[::1", "://x", "a b", "x?key=1"])
def test_what_is_no_address_is_still_refused(pasted: str) -> None:
    with pytest.raises(InvalidInput):
        tidy_base_url("openai-compatible", pasted)
