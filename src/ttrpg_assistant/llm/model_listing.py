"""Lists of models as servers give them: many shapes, read leniently.

A list may be bare or under a name, an entry may be odd, a size may be text or a fraction. An
entry that cannot be read is left out, never the whole list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ttrpg_assistant.llm.prices import MOST_DOLLARS, Price

_WINDOW_FIELDS: Final = (
    "loaded_context_length", "max_model_len", "context_length", "context_window",
    "max_context_length", "max_context_tokens", "max_input_tokens", "context_size", "n_ctx",
    "max_prompt_tokens", "inputTokenLimit",
)  # fmt: skip
_ANSWER_FIELDS: Final = (
    "max_completion_tokens", "max_output_tokens", "max_output_length", "output_token_limit",
    "outputTokenLimit",
)  # fmt: skip
_INNER: Final = ("top_provider", "meta", "limits", "metadata", "model_spec", "parameters")
"""Objects inside an entry that hold sizes too. llama.cpp's `meta.n_ctx_train` is what the model
was made for, not the window of the server, and is not read."""

_NOT_TALK: Final = frozenset(
    {"embedding", "embeddings", "rerank", "image", "audio", "moderation", "transcribe", "tts"}
)
MOST_MODELS: Final = 5_000
"""Of a longer list the rest is left out: no provider has so many."""

LONGEST_NAME: Final = 250
"""A longer name cannot be chosen (`registry.MAX_CHOICE`)."""


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One entry of a list. `thinks` is None where the list does not say."""

    name: str
    context_tokens: int | None = None
    answer_tokens: int | None = None
    price: Price | None = None
    thinks: bool | None = None
    talks: bool = True
    owner: str = ""


def read_listing(value: Any) -> list[ListedModel] | None:
    """The models in a list, None when it is no list of models at all."""
    entries = value
    if isinstance(value, Mapping):
        entries = next(
            (value[name] for name in ("data", "models", "result") if name in value), None
        )
    if entries is None and isinstance(value, Mapping) and "object" in value:
        entries = []
    if not isinstance(entries, list):
        return None
    # An entry without an id is odd, but some servers name every model in another way.
    return _read_entries(entries, ("id", "key")) or _read_entries(entries, ("model", "name"))


def _read_entries(entries: list[Any], named: tuple[str, ...]) -> list[ListedModel]:
    found: dict[str, ListedModel] = {}
    for entry in entries[:MOST_MODELS]:
        model = _read_entry(entry, named)
        if model is not None:
            found.setdefault(model.name, model)
    return list(found.values())


def read_name(value: Any) -> str | None:
    """A model's name that can be shown and chosen; None for anything else.

    What is not printable is no name: control characters, and those that turn the direction of
    the text around them.
    """
    if not isinstance(value, str) or not value.isprintable():
        return None
    name = value.strip()
    return name if 0 < len(name) <= LONGEST_NAME else None


def read_size(value: Any) -> int | None:
    """A number of tokens, however it is written; None for anything else and for nothing."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:12])
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(value) if 1 <= value < 1_000_000_000 else None


def _read_entry(entry: Any, named: tuple[str, ...]) -> ListedModel | None:
    if isinstance(entry, str):
        entry = {named[0]: entry}
    if not isinstance(entry, Mapping):
        return None
    name = read_name(next((entry[f] for f in named if isinstance(entry.get(f), str)), ""))
    if name is None:
        return None
    places = [entry, *(p for f in _INNER if isinstance(p := entry.get(f), Mapping))]
    windows = [size for place in places if (size := _first_size(place, _WINDOW_FIELDS))]
    answers = [size for place in places if (size := _first_size(place, _ANSWER_FIELDS))]
    owner = entry.get("owned_by")
    return ListedModel(
        name,
        # A router lists the model's own window and that of the server behind it.
        min(windows, default=None),
        min(answers, default=None),
        _read_price(entry.get("pricing")),
        _read_thinks(entry),
        _read_talks(entry),
        owner if isinstance(owner, str) else "",
    )


def _first_size(place: Mapping[str, Any], fields: tuple[str, ...]) -> int | None:
    return next((size for f in fields if (size := read_size(place.get(f))) is not None), None)


def _read_price(pricing: Any) -> Price | None:
    if not isinstance(pricing, Mapping):
        return None
    if "prompt" in pricing and "completion" in pricing:  # US dollars per token, as text
        scale, names = 1_000_000.0, ("prompt", "input_cache_read", "completion")
    elif "input" in pricing and "output" in pricing:  # US dollars per million
        scale, names = 1.0, ("input", "cached_input", "output")
    else:
        return None
    amounts = [pricing.get(name) for name in names]
    first, cached, last = (_per_million(amount, scale) for amount in amounts)
    if first is None or last is None:
        return None
    return Price(first, first if cached is None else cached, last, "listed")


def _per_million(value: Any, scale: float) -> float | None:
    try:
        amount = round(float(value) * scale, 6)
    except (TypeError, ValueError, OverflowError):
        return None
    return amount if 0 <= amount <= MOST_DOLLARS else None


def _read_thinks(entry: Mapping[str, Any]) -> bool | None:
    for field in ("supported_parameters", "capabilities", "features"):
        said = entry.get(field)
        if isinstance(said, list):
            return any(one in ("reasoning", "thinking", "include_reasoning") for one in said)
        if isinstance(said, Mapping) and isinstance(said.get("reasoning"), bool):
            return bool(said["reasoning"])
    return None


def _read_talks(entry: Mapping[str, Any]) -> bool:
    kind = entry.get("type")
    if isinstance(kind, str) and kind.lower() in _NOT_TALK:
        return False
    able = entry.get("capabilities")
    if isinstance(able, Mapping) and able.get("completion_chat") is False:
        return False
    shape = entry.get("architecture")
    out = shape.get("output_modalities") if isinstance(shape, Mapping) else None
    return not isinstance(out, list) or "text" in out
