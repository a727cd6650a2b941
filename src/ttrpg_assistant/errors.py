"""Everything that can go wrong, as named facts.

    Fault
    ├── InvalidInput      the request cannot be understood or is not allowed      (4xx)
    │   └── TooLarge
    ├── NotFound          there is no such thing
    ├── Conflict          it is not the way the caller thinks it is
    ├── Refused           the caller may not do this
    │   └── TooManyAttempts  TooManyAnswers                                    (429)
    ├── Blocked           a guard stopped it; the text stays with its author
    ├── PersistenceUnavailable   nothing can be stored right now               (503)
    │   └── DiskFull                                                           (507)
    ├── BackupImpossible  no backup can be made or brought back now             (409)
    ├── StartupRefused    the application must not start like this
    └── ModelFault        a language model could not answer
        ├── NotConfigured  BadKey  NotPermitted  Overloaded  ContextTooLong
        ├── ModelNotFound  CutOff  Stalled  ModelRefused
        ├── RateLimited ── NoCredit  QuotaUsedUp
        ├── Unreachable ── CertificateRefused
        └── BadAnswer ── WrongAddress

A fault has a stable `code` (snake_case, for programs), a plain `sentence` (for the
game master) and, where there is one, a `cure`. `api/errors.py` alone turns faults
into HTTP. Anything that is not a fault is a bug and is left to be loud.
"""

from __future__ import annotations

from typing import ClassVar, Final

PRIVATE_FACTS: Final = frozenset({"everything"})
"""`everything` is the text of a provider's refusal word for word; it may repeat a question."""


class Fault(Exception):
    """A named fact about something that went wrong."""

    default_code: ClassVar[str] = "fault"
    default_sentence: ClassVar[str] = ""
    """What the code says where the fault's own sentence is not known any more."""
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

    @property
    def public_facts(self) -> dict[str, object]:
        """The facts that may leave this process: without what a provider said word for word."""
        return {name: fact for name, fact in self.facts.items() if name not in PRIVATE_FACTS}


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


class TooManyAttempts(Refused):
    """The caller tried too many wrong tokens. `retry_after` is in seconds."""

    default_code = "too_many_attempts"
    default_cure = "Wait, then open the link that was printed where the assistant was started."

    def __init__(self, *, retry_after: float) -> None:
        super().__init__("Too many wrong tokens came from this address.")
        self.retry_after = retry_after


class TooManyAnswers(Refused):
    """As many answers are being written for this caller as may be. `retry_after` is in seconds."""

    default_code = "too_many_answers"
    default_cure = "Wait until one of them has ended."
    retry_after = 2.0

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} answers are being written for this token already.")


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
    default_cure = "Free some space on the disk; saving continues automatically."


class BackupImpossible(Fault):
    """No backup can be made now, or none be brought back; what is stored is as it was."""

    default_code = "backup_impossible"


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
    default_sentence = "The chosen model has no key or no address yet."
    default_cure = "Enter a key in Settings, or use the built-in model."


class BadKey(ModelFault):
    """The provider does not accept the key."""

    default_code = "model_bad_key"
    default_sentence = "The provider does not accept the key."
    default_cure = "Check the key in Settings."


class NotPermitted(ModelFault):
    """The provider knows the key and does not allow it this model, or not from this place."""

    default_code = "model_not_permitted"
    default_sentence = "The provider does not allow this account to use the model from here."
    default_cure = "Check the account at the provider, or choose another model in Settings."


class RateLimited(ModelFault):
    """The provider asks us to wait. `NoCredit` and `QuotaUsedUp` do not pass in a moment."""

    default_code = "model_rate_limited"
    default_sentence = "The provider asks to wait."
    default_cure = "Wait a moment and ask again."


class NoCredit(RateLimited):
    """The account has nothing left to pay with."""

    default_code = "model_no_credit"
    default_sentence = "The account at the provider has no credit left."
    default_cure = "Check the account at the provider, or choose another model in Settings."


class QuotaUsedUp(RateLimited):
    """What the account may use in a day or a month is used up."""

    default_code = "model_quota_used_up"
    default_sentence = "The quota of the account at the provider is used up for now."
    default_cure = "Wait until it is renewed, or choose another model in Settings."


class Overloaded(ModelFault):
    """The provider is failing or overloaded."""

    default_code = "model_overloaded"
    default_sentence = "The provider is failing or overloaded."
    default_cure = "Ask again in a moment, or choose another model in Settings."


class ContextTooLong(ModelFault):
    """The prompt does not fit the model."""

    default_code = "model_context_too_long"
    default_sentence = "The prompt does not fit the model."
    default_cure = "Set a smaller Context size in Settings, or choose another model."


class ModelNotFound(ModelFault):
    """The provider does not know a model of that name."""

    default_code = "model_not_found"
    default_sentence = "The provider does not know this model."
    default_cure = "Choose another model in Settings."


class Unreachable(ModelFault):
    """The provider's address does not answer."""

    default_code = "model_unreachable"
    default_sentence = "The provider's address does not answer."
    default_cure = "Check the network and the address in Settings."


class CertificateRefused(Unreachable):
    """The provider cannot prove that it is who it should be."""

    default_code = "model_certificate"
    default_sentence = "The certificate of the provider's address is not trusted."
    default_cure = (
        "If it is your own server, put its certificate, or that of the authority that signed it,"
        " into a PEM file, set TTRPG_CA_FILE to that file and start again."
    )


class CutOff(ModelFault):
    """The stream ended without the provider's terminal marker."""

    default_code = "model_cut_off"
    default_sentence = "The answer was cut off before its end."
    default_cure = "Ask again."


class Stalled(ModelFault):
    """The provider went silent, before the first word or in the middle of an answer."""

    default_code = "model_stalled"
    default_sentence = "The model stopped responding."
    default_cure = "Ask again."


class ModelRefused(ModelFault):
    """The provider's own filter stopped the question or the answer."""

    default_code = "model_refused"
    default_sentence = "The provider's own filter stopped the answer."
    default_cure = "Say it in other words (Edit the question), or choose another model."


class BadAnswer(ModelFault):
    """The provider answered with something that is not its own wire format, or with nothing."""

    default_code = "model_bad_answer"
    default_sentence = "The provider answered with something that could not be read."
    default_cure = "Ask again, or choose another model in Settings."


class WrongAddress(BadAnswer):
    """Something answers at the provider's address, but it is no model server."""

    default_code = "model_wrong_address"
    default_sentence = "There is no model server at the provider's address."
    default_cure = "Check the address in Settings; many servers want it to end in /v1."
