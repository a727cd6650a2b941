"""Reading pictures in a process of their own; what a file turns out to be."""

from __future__ import annotations

import asyncio
import errno
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from ttrpg_assistant.errors import DiskFull, Fault, InvalidInput, TooLarge
from ttrpg_assistant.outside_json import NOT_JSON
from ttrpg_assistant.pictures.limits import PIXELS, WALL_SECONDS
from ttrpg_assistant.storage.content_files import Content

log = structlog.get_logger(__name__)

_ANSWER_BYTES = 64 * 1024
_OTHER_PICTURE = "Save it as PNG or JPEG in another program, then add it again."


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """What a file is once it was read. Sizes are in pixels and bytes."""

    content: Content
    width: int
    height: int
    bytes: int


class PictureReader:
    """Reads pictures one at a time, whoever asks: so their memory is bounded, too."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def read(
        self, source: Path, target: Path | None, thumbnail: Path | None, *, must_be_clean: bool
    ) -> CleanPicture:
        """Read one picture; `read_all` says what is written and raised."""
        async with self.open() as reading:
            return await reading.read(source, target, thumbnail, must_be_clean=must_be_clean)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ReadingProcess]:
        """A process for several pictures, which ends with the block."""
        reading = ReadingProcess(self._turn)
        try:
            yield reading
        finally:
            await reading.close()


class ReadingProcess:
    """One process, started with its first picture and again after one that ended it."""

    def __init__(self, turn: asyncio.Lock) -> None:
        self._turn = turn
        self._running: asyncio.subprocess.Process | None = None

    async def read(
        self, source: Path, target: Path | None, thumbnail: Path | None, *, must_be_clean: bool
    ) -> CleanPicture:
        """Read a file; write what is to be kept to `target`, and its small version.

        `must_be_clean` takes only what this program has written itself (`clean_files`), and
        keeps it as it is. Raises `InvalidInput` (`picture_unreadable`, `picture_not_clean`),
        `TooLarge` (`picture_too_large`) and `DiskFull`; nothing is left at `target` then.
        """
        job = {
            "source": str(source),
            "target": None if target is None else str(target),
            "thumbnail": None if thumbnail is None else str(thumbnail),
            "must_be_clean": must_be_clean,
        }
        try:
            async with self._turn:
                answer = await self._ask(json.dumps(job).encode() + b"\n")
            return _understand(answer)
        except BaseException:
            for written in (target, thumbnail):
                if written is not None:
                    written.unlink(missing_ok=True)
            raise

    async def close(self) -> None:
        """End the process."""
        running, self._running = self._running, None
        if running is not None:
            if running.returncode is None:
                running.kill()
            await running.wait()

    async def _ask(self, line: bytes) -> dict[str, object]:
        running = self._running
        if running is None:
            running = self._running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ttrpg_assistant.pictures.reading_process"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_ANSWER_BYTES,
            )
        assert running.stdin is not None and running.stdout is not None
        try:
            async with asyncio.timeout(WALL_SECONDS):
                running.stdin.write(line)
                await running.stdin.drain()
                said = await running.stdout.readline()
        except (TimeoutError, ConnectionError):
            said = b""
        except BaseException:
            await self.close()
            raise
        try:
            answer: dict[str, object] = json.loads(said)
            return answer
        except NOT_JSON:
            # It took too long or too much, and was ended: by the system, or here.
            await self.close()
            log.warning("picture.reading_ended", returncode=running.returncode)
            return {"refused": "too_much"}


def _understand(answer: dict[str, object]) -> CleanPicture:
    refused = answer.get("refused")
    if refused is not None:
        raise _fault_of(str(refused))
    number = answer.get("errno")
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise DiskFull("The disk is full, so the picture cannot be saved.")
    if "sha256" not in answer:
        raise OSError(number, "A picture could not be read or written")
    return CleanPicture(
        Content(str(answer["sha256"]), str(answer["media_type"])),
        int(str(answer["width"])),
        int(str(answer["height"])),
        int(str(answer["bytes"])),
    )


def _fault_of(refused: str) -> Fault:
    if refused == "too_many_pixels":
        return TooLarge(
            f"This picture has more than {PIXELS // 1_000_000} million pixels.",
            code="picture_too_large",
            cure="Make it smaller in another program, then add it again.",
            facts={"limit": PIXELS},
        )
    if refused == "too_much":
        return TooLarge(
            "Reading this picture takes more time or memory than one picture may.",
            code="picture_too_large",
            cure="Make it smaller in another program, then add it again.",
        )
    if refused == "not_clean":
        return InvalidInput(
            "This picture was not written by this program.", code="picture_not_clean"
        )
    return InvalidInput(
        "This file is not a PNG, JPEG, WebP or GIF picture, or it is damaged.",
        code="picture_unreadable",
        cure=_OTHER_PICTURE,
    )
