"""Everything that can go wrong, as named facts.

    Fault
    ├── InvalidInput      the request cannot be understood or is not allowed      (4xx)
    │   └── TooLarge
    ├── NotFound          there is no such thing
    ├── Conflict          it is not the way the caller thinks it is
    ├── Refused           the caller may not do this
    ├── Blocked           a guard stopped it; the text stays with its author
    ├── PersistenceUnavailable   nothing can be stored right now               (503)
    │   └── DiskFull                                                           (507)
    ├── StartupRefused    the application must not start like this
    └── ModelFault        a language model could not answer
        ├── BadKey  RateLimited  Overloaded  ContextTooLong  ModelNotFound
        └── Unreachable  CutOff  Stalled  ModelRefused  BadAnswer  NotConfigured

A fault has a stable `code` (snake_case, for programs), a plain `sentence` (for the
game master) and, where there is one, a `cure`. `api/errors.py` alone turns faults
into HTTP. Anything that is not a fault is a bug and is left to be loud.
"""

from __future__ import annotations

from typing import ClassVar


class Fault(Exception):
    """A named fact about something that went wrong."""

    default_code: ClassVar[str] = "fault"
    default_cure: ClassVar[str | None] = None

    def __init__(
        self,
        sentence: str,
        *,
        code: str | None = None,
        cure: str | None = None,
        facts: dict[str, object] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code
        self.cure = cure or self.default_cure
        self.facts: dict[str, object] = facts or {}


class InvalidInput(Fault):
    """The request cannot be understood, or asks for something that is not allowed."""

    default_code = "invalid_input"


class TooLarge(InvalidInput):
    """The request is larger than a stated limit."""

    default_code = "too_large"


class NotFound(Fault):
    """There is no such thing, or it has been removed."""

    default_code = "not_found"


class Conflict(Fault):
    """The stored state is not what the caller believes it is; nothing was changed."""

    default_code = "conflict"


class Refused(Fault):
    """The caller is not allowed to do this."""

    default_code = "refused"


class Blocked(Fault):
    """A guard stopped the text before it was stored or sent."""

    default_code = "blocked"


class PersistenceUnavailable(Fault):
    """Nothing can be stored right now. `retry_after` is in seconds."""

    default_code = "persistence_unavailable"
    default_cure = "The text is kept on this device and is saved when the database answers again."

    def __init__(
        self,
        sentence: str = "Messages cannot be saved at the moment.",
        *,
        retry_after: float = 5.0,
        code: str | None = None,
        cure: str | None = None,
        facts: dict[str, object] | None = None,
    ) -> None:
        super().__init__(sentence, code=code, cure=cure, facts=facts)
        self.retry_after = retry_after


class DiskFull(PersistenceUnavailable):
    """There is no space left to store anything."""

    default_code = "disk_full"
    default_cure = "Free some space on the disk; saving goes on by itself."


class StartupRefused(Fault):
    """Starting like this would put stored talk at risk."""

    default_code = "startup_refused"


class ModelFault(Fault):
    """A language model could not answer. `retry_after` is in seconds, when the provider said."""

    default_code = "model_fault"

    def __init__(
        self,
        sentence: str,
        *,
        retry_after: float | None = None,
        code: str | None = None,
        cure: str | None = None,
        facts: dict[str, object] | None = None,
    ) -> None:
        super().__init__(sentence, code=code, cure=cure, facts=facts)
        self.retry_after = retry_after


class NotConfigured(ModelFault):
    """The chosen provider has no key or no address yet."""

    default_code = "model_not_configured"
    default_cure = "Enter a key in Settings, or go on with the built-in model."


class BadKey(ModelFault):
    """The provider does not accept the key."""

    default_code = "model_bad_key"
    default_cure = "Check the key in Settings."


class RateLimited(ModelFault):
    """The provider asks us to wait, or the account's quota is used up."""

    default_code = "model_rate_limited"
    default_cure = "Wait a moment and try again."


class Overloaded(ModelFault):
    """The provider is failing or has too much to do."""

    default_code = "model_overloaded"
    default_cure = "Try again in a moment, or choose another model in Settings."


class ContextTooLong(ModelFault):
    """The prompt does not fit the model."""

    default_code = "model_context_too_long"
    default_cure = "Choose a model with a larger context, or a smaller context size in Settings."


class ModelNotFound(ModelFault):
    """The provider does not know a model of that name."""

    default_code = "model_not_found"
    default_cure = "Choose another model in Settings."


class Unreachable(ModelFault):
    """The provider's address does not answer."""

    default_code = "model_unreachable"
    default_cure = "Check the network and the address in Settings."


class CutOff(ModelFault):
    """The stream ended without the provider's terminal marker."""

    default_code = "model_cut_off"
    default_cure = "Ask for the answer again."


class Stalled(ModelFault):
    """The provider went silent in the middle of an answer."""

    default_code = "model_stalled"
    default_cure = "Ask for the answer again."


class ModelRefused(ModelFault):
    """The provider's own filter stopped the answer."""

    default_code = "model_refused"
    default_cure = "Say it in other words, or choose another model."


class BadAnswer(ModelFault):
    """The provider answered with something that is not its own wire format, or with nothing."""

    default_code = "model_bad_answer"
    default_cure = "Try again, or choose another model in Settings."
