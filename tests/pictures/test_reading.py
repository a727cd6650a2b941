"""What a picture's file becomes: the same picture, upright, and nothing that was beside it."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from tests.pictures.samples import (
    ALL,
    CANARY,
    draw,
    make_bomb,
    make_jpeg,
    make_png,
    make_webp,
    open_picture,
    with_png_part,
)
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.pictures import reading as reading_module
from ttrpg_assistant.pictures import reading_process
from ttrpg_assistant.pictures.clean_files import find_clean_type
from ttrpg_assistant.pictures.limits import PIXELS, SIDE, THUMBNAIL_SIDE
from ttrpg_assistant.pictures.reading import PictureReader
from ttrpg_assistant.pictures.reading_process import Refusal, make_thumbnail, read_picture

TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/png"}


def read(content: bytes, *, must_be_clean: bool = False) -> tuple[bytes, str, Image.Image]:
    return read_picture(content, must_be_clean=must_be_clean)


def is_like(one: Image.Image, other: Image.Image, within: float = 2) -> bool:
    """Whether pixels differ by no more than that, of 255, taken together."""
    found = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB")))
    return one.size == other.size and max(found.mean) <= within


@pytest.mark.parametrize("name", ALL)
def test_only_the_picture_is_kept_of_a_file(name: str) -> None:
    whole = ALL[name]()
    assert CANARY.encode() in whole, "the sample holds what must not be kept"
    kept, media_type, _ = read(whole)
    assert media_type == TYPES[name] == find_clean_type(kept)
    assert find_clean_type(whole) is None
    assert b"zebrafinch" not in kept and b"Exif" not in kept and b"ICC" not in kept
    shown = open_picture(kept)
    assert is_like(shown, draw(), 8)
    assert not shown.getexif() and not {"icc_profile", "comment", "xmp"} & set(shown.info)
    assert b"zebrafinch" not in make_thumbnail(shown)


@pytest.mark.parametrize("name", ALL)
def test_what_was_kept_once_is_kept_as_it_is(name: str) -> None:
    kept, media_type, _ = read(ALL[name]())
    assert read(kept)[:2] == read(kept, must_be_clean=True)[:2] == (kept, media_type)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright(orientation: int) -> None:
    upright = draw((64, 48))
    backwards = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turned = upright
    if orientation in backwards:
        turned = upright.transpose(Image.Transpose(backwards[orientation]))
    kept, _, image = read(make_jpeg(turned, orientation))
    assert image.size == upright.size == open_picture(kept).size
    assert is_like(open_picture(kept), upright, 6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_keeps_its_picture(mode: str) -> None:
    plain = draw().convert("L")
    if mode == "I;16":
        image = plain.convert("I").point(lambda value: value * 256).convert("I;16")
    else:
        image = draw().convert("L").convert(mode) if mode == "LA" else draw().convert(mode)
    expected = draw().convert("1") if mode == "1" else draw()
    if mode in ("L", "LA", "I;16"):
        expected = plain.convert("RGB")
    kept, media_type, _ = read(make_png(image))
    assert media_type == "image/png" and find_clean_type(kept) == "image/png"
    assert is_like(open_picture(kept), expected, 20 if mode == "P" else 1)


def test_transparency_is_kept() -> None:
    image = draw((40, 40), "RGBA")
    image.putalpha(Image.linear_gradient("L").resize((40, 40)))
    for make in (make_png, make_webp):
        kept, _, _ = read(make(image))
        alpha = open_picture(kept).convert("RGBA").getchannel("A")
        assert is_like(alpha, image.getchannel("A"), 3)


def test_colours_of_another_profile_are_turned_into_those_of_screens() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    swapped = make_jpeg(draw())
    assert is_like(open_picture(read(swapped)[0]), draw(), 8)
    damaged = lab.tobytes()[:200] + CANARY.encode()
    kept, _, _ = read(_with_profile(damaged))
    assert b"zebrafinch" not in kept and is_like(open_picture(kept), draw(), 2)


def _with_profile(profile: bytes) -> bytes:
    content = b"name\0\0" + zlib.compress(profile)
    return with_png_part(read(make_png())[0], b"iCCP", content)


def test_a_large_picture_is_made_smaller_and_a_long_one_stays_one() -> None:
    kept, _, image = read(make_jpeg(draw((SIDE + 500, 40))))
    assert open_picture(kept).size == image.size and image.width == SIDE and image.height >= 30
    small = open_picture(make_thumbnail(image))
    assert small.width == THUMBNAIL_SIDE and small.height >= 1


def test_a_heavy_picture_without_loss_is_kept_with_a_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_process, "KEPT_BYTES", 100_000)
    noise = Image.frombytes("RGB", (200, 200), random.Random(3).randbytes(120_000))
    for whole in (make_png(noise), make_webp(noise, lossless=True)):
        assert len(whole) > 100_000
        kept, media_type, _ = read(whole)
        assert media_type == "image/webp" and len(kept) <= 100_000


def make_wide_jpeg() -> bytes:
    """A JPEG that says it is as large as one can be."""
    whole = bytearray(make_jpeg())
    frame = whole.index(b"\xff\xc0") + 5
    whole[frame : frame + 4] = b"\xff\xff\xff\xff"
    return bytes(whole)


def make_wide_gif() -> bytes:
    """A GIF that says it is as large as one can be."""
    whole = ALL["gif"]()
    return whole[:6] + b"\xff\xff\xff\xff" + whole[10:]


BOMBS = {
    "png": make_bomb(60_000, 60_000, rows=1),
    "long png": make_bomb(PIXELS, 2, rows=1),
    "jpeg": make_wide_jpeg(),
    "gif": make_wide_gif(),
    "webp": b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6 + b"\0" * 34,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_that_unpacks_to_too_much_is_refused_before_it_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(*_: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unpack)
    monkeypatch.setattr("PIL.GifImagePlugin.GifImageFile.load_prepare", unpack)
    monkeypatch.setattr("PIL.WebPImagePlugin.WebPImageFile._open", unpack)
    with pytest.raises(Refusal) as refused:
        read(BOMBS[name])
    assert str(refused.value) == "too_many_pixels"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>'


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", SVG, b"BM" + b"\0" * 90, b"%PDF-1.7", b"II*\0" + b"\0" * 90, CANARY.encode()],
)
def test_what_is_no_picture_of_these_kinds_is_refused(content: bytes) -> None:
    for must_be_clean in (False, True):
        with pytest.raises(Refusal):
            read(content, must_be_clean=must_be_clean)


def mutate(content: bytes, chance: random.Random) -> bytes:
    """A damaged file: bytes changed, cut out, doubled, or the end missing."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        place = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                changed[place : place + 4] = chance.randbytes(4)
            case 2:
                del changed[place : place + chance.randrange(1, 20)]
            case 3:
                changed[place:place] = changed[place : place + chance.randrange(1, 200)]
            case 4:
                del changed[max(1, place) :]
        if not changed:
            return b""
    return bytes(changed)


