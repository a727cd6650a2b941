"""What a picture may be, and what becomes of it."""

from __future__ import annotations

UPLOAD_BYTES = 20 * 1024**2
"""The largest file that may be added."""

PIXELS = 50_000_000
"""The largest picture that is read. A smaller file may unpack to far more."""

SIDE = 4096
"""The longest side of what is kept, in pixels; larger pictures are made smaller."""

KEPT_BYTES = 8 * 1024**2
"""A picture without loss that takes more is kept with a loss nobody sees."""

THUMBNAIL_SIDE = 320
"""The longest side of the small version."""

CPU_SECONDS = 20
"""Time of a processor that one picture may take."""

WALL_SECONDS = 120.0
"""The same where the machine is busy, or does not count a processor's time."""

MEMORY_BYTES = 2 * 1024**3
"""Address space of the process that reads pictures."""
