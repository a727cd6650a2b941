"""From a refusal's words to the one thing to change about the request.

What is read here was written by a server: it only ever decides which part of our own request
is left out or made smaller, at most once each, and never what is sent instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.outside_json import find_json

MOST_READ = 16_384
"""Characters of a refusal that are looked at."""

SMALLEST_LIMIT = 256
"""No server's largest answer is shorter than this; a smaller number means something else, and
believing it would leave the model with answers of a few words."""

_REPEATED = frozenset({"input", "ctx", "url", "body", "request", "example"})
"""Fields in which a server repeats what it was sent."""

_NO_SYSTEM = (
    "system role not supported", "system role is not supported", "does not support system",
    "system message is not supported", "system messages are not supported",
    "system prompt is not supported", "system instruction is not enabled",
    "developer instruction is not enabled", "system instructions are not supported",
    "roles must alternate", "only user and assistant roles", "only user, assistant",
    "unexpected role 'system'", "unexpected role system", "does not support 'system'",
    "unknown role: system", "unknown role system", "invalid role: system", "invalid role system",
    "'system' is not one of", "first message must be", "first role must be",
    "should be 'user' or 'assistant'", "system role", "role 'system'", 'role \\"system\\"',
    "role: system", "system_instruction", "systeminstruction",
)  # fmt: skip
_NO_PREFILL = (
    "prefill", "must end with a user", "end with user", "last message must", "last role must",
    "last role user", "final message must", "last message role", "ends with an assistant",
    "continue_final_message", "add_generation_prompt",
)  # fmt: skip
_MUST_STREAM = (
    "only streaming", "only supports stream", "only support stream", "streaming is required",
    "requires stream", "stream must be true", "stream=true", "must be streamed",
    "must set stream", "non-streaming is not", "non-stream",
)  # fmt: skip
_NEGATIVE = (
    "not support", "unsupported", "must be false", "not allowed", "not available", "cannot",
    "can't", "not enabled", "not implemented", "verified", "disabled", "stream=false",
    "not permitted", "invalid",
)  # fmt: skip
_UNKNOWN_NAME = (
    "unsupported parameter", "not supported", "unknown", "unrecognized", "unrecognised",
    "not permitted", "unexpected", "extra_forbidden", "extra fields", "additional properties",
    "does not support", "no such", "instead", "not allowed",
)  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.\-])\d{1,3}(?:,\d{3})+(?![\w\-])|(?<![\w.\-])\d{1,8}(?![\w\-])")
_STREAM = re.compile(r"(?<![a-z0-9_])stream(?:ing)?(?![a-z0-9_])")


def find_change(said: str, draft: Draft, *, guess: bool, again: bool) -> Learned | None:
    """What to know about the model from now on, or None when nothing of ours is to blame.

    `said` is the whole refusal in lower case. With `guess` a refusal that blames nothing we
    know is taken for one of the extras: some servers refuse what they do not know without
    naming it. With `again` another parameter was refused before in this answer: a server that
    refuses one name at a time would cost a call for each, so all extras go at once.
    """
    learned = draft.learned
    text, places = _read(said[:MOST_READ])
    if draft.prefills and _any(_NO_PREFILL, text):
        return msgspec.structs.replace(learned, no_prefill=True)
    blamed = [o for o in draft.optional.values() if o.marks[0] in places]
    if not blamed and draft.has_system and _is_about_roles(places):
        return msgspec.structs.replace(learned, no_system=True)
    if not blamed and "stream" in places:
        return _turn_streaming(draft)
    if not blamed:
        blamed = [o for o in draft.optional.values() if any(_names(text, m) for m in o.marks)]
    extras = [o.name for o in blamed if o.extra]
    if extras:
        if again:
            extras = [o.name for o in draft.optional.values() if o.extra]
        return _leave_out(learned, extras)
    if draft.limit_name is not None and (
        any(o.name == draft.limit_name for o in blamed) or _names(text, draft.limit_name.lower())
    ):
        return _change_limit(draft, text, again=again)
    if blamed:
        return _leave_out(learned, [o.name for o in blamed])
    if draft.has_system and _any(_NO_SYSTEM, text):
        return msgspec.structs.replace(learned, no_system=True)
    if (not draft.streams and _any(_MUST_STREAM, text)) or (
        draft.streams and _STREAM.search(text) and _any(_NEGATIVE, text)
    ):
        return _turn_streaming(draft)
    if guess:
        extras = [o.name for o in draft.optional.values() if o.extra]
        return _leave_out(learned, extras) if extras else None
    return None


def is_about_the_request(said: str, draft: Draft) -> bool:
    """Whether a server's failure (500) names a thing that is refused, and not its own trouble.

    Some servers fail instead of refusing when a model's template does not take a role.
    """
    text, _ = _read(said[:MOST_READ])
    return (draft.has_system and _any(_NO_SYSTEM, text)) or (
        draft.prefills and _any(_NO_PREFILL, text)
    )


def find_limit(text: str, sent: int) -> int | None:
    """The largest length limit that a refusal names, smaller than the one that was sent."""
    smaller = []
    for match in _NUMBER.finditer(text):
        number = int(match.group().replace(",", ""))
        if "exclusive" in text[match.end() : match.end() + 14]:
            number -= 1
        if SMALLEST_LIMIT <= number < sent:
            smaller.append(number)
    return max(smaller, default=None)


def _change_limit(draft: Draft, text: str, *, again: bool) -> Learned | None:
    learned, name, sent = draft.learned, draft.limit_name, draft.limit
    assert name is not None and sent is not None
    other = draft.other_limit_name
    by_name = (other is not None and _names(text, other)) or _any(_UNKNOWN_NAME, text)
    number = None if by_name else find_limit(text, sent)
    if number is not None:
        return msgspec.structs.replace(learned, most_answer_tokens=number)
    if draft.limit_is_required:
        number = find_limit(text, sent) or sent // 2
        if number < SMALLEST_LIMIT:
            return None
        return msgspec.structs.replace(learned, most_answer_tokens=number)
    names = [name]
    if other is not None and again and not _names(text, other):
        names.append(other)
    return _leave_out(learned, names)


def _turn_streaming(draft: Draft) -> Learned:
    return msgspec.structs.replace(draft.learned, no_streaming=draft.streams)


def _leave_out(learned: Learned, names: list[str]) -> Learned:
    left_out = tuple(sorted({*learned.left_out, *names}))
    return msgspec.structs.replace(learned, left_out=left_out)


def _read(said: str) -> tuple[str, frozenset[str]]:
    """`(the words, the parameters it points at)`: without what it repeats of the request."""
    value = find_json(said)
    if value is None:
        return said, frozenset()
    words: list[str] = []
    places: set[str] = set()
    for name, found in _walk(value, 0):
        if name in ("param", "loc", "field", "parameter", "path", "pointer"):
            places.update(found.replace("[", ".").replace("/", ".").replace("]", "").split("."))
        words.append(found)
    return "\n".join(words), frozenset(places - {"", "body"})


def _walk(value: Any, depth: int, name: str = "") -> Iterator[tuple[str, str]]:
    if depth > 12:
        return
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in _REPEATED or (isinstance(part, str) and name != ""):
                yield from _walk(part, depth + 1, key)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1, name)
    elif isinstance(value, str):
        # Gateways put the answer of the server behind them into a string.
        inner = find_json(value) if value[:1] in ("{", "[") else None
        if inner is None:
            yield name, value
        else:
            yield from _walk(inner, depth + 1, name)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, str(value)


def _is_about_roles(places: frozenset[str]) -> bool:
    return "messages" in places and "role" in places


def _names(text: str, name: str) -> bool:
    """Whether the text has the name as a word of its own."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_"):
            return True
        at = text.find(name, at + 1)
    return False


def _any(marks: tuple[str, ...], text: str) -> bool:
    return any(mark in text for mark in marks)
