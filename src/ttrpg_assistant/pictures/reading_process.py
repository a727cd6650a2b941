"""The process that reads pictures, so that no picture can stop or bring down the server.

It takes jobs as lines of JSON and answers each with one. A job is a file from outside; what
comes of it is a clean file (`clean_files`) and its small version. Its memory and its time on a
processor are limited by the system: what takes more ends this process, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms

from ttrpg_assistant.pictures.clean_files import find_clean_type
from ttrpg_assistant.pictures.limits import (
    CPU_SECONDS,
    KEPT_BYTES,
    MEMORY_BYTES,
    PIXELS,
    SIDE,
    THUMBNAIL_SIDE,
)
from ttrpg_assistant.process_limits import limit_memory, limit_time

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""What is read. SVG is a program, not a picture."""

PROFILE_BYTES = 4 * 1024**2
"""A larger colour profile is left out of account."""

_ORIENTATION: Final = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refusal(Exception):
    """The file is no picture that can be kept; says why in one word."""


def main() -> None:
    """Do one job after another until there are no more."""
    limit_memory(MEMORY_BYTES)
    os.umask(0o077)
    for line in sys.stdin.buffer:
        limit_time(CPU_SECONDS)
        answer = _do(json.loads(line))
        limit_time(0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _do(job: dict[str, Any]) -> dict[str, Any]:
    try:
        content = Path(job["source"]).read_bytes()
        kept, media_type, image = read_picture(content, must_be_clean=job["must_be_clean"])
        if job["target"] is not None:
            Path(job["target"]).write_bytes(kept)
        if job["thumbnail"] is not None:
            Path(job["thumbnail"]).write_bytes(make_thumbnail(image))
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "too_many_pixels"}
    except OSError as trouble:
        # Ours, not the picture's: the disk is full, or the file went away.
        return {"errno": trouble.errno}
    return {
        "sha256": hashlib.sha256(kept).hexdigest(),
        "media_type": media_type,
        "width": image.width,
        "height": image.height,
        "bytes": len(kept),
    }


def read_picture(content: bytes, *, must_be_clean: bool) -> tuple[bytes, str, Image.Image]:
    """The bytes to keep, their type, and the pixels. A clean file is kept as it is.

    Raises `Refusal`: `unreadable`, `too_many_pixels`, `not_clean`.
    """
    clean_type = find_clean_type(content)
    if must_be_clean and clean_type is None:
        raise Refusal("not_clean")
    try:
        image, kind = _decode(content)
        is_small = max(image.size) <= SIDE and len(content) <= KEPT_BYTES
        if clean_type is not None and (is_small or must_be_clean):
            return content, clean_type, image
        image.thumbnail((SIDE, SIDE), reducing_gap=2.0)
        kept, media_type = _encode(image, kind, is_lossless=_is_lossless(content, kind))
    except (Refusal, MemoryError):
        raise
    except Exception:  # noqa: BLE001 (a damaged file makes the library raise nearly everything)
        raise Refusal("unreadable") from None
    if find_clean_type(kept) != media_type:
        raise Refusal("unreadable")
    return kept, media_type, image


def make_thumbnail(image: Image.Image) -> bytes:
    """The small version, as WebP."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=3.0)
    written = BytesIO()
    small.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def _decode(content: bytes) -> tuple[Image.Image, str]:
    """The first frame, upright, in sRGB, as RGB, RGBA, L or LA without anything beside it."""
    _check_pixels(_find_webp_size(content))
    Image.MAX_IMAGE_PIXELS = None  # Checked here, before any pixel is read.
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        kind = "JPEG" if opened.format == "MPO" else str(opened.format)
        _check_pixels(opened.size)
        if kind == "JPEG":
            # Larger ones are made smaller while they are read, which costs far less.
            opened.draft(None, (SIDE, SIDE))
        opened.load()
        turn = _TURNS.get(_find_orientation(opened))
        profile = opened.info.get("icc_profile")
        image = _with_plain_mode(opened, profile if isinstance(profile, bytes) else b"")
    if turn is not None:
        image = image.transpose(turn)
    image.info = {}
    return image, kind


def _check_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > PIXELS:
        raise Refusal("too_many_pixels")


def _find_webp_size(content: bytes) -> tuple[int, int]:
    """What an extended WebP says of its size: the library makes room for it when it opens one."""
    if content[:4] != b"RIFF" or content[8:16] != b"WEBPVP8X" or len(content) < 30:
        return 0, 0
    width, height = (struct.unpack("<I", content[at : at + 3] + b"\0")[0] for at in (24, 27))
    return width + 1, height + 1


def _find_orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (damaged EXIF says nothing of the orientation)
        return 1


def _with_plain_mode(image: Image.Image, profile: bytes) -> Image.Image:
    has_alpha = image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in {"I", "F"}:
        image = image.convert("L")
    if has_alpha:
        whole = image.convert("RGBA")
        plain = _in_srgb(whole.convert("RGB"), profile)
        plain.putalpha(whole.getchannel("A"))
        return plain
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return _in_srgb(image if image.mode in {"RGB", "CMYK"} else image.convert("RGB"), profile)


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours as screens show them; the profile itself is not kept."""
    if 0 < len(profile) <= PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, ValueError, TypeError, OSError):
            pass  # A damaged profile, or one of other colours: without it.
    return image.convert("RGB")


def _is_lossless(content: bytes, kind: str) -> bool:
    return kind in {"PNG", "GIF"} or (kind == "WEBP" and b"VP8L" in content[12:64])


def _encode(image: Image.Image, kind: str, *, is_lossless: bool) -> tuple[bytes, str]:
    if kind == "JPEG":
        # Full colours for every pixel: writing on a handout stays sharp.
        options = {"quality": 90, "subsampling": "4:4:4", "progressive": True, "optimize": True}
        return _save(image, "JPEG", **options), "image/jpeg"
    if kind in {"PNG", "GIF"}:
        kept = _save(image, "PNG")
        if len(kept) <= KEPT_BYTES:
            return kept, "image/png"
    elif is_lossless:
        kept = _save(image, "WEBP", lossless=True, quality=60, method=3)
        if len(kept) <= KEPT_BYTES:
            return kept, "image/webp"
    return _save(image, "WEBP", quality=90, method=4), "image/webp"


def _save(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


if __name__ == "__main__":
    main()
