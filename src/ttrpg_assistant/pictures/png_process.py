"""The process that turns a picture of ours into PNG: from its standard input to its output."""

from __future__ import annotations

import io
import sys

from ttrpg_assistant.pictures.limits import MEMORY_BYTES
from ttrpg_assistant.process_limits import limit_memory


def main() -> None:
    """Read one picture, write one."""
    limit_memory(MEMORY_BYTES)
    from PIL import Image

    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("JPEG", "WEBP", "PNG")) as image:
        plain = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA")
        plain.save(sys.stdout.buffer, "PNG")


if __name__ == "__main__":
    main()
