"""What a format has to be, so that a campaign can be exported in it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.model import Edition
from ttrpg_assistant.storage.content_files import ContentFiles


class Format(Protocol):
    """A format of a whole campaign: one of `FORMATS` of a module in `formats/`.

    `name` is its word on the wire, `ending` that of its file, `media_type` its type. `editions`
    are those it can be written in. One that `is_printed` writes HTML, which is printed afterwards.
    `with_archived` says whether what was archived is in it too.
    """

    @property
    def name(self) -> str: ...
    @property
    def ending(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def editions(self) -> tuple[Edition, ...]: ...
    @property
    def is_printed(self) -> bool: ...
    @property
    def with_archived(self) -> bool: ...

    def write(self, reader: CampaignReader, target: Path, files: ContentFiles) -> None:
        """Write the campaign into this file, a page of it in memory at a time."""
        ...
