"""The values that pass between the application and a language model.

They know no database and no HTTP. `ModelEvent` is a closed union: before the first word a
provider may say `Waiting` (the call is made again) and `Prefilled` (it goes on with an answer
from its last character), then `ThinkingDelta`s and `TextDelta`s
(rarely a `Reclassified`: the earlier ones were the other kind), at most one `Usage` (or several,
the last one counting), and exactly one `Finished` as its terminal marker. A stream that ends
without `Finished` was cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from ttrpg_assistant.llm.prices import Price

BUILT_IN = "offline"
"""The choice that means the built-in model."""

Role = Literal["user", "assistant"]

Effort = Literal["off", "low", "high"]
"""How much a model that thinks before it answers may think."""


class PromptMessage(msgspec.Struct, frozen=True, gc=False):
    """One message as a model is sent it."""

    role: Role
    content: str


PassageKind = str
"""The name of a kind of thing, or ``message``, ``plan``, ``recap``, ``note``, ``event``, ``fact``,
``house_rule``, ``roll``."""


@dataclass(frozen=True, slots=True)
class PassageLine:
    """One field of a thing: ``PassageLine("Role", "Ferrywoman")``. `gm_only`: a secret or a game
    master's note, which is never shown without saying so."""

    label: str
    text: str
    gm_only: bool = False


@dataclass(frozen=True, slots=True)
class PassageSession:
    """The game session that something belongs to."""

    ref: str
    number: int
    title: str
    status: Literal["planned", "running", "ended"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Something stored that bears on the question, small enough to quote.

    `ref` is the id of the thing quoted, so that a citation can open it. `lines` are its fields,
    where it has some; `text` then is all of them. `gm_only` holds for all of it. `game_session` is
    that of a plan, a recap, a note or an event. `is_planned`: it is meant to happen or was
    thought of, and is no event. `remark` is what has to be known of it besides ("taken back",
    "known to Pip").
    """

    kind: PassageKind
    ref: str
    title: str
    text: str
    lines: tuple[PassageLine, ...] = ()
    gm_only: bool = False
    game_session: PassageSession | None = None
    is_planned: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Persona:
    """What an NPC shows of itself: never its secrets, never a game master's notes."""

    npc_id: str
    name: str
    role: str = ""
    background: str = ""
    personality: str = ""
    speaking_style: str = ""
    sample_lines: tuple[str, ...] = ()
    mannerisms: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call of a model.

    `system` and `messages` are the whole prompt; the last message is the one to answer.
    `passages` and `persona` are the same facts in structured form, for the built-in
    offline model, which quotes rather than reads; the providers never send them. `question` is
    for it too: the words that were said, without the data above them in the last
    message. `counts` is how many of a kind there are in all, where the passages hold only the
    nearest.
    `context_tokens` is the size the prompt was built for; a provider that must be told
    its window (Ollama's `num_ctx`) is sent this. `effort` is how much a model that thinks may
    think, None where nobody said. With `continues` the last message is the assistant's own
    beginning, and the answer goes on from its last character.
    """

    model: str
    system: str
    messages: tuple[PromptMessage, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    context_tokens: int | None = None
    effort: Effort | None = None
    continues: bool = False
    calls_made: int = 0
    """Calls made for the same answer before this request: with a prompt that was too long."""
    passages: tuple[Passage, ...] = ()
    persona: Persona | None = None
    counts: tuple[tuple[PassageKind, int], ...] = ()
    question: str | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """The next piece of what the model thinks before it answers, never empty.

    It is shown folded and kept beside the answer; it is never part of the answer's text.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Reclassified:
    """What this call has said so far was something else.

    With `thinking`, all its text so far was thinking (a model whose thinking began without an
    opening mark): it goes behind the thinking so far, and the text begins anew. With `text`,
    all its thinking so far was the answer, and there is no thinking. A call that goes on with
    an earlier answer reclassifies only what it said itself.
    """

    now: Literal["thinking", "text"]


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A request with `continues` was given the beginning of its answer, and writes on from its
    last character. Said before the first word; without it the model was asked in words."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The call failed in a way that passes, and is made again after this many seconds.

    Said only before the first word. `code` and `sentence` are those of the fault.
    """

    seconds: float
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the provider counted, in tokens. None where it did not say.

    `tokens_in` is the whole prompt; `tokens_cached` is the part of it that the provider did
    not have to read again. `tokens_out` includes what was thought.
    """

    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None = None


FinishReason = Literal["stop", "length", "filtered"]
"""How an answer ended: by itself, at its length limit, or stopped by the provider's filter."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider's own terminal marker was seen."""

    reason: FinishReason


ModelEvent = TextDelta | ThinkingDelta | Reclassified | Prefilled | Waiting | Usage | Finished


ContextSource = Literal["listed", "asked", "learned", "set", "assumed"]
"""How a window is known: from the list of models (or the provider's own pages), from another
question to the server, from a refusal, from the game master, or not at all."""


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A model a game master can choose. All sizes are in tokens.

    `context_tokens` is None in a list whose provider won't say it, `answer_tokens` where
    nothing but the window limits an answer. With `shares_window` the server on this machine
    or network stops an answer where its window ends, so a limit must not reach beyond it.
    `efforts` are those a person can choose, none where the model does not think on request.
    """

    provider: str
    name: str
    context_tokens: int | None = None
    context_source: ContextSource = "assumed"
    answer_tokens: int | None = None
    efforts: tuple[Effort, ...] = ()
    price: Price | None = None
    recommended: bool = False
    shares_window: bool = False
    learned: tuple[str, ...] = ()
    """What its refusals have taught, in sentences; `Provider.forget_learned` forgets it."""

    @property
    def choice(self) -> str:
        """The spelling used by `TTRPG_MODEL` and the settings page: ``provider:name``."""
        return spell_choice(self.provider, self.name)


BUILT_IN = "offline"
"""The choice that means the built-in model, the one choice without a colon."""


def spell_choice(provider: str, model: str) -> str:
    """The one spelling of a choice: ``provider:name``, also where both are the same word."""
    return BUILT_IN if provider == BUILT_IN else f"{provider}:{model}"
