"""Installs what search by meaning needs, at a press: pinned files, checked, whole or not at all.

pip runs in a process of its own, without a shell, and puts everything into a new folder inside the
data folder. Only when all of it is there does the folder get its name, so that a stop, a full disk
or a killed server leave nothing half installed, and the Python that runs the assistant stays as
it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import importlib.util
import shutil
import sys
import sysconfig
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import DiskFull, Fault
from ttrpg_assistant.search.meaning import install_faults
from ttrpg_assistant.search.meaning.requirements import (
    DOWNLOAD_BYTES,
    REQUIREMENTS,
    list_missing,
)

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5
STALLED_SECONDS = 180.0
"""Nothing arrived and nothing was said for so long: given up."""

OUTPUT_LINES, LINE_CHARACTERS = 60, 400
"""What is kept of pip's output: the end of it."""

NEEDED_BYTES = 400_000_000
"""Free room on the disk: the files as they arrive, and what they unpack to."""

_OPTIONS = (
    *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile"),
    *("--no-input", "--no-user", "--disable-pip-version-check", "--no-cache-dir"),
    *("--progress-bar", "off", "--timeout", "15", "--retries", "2"),
)


@dataclass(slots=True)
class InstallProgress:
    """How far it is: `phase` is downloading or installing, `bytes` what has arrived so far, of
    about `total_bytes`."""

    phase: str = "downloading"
    bytes: int = 0
    total_bytes: int = 0


class Installation:
    """What was installed in one data folder, and the one installation that may be running."""

    def __init__(
        self,
        data_dir: Path,
        requirements: Path = REQUIREMENTS,
        *,
        needed_bytes: int = NEEDED_BYTES,
        stalled_seconds: float = STALLED_SECONDS,
    ) -> None:
        self._folder = data_dir / "meaning"
        self._requirements = requirements
        self._needed_bytes = needed_bytes
        self._stalled_seconds = stalled_seconds
        kind = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
        self._kind = kind.replace("/", "-")
        self._part = self._folder / f"{self._kind}.part"
        self.progress: InstallProgress | None = None

    def use(self) -> None:
        """Let Python find what was installed for it here; what it has itself comes first."""
        for folder in sorted(self._folder.glob(f"{self._kind}-*")):
            if str(folder) not in sys.path:
                sys.path.append(str(folder))
        importlib.invalidate_caches()

    def sweep(self) -> None:
        """Remove what a killed server had half installed."""
        shutil.rmtree(self._part, ignore_errors=True)

    async def install(self) -> None:
        """Install what is missing. Raises a `Fault` that says what was in the way.

        Cancelled, it ends pip and removes what had arrived.
        """
        missing = list_missing(self._requirements)
        if not missing:
            return
        if importlib.util.find_spec("pip") is None:
            raise install_faults.without_pip()
        expected = sum(DOWNLOAD_BYTES.get(name, 0) for name in missing)
        self.progress = InstallProgress(total_bytes=expected)
        try:
            await asyncio.to_thread(self._prepare, "".join(missing.values()))
            await self._run_pip()
            # Not in a thread: a stop would remove files while they get their place.
            self._take("".join(missing.values()))
        except OSError as error:
            raise install_faults.of_the_disk(error, self._folder) from error
        finally:
            self.progress = None
            await asyncio.to_thread(self.sweep)
        log.info("meaning.installed", packages=sorted(missing))

    def _prepare(self, requirements: str) -> None:
        self.sweep()
        (self._part / "temporary").mkdir(parents=True, mode=0o700)
        (self._part / "requirements.txt").write_text(requirements, encoding="utf-8")
        if shutil.disk_usage(self._part).free < self._needed_bytes:
            raise DiskFull(
                "There is not enough room on the disk to install search by meaning.",
                code="meaning_no_room",
                cure=f"Free {self._needed_bytes // 1_000_000} MB on the disk of {self._folder}, "
                "then press Install again.",
            )

    def _take(self, requirements: str) -> None:
        name = hashlib.sha256(requirements.encode()).hexdigest()[:12]
        final = self._folder / f"{self._kind}-{name}"
        if final.exists():  # something in it was deleted by hand
            shutil.rmtree(final)
        (self._part / "packages").rename(final)
        self.use()

    async def _run_pip(self) -> None:
        kept: deque[str] = deque(maxlen=OUTPUT_LINES)
        async with self._pip() as running:
            reading = asyncio.create_task(self._read(running, kept.append))
            try:
                await self._watch(reading)
            finally:
                reading.cancel()
            code = await running.wait()
        if code:
            log.warning("meaning.not_installed", returncode=code, output=list(kept)[-5:])
            raise install_faults.of_pip(list(kept), self._folder)

    @asynccontextmanager
    async def _pip(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """pip at work. It is ended when the block is left, and when this process dies."""
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ttrpg_assistant.search.meaning.pip_process"),
            str(self._part / "temporary"),
            *("install", *_OPTIONS, "--target", str(self._part / "packages")),
            *("--requirement", str(self._part / "requirements.txt")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield running
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()

    async def _watch(self, reading: asyncio.Task[None]) -> None:
        """Until pip has said its last; counts what arrives."""
        loop, progress = asyncio.get_running_loop(), self.progress
        seen, moved_at = (-1, ""), loop.time()
        while not reading.done() and progress is not None:
            await asyncio.wait([reading], timeout=LOOK_SECONDS)
            if progress.phase == "downloading":
                arrived = await asyncio.to_thread(_count_bytes, self._part / "temporary")
                progress.bytes = max(progress.bytes, arrived)
            if seen != (progress.bytes, progress.phase):
                seen, moved_at = (progress.bytes, progress.phase), loop.time()
            elif loop.time() - moved_at > self._stalled_seconds:
                raise install_faults.stalled()
        await reading

    async def _read(self, running: asyncio.subprocess.Process, keep: Callable[[str], None]) -> None:
        assert running.stdout is not None
        rest = ""
        while chunk := await running.stdout.read(4_096):
            *lines, rest = (rest + chunk.decode("utf-8", "replace")).split("\n")
            rest = rest[-LINE_CHARACTERS:]
            for line in lines:
                keep(cut_text(line.strip(), LINE_CHARACTERS))
                if line.startswith("Installing collected") and self.progress is not None:
                    self.progress.phase = "installing"
        keep(rest.strip())


def _count_bytes(folder: Path) -> int:
    """What lies in the folder; files come and go while it is read."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:  # gone meanwhile
            continue
    return total


def as_fault(error: BaseException) -> Fault:
    """The error as something that can be shown."""
    return error if isinstance(error, Fault) else install_faults.unexpected()
