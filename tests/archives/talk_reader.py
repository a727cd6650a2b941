"""Reads files of talk as an import does, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from ttrpg_assistant.archives.talk_formats import find_format, get_format
from ttrpg_assistant.archives.talk_formats.model import Remark, Talk
from ttrpg_assistant.archives.talk_formats.source import open_source
from ttrpg_assistant.archives.talk_reading import Roles, Said, read_talk


@dataclass
class Read:
    """What became of a file. `talks` are its conversations with their messages by number."""

    format: str
    talks: list[tuple[Talk, list[Said]]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def said(self) -> list[Said]:
        """Every message of the only conversation."""
        [(_, said)] = self.talks
        return said

    def path(self, at: int = 0) -> list[Said]:
        """The path that is shown, first to last, of one conversation."""
        _, said = self.talks[at]
        by_number = {one.number: one for one in said}
        tip = next((one for one in reversed(said) if one.is_chosen), said[-1])
        path = [tip]
        while path[-1].parent:
            assert path[-1].parent < path[-1].number
            path.append(by_number[path[-1].parent])
        return path[::-1]


def read_file(
    content: bytes,
    spelled: str | None = None,
    *,
    roles: Roles | None = None,
    began: str | None = None,
) -> Read:
    """All of a file, as the format it is found to be unless one is named."""
    source = open_source(content, began=began)
    form = find_format(source) if spelled is None else get_format(spelled)
    read = Read(form.name)
    for event in read_talk(source, form, roles):
        if isinstance(event, Talk):
            read.talks.append((event, []))
        elif isinstance(event, Remark):
            read.remarks.append(event)
        else:
            said = read.talks[-1][1]
            assert event.number == len(said) + 1
            said.append(event)
    return read
