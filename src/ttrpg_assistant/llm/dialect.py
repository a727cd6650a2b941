"""What the dialects have in common: an address, a key, and a few manners."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import httpx2

from ttrpg_assistant.errors import BadAnswer, ModelFault, ModelNotFound
from ttrpg_assistant.llm.addresses import origin_of
from ttrpg_assistant.llm.answer_text import Habits
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.network import DIRECT, Network
from ttrpg_assistant.llm.types import ModelDescription, ModelRequest, PromptMessage
from ttrpg_assistant.llm.wire import CONNECT_SECONDS, KeyHeader, Wire

OPENING = "(The conversation begins.)"
"""Stands before a talk that the model's side opened: providers want the user to begin."""

SIZE_SECONDS = 3.0
"""How long a turn waits to learn a model's size; it can do with a careful one."""

SIZE_PAUSE_SECONDS = 60.0
"""How long nobody is asked for a size again after a question went unanswered."""

T = TypeVar("T")


class Dialect:
    """One provider at one address. Subclasses add `stream`, the listing and the sizes."""

    key_header = "authorization"
    key_prefix = "Bearer "
    fixed_headers: Mapping[str, str] = {}

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        name: str,
        label: str,
        idle_seconds: float | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        network: Network = DIRECT,
    ) -> None:
        self.name = name
        header = None
        if key is not None:
            home = key.origin or origin_of(base_url)
            header = KeyHeader(self.key_header, key.secret, home, self.key_prefix)
        self._wire = Wire(
            base_url,
            label,
            key=header,
            headers=dict(self.fixed_headers),
            idle_seconds=idle_seconds,
            connect_seconds=connect_seconds,
            network=network,
        )
        self._habits = Habits()
        self._refused: dict[str, set[str]] = {}
        self._ask_again_at = 0.0

    async def aclose(self) -> None:
        """Close connections. The provider can still be used; it opens new ones."""
        await self._wire.aclose()

    async def describe_model(self, model: str) -> ModelDescription:
        """A model with its sizes (see `Provider.describe_model`)."""
        return ModelDescription(self.name, model, await self._find_context_tokens(model))

    async def _find_context_tokens(self, model: str) -> int:
        raise NotImplementedError

    async def _find(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """What the provider says about a size, None when it does not say it soon.

        A turn must not fail or wait for this: it will itself say what is wrong.
        """
        now = asyncio.get_running_loop().time()
        if now < self._ask_again_at:
            return None
        try:
            async with asyncio.timeout(SIZE_SECONDS):
                return await ask()
        except ModelNotFound:
            return None
        except (ModelFault, TimeoutError):
            self._ask_again_at = now + SIZE_PAUSE_SECONDS
            return None

    async def _open(
        self, path: str, body: dict[str, Any], optional: Mapping[str, str | None], model: str
    ) -> httpx2.Response:
        """Post the body, leaving out (or renaming) what the model turns out not to take.

        `optional` maps the names in the body that may go to the name to use instead, or
        None. What a model refused once is not tried on it again.
        """
        refused = self._refused.setdefault(model, set())
        for name in refused:
            _leave_out(body, name, optional)
        while True:
            try:
                return await self._wire.open(path, body, accept="text/event-stream, */*;q=0.5")
            except BadAnswer as fault:
                blamed = self._find_blamed(fault, body, optional)
                if blamed is None:
                    raise
            _leave_out(body, blamed, optional)
            refused.add(blamed)

    def _find_blamed(
        self, fault: BadAnswer, body: Mapping[str, Any], optional: Mapping[str, str | None]
    ) -> str | None:
        said = str(fault.facts.get("everything", ""))
        # Longest first: "max_completion_tokens" must not be taken for "max_tokens"'s cure.
        for name in sorted(optional, key=len, reverse=True):
            if name in body and name in said:
                return name
        return None


def _leave_out(body: dict[str, Any], name: str, optional: Mapping[str, str | None]) -> None:
    if name in body:
        value = body.pop(name)
        instead = optional.get(name)
        if instead is not None:
            body[instead] = value


def tidy_messages(request: ModelRequest) -> Sequence[PromptMessage]:
    """The messages as every provider takes them.

    Nothing empty (a reply that failed before its first word), nobody twice in a row (an
    interrupted talk), the user first. Raises `BadAnswer` when nothing is left to answer.
    """
    tidy: list[PromptMessage] = []
    for message in request.messages:
        content = clean_text(message.content)
        if not content.strip():
            continue
        if tidy and tidy[-1].role == message.role:
            content = f"{tidy.pop().content}\n\n{content}"
        elif not tidy and message.role == "assistant":
            tidy.append(PromptMessage("user", OPENING))
        tidy.append(PromptMessage(message.role, content))
    if not tidy:
        raise BadAnswer("There is nothing to answer.")
    return tidy


def clean_text(text: str) -> str:
    """The text as valid UTF-8 can carry it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def role_messages(request: ModelRequest, *, system_first: bool) -> list[dict[str, str]]:
    """The messages as `{role, content}`, with the system text as one of them if asked."""
    messages = [{"role": m.role, "content": m.content} for m in tidy_messages(request)]
    if system_first and request.system.strip():
        messages.insert(0, {"role": "system", "content": clean_text(request.system)})
    return messages
