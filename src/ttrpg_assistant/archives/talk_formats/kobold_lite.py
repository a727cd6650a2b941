"""KoboldAI Lite: a saved chat is one text of actions with marks for the two sides."""

from __future__ import annotations

from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats.model import ASSISTANT, USER, Event, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.values import list_of, mapping_of, name_of, text_of

_OWN, _ANSWER = "{{[INPUT]}}", "{{[OUTPUT]}}"


class KoboldLite:
    """`prompt` and `actions`; `savedsettings` names both sides."""

    name = "kobold_lite"
    label = "a story of KoboldAI Lite"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether it has actions and saved settings."""
        return {"actions", "savedsettings"} <= source.shape.names

    def read(self, source: TalkSource) -> Iterator[Event]:
        """The talk, each side's text as a message."""
        value = mapping_of(source.read_document())
        settings = mapping_of(value.get("savedsettings"))
        own = name_of(settings.get("chatname"))
        other = name_of(settings.get("chatopponent")).split("||$||")[0]
        yield Talk(other)
        is_own = False
        for action in [value.get("prompt"), *list_of(value.get("actions"))]:
            rest = text_of(action)
            while rest:
                places = [(rest.find(mark), mark) for mark in (_OWN, _ANSWER) if mark in rest]
                place, mark = min(places, default=(len(rest), ""))
                text = rest[:place].strip()
                if text:
                    name = own if is_own else other
                    yield Turn(
                        name or (USER if is_own else ASSISTANT),
                        "user" if is_own else "assistant", (Version(text),),
                        is_named=bool(name), line=1, end=source.size,
                    )  # fmt: skip
                is_own = mark == _OWN if mark else is_own
                rest = rest[place + len(mark) :]


FORMAT = KoboldLite()
