"""Files on their way in leave nothing behind, whatever happens to the server."""

from __future__ import annotations

import asyncio
import errno
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.running import running
from ttrpg_assistant.archives.arriving import FOLDER, ArrivingFiles
from ttrpg_assistant.errors import DiskFull

KILLED = """
import os, sys
from pathlib import Path
from ttrpg_assistant.archives.arriving import ArrivingFiles
arriving = ArrivingFiles(Path(sys.argv[1]))
arriving.new_file(".zip").write_bytes(b"half an upload")
os.kill(os.getpid(), 9)
"""


def list_files(folder: Path) -> list[Path]:
    return [path for path in (folder / FOLDER).rglob("*") if path.suffix == ".zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
async def test_what_a_killed_server_left_is_gone_after_the_next_start(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    await asyncio.to_thread(subprocess.run, command, check=False)
    assert len(list_files(tmp_path)) == 1
    async with running(tmp_path):
        assert list((tmp_path / FOLDER).iterdir()) == []


def test_files_of_a_server_that_runs_are_left_alone(tmp_path: Path) -> None:
    running_one, starting = ArrivingFiles(tmp_path), ArrivingFiles(tmp_path)
    file = running_one.new_file(".zip")
    assert starting.sweep() == 0
    assert file.exists()
    assert file.parent.stat().st_mode & 0o077 == 0


async def test_an_upload_leaves_no_file_however_it_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        kind = {"Content-Type": "application/octet-stream"}
        refused = await app.client.post("/api/archives", content=b"no zip", headers=kind)
        assert 400 <= refused.status_code < 500

        async def breaks_off() -> AsyncIterator[bytes]:
            yield b"a beginning"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            await app.client.post("/api/archives", content=breaks_off(), headers=kind)
        await app.open_chat()
    assert list_files(tmp_path) == []


async def test_a_full_disk_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        raise OSError(errno.ENOSPC, "No space left on device")

    arriving = ArrivingFiles(tmp_path)
    with pytest.raises(DiskFull):
        await arriving.receive(pieces(), ".zip")
    assert list_files(tmp_path) == []
