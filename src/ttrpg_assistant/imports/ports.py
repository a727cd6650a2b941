"""What a format has to be, so that the import finds and uses it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from ttrpg_assistant.imports.model import Reading, SourceFile


class Format(Protocol):
    """A format that can be imported: `FORMAT` of a module in `formats/`.

    `name` is its word on the wire (`character_card`), `label` what a game master calls it
    ("Character card"). `rank` orders them: the lower is asked first, so that what is recognised by
    its content alone comes before what any text might be.

    Below `OF_SETS` a format is asked file by file, and reads together all files that it knows.
    From there on it is asked with everything that is left (a vault with its notes and pictures),
    and when it says no, file by file. A zip is asked as it is; when nobody knows it, it is
    unpacked and its files are asked as if they had been sent.
    """

    name: str
    label: str
    rank: int

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether all these files are of this format. `beginning` are the first 64 KiB of the
        first file; a format that needs more reads it within its bounds. Never raises."""
        ...

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """What the files hold. Raises `InvalidInput` with a true sentence and a cure that exists
        when it is of this format and cannot be used. Memory and time stay within linear bounds of
        the size; nothing outside the files is touched. It is read a second time when the import
        is accepted, and says the same with the same keys. A file that it has to write (one
        conversation of many) goes to `scratch.new_file`."""
        ...


class ImportServer(Protocol):
    """A server on this machine that the command line speaks to."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Its JSON answer. Raises the fault that it names."""
        ...

    def send_file(self, path: str, file: Path) -> Any:
        """Its JSON answer to the bytes of a file. Raises the fault that it names."""
        ...


class ImportKeeper(Protocol):
    """Where the command line imports to: a server, or the database itself."""

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called. Raises `NotFound`,
        and `InvalidInput` where several are called so."""
        ...

    async def send(
        self, name: str, path: Path, campaign_id: str | None, import_id: str | None, *, more: bool
    ) -> Any:
        """Send a file; its import, with the preview after the last."""
        ...

    async def accept(self, import_id: str, *, open_to_party: bool = False) -> Any:
        """Store it; the import when it has ended. With `open_to_party` the party may know of new
        things that players see where they come from."""
        ...

    async def forget(self, import_id: str) -> None:
        """Nothing of it stays."""
        ...
