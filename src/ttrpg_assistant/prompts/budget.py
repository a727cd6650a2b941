"""Fits everything into what the model can read (DESIGN section "Prompts", Budget).

What stays the same from turn to turn (the subject's sheet, the campaign, the summary of older
talk) has fixed shares of the prompt: how long the talk is changes nothing of it. What belongs
to one question (things it names, notes just taken, what is recalled) has small shares with a
limit. Recent talk takes the rest, up to `WORKING_TOKENS`, and when it is full it is shortened
in one large step. Only what has a chance to fit is ever rendered or counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.llm.types import PromptMessage
from ttrpg_assistant.prompts.manifest import NAMES_LEFT_OUT, EntityUse
from ttrpg_assistant.prompts.tokens import TokenEstimator

MESSAGE_TOKENS = 5
"""What a provider's own framing of one message costs."""

CUT_NOTE = "\n[… the rest of this message was left out: it is longer than the model can read]"

WORKING_TOKENS = 16_000
"""Recent talk that is sent at most, unless the game master asks for all of it: what is older
comes as its summary, and what bears on the question is recalled."""

KEPT_SHARE = 0.7
"""When recent talk fills its room, so much of the room is kept. The rest goes at once: a prompt
whose talk begins anew each turn can be reused by no provider."""

RECALLED_TOKENS = 2_000
MENTIONED_TOKENS = 2_400
LATEST_TOKENS = 600
"""What comes with the question is read anew each turn: it never takes more than this, however
large the context is."""

_VOICE_SHARE = 0.2
"""How the assistant is to sound, and no more: in a small context its end goes."""
_SUBJECT_SHARE, CAMPAIGN_SHARE, _SUMMARY_SHARE = 0.6, 0.45, 0.1
"""Of what is left for them. They do not depend on the talk: what fits now fits the next turn."""
_MENTIONED_SHARE, _LATEST_SHARE, _RECALLED_SHARE = 0.15, 0.05, 0.12
"""Of what is left beside them: what comes with the question."""

