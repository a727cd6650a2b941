"""From a refusal of a prompt that is too long to the window that it names."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ttrpg_assistant.outside_json import find_json

SMALLEST_WINDOW: Final = 256
LARGEST_WINDOW: Final = 20_000_000
_MOST_READ = 16_384

_N = r"(\d{1,3}(?:,\d{3}){1,3}|\d{3,8})"
_WINDOW: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # The words are those of vLLM and OpenAI, llama.cpp, Anthropic, Google, Mistral, xAI, TGI,
        # LM Studio, Ollama and KoboldCpp. Every gap is short, so that each try is.
        rf"(?:context|prompt|input|sequence|model)[ _](?:length|size|window|limit|len)"
        rf"[^\d\n]{{0,24}}{_N}",
        rf"n_ctx(?:_slot)?\W{{1,5}}{_N}",
        rf"max_(?:model_len|context_length|seq_len|total_tokens)\W{{1,5}}{_N}",
        rf"> {_N} maximum",
        rf"maximum number of (?:input )?tokens(?: allowed)?\W{{1,4}}{_N}",
        rf"must (?:be|have) (?:<=|less than or equal to|less than|at most|fewer than) {_N}",
        rf"(?:at most|up to|maximum of|limit of|maximum is|limit is|max is) {_N}",
        rf"{_N}[- ]token (?:context|limit|window)",
    )
)
_PROMPT: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\({_N} in the (?:messages|prompt|input)",
        rf"(?:has|contains|includes?|resulted in|sent|given:?) {_N}"
        r" (?:`inputs` )?(?:input )?tokens",
        rf"n_prompt_tokens\W{{1,5}}{_N}",
        rf"(?:request|prompt|input)\W{{1,3}}{_N} tokens",
        rf"too long: {_N}",
        rf"token count \({_N}\)",
        rf"(?:requested|passed|used) (?:about |around )?{_N}",
        rf"with {_N} tokens",
    )
)
_SUM = re.compile(rf"{_N} \+ {_N} > {_N}")
_SPARE = re.compile(rf"{_N} > {_N} - {_N}")
_PAIR = re.compile(rf"{_N}(?: tokens)? > {_N}")


class WindowSaid(NamedTuple):
    """What a refusal says, in tokens: the window, and what the prompt came to."""

    context_tokens: int | None
    prompt_tokens: int | None


def read_window_refusal(said: str) -> WindowSaid:
    """The sizes named in a refusal; `said` is the whole of it in lower case."""
    said = said[:_MOST_READ]
    window, prompt = _read_fields(said)
    if (found := _SUM.search(said)) is not None:
        read, _, most = map(_number, found.groups())
        return _sane(most, read)
    if (found := _SPARE.search(said)) is not None:
        _, most, read = map(_number, found.groups())
        return _sane(most, read)
    if (found := _PAIR.search(said)) is not None:
        read, most = map(_number, found.groups())
        return _sane(window or most, prompt or read)
    prompt = prompt or _first(_PROMPT, said)
    return _sane(window or _first(_WINDOW, said, other_than=prompt), prompt)


def _read_fields(said: str) -> tuple[int | None, int | None]:
    """llama.cpp says both as numbers of their own."""
    value = find_json(said)
    for _ in range(4):
        if not isinstance(value, dict):
            break
        window, prompt = value.get("n_ctx"), value.get("n_prompt_tokens")
        if isinstance(window, int) and window > 0:
            return window, prompt if isinstance(prompt, int) else None
        value = value.get("error")
    return None, None


def _first(
    patterns: tuple[re.Pattern[str], ...], said: str, other_than: int | None = None
) -> int | None:
    for pattern in patterns:
        for found in pattern.finditer(said):
            number = _number(found.group(1))
            if number != other_than:
                return number
    return None


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def _sane(window: int | None, prompt: int | None) -> WindowSaid:
    if window is not None and not SMALLEST_WINDOW <= window <= LARGEST_WINDOW:
        window = None
    return WindowSaid(window, prompt if prompt and prompt <= LARGEST_WINDOW else None)
