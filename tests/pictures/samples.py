"""Pictures with everything in them that must not be kept."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

CANARY = "zebrafinch 52.51631 13.37777"
"""Stands wherever a picture can hold a text: a place, a name, a note."""

_ORIENTATION, _DESCRIPTION, _GPS = 0x0112, 0x010E, 0x8825


def draw(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose upper right corner is blue."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size[0] // 2 - 1, size[1]), fill=(200, 30, 30))
    pen.rectangle((size[0] * 3 // 4, 0, size[0], size[1] // 4), fill=(30, 30, 200))
    return image if mode == "RGB" else image.convert(mode)


def spell_exif(orientation: int = 1) -> bytes:
    """EXIF with a place, a description and an orientation."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_DESCRIPTION] = CANARY
    exif.get_ifd(_GPS).update({1: "N", 2: (52.0, 30.0, 58.7), 3: "E", 4: (13.0, 22.0, 40.0)})
    exif.get_ifd(_GPS)[27] = CANARY.encode()
    return exif.tobytes()


def make_jpeg(image: Image.Image | None = None, orientation: int = 1, **options: Any) -> bytes:
    """A JPEG with EXIF, a comment and a profile that holds texts."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return _save(
        image or draw(),
        "JPEG",
        exif=spell_exif(orientation),
        comment=CANARY.encode(),
        icc_profile=profile,
        quality=95,
        **options,
    )


def make_png(image: Image.Image | None = None) -> bytes:
    """A PNG with EXIF, texts of each kind, an unknown part, and something behind its end."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("parameters", CANARY)
    texts.add_text("Comment", CANARY, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", CANARY, zip=False)
    whole = _save(image or draw(), "PNG", pnginfo=texts, exif=spell_exif())
    return with_png_part(whole, b"miDi", CANARY.encode()) + CANARY.encode()


def make_webp(image: Image.Image | None = None, **options: Any) -> bytes:
    """A WebP with EXIF and XMP."""
    return _save(image or draw(), "WEBP", exif=spell_exif(), xmp=CANARY.encode(), **options)


def make_gif() -> bytes:
    """A GIF of two frames with a comment."""
    first, second = draw(), draw().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return _save(first, "GIF", save_all=True, append_images=[second], comment=CANARY.encode())


def with_png_part(png: bytes, name: bytes, content: bytes) -> bytes:
    """The PNG with one more part before its end."""
    part = struct.pack(">I", len(content)) + name + content
    part += struct.pack(">I", zlib.crc32(name + content))
    end = png.rindex(b"IEND") - 4
    return png[:end] + part + png[end:]


def make_bomb(width: int, height: int, rows: int | None = None) -> bytes:
    """A PNG of one colour: some kilobytes that unpack to all these pixels; or only some rows."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(rows or height)) + packer.flush()
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    png = with_png_part(b"\x89PNG\r\n\x1a\n" + end, b"IHDR", header)
    return with_png_part(png, b"IDAT", packed)


ALL = {"png": make_png, "jpeg": make_jpeg, "webp": make_webp, "gif": make_gif}


def open_picture(content: bytes) -> Image.Image:
    """The pixels of a picture's bytes."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def _save(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()
