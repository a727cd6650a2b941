"""Fits everything into what the model can read (DESIGN section "Prompts", Budget).

Order of keeping: instructions, the voice, the subject's sheet, the new message, mentioned entities,
recent history, the summary of older history, what is recalled of it, the campaign's summary.
Later parts keep a small assured share, so that ten thousand messages do not push the
campaign's name out and a hundred mentioned entities do not push out the talk. Whatever a part
does not use, the next ones get. Only what has a chance to fit is ever rendered or counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.llm.types import PromptMessage
from ttrpg_assistant.prompts.characters import cut
from ttrpg_assistant.prompts.manifest import NAMES_LEFT_OUT, EntityUse
from ttrpg_assistant.prompts.tokens import TokenEstimator

MESSAGE_TOKENS = 5
"""What a provider's own framing of one message costs."""

CUT_NOTE = "\n[… the rest of this message was left out: it is longer than the model can read]"

_MENTIONED_SHARE, _SUMMARY_SHARE, _RECALLED_SHARE, _CAMPAIGN_SHARE = 0.35, 0.1, 0.2, 0.2
_VOICE_SHARE = 0.2
"""How the assistant is to sound, and no more: in a small context its end goes."""

RECALLED_TOKENS = 2_000
"""What is recalled never takes more, however large the context is."""

