"""What may be tried again for one answer, how often, and when: decided here and nowhere else.

At most five calls are made for an answer, whatever the causes. A call is made again

- with one thing changed, when the model refused a part of the request: each change once, never
  back, and never a body that was sent before; what was learned is remembered for the model;
- with a shorter answer allowed, when the prompt fits the window and the answer did not;
- unchanged, when the provider is busy or cannot be reached: before the first word only, after
  the time it names or after a growing pause, and each wait is said.

A prompt that is too long is not sent again from here, because it must be built smaller: the
size is remembered, and `ContextTooLong` says it in its facts, with the `calls` that were made:
the request with the smaller prompt names them as `calls_made`, so that five stay five.
"""

from __future__ import annotations

import random
from asyncio import sleep
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    ContextTooLong,
    ModelFault,
    ModelRefused,
    Overloaded,
    RateLimited,
    Unreachable,
)
from ttrpg_assistant.llm.drafts import Draft, is_same
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.refusals import find_change, is_about_the_request
from ttrpg_assistant.llm.types import ModelEvent, ModelRequest, Prefilled, Usage, Waiting
from ttrpg_assistant.llm.window_refusals import WindowSaid, read_window_refusal

MOST_CALLS: Final = 5
"""For one answer, all causes together."""

LONGEST_WAIT_SECONDS: Final = 60.0
"""A provider that asks for a longer pause is not waited for; its fault says how long it is."""

PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
LOADING_PAUSES: Final = (5.0, 10.0, 15.0, 20.0)
"""Seconds before the next call where the provider names none: busy, or loading a model."""

SMALLEST_GUESSED: Final = 2_048
"""Tokens; a window that no refusal named is not taken for less."""

MOST_UNREACHED: Final = 3
"""Calls to a server that does not answer at all: it is rarely there a moment later."""

_PASSING: Final = frozenset(
    {RateLimited.default_code, Overloaded.default_code, Unreachable.default_code}
)
"""Faults that may be over a moment later. An empty account or a wrong certificate is not."""

_NOT_AGAIN: Final = frozenset({402, 501, 505})
_LOADING: Final = ("loading model", "model is loading", "currently loading", "model loading")
_NO_CREDIT: Final = ("insufficient_quota", "credit balance", "insufficient credits", "no credit")
_REFUSING: Final = frozenset({400, 404, 405, 409, 415, 422})
_GUESSING: Final = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Caller:
    """How one provider is called for one model.

    `draft` makes the body, `call` sends it and reads the answer, `remember` keeps what was
    learned, `note_answering` hears that the model has begun to answer. `listed_tokens` is what
    the provider says of the window. With `guesses` a refusal that blames nothing is tried once
    without the extras.
    """

    draft: Callable[[ModelRequest, Learned], Draft]
    call: Callable[[Draft], AsyncGenerator[ModelEvent]]
    remember: Callable[[Learned], Awaitable[None]]
    note_answering: Callable[[], None] = lambda: None
    listed_tokens: int | None = None
    guesses: bool = False


async def answer(
    request: ModelRequest, learned: Learned, caller: Caller
) -> AsyncGenerator[ModelEvent]:
    """Everything one answer says, over as many calls as it takes and may take."""
    attempts = _Attempts(request, caller, caller.draft(request, learned))
    while True:
        wrote = False
        held: Usage | None = None
        try:
            async with aclosing(caller.call(attempts.draft)) as events:
                async for event in events:
                    if not wrote:
                        if isinstance(event, Usage):
                            held = event
                            continue
                        wrote = True
                        caller.note_answering()
                        await attempts.accept()
                        if attempts.draft.prefills:
                            yield Prefilled()
                        if held is not None:
                            yield held
                    yield event
            return
        except ModelFault as reason:
            # Without its frames: their variables hold what the provider sent.
            fault = reason.with_traceback(None)
        if wrote or not await attempts.go_on(fault):
            if held is not None and not wrote:
                yield held
            fault.facts["calls"] = attempts.calls
            raise fault
        if attempts.pause is not None:
            yield Waiting(attempts.pause, fault.code, fault.sentence)
            await sleep(attempts.pause)


