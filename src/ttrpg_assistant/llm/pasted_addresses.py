"""From what people paste to where a provider's own paths begin.

Manuals show whole endpoints, other programs want an address without `/v1`, and a browser shows
none of it. What is understood here is never guessed beyond that: the host stays as it was given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

_OPENAI_ENDS: Final = (
    "/chat/completions", "/completions", "/models", "/embeddings", "/responses", "/chat",
)  # fmt: skip
_NATIVE_PATHS: Final = (
    "/api/chat", "/api/generate", "/api/tags", "/api/v0", "/api/v1", "/api/v1/generate", "/api",
)  # fmt: skip
"""Paths at which servers of one's own speak something else; OpenAI's is at `/v1` beside them."""

_ANTHROPIC_ENDS: Final = ("/messages", "/complete", "/models")
_OLLAMA_ENDS: Final = ("/chat", "/generate", "/tags", "/show", "/chat/completions", "/models")


def understand_address(provider: str, url: str, is_at_home: Callable[[str], bool]) -> str:
    """The base address in what was pasted for a provider. Anything odd is left as it is."""
    url = _with_scheme(url.strip(), is_at_home)
    try:
        parts = urlsplit(url)
        if parts.query or parts.fragment or not parts.hostname:
            return url
    except ValueError:
        return url
    root, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    if provider in ("openai", "openai-compatible"):
        near = url.startswith("http://") or is_at_home(url)
        return root + _openai_path(path, near)
    if provider == "anthropic":
        return root + _without(path, _ANTHROPIC_ENDS)
    if provider == "google":
        path = path.partition("/models")[0]
        return root + path.removesuffix("/openai")
    if provider == "ollama":
        path = _without(path, _OLLAMA_ENDS)
        return root if path in ("/api", "/v1") else root + path
    return url


def _openai_path(path: str, near: bool) -> str:
    if near and path in _NATIVE_PATHS:
        return "/v1"
    path = _without(path, _OPENAI_ENDS)
    if near and path in _NATIVE_PATHS:
        return "/v1"
    # OpenRouter's `/api` is shown on its pages, and speaks OpenAI's format below `/v1`.
    return f"{path}/v1" if path in ("", "/api") else path


def _without(path: str, ends: tuple[str, ...]) -> str:
    found = [end for end in ends if path.lower().endswith(end)]
    return path[: len(path) - len(max(found, key=len))] if found else path


def _with_scheme(url: str, is_at_home: Callable[[str], bool]) -> str:
    if "://" in url or not url or url.startswith("/"):
        return url
    try:
        host = urlsplit(f"http://{url}").hostname or ""
        near = is_at_home(f"http://{url}") or "." not in host
    except ValueError:
        return url
    # Servers in the house speak plain http; everybody else is called encrypted.
    return f"http://{url}" if near or host.endswith((".local", ".lan")) else f"https://{url}"
