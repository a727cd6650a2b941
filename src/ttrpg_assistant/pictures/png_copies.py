"""A picture as PNG, for formats that take nothing else, by a process of its own."""

from __future__ import annotations

import asyncio
import sys

from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.storage.content_files import Content, ContentFiles

PNG = "image/png"
SECONDS = 60.0


async def read_as_png(files: ContentFiles, content: Content) -> bytes:
    """The bytes of a picture, turned into PNG where it is something else.

    Raises `NotFound` (`picture_file_missing`) where its file is missing or damaged.
    """
    found = await asyncio.to_thread(files.read, content)
    if found is not None and content.media_type != PNG:
        found = await _turn_into_png(found)
    if found is None:
        raise NotFound(
            "The file of this picture is missing or damaged.",
            code="picture_file_missing",
            cure="Add the picture again, or run the verify command to look for a copy.",
        )
    return found


async def _turn_into_png(picture: bytes) -> bytes | None:
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ttrpg_assistant.pictures.png_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            turned, _ = await running.communicate(picture)
    except TimeoutError:
        turned = b""
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    return turned if running.returncode == 0 and turned else None
