"""Pictures of things: add, show, change, remove and bring back (DESIGN 14, "pictures").

Bytes are on the disk under their name before a row names them. A picture's bytes never change:
another portrait is another picture.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import structlog
from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.campaigns.checks import check_line, one_of
from ttrpg_assistant.campaigns.entities import Removed
from ttrpg_assistant.campaigns.model import Page
from ttrpg_assistant.campaigns.ports import RecordRemoval
from ttrpg_assistant.clock import DAY_SECONDS
from ttrpg_assistant.errors import InvalidInput, NotFound, PersistenceUnavailable
from ttrpg_assistant.ids import check_id, new_id, utc_now
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.pictures import store
from ttrpg_assistant.pictures.model import AUDIENCES, ROLES, Picture, check_changes
from ttrpg_assistant.pictures.reading import CleanPicture, PictureReader, ReadingProcess
from ttrpg_assistant.storage.content_files import Content, ContentFiles, naming_full_disk
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

REMOVED = "picture_removed"
"""The word under which a removal is written down."""

KEPT_SECONDS = 30 * DAY_SECONDS
"""As long as any removal can be undone; then the row and its file go."""

Size = Literal["thumb", "full"]


@dataclass(frozen=True, slots=True)
class PictureBytes:
    """A picture as it is sent. `etag` names exactly these bytes."""

    content: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class NewPicture:
    """What is said of a picture that is added. `role` is `portrait` or `picture`."""

    thing_kind: str
    thing_id: str
    role: str = "picture"
    caption: str = ""
    audience: str = "gm"
    id: str | None = None


class _FileGone(Exception):
    """A file was deleted before its row was written."""


class Pictures:
    """The pictures of every campaign."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        record_removal: RecordRemoval,
        files: ContentFiles,
        reader: PictureReader,
    ) -> None:
        self._database = database
        self._changes = changes
        self._record_removal = record_removal
        self.files = files
        self.reader = reader

    async def check_new(self, campaign_id: str, new: NewPicture) -> NewPicture:
        """What is said of a new picture, as it is kept: before its bytes are taken.

        Raises `InvalidInput`, `TooLarge`, and `NotFound` where there is no such thing.
        """
        checked = replace(
            new,
            role=str(one_of(*ROLES)("role", new.role)),
            caption=check_line("caption", new.caption),
            audience=str(one_of(*AUDIENCES)("audience", new.audience)),
            id=new_id() if new.id is None else check_id(new.id),
        )
        await self._database.read(
            lambda tx: store.get_thing_name(tx, campaign_id, new.thing_kind, new.thing_id)
        )
        return checked

    async def add(self, campaign_id: str, new: NewPicture, source: Path) -> Picture:
        """Add the picture in a file. A client's own id makes a retry harmless; a portrait takes
        the place of the earlier one, which can be brought back.

        Raises `InvalidInput`, `TooLarge`, `NotFound`, `Conflict` and `DiskFull`; nothing is
        changed then.
        """
        new = await self.check_new(campaign_id, new)
        while True:
            try:
                return await self._add(campaign_id, new, source)
            except _FileGone:
                continue

    async def _add(self, campaign_id: str, new: NewPicture, source: Path) -> Picture:
        clean = await self.keep(source, must_be_clean=False)
        failpoints.hit("picture_before_row")
        now = utc_now()
        assert new.id is not None
        picture = Picture(
            id=new.id,
            campaign_id=campaign_id,
            thing_kind=new.thing_kind,
            thing_id=new.thing_id,
            role="portrait" if new.role == "portrait" else "picture",
            caption=new.caption,
            sha256=clean.content.sha256,
            media_type=clean.content.media_type,
            width=clean.width,
            height=clean.height,
            bytes=clean.bytes,
            place=0,
            audience=new.audience,
            revision=1,
            removed_at=None,
            created_at=now,
            updated_at=now,
        )

        def work(tx: Connection) -> tuple[Picture, str | None]:
            name = store.get_thing_name(tx, campaign_id, new.thing_kind, new.thing_id)
            added, earlier = store.add_picture(tx, picture)
            if not self.files.path_of(clean.content).is_file():
                # A cleaning that had found the same bytes without a row came in between.
                raise _FileGone
            return added, None if earlier is None else self._note_removed(tx, earlier, name)

        added, _ = await self._changes.write(
            self._database,
            work,
            lambda done: [] if done[0].removed_at is not None else _hints_of(*done),
        )
        if added.removed_at is not None:
            raise NotFound("This picture was removed.", facts={"id": added.id})
        return added

    async def keep(
        self, source: Path, *, must_be_clean: bool, reading: ReadingProcess | None = None
    ) -> CleanPicture:
        """Read a file and put what is kept of it, with its small version, where pictures are.

        Raises the faults of `ReadingProcess.read`. No row names the file yet.
        """
        with naming_full_disk():
            written = await asyncio.to_thread(self.files.new_file)
        small = written.with_name(f"small-{written.name}")
        reader = reading or self.reader
        clean = await reader.read(source, written, small, must_be_clean=must_be_clean)
        try:
            await asyncio.to_thread(self._put, clean.content, written, small)
        finally:
            for left in (written, small):
                left.unlink(missing_ok=True)
        return clean

    def _put(self, content: Content, written: Path, small: Path) -> None:
        # Whoever stops in between leaves a picture whose small version is made again.
        self.files.put(written, self.files.path_of(content))
        self.files.put(small, self.files.thumbnail_of(content))

    async def get(self, id: str) -> Picture:
        """Raises `NotFound`."""
        return await self._database.read(lambda tx: store.get_picture(tx, id))

    async def read(self, id: str, size: Size) -> PictureBytes:
        """The bytes of a picture. Raises `NotFound`: `picture_file_missing` where its file is
        missing or damaged; what is not what the row says is never given away."""
        picture = await self.get(id)
        content = picture.content
        if size == "thumb":
            small = await self._read_small(content)
            if small is not None:
                return PictureBytes(small, "image/webp", f"{content.sha256}-thumb")
        whole = await asyncio.to_thread(self.files.read, content)
        if whole is None:
            raise NotFound(
                "The file of this picture is missing or damaged.",
                code="picture_file_missing",
                cure="Add the picture again, or run the verify command to look for a copy.",
                facts={"id": id},
            )
        return PictureBytes(whole, content.media_type, content.sha256)

    async def _read_small(self, content: Content) -> bytes | None:
        """The small version, made again where it is missing."""
        path = self.files.thumbnail_of(content)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            await self.make_small(content)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return None

    async def make_small(self, content: Content) -> None:
        """Make the small version of a file again, unless the file is missing or damaged."""
        if not await asyncio.to_thread(self.files.is_whole, content):
            return
        written = await asyncio.to_thread(self.files.new_file)
        source = self.files.path_of(content)
        try:
            await self.reader.read(source, None, written, must_be_clean=True)
        except InvalidInput:
            return  # What cannot be read any more is shown as it is.
        await asyncio.to_thread(self.files.put, written, self.files.thumbnail_of(content))

    async def list_all(
        self,
        campaign_id: str,
        *,
        thing_kind: str | None = None,
        thing_ids: Sequence[str] = (),
        role: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Picture]:
        """A page of a campaign's pictures. Raises `NotFound`, `InvalidInput`."""
        return await self._database.read(
            lambda tx: store.list_pictures(
                tx,
                campaign_id,
                thing_kind=thing_kind,
                thing_ids=thing_ids,
                role=role,
                after=after,
                limit=limit,
            )
        )

    async def update(self, id: str, revision: int, changes: Mapping[str, object]) -> Picture:
        """Change `caption`, `audience` or `place`. Raises `InvalidInput`, `NotFound`,
        `Conflict`."""
        checked = check_changes(changes)
        return await self._changes.write(
            self._database,
            lambda tx: store.update_picture(tx, id, revision, checked),
            lambda changed: _hints_of(changed),
        )

    async def remove(self, id: str) -> Removed:
        """Remove, undoable for 30 days. Raises `NotFound`."""

        def work(tx: Connection) -> tuple[Picture, str | None]:
            before = store.get_picture(tx, id, even_removed=True)
            removed = store.mark_removed(tx, id)
            if before.removed_at is not None:
                return removed, None
            return removed, self._note_removed(tx, removed, _find_name(tx, removed))

        _, removal_id = await self._changes.write(self._database, work, lambda all: _hints_of(*all))
        return Removed(id, 0 if removal_id is None else 1, removal_id)

    async def restore(self, id: str) -> Picture:
        """Bring a picture back. Raises `NotFound`."""
        restored, _ = await self._changes.write(
            self._database, self._restorer(id), lambda all: _hints_of(*all)
        )
        return restored

    def undo_removal(self, tx: Connection, id: str, _: dict[str, Any]) -> int:
        """Bring a picture back by its removal; returns how many came back. Raises `NotFound`."""
        was_removed = store.get_picture(tx, id, even_removed=True).removed_at is not None
        self._restorer(id)(tx)
        return int(was_removed)

    def _restorer(self, id: str) -> Callable[[Connection], tuple[Picture, str | None]]:
        def work(tx: Connection) -> tuple[Picture, str | None]:
            restored, stead = store.mark_restored(tx, id)
            if stead is None:
                return restored, None
            return restored, self._note_removed(tx, stead, _find_name(tx, stead))

        return work

    async def sweep(self) -> int:
        """Delete what was removed 30 days ago, and files that no row has named for as long;
        returns how many files went."""
        expired = await self._database.read(lambda tx: store.list_expired(tx, KEPT_SECONDS))
        if expired:
            await self._database.write(lambda tx: store.drop_removed(tx, expired))
        await asyncio.to_thread(self.files.remove_leftovers, DAY_SECONDS)
        return await self.drop_unnamed(await asyncio.to_thread(self.files.list_old, KEPT_SECONDS))

    async def keep_clean(self) -> None:
        """Sweep once a day, for as long as the server runs."""
        while True:
            try:
                await self.sweep()
            except PersistenceUnavailable as fault:
                log.warning("pictures.sweeping_postponed", code=fault.code)
            await asyncio.sleep(DAY_SECONDS)

    async def drop_unnamed(self, contents: Sequence[Content]) -> int:
        """Delete those of these files that no row names; returns how many."""
        return sum([await self._drop_unnamed(content) for content in contents])

    async def _drop_unnamed(self, content: Content) -> bool:
        def work(tx: Connection) -> bool:
            # In the writer's turn, so that no row can come to name it meanwhile.
            if store.is_named(tx, content):
                return False
            self.files.remove(content)
            return True

        if await self._database.read(lambda tx: store.is_named(tx, content)):
            return False
        return await self._database.write(work)

    def _note_removed(self, tx: Connection, removed: Picture, name: str) -> str:
        return self._record_removal(
            tx,
            REMOVED,
            removed.id,
            title=removed.caption or name,
            count=1,
            details={},
            now=removed.removed_at or utc_now(),
        )


def _hints_of(picture: Picture, removal_id: str | None = None) -> list[Hint]:
    told: list[Hint] = [("pictures", {"id": picture.thing_id, "campaign_id": picture.campaign_id})]
    if removal_id is not None:
        told.append(("removal", {"id": removal_id}))
    return told


def _find_name(tx: Connection, picture: Picture) -> str:
    """What the thing is called; nothing where it is gone."""
    try:
        return store.get_thing_name(tx, picture.campaign_id, picture.thing_kind, picture.thing_id)
    except (NotFound, InvalidInput):
        return ""
