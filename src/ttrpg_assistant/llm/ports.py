"""What the room of models asks of others: models to call, and a memory of what they take."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.types import ModelDescription, ModelEvent, ModelRequest


class Provider(Protocol):
    """A source of answers.

    Every method raises a `ModelFault` (errors.py) for anything the provider or the
    network does wrong, and nothing else.
    """

    name: str
    """The provider's name in a model choice: offline, anthropic, openai, google, ollama, …"""

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """Answer the request, piece by piece.

        Closing the generator (or cancelling the task that reads it) ends the
        call at the provider. A fault may come before the first event or after any.
        """
        ...

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models that can be chosen now. Also serves as the test of key and address."""
        ...

    async def describe_model(self, model: str) -> ModelDescription:
        """A model with its real sizes; `context_tokens` is a careful default when unknown.

        Asked before every answer: what a provider has said is kept, and one that could not be
        reached is not asked again each time. Never raises.
        """
        ...

    async def forget_learned(self, model: str) -> None:
        """Find out anew what the model takes. Raises `PersistenceUnavailable`, else nothing."""
        ...

    async def forget_window(self, model: str) -> None:
        """Find out anew how much the model reads. Never raises."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class ModelMemory(Protocol):
    """Keeps what was learned about a model at an address, across restarts."""

    def find(self, address: str, model: str) -> Learned:
        """What was learned so far; nothing learned is an empty `Learned`."""
        ...

    async def remember(self, address: str, model: str, learned: Learned) -> None:
        """Keep it, in place of what was known. Never raises: an answer must not fail by it."""
        ...

    async def forget(self, address: str, model: str) -> None:
        """Find everything out anew. Raises `PersistenceUnavailable`, and forgets nothing then."""
        ...