class _Attempts:
    """What was sent for one answer so far, and what is sent next: `draft`, after `pause`."""

    def __init__(self, request: ModelRequest, caller: Caller, draft: Draft) -> None:
        self.draft = draft
        self.pause: float | None = None
        self._request = request
        self._caller = caller
        self._sent = [draft]
        self._calls = 1 + request.calls_made
        self._unreached = 0
        self._is_new = False
        """Whether the draft holds a change that no model has accepted yet."""
        self._changes = 0

    @property
    def calls(self) -> int:
        """How many calls were made for this answer, with a longer prompt before as well."""
        return self._calls

    async def accept(self) -> None:
        """The request was accepted: what was changed for it is remembered."""
        if self._is_new:
            self._is_new = False
            await self._caller.remember(self.draft.learned)

    async def go_on(self, fault: ModelFault) -> bool:
        """Choose the next call after a fault before the first word; False if there is none."""
        self.pause = None
        # A kept connection that turns out dead costs a request of its own: once is enough.
        self.draft.reuses_connection = False
        said = what_was_said(fault)
        if not isinstance(fault, BadAnswer):
            # It was judged by something else than the request's form.
            await self.accept()
        if isinstance(fault, ContextTooLong):
            shorter = _allow_less(self._request, self.draft, read_window_refusal(said))
            if shorter is None:
                await _learn_window(self._request, self.draft, self._caller, fault, said)
                return False
            self._request = shorter
            return self._send(self._caller.draft(shorter, self.draft.learned))
        refused = _find_change(
            fault, said, self.draft, guesses=self._caller.guesses, again=self._changes > 0
        )
        if refused is not None:
            self._changes += 1
            if self._send(self._caller.draft(self._request, refused)):
                self._is_new = True
                return True
            return False
        self.pause = _find_pause(fault, said, self._calls, self._unreached)
        if self.pause is None or self._calls >= MOST_CALLS:
            return False
        self._calls += 1
        self._unreached += isinstance(fault, Unreachable)
        return True

    def _send(self, draft: Draft) -> bool:
        if self._calls >= MOST_CALLS or any(is_same(draft, earlier) for earlier in self._sent):
            return False
        self._calls += 1
        self._sent.append(draft)
        draft.reuses_connection = False
        self.draft = draft
        return True


def what_was_said(fault: ModelFault) -> str:
    """All that the provider said, in lower case; its sentence where no more was kept."""
    everything = fault.facts.get("everything")
    return everything if isinstance(everything, str) and everything else fault.sentence.lower()


def _find_pause(fault: ModelFault, said: str, calls: int, unreached: int) -> float | None:
    """Seconds to wait before the same call is made again, None if that is of no use."""
    if fault.code not in _PASSING or fault.facts.get("status") in _NOT_AGAIN:
        return None
    if isinstance(fault, RateLimited) and any(mark in said for mark in _NO_CREDIT):
        return None
    if isinstance(fault, Unreachable) and unreached + 1 >= MOST_UNREACHED:
        return None
    if fault.retry_after is not None:
        return fault.retry_after if fault.retry_after <= LONGEST_WAIT_SECONDS else None
    pauses = LOADING_PAUSES if any(mark in said for mark in _LOADING) else PAUSES
    # Apart from each other, so that everyone who was refused at once does not come back at once.
    return pauses[min(calls, len(pauses)) - 1] * random.uniform(0.75, 1.25)


def _find_change(
    fault: ModelFault, said: str, draft: Draft, *, guesses: bool, again: bool
) -> Learned | None:
    if isinstance(fault, RateLimited | BadKey | ModelRefused | Unreachable):
        return None
    status = fault.facts.get("status")
    if status in _REFUSING or (isinstance(fault, BadAnswer) and "everything" in fault.facts):
        guess = guesses and status in _GUESSING and type(fault) is BadAnswer
        return find_change(said, draft, guess=guess, again=again)
    if is_about_the_request(said, draft):
        return find_change(said, draft, guess=False, again=again)
    return None


def _allow_less(request: ModelRequest, draft: Draft, said: WindowSaid) -> ModelRequest | None:
    """The request with a shorter answer allowed, if the prompt alone fits into the window."""
    window, prompt = said
    if draft.limit is None or window is None or prompt is None:
        return None
    left = window - prompt - 16
    return replace(request, max_tokens=left) if 256 <= left < draft.limit else None


async def _learn_window(
    request: ModelRequest, draft: Draft, caller: Caller, fault: ContextTooLong, said: str
) -> None:
    """Remember the window that a refusal named, and say it in the fault's facts."""
    window, prompt = read_window_refusal(said)
    believed = request.context_tokens
    if window is None:
        # Halved again and again by refusals that name nothing, it would end in no room at all.
        window = max(believed // 2, SMALLEST_GUESSED) if believed is not None else None
    elif believed is not None and window >= believed:
        # The size was right and the estimate was not: count on less of it.
        share = 0.95 * window / prompt if prompt is not None and prompt > window else 0.8
        window = min(int(believed * 0.9), int(window * share))
    if window is None or (believed is not None and window >= believed):
        return
    await caller.remember(
        msgspec.structs.replace(
            draft.learned, context_tokens=window, listed_tokens=caller.listed_tokens
        )
    )
    fault.facts["context_tokens"] = window
    if prompt is not None:
        fault.facts["prompt_tokens"] = prompt