_ONE_LIST_SHARE = 0.35
"""Of the campaign's share, for one of its lists in the first round."""
_SMALLEST_CUT = 48
"""Tokens; a message cut shorter than this says nothing."""
_MISSES = 3
"""Things too large for the space left, after which a section looks no further."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one prompt may cost. All sizes in tokens.

    `answer_tokens` is kept free for the answer; the limit that is sent with a request is
    another number. With `whole_history` all talk that fits is sent. Raises nothing; a context
    too small for the instructions is found when something is fitted into it.
    """

    context_tokens: int
    answer_tokens: int
    model: str = ""
    estimator: TokenEstimator = field(default_factory=TokenEstimator)
    whole_history: bool = False

    @classmethod
    def for_context(
        cls,
        context_tokens: int,
        *,
        model: str = "",
        estimator: TokenEstimator | None = None,
        reserve_tokens: int | None = None,
        whole_history: bool = False,
    ) -> Budget:
        """`reserve_tokens` are kept for the answer, at most half of the context; where nobody
        says how many, a quarter of it and at most 4,096."""
        if reserve_tokens is None:
            reserve_tokens = min(4096, context_tokens // 4)
        reserve = max(0, min(reserve_tokens, context_tokens // 2))
        return cls(context_tokens, reserve, model, estimator or TokenEstimator(), whole_history)

    @property
    def prompt_tokens(self) -> int:
        """What the prompt itself may cost."""
        return max(0, self.context_tokens - self.answer_tokens)

    @property
    def talk_tokens(self) -> int:
        """What recent talk may cost at most."""
        return self.prompt_tokens if self.whole_history else min(self.prompt_tokens, WORKING_TOKENS)


@dataclass(frozen=True, slots=True)
class Item:
    """One rendered thing of a section: a line or a few, without a closing line end.

    Things stand in the order of their `place`, whatever the order in which they are wanted.
    Those with the same `heading`, which stand together, have it once above them.
    """

    text: str
    use: EntityUse | None = None
    place: int = 0
    heading: str = ""


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
class FilledSection:
    """A section while it is filled, and then what became of it."""

    section: Section
    estimator: TokenEstimator
    items: list[Item] = field(default_factory=list)
    tokens: int = 0
    misses: int = 0
    _waiting: Iterator[Item] = field(init=False)
    _refused: list[Item] = field(default_factory=list)
    _headings: set[str] = field(default_factory=set)

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
        if item.heading and item.heading not in self._headings:
            cost += self.estimator.estimate(f"{item.heading}\n")
        if cost <= allowance:
            self.items.append(item)
            self._headings.add(item.heading)
            self.tokens += cost
        else:
            self._refused.append(item)
            self.misses += 1

    def render(self) -> str:
        """The heading and what was taken, or nothing."""
        if not self.items:
            return ""
        lines: list[str] = []
        above = ""
        for item in sorted(self.items, key=lambda item: item.place):
            if item.heading and item.heading != above:
                lines.append(item.heading)
            above = item.heading
            lines.append(item.text)
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
    `kept_from` is the seq at which the talk of the prompt before began. `mentioned` is made
    when it is known what the campaign shows already: it is given the ids of those things.
    """

    fixed: str
    new_message: str
    voice: Section | None = None
    subject: Section | None = None
    campaign: Sequence[Section] = ()
    campaign_share: float = CAMPAIGN_SHARE
    summary: Section | None = None
    mentioned: Callable[[Set[str]], Section | None] | None = None
    latest: Section | None = None
    recalled: Section | None = None
    history: Iterable[tuple[int, PromptMessage]] = ()
    kept_from: int | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What goes in. `history` is oldest first; sections keep the order they were given in."""

    new_message: str
    is_new_message_cut: bool
    voice: FilledSection | None
    subject: FilledSection | None
    campaign: tuple[FilledSection, ...]
    summary: FilledSection | None
    mentioned: FilledSection | None
    latest: FilledSection | None
    recalled: FilledSection | None
    history: tuple[PromptMessage, ...]
    history_tokens: int
    first_kept_seq: int | None
    is_history_cut: bool

    @property
    def sections(self) -> tuple[FilledSection, ...]:
        """Every section that was given, in the order in which they stand in a prompt."""
        stable = (self.voice, self.subject, *self.campaign, self.summary)
        asked = (self.mentioned, self.latest, self.recalled)
        return tuple(one for one in (*stable, *asked) if one is not None)


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

    def fill(section: Section | None, allowance: float) -> FilledSection | None:
        nonlocal left
        if section is None:
            return None
        filled = FilledSection(section, estimator)
        left -= filled.fill(int(allowance))
        return filled

    # Stable first: these allowances depend on the message only when it is a giant.
    voice = fill(request.voice, (left - needed) * _VOICE_SHARE)
    new_tokens = _cost(estimator, request.new_message, left)
    for_message = min(new_tokens, max(left // 2, needed))
    subject = fill(request.subject, min(left * _SUBJECT_SHARE, left - for_message))
    room = left
    new_message = _shorten(estimator, request.new_message, left)
    left -= estimator.estimate(new_message)
    campaign = tuple(FilledSection(section, estimator) for section in request.campaign)
    left -= _fill_lists(campaign, min(left, int(room * request.campaign_share)))
    summary = fill(request.summary, min(left, room * _SUMMARY_SHARE))

    share = left
    shown = {item.use.id for one in campaign for item in one.items if item.use is not None}
    named = request.mentioned(shown) if request.mentioned is not None else None
    mentioned = fill(named, min(MENTIONED_TOKENS, share * _MENTIONED_SHARE))
    latest = fill(request.latest, min(LATEST_TOKENS, share * _LATEST_SHARE))
    recalled = fill(request.recalled, min(RECALLED_TOKENS, share * _RECALLED_SHARE))
    talk = _fit_history(
        request.history, estimator, min(left, budget.talk_tokens), request.kept_from
    )
    left -= talk.tokens
    late = ((mentioned, MENTIONED_TOKENS), (latest, LATEST_TOKENS), (recalled, RECALLED_TOKENS))
    for filled, most in late:
        if filled is not None:
            left -= filled.fill(min(left, most - filled.tokens))
    return Fitted(
        new_message=new_message,
        is_new_message_cut=new_message is not request.new_message,
        voice=voice,
        subject=subject,
        campaign=campaign,
        summary=summary,
        mentioned=mentioned,
        latest=latest,
        recalled=recalled,
        history=talk.messages,
        history_tokens=talk.tokens,
        first_kept_seq=talk.first_seq,
        is_history_cut=talk.is_cut,
    )


def _fill_lists(lists: Sequence[FilledSection], allowance: int) -> int:
    """Fills the lists and returns what they used. Two rounds: no list takes the whole
    allowance before the others had a part of it."""
    left = allowance
    for most in (int(allowance * _ONE_LIST_SHARE), allowance):
        for filled in lists:
            left -= filled.fill(min(most, left))
    return allowance - left


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
    kept = cut_text(text, len(beginning)).rstrip()
    return kept + CUT_NOTE if kept else estimator.cut(text, tokens)


@dataclass(frozen=True, slots=True)
class _Talk:
    messages: tuple[PromptMessage, ...] = ()
    tokens: int = 0
    first_seq: int | None = None
    is_cut: bool = False


def _fit_history(
    newest_first: Iterable[tuple[int, PromptMessage]],
    estimator: TokenEstimator,
    room: int,
    kept_from: int | None,
) -> _Talk:
    """The talk from `kept_from` on, or all of it, where that fits; else the newest messages
    that fill `KEPT_SHARE` of the room; if not even the newest fits, its beginning."""
    kept: list[tuple[int, PromptMessage, int]] = []
    used = 0
    for seq, message in newest_first:
        left = room - used - MESSAGE_TOKENS
        cost = _cost(estimator, message.content, left)
        if cost > left:
            if not kept and left >= _SMALLEST_CUT:
                shortened = _shorten(estimator, message.content, left)
                tokens = estimator.estimate(shortened) + MESSAGE_TOKENS
                return _Talk((PromptMessage(message.role, shortened),), tokens, seq, True)
            kept = [one for one in kept if one[2] <= room * KEPT_SHARE] or kept[:1]
            break
        used += cost + MESSAGE_TOKENS
        kept.append((seq, message, used))
        if seq == kept_from:
            break
    if not kept:
        return _Talk()
    return _Talk(tuple(message for _, message, _ in reversed(kept)), kept[-1][2], kept[-1][0])
