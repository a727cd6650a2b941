"""JSON of other programs: an array of messages, or an object that has one."""

from __future__ import annotations

from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.json_lines import SEVERAL, read_value
from ttrpg_assistant.archives.talk_formats.json_parts import decode_part
from ttrpg_assistant.archives.talk_formats.model import Event, Remark
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource
from ttrpg_assistant.outside_json import NOT_JSON

_ARRAYS = ("messages", "chat", "history", "turns", "log", "conversation", "transcript", "segments")
_TEXTS = frozenset({"content", "text", "mes", "message", "msg", "value", "body"})


class JsonDocument:
    """`[{"role", "content"}]`, or that array under a name like `messages`."""

    name = "json"
    label = "a conversation as JSON"
    rank = 60
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether its first objects have words."""
        shape = source.shape
        if shape.outer == "array":
            return bool(_TEXTS & shape.names) or bool(
                {*SEVERAL} & shape.names and _TEXTS & shape.inner
            )
        return (
            shape.outer == "object"
            and self._find_array(source) is not None
            and bool(_TEXTS & shape.inner)
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Its messages in their order."""
        for part in source.read_parts(self._find_array(source)):
            try:
                value = decode_part(part.content) if part.content is not None else None
            except NOT_JSON:
                value = None
            if isinstance(value, dict):
                yield from read_value(value, Line("", part.line, part.end))
            else:
                yield Remark(remarks.NOT_JSON_LINE, part.line)

    def _find_array(self, source: TalkSource) -> bytes | None:
        if source.shape.outer == "array":
            return None
        return next((one.encode() for one in _ARRAYS if one in source.shape.names), None)


FORMAT = JsonDocument()
