"""Files on their way in and out: on the disk while they are needed, and never longer.

They are in the data folder, readable by its owner alone, in a folder of this process. A process
that was killed leaves its folder; the next start deletes it. A lock that ends with its process
says whose folder is still in use.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from filelock import FileLock, Timeout

from ttrpg_assistant.errors import DiskFull

FOLDER = "arriving"
_LOCK = "in-use.lock"
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ArrivingFiles:
    """Temporary files below a data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / FOLDER
        self._own: Path | None = None
        self._lock: FileLock | None = None

    def sweep(self) -> int:
        """Delete what processes that are gone have left; returns of how many processes."""
        swept = 0
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder == self._own or not folder.is_dir():
                continue
            lock = FileLock(folder / _LOCK, thread_local=False)
            try:
                lock.acquire(timeout=0)
            except (Timeout, OSError):
                continue
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
        return swept

    def new_file(self, ending: str) -> Path:
        """An empty file for one upload or download; whoever asks deletes it afterwards."""
        if self._own is None or not self._own.is_dir():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own = Path(tempfile.mkdtemp(dir=self._root))
            self._lock = FileLock(self._own / _LOCK, thread_local=False, mode=0o600)
            self._lock.acquire(timeout=0)
        with tempfile.NamedTemporaryFile(dir=self._own, suffix=ending, delete=False) as file:
            return Path(file.name)

    async def receive(self, pieces: AsyncIterator[bytes], ending: str) -> Path:
        """A body as a file, written as it comes. Raises `DiskFull`; nothing is left then."""
        target = self.new_file(ending)
        try:
            with target.open("wb") as file:
                async for piece in pieces:
                    file.write(piece)
        except OSError as trouble:
            target.unlink(missing_ok=True)
            if trouble.errno not in _NO_SPACE:
                raise
            raise DiskFull("The disk is full, so the file cannot be imported.") from None
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target
