"""A request body as it is about to be sent, with what may be left out of it marked.

A dialect builds a draft from a request and from what was learned about the model. When the
model refuses it, `refusals.py` reads which part is to blame, and a new draft is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.types import ModelRequest, PromptMessage

OPENING = "(The conversation begins.)"
"""Stands before a talk that the model's side opened: providers want the user to begin."""

LAST_WORDS, FEWEST_CHARACTERS, MOST_CHARACTERS = 5, 12, 60
"""How much of its own text a model is asked to begin with."""


def ask_to_go_on(text: str) -> str:
    """Asks a model to continue its own answer where it does not do so by itself.

    It is to begin with its last words: where they are written again it can be seen whether the
    last of them was whole, or was cut in two, and nothing is doubled or run together.
    """
    line = text.rstrip().rpartition("\n")[2]
    words = " ".join(line.split(" ")[-LAST_WORDS:])[-MOST_CHARACTERS:].strip()
    if len(words) < FEWEST_CHARACTERS:
        begin = "Do not repeat anything"
    else:
        begin = f"Begin with its last words, “{words}”, the last one in full, and go on from there"
    return (
        f"(Your last message was cut off. Go on exactly where it ends. {begin}. Do not begin"
        " again, and say nothing about this request.)"
    )


@dataclass(frozen=True, slots=True)
class Optional:
    """A parameter in a draft that the model can be asked without.

    `marks` are the words by which a refusal names it. An extra one changes nothing about the
    answer that a person asked for, so it is left out before anything else.
    """

    name: str
    marks: tuple[str, ...]
    extra: bool


@dataclass(slots=True)
class Draft:
    """One request body. `optional` is what of it may go, by the name it is sent under."""

    path: str
    body: dict[str, Any]
    learned: Learned
    streams: bool = True
    has_system: bool = False
    prefills: bool = False
    optional: dict[str, Optional] = field(default_factory=dict)
    limit_name: str | None = None
    limit: int | None = None
    other_limit_name: str | None = None
    limit_is_required: bool = False
    reuses_connection: bool = True

    def offer(
        self,
        name: str,
        value: object,
        *,
        within: dict[str, Any] | None = None,
        marks: Sequence[str] = (),
        extra: bool = True,
    ) -> bool:
        """Add a parameter, unless the model refused it before; whether it was added."""
        if value is None or name in self.learned.left_out:
            return False
        (self.body if within is None else within)[name] = value
        self.optional[name] = Optional(name, (name.lower(), *marks), extra)
        return True

    def mark_optional(self, name: str, marks: Sequence[str] = ()) -> None:
        """Mark something inside other parts of the body as removable."""
        self.optional[name] = Optional(name, (name.lower(), *marks), extra=True)

    def offer_limit(
        self,
        names: Sequence[str],
        tokens: int | None,
        *,
        within: dict[str, Any] | None = None,
        marks: Sequence[str] = (),
        required: bool = False,
    ) -> None:
        """Add the length limit under the first of its names that was not refused."""
        if tokens is None:
            return
        left = [name for name in names if name not in self.learned.left_out]
        if not left:
            return
        most = self.learned.most_answer_tokens
        self.limit = tokens if most is None else min(tokens, most)
        self.limit_name = left[0]
        self.other_limit_name = left[1] if len(left) > 1 else None
        self.limit_is_required = required
        (self.body if within is None else within)[left[0]] = self.limit
        if not required:
            self.optional[left[0]] = Optional(left[0], (left[0].lower(), *marks), extra=False)


def tidy_messages(request: ModelRequest) -> list[PromptMessage]:
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


def read_talk(
    request: ModelRequest, learned: Learned, *, prefills: bool = False
) -> tuple[str, list[PromptMessage], bool]:
    """`(instructions, messages, whether the last message is to be continued as it stands)`.

    Without a system role the instructions stand at the head of the first user message, and
    the first value is empty. With `prefills` the model can be given the beginning of its answer;
    otherwise it is asked in words to go on.
    """
    messages = tidy_messages(request)
    prefilled = False
    if request.continues and messages[-1].role == "assistant":
        # A beginning that ends in a space is refused by some and continued wrongly by others.
        prefilled = prefills and not learned.no_prefill and not messages[-1].content[-1:].isspace()
        if not prefilled:
            messages.append(PromptMessage("user", ask_to_go_on(messages[-1].content)))
    system = clean_text(request.system) if request.system.strip() else ""
    if system and learned.no_system:
        first = messages[0]
        messages[0] = PromptMessage(first.role, f"{system}\n\n{first.content}")
        system = ""
    return system, messages, prefilled


def clean_text(text: str) -> str:
    """The text as valid UTF-8 can carry it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def as_roles(system: str, messages: Sequence[PromptMessage]) -> list[dict[str, Any]]:
    """The messages as `{role, content}`, the instructions first where there are any."""
    told: list[dict[str, Any]] = [{"role": m.role, "content": m.content} for m in messages]
    if system:
        told.insert(0, {"role": "system", "content": system})
    return told


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two drafts ask for the same thing at the same place."""
    return one.path == other.path and one.body == other.body
