"""Text generation web UI (oobabooga): pairs of a question and its answer."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.model import (
    ASSISTANT,
    USER,
    Event,
    Remark,
    Talk,
    Turn,
    Version,
)
from ttrpg_assistant.archives.talk_formats.moments import read_moment
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.values import list_of, mapping_of, text_of

_NO_QUESTION = "<|BEGIN-VISIBLE-CHAT|>"
_INTERNAL, _VISIBLE = ("internal", "data"), ("visible", "data_visible")


class Oobabooga:
    """`internal` is what the model saw, `visible` what was shown; `metadata` has times and
    versions."""

    name = "oobabooga"
    label = "a chat of oobabooga's web UI"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether it has pairs under those names."""
        names = source.shape.names
        return source.shape.outer == "object" and (
            {"internal", "visible"} <= names or "data_visible" in names
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """The chat."""
        value = mapping_of(source.read_document())
        internal = next((list_of(value[name]) for name in _INTERNAL if name in value), [])
        visible = next((list_of(value[name]) for name in _VISIBLE if name in value), [])
        details = mapping_of(value.get("metadata"))
        yield Talk()
        for at in range(max(len(internal), len(visible))):
            for side, role in enumerate(("user", "assistant")):
                text = _side(internal, at, side)
                if not text or text == _NO_QUESTION:
                    text = html.unescape(_side(visible, at, side))
                if not text or text == _NO_QUESTION:
                    continue
                yield from _tell(text, role == "user", mapping_of(details.get(f"{role}_{at}")))


def _side(pairs: list[Any], at: int, side: int) -> str:
    pair = list_of(pairs[at]) if at < len(pairs) else []
    return text_of(pair[side]) if side < len(pair) else ""


def _tell(text: str, is_own: bool, details: Mapping[str, Any]) -> Iterator[Event]:
    moment, said = remarks.tell_moment(details.get("timestamp"), 1)
    yield from said
    versions = [Version(text, moment)]
    chosen = 0
    told = [
        (text_of(one.get("content")) or text_of(one.get("visible_content")), one.get("timestamp"))
        for one in map(mapping_of, list_of(details.get("versions")))
    ]
    if any(told):
        found = [Version(word, read_moment(when) or moment) for word, when in told if word]
        chosen = next((at for at, one in enumerate(found) if one.content == text), len(found))
        versions = found if chosen < len(found) else [*found, Version(text, moment)]
    if list_of(details.get("attachments")):
        yield Remark(remarks.PICTURE, 1)
    yield Turn(
        USER if is_own else ASSISTANT, "user" if is_own else "assistant", tuple(versions), chosen,
        is_named=False, line=1,
    )  # fmt: skip


FORMAT = Oobabooga()
