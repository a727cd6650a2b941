"""Imports from the command line: by the server that runs on the data folder, or without one."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from ttrpg_assistant.archives.imports import Imports
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store.named_campaigns import MOST_LISTED, choose_campaign
from ttrpg_assistant.errors import Fault, InvalidInput, NotFound
from ttrpg_assistant.imports.file_imports import FileImports
from ttrpg_assistant.imports.matching import Choices
from ttrpg_assistant.imports.ports import ImportKeeper, ImportServer

MOST_SHOWN = 30
_COUNTED = {
    "same": "as they were",
    "facts_same": "facts known already",
    "facts_changed": "facts changed",
    "relations_same": "relations known already",
    "relations_left_out": "relations left out",
    "pictures_same": "pictures there already",
    "links_left_out": "links left out",
}
"""What the counts of a report are called; the others by their own names."""

POLL_SECONDS = 0.3


class ImportsHere:
    """Imports without a server: the database is opened meanwhile."""

    def __init__(self, file_imports: FileImports, imports: Imports) -> None:
        self._file_imports, self._imports = file_imports, imports

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called."""
        return await self._file_imports.get_campaign(named)

    async def send(
        self, name: str, path: Path, campaign_id: str | None, import_id: str | None, *, more: bool
    ) -> Any:
        """Send a file; its import, with the preview after the last."""
        found = await self._file_imports.add_file(
            path, name, campaign_id=campaign_id, import_id=import_id
        )
        return {"import_id": found.id} if more else await self._file_imports.preview(found.id)

    async def accept(self, import_id: str, *, open_to_party: bool = False) -> Any:
        """Store it; the import when it has ended. Raises the fault that ended it."""
        choices = Choices(open_to_players=open_to_party)
        began = await self._file_imports.accept(import_id, choices)
        ended = await self._imports.wait(began.follow.id)
        told: dict[str, Any] = msgspec.to_builtins(ended)
        if ended.kind == "files":
            told["report"] = (await self._file_imports.get(import_id)).report
        return told

    async def forget(self, import_id: str) -> None:
        """Nothing of it stays."""
        await self._file_imports.cancel(import_id)


class ImportsOfServer:
    """Imports by a server that runs."""

    def __init__(self, server: ImportServer) -> None:
        self._server = server

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called."""
        return await asyncio.to_thread(ask_campaign, self._server.ask, named)

    async def send(
        self, name: str, path: Path, campaign_id: str | None, import_id: str | None, *, more: bool
    ) -> Any:
        """Send a file; its import, with the preview after the last."""
        said = {"filename": name, "campaign_id": campaign_id, "import_id": import_id}
        query = urlencode({key: one for key, one in said.items() if one is not None})
        place = f"/api/imports?{query}&more={'true' if more else 'false'}"
        return await asyncio.to_thread(self._server.send_file, place, path)

    async def accept(self, import_id: str, *, open_to_party: bool = False) -> Any:
        """Store it; the import when it has ended. Raises a fault when it failed."""
        return await asyncio.to_thread(self._accept, import_id, open_to_party)

    def _accept(self, import_id: str, open_to_party: bool) -> Any:
        body = {"choices": {"open_to_players": open_to_party}}
        began = self._server.ask("POST", f"/api/imports/{import_id}/accept", body)
        now = began["follow"]
        while now["state"] == "running":
            time.sleep(POLL_SECONDS)
            now = self._server.ask("GET", f"/api/imports/{now['id']}")
        if now["state"] != "done":
            fault = now.get("fault") or {"detail": "The import was cancelled.", "code": "cancelled"}
            raise Fault(fault["detail"], code=fault["code"], cure=fault.get("cure"))
        return now

    async def forget(self, import_id: str) -> None:
        """Nothing of it stays."""
        await asyncio.to_thread(self._server.ask, "POST", f"/api/imports/{import_id}/cancel")


def ask_campaign(ask: Callable[[str, str], Any], named: str) -> str:
    """The id of a campaign of a server, named by its id or by what it is called. Raises `NotFound`,
    and `InvalidInput` where several are called so."""
    try:
        return str(UUID(named.strip()))
    except ValueError:
        asked = urlencode({"search": named, "archived": "all", "limit": MOST_LISTED})
        page = ask("GET", f"/api/campaigns?{asked}")
        found = [(str(one["id"]), str(one["name"])) for one in page["campaigns"]]
        return choose_campaign(named, found)


async def import_paths(
    keeper: ImportKeeper,
    paths: Sequence[Path],
    campaign: str | None,
    *,
    say: Callable[[str], None],
    confirm: Callable[[], bool],
    open_to_party: bool = False,
) -> bool:
    """Send files and folders, tell what they become, and store them when `confirm` says so;
    whether they were. `campaign` is the id or the name of one; with `open_to_party` the party may
    know of what players see where it comes from. Raises `NotFound` for a path or a
    campaign that is not there, and every fault of an import."""
    files = list(list_files(paths))
    if not files:
        raise InvalidInput("There is no file in what was named.", code="import_empty")
    campaign_id = None if campaign is None else await keeper.get_campaign(campaign)
    import_id: str | None = None
    preview: Any = None
    for number, (name, path) in enumerate(files, 1):
        preview = await keeper.send(name, path, campaign_id, import_id, more=number < len(files))
        import_id = str(preview["import_id"])
    assert import_id is not None
    for line in spell_preview(preview, open_to_party=open_to_party):
        say(line)
    if not confirm():
        await keeper.forget(import_id)
        say("Nothing was imported.")
        return False
    for line in spell_report(await keeper.accept(import_id, open_to_party=open_to_party)):
        say(line)
    return True


def list_files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Every file that is named or in a folder that is, with its name from there. Links are not
    followed out of a folder, and what begins with a dot is left out. Raises `NotFound`."""
    for path in paths:
        if path.is_file():
            yield path.name, path
        elif path.is_dir():
            for folder, inside, names in os.walk(path):
                inside[:] = sorted(one for one in inside if _is_taken(one))
                for name in sorted(filter(_is_taken, names)):
                    found = Path(folder) / name
                    if found.is_file() and not found.is_symlink():
                        yield f"{path.name}/{found.relative_to(path).as_posix()}", found
        else:
            raise NotFound(f"There is no file or folder {path}.", code="import_path_not_found")


