"""What reading one document may take."""

from __future__ import annotations

FILE_BYTES = 64 * 1024**2
"""The largest document."""

UNPACKED_BYTES = 400 * 1024**2
"""What a document that is a zip may say that it unpacks to."""

TEXT_CHARACTERS = 20_000_000
"""The longest text of one document."""

PAGES = 3_000

CPU_SECONDS = 40
"""Time of a processor that one document may take."""

WALL_SECONDS = 300.0
"""The same where the machine is busy, or does not count a processor's time."""

MEMORY_BYTES = 1536 * 1024**2
"""Address space of the process that reads documents."""
