"""What is known about one model beyond what its provider says: learned, or set by a person."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from ttrpg_assistant.llm.prices import Price
from ttrpg_assistant.llm.types import Effort


class Learned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a model's refusals have taught about it. Sizes are in tokens."""

    left_out: tuple[str, ...] = ()
    """Names of parameters that it refused; they are not sent again."""
    no_system: bool = False
    """It has no system role: the instructions stand before the first message of the user."""
    no_streaming: bool = False
    no_prefill: bool = False
    """It does not go on from the beginning of an answer; it is asked in words to go on."""
    most_answer_tokens: int | None = None
    """The largest length limit that it accepts."""
    context_tokens: int | None = None
    """The window that a refusal named, or that is left after one that named none."""
    listed_tokens: int | None = None
    """What its provider said of the window then. If it says something else later, the
    server was started anew with another size, and `context_tokens` is out of date."""


NOTHING_LEARNED = Learned()


class ShortMemory:
    """A memory that ends with the process: for commands and tests without a database."""

    def __init__(self) -> None:
        self._learned: dict[tuple[str, str], Learned] = {}

    def find(self, address: str, model: str) -> Learned:
        """What was learned so far."""
        return self._learned.get((address, model), Learned())

    async def remember(self, address: str, model: str, learned: Learned) -> None:
        """Keep it until the process ends."""
        self._learned[address, model] = learned

    async def forget(self, address: str, model: str) -> None:
        """Find everything out anew."""
        self._learned.pop((address, model), None)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What a game master set for one model; None where it is left to be found out."""

    context_tokens: int | None = None
    answer_tokens: int | None = None
    effort: Effort | None = None
    price: Price | None = None