def _is_taken(name: str) -> bool:
    return not name.startswith(".") or name == ".obsidian"


def spell_preview(preview: Any, *, open_to_party: bool = False) -> Iterator[str]:
    """What a preview says, line by line."""
    count = "1 file" if preview["files"] == 1 else f"{preview['files']:,} files"
    yield f"{preview['label']}: {preview['title']} ({count})"
    yield from (f"! {warning}" for warning in preview["warnings"])
    for thing in preview["things"][:MOST_SHOWN]:
        noun = get_kind(thing["kind"]).noun
        yield f"  {thing['action']:<8}  {noun}: {thing['name']}"
    if len(preview["things"]) > MOST_SHOWN:
        kinds = Counter(thing["kind"] for thing in preview["things"])
        counted = ", ".join(f"{count} {get_kind(kind).plural}" for kind, count in kinds.items())
        yield f"  … in all {counted}"
    if preview["facts"]["count"]:
        yield f"  {preview['facts']['count']} facts for the game master"
    for talk in preview["talk"][:MOST_SHOWN]:
        yield f"  conversation: {talk['title']} ({talk['messages']} messages)"
    for heading in ("used", "kept", "ignored"):
        for note in preview[heading][:MOST_SHOWN]:
            times = f" ({note['count']} times)" if note["count"] > 1 else ""
            yield f"  {heading}: {note['field']}: {note['text']}{times}"
    if count := preview.get("for_players", 0):
        seen = "1 thing is" if count == 1 else f"{count} things are"
        then = "the party may know of it" if open_to_party else "--open-to-party opens that here"
        yield f"  {seen} seen by players where it comes from: {then}"
    if any(thing["action"] == "conflict" for thing in preview["things"]):
        yield "! Some were changed here and in the file: yours stay. Choose on the page instead."


def spell_report(ended: Any) -> Iterator[str]:
    """What came of an import, line by line."""
    if ended.get("restored"):
        yield f"Restored the campaign {ended['restored']['name']}."
        return
    counts = ended.get("report", {}).get("counts", {})
    told = ", ".join(f"{count} {_COUNTED.get(name, name)}" for name, count in counts.items())
    yield f"Imported {ended['title']}: {told or 'nothing new'}."
    yield f"It can be undone on the page, or by undo_import of {ended['id']}."
