"""What servers on one's own machine say of their window, each by a route of its own.

OpenAI's list of models has no field for it, so the common servers are asked at once; the ones
that are not there answer 404.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from ttrpg_assistant.errors import ModelFault, Overloaded, Unreachable
from ttrpg_assistant.llm.model_listing import read_size


@dataclass(frozen=True, slots=True)
class ServerSaid:
    """A server's own word on its window, in tokens. `prefills`: it goes on from a beginning."""

    context_tokens: int
    prefills: bool = False


def root_of(base_url: str) -> str:
    """Where the server's own routes begin: the address without its `/v1`."""
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/")
    for ending in ("/v1", "/api/v0", "/api"):
        if path.endswith(ending):
            path = path.removesuffix(ending)
            break
    return f"{parts.scheme}://{parts.netloc}{path}"


async def ask_window(get: Callable[[str], Awaitable[Any]], model: str) -> ServerSaid | None:
    """The window for a model, None when the server has no route that says it.

    `get` reads JSON at a path below the root. Raises `Overloaded` or `Unreachable` where the
    server could not answer now: then nothing is known, and it is to be asked again.
    """
    answers = await asyncio.gather(*(get(path) for path, _ in _ROUTES), return_exceptions=True)
    busy: ModelFault | None = None
    for (_, read), answer in zip(_ROUTES, answers, strict=True):
        if isinstance(answer, Overloaded | Unreachable):
            busy = busy or answer
        elif isinstance(answer, BaseException):
            if not isinstance(answer, ModelFault):
                raise answer
        elif (said := read(answer, model)) is not None:
            return said
    if busy is not None:
        raise busy
    return None


def _read_llama_cpp(value: Any, model: str) -> ServerSaid | None:
    settings = _within(value, "default_generation_settings")
    size = read_size(_within(settings, "n_ctx"))
    return ServerSaid(size, prefills=True) if size else None


def _read_lm_studio(value: Any, model: str) -> ServerSaid | None:
    entries = _within(value, "data")
    for entry in entries if isinstance(entries, list) else ():
        if _within(entry, "id") == model:
            size = read_size(_within(entry, "loaded_context_length"))
            # Not loaded yet: it will be with a window that only the user of LM Studio knows.
            most = read_size(_within(entry, "max_context_length"))
            size = size or (min(most, 4_096) if most else None)
            return ServerSaid(size) if size else None
    return None


def _read_value(value: Any, model: str) -> ServerSaid | None:
    size = read_size(_within(value, "value"))
    return ServerSaid(size) if size else None


def _read_webui(value: Any, model: str) -> ServerSaid | None:
    for name in ("ctx_size", "n_ctx", "max_seq_len", "truncation_length", "context_length"):
        for place in (value, _within(value, "shared_settings"), _within(value, "loader_args")):
            if size := read_size(_within(place, name)):
                return ServerSaid(size)
    return None


def _read_tabby(value: Any, model: str) -> ServerSaid | None:
    size = read_size(_within(_within(value, "parameters"), "max_seq_len"))
    return ServerSaid(size) if size else None


_ROUTES: Final[tuple[tuple[str, Callable[[Any, str], ServerSaid | None]], ...]] = (
    ("/props", _read_llama_cpp),
    ("/api/v0/models", _read_lm_studio),
    ("/api/extra/true_max_context_length", _read_value),  # KoboldCpp
    ("/api/v1/config/max_context_length", _read_value),  # KoboldAI and KoboldCpp
    ("/v1/internal/model/info", _read_webui),  # text-generation-webui
    ("/v1/model", _read_tabby),  # TabbyAPI
)


def _within(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