_ONE_LIST_SHARE = 0.35
"""Of the campaign's assured share, for one of its lists in the first round."""
_SMALLEST_CUT = 48
"""Tokens; a message cut shorter than this says nothing."""
_MISSES = 3
"""Things too large for the space left, after which a section looks no further."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one prompt may cost. All sizes in tokens.

    `answer_tokens` is kept free for the answer. Raises nothing; a context too small for the
    instructions is found when something is fitted into it.
    """

    context_tokens: int
    answer_tokens: int
    model: str = ""
    estimator: TokenEstimator = field(default_factory=TokenEstimator)

    @classmethod
    def for_context(
        cls, context_tokens: int, *, model: str = "", estimator: TokenEstimator | None = None
    ) -> Budget:
        """A quarter of the context, at most 4,096 tokens, is kept for the answer."""
        reserve = min(4096, context_tokens // 4)
        return cls(context_tokens, reserve, model, estimator or TokenEstimator())

    @property
    def prompt_tokens(self) -> int:
        """What the prompt itself may cost."""
        return max(0, self.context_tokens - self.answer_tokens)


@dataclass(frozen=True, slots=True)
class Item:
    """One rendered thing of a section: a line or a few, without a closing line end.

    Things stand in the order of their `place`, whatever the order in which they are wanted.
    """

    text: str
    use: EntityUse | None = None
    place: int = 0


@dataclass(slots=True)
class Section:
    """Things under one heading, most wanted first. `items` is read only as far as needed.

    `count` is how many things there are, and `uses` names them again for the manifest, also
    only as far as needed.
    """

    name: str
    title: str
    items: Iterable[Item]
    count: int = 0
    uses: Iterable[EntityUse] = ()


@dataclass(slots=True)
class Filled:
    """A section while it is filled, and then what became of it."""

    section: Section
    estimator: TokenEstimator
    items: list[Item] = field(default_factory=list)
    tokens: int = 0
    misses: int = 0
    _waiting: Iterator[Item] = field(init=False)
    _refused: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waiting = iter(self.section.items)

    def fill(self, allowance: int) -> int:
        """Takes what fits into the allowance, and returns what it used of it."""
        before = self.tokens
        retried, self._refused, self.misses = self._refused, [], 0
        for item in retried:
            self._offer(item, allowance - (self.tokens - before))
        while self.misses < _MISSES:
            waiting = next(self._waiting, None)
            if waiting is None:
                break
            self._offer(waiting, allowance - (self.tokens - before))
        return self.tokens - before

    def _offer(self, item: Item, allowance: int) -> None:
        cost = self.estimator.estimate(item.text + "\n")
        if not self.items and self.section.title:
            cost += self.estimator.estimate(f"\n{self.section.title}\n")
        if cost <= allowance:
            self.items.append(item)
            self.tokens += cost
        else:
            self._refused.append(item)
            self.misses += 1

    def render(self) -> str:
        """The heading and what was taken, or nothing."""
        if not self.items:
            return ""
        lines = [item.text for item in sorted(self.items, key=lambda item: item.place)]
        return "\n".join([self.section.title, *lines] if self.section.title else lines)

    def left_out(self) -> tuple[tuple[EntityUse, ...], int]:
        """The first things that did not go in, by name, and how many there are in all."""
        taken = {item.use for item in self.items if item.use is not None}
        missing = max(0, self.section.count - len(self.items))
        absent = (use for use in self.section.uses if use not in taken)
        return tuple(islice(absent, min(missing, NAMES_LEFT_OUT))), missing


@dataclass(frozen=True, slots=True)
class Request:
    """What wants to go in. `fixed` is all text of our own that stands in any case.

    `history` is pairs of seq and message, newest first, and read only as far as there is room.
    """

    fixed: str
    new_message: str
    voice: Section | None = None
    subject: Section | None = None
    mentioned: Section | None = None
    summary: Section | None = None
    recalled: Section | None = None
    campaign: Sequence[Section] = ()
    history: Iterable[tuple[int, PromptMessage]] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """What goes in. `history` is oldest first; sections keep the order they were given in."""

    new_message: str
    is_new_message_cut: bool
    voice: Filled | None
    subject: Filled | None
    mentioned: Filled | None
    summary: Filled | None
    recalled: Filled | None
    campaign: tuple[Filled, ...]
    history: tuple[PromptMessage, ...]
    history_tokens: int
    first_kept_seq: int | None
    is_history_cut: bool


def fit(request: Request, budget: Budget) -> Fitted:
    """Chooses what goes in. The whole never costs more than `budget.prompt_tokens`.

    Raises ContextTooLong when not even the instructions and a scrap of the new message fit.
    """
    estimator = budget.estimator
    left = budget.prompt_tokens - estimator.estimate(request.fixed) - MESSAGE_TOKENS
    needed = min(_SMALLEST_CUT, estimator.estimate(request.new_message[:400]))
    if left < needed:
        raise ContextTooLong(
            f"A context of {budget.context_tokens} tokens is too small to talk in.",
            facts={"context_tokens": budget.context_tokens},
        )

    voice = _begin(request.voice, estimator)
    if voice is not None:
        left -= voice.fill(int((left - needed) * _VOICE_SHARE))
    new_tokens = _cost(estimator, request.new_message, left)
    subject = _begin(request.subject, estimator)
    if subject is not None:
        left -= subject.fill(left - min(new_tokens, max(left // 2, needed)))
    new_message = _shorten(estimator, request.new_message, left)
    left -= estimator.estimate(new_message)

    share = left
    mentioned = _begin(request.mentioned, estimator)
    if mentioned is not None:
        left -= mentioned.fill(int(share * _MENTIONED_SHARE))
    summary = _begin(request.summary, estimator)
    if summary is not None:
        left -= summary.fill(int(share * _SUMMARY_SHARE))
    recalled = _begin(request.recalled, estimator)
    if recalled is not None:
        left -= recalled.fill(min(RECALLED_TOKENS, int(share * _RECALLED_SHARE)))
    campaign = tuple(Filled(section, estimator) for section in request.campaign)
    assured = min(left, int(share * _CAMPAIGN_SHARE))
    # Two rounds: no list takes the whole assured share before the others had a part of it.
    for most in (int(assured * _ONE_LIST_SHARE), assured):
        for section in campaign:
            used = section.fill(min(most, assured))
            assured -= used
            left -= used

    history, history_tokens, first_seq, is_cut = _fit_history(request.history, estimator, left)
    left -= history_tokens
    for late in (mentioned, summary, *campaign):
        if late is not None:
            left -= late.fill(left)
    if recalled is not None:
        left -= recalled.fill(min(left, RECALLED_TOKENS - recalled.tokens))
    return Fitted(
        new_message=new_message,
        is_new_message_cut=new_message is not request.new_message,
        voice=voice,
        subject=subject,
        mentioned=mentioned,
        summary=summary,
        recalled=recalled,
        campaign=campaign,
        history=history,
        history_tokens=history_tokens,
        first_kept_seq=first_seq,
        is_history_cut=is_cut,
    )


def _begin(section: Section | None, estimator: TokenEstimator) -> Filled | None:
    return None if section is None else Filled(section, estimator)


def _cost(estimator: TokenEstimator, text: str, most: int) -> int:
    """Tokens of the text, or anything above `most` when it is surely more."""
    if estimator.is_surely_over(text, most):
        return most + 1
    return estimator.estimate(text)


def _shorten(estimator: TokenEstimator, text: str, tokens: int) -> str:
    """The text itself, or its beginning with a note that says so."""
    if _cost(estimator, text, tokens) <= tokens:
        return text
    room = tokens - estimator.estimate(CUT_NOTE)
    beginning = estimator.cut(text, max(0, room))
    kept = cut(text, len(beginning)).rstrip()
    return kept + CUT_NOTE if kept else estimator.cut(text, tokens)


def _fit_history(
    newest_first: Iterable[tuple[int, PromptMessage]], estimator: TokenEstimator, left: int
) -> tuple[tuple[PromptMessage, ...], int, int | None, bool]:
    """The newest messages that fit, whole; if not even the newest does, its beginning."""
    kept: list[PromptMessage] = []
    used = 0
    first_seq: int | None = None
    for seq, message in newest_first:
        room = left - used - MESSAGE_TOKENS
        cost = _cost(estimator, message.content, room)
        if cost > room:
            if kept or room < _SMALLEST_CUT:
                break
            shortened = _shorten(estimator, message.content, room)
            kept.append(PromptMessage(message.role, shortened))
            used += estimator.estimate(shortened) + MESSAGE_TOKENS
            return tuple(kept), used, seq, True
        kept.append(message)
        used += cost + MESSAGE_TOKENS
        first_seq = seq
    return tuple(reversed(kept)), used, first_seq, False