def run_mutants(count: int) -> dict[str, int]:
    """Read so many damaged files of each format; how they ended."""
    chance, ended = random.Random(11), {"kept": 0, "refused": 0}
    samples = [make() for make in ALL.values()] + [read(make())[0] for make in ALL.values()]
    for sample in samples:
        for _ in range(count):
            mutant = mutate(sample, chance)
            try:
                kept, media_type, image = read(mutant)
            except Refusal:
                ended["refused"] += 1
                continue
            ended["kept"] += 1
            assert find_clean_type(kept) == media_type
            assert b"zebrafinch" not in kept or find_clean_type(mutant) == media_type
            assert open_picture(kept).size == image.size
            open_picture(make_thumbnail(image))
    return ended


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_picture_is_kept_clean_or_refused() -> None:
    ended = run_mutants(60)
    assert min(ended.values()) > 50, ended


@pytest.mark.deep
def test_many_damaged_pictures_are_kept_clean_or_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = run_mutants(5_000)
    with capsys.disabled():
        print(f"damaged pictures: {ended}")


@pytest.mark.parametrize("name", ["png", "jpeg", "webp"])
def test_no_damage_passes_for_a_clean_file_with_a_text_in_it(name: str) -> None:
    clean, chance = read(ALL[name]())[0], random.Random(5)
    for _ in range(3_000):
        place = chance.randrange(len(clean) + 1)
        mutant = clean[:place] + CANARY.encode() + clean[place:]
        found = find_clean_type(mutant)
        assert found is None or (name == "jpeg" and _is_in_scan(clean, place))


def _is_in_scan(jpeg: bytes, place: int) -> bool:
    """Pixels of a JPEG have no check sum, so that a decoder has to say what they are."""
    return place > jpeg.index(b"\xff\xda")


async def test_a_picture_that_takes_too_long_ends_its_process_and_not_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target, small = (tmp_path / name for name in ("source", "target", "small"))
    source.write_bytes(make_jpeg())
    async with PictureReader().open() as reading:
        clean = await reading.read(source, target, small, must_be_clean=False)
        assert target.stat().st_size == clean.bytes and small.is_file()
        first = reading._running
        assert first is not None
        first.kill()
        await first.wait()
        with pytest.raises(TooLarge) as refused:
            await reading.read(source, target, small, must_be_clean=False)
        assert refused.value.code == "picture_too_large" and not target.exists()
        assert await reading.read(source, target, small, must_be_clean=False) == clean
        monkeypatch.setattr(reading_module, "WALL_SECONDS", 0.0)
        with pytest.raises(TooLarge):
            await reading.read(source, target, small, must_be_clean=False)
        monkeypatch.undo()
        source.write_bytes(SVG)
        with pytest.raises(InvalidInput) as unread:
            await reading.read(source, target, small, must_be_clean=False)
        assert unread.value.code == "picture_unreadable" and not small.exists()
