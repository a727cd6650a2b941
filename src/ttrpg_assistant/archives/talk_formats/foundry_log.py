"""Foundry VTT: the log that Export Chat Log writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats.headed_lines import Heads, Saying, begin
from ttrpg_assistant.archives.talk_formats.model import Event, Talk
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource

_RULE = re.compile(r"-{5,}\s{0,8}\Z")


class FoundryLog:
    """`[time] name`, what was said below it, and a rule before the next."""

    name = "foundry_log"
    label = "a chat log of Foundry VTT"
    rank = 32
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether it begins with a time and a name alone in their line."""
        first = next((line for line in source.lines if line.strip()), "")
        found = Heads(source).find(first)
        return found is not None and found[1] is not None

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Its messages in their order."""
        heads = Heads(source)
        has_rules = any(_RULE.match(line) for line in source.lines)
        yield Talk()
        saying: Saying | None = None
        rule: Line | None = None
        for line in source.read_lines():
            may_begin = saying is None or rule is not None or not has_rules
            head = heads.find(line.text) if may_begin else None
            if head is not None:
                if saying is not None:
                    yield from saying.tell()
                saying, said = begin(head, line)
                rule = None
                yield from said
                continue
            if saying is None:
                continue
            if rule is not None:  # a line of dashes that somebody wrote
                saying.add(rule)
                rule = None
            if _RULE.match(line.text):
                rule = line
            else:
                saying.add(line)
            if saying.is_full:
                yield from saying.tell()
                saying = Saying(saying.name, saying.moment, line.number, line.end)
        if saying is not None:
            yield from saying.tell()


FORMAT = FoundryLog()
